//! Every kind of object that the journal speaks of has a page that says who saw it and leads to what changed.

use std::collections::BTreeSet;

use syn::visit::Visit;

use super::people::House;
use super::table;
use crate::support::root;
use crate::support::stores::on_both;

/// Where the traces of a kind stand.
enum Traces {
    /// On the page of one of them, or of all.
    On(&'static str),
    /// Nowhere of its own, because.
    Not(&'static str),
}
use Traces::{Not, On};

const KINDS: &[(&str, Traces)] = &[
    (
        "account",
        Not("a person's own ways in, told to her and in the journal"),
    ),
    ("approval-policy", On("/approvals/policy")),
    ("bank-account", On("/vendors/{id}/accounts/{account}")),
    ("bill", On("/bills/{id}")),
    ("cost-centre", On("/chart/cost-centres")),
    ("cost-centres", On("/chart/cost-centres")),
    ("custom-role", On("/settings/roles/{id}")),
    ("delegation", On("/me/delegations")),
    (
        "destroyed-key",
        Not("a version that is no more, told by a start"),
    ),
    ("device", On("/me/devices")),
    ("directory", On("/settings/directories")),
    ("directory-group", On("/settings/directories")),
    ("directory-mapping", On("/settings/directories")),
    ("directory-member", On("/settings/directories")),
    ("directory-role", On("/settings/directories")),
    ("directory-token", On("/settings/directories")),
    ("directory-user", On("/settings/directories")),
    (
        "document",
        Not("whoever opened it stands on its bill's page"),
    ),
    ("entity-bank-account", On("/settings/accounts/{id}")),
    ("factor", On("/me/security")),
    ("former-password", Not("a hash that nobody is shown")),
    ("gl-account", On("/chart/gl-accounts")),
    ("gl-accounts", On("/chart/gl-accounts")),
    ("human-join", On("/people/requests")),
    (
        "installation",
        Not("the operator's, in the system's journal"),
    ),
    ("journal", Not("it is the journal")),
    ("key-backup", Not("the operator's, in the system's journal")),
    ("key-disposal", On("/settings/keys")),
    ("key-disposal-request", On("/keys/disposals/{id}")),
    ("key-rotation", On("/settings/keys")),
    ("key-store", Not("the operator's, told by a start")),
    ("key-store-part", Not("the operator's, told by a start")),
    ("legal-entity", On("/settings")),
    ("link", Not("mailed, and spent when it is used")),
    ("organisation", On("/settings")),
    ("passkey", On("/me/security")),
    ("password", On("/me/security")),
    ("payment-run", On("/payments/{id}")),
    ("person", On("/people/{id}")),
    ("policy-request", On("/settings/security")),
    ("power-request", On("/people/requests")),
    ("reveal", On("/reveals/{id}")),
    ("role-change", On("/settings/roles")),
    ("root", Not("the operator's, in the system's journal")),
    ("security-policy", On("/settings/security")),
    ("session", On("/me/sessions")),
    ("sign-in", On("/me/sessions")),
    ("sign-in-key", On("/settings/sign-in")),
    ("sign-in-metadata", On("/settings/sign-in")),
    ("sign-in-setting", On("/settings/sign-in/connections/{id}")),
    (
        "sso-identity",
        Not("a name at somebody else's, shown to nobody"),
    ),
    (
        "sso-session",
        Not("a name at somebody else's, shown to nobody"),
    ),
    ("stream", On("/settings/streams")),
    ("subject", Not("a key's, while a rotation goes on")),
    ("token", On("/me")),
    ("vendor", On("/vendors/{id}")),
];

/// Pages of the same kinds that stand beside those above.
const FURTHER: &[&str] = &[
    "/keys/disposals",
    "/people/services/{id}",
    "/reveals",
    "/settings/sign-in",
];

#[derive(Default)]
struct Kinds {
    file: String,
    found: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Kinds {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // Entries of unit tests are none of the program's.
        if module.ident != "tests" {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = call.func.as_ref() {
            let names = path.path.segments.iter().map(|part| part.ident.to_string());
            let names: Vec<String> = names.collect();
            if names.ends_with(&["Entry".to_owned(), "new".to_owned()]) && call.args.len() == 3 {
                match &call.args[1] {
                    syn::Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(kind),
                        ..
                    }) => {
                        self.found.insert(kind.value());
                    }
                    // The two lists of the chart, and what is in them.
                    _ if self.file.ends_with("coding/actions/chart.rs") => {
                        let kinds = ["gl-account", "gl-accounts", "cost-centre", "cost-centres"];
                        self.found.extend(kinds.map(str::to_owned));
                    }
                    _ => panic!("{}: an object's kind is a literal", self.file),
                }
            }
        }
        syn::visit::visit_expr_call(self, call);
    }
}

fn look_into(folder: &std::path::Path, kinds: &mut Kinds) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            look_into(&path, kinds);
        } else if path.extension().is_some_and(|end| end == "rs") {
            kinds.file = path.display().to_string();
            let text = std::fs::read_to_string(&path).expect("a source");
            kinds.visit_file(&syn::parse_file(&text).expect("it parses"));
        }
    }
}

#[test]
fn every_kind_of_object_is_decided_on() {
    let mut kinds = Kinds::default();
    look_into(&root().join("src"), &mut kinds);
    let listed: BTreeSet<String> = KINDS.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    assert_eq!(kinds.found, listed);
    for (kind, traces) in KINDS {
        if let Not(because) = traces {
            assert!(because.len() > 10, "{kind}");
        }
    }
}

/// What a page lacks of the traces of a kind; of any kind where none is given.
fn lacks(body: &str, kind: Option<&str>) -> Option<&'static str> {
    let of_kind = kind.map(|kind| format!("href=\"/journal?kind={kind}"));
    let is_named = of_kind.is_some_and(|link| {
        body.contains(&format!("{link}\""))
            || body.contains(&format!("{link}&#38;object="))
            || body.contains(&format!("{link}&amp;object="))
    });
    let is_one = body.contains("href=\"/journal?object=") && body.contains("/seen\"");
    let is_any = kind.is_none() && body.contains("href=\"/journal?kind=");
    if !is_named && !is_one && !is_any {
        return Some("what changed");
    }
    (!body.contains("Who saw this")).then_some("who saw it")
}

#[test]
fn every_page_of_an_object_says_who_saw_it_and_what_changed() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut ada = house.all_roles("Ada").await;
        let spare = ada.spare.clone();
        let mut wrong = Vec::new();
        let of_kinds = KINDS.iter().filter_map(|(kind, traces)| match traces {
            On(path) => Some((Some(*kind), *path)),
            Not(_) => None,
        });
        let further = FURTHER.iter().map(|path| (None, *path));
        for (kind, path) in of_kinds.chain(further) {
            // The chart's two lists have one route.
            let pattern = if path.starts_with("/chart/") {
                "/chart/{list}"
            } else {
                path
            };
            let route = table::all().find(|route| route.method == "GET" && route.path == pattern);
            let route = route.unwrap_or_else(|| panic!("{path} has no row"));
            let answer = match path {
                "/chart/cost-centres" => ada.get(path).await,
                _ => ada.call(&house, route, &spare).await,
            };
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            if let Some(lacking) = lacks(&answer.body, kind) {
                wrong.push(format!("{path} does not say {lacking} of {kind:?}"));
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    });
}

/// The twin: a page without them is found.
#[test]
fn a_page_without_traces_is_found() {
    let whole =
        "<a href=\"/journal?kind=stream&amp;object=7\">What changed</a> Who saw this: nothing";
    assert_eq!(lacks(whole, Some("stream")), None);
    assert_eq!(lacks(whole, Some("vendor")), Some("what changed"));
    assert_eq!(lacks("<p>Streams</p>", None), Some("what changed"));
    let unseen = whole.replace("Who saw this", "");
    assert_eq!(lacks(&unseen, Some("stream")), Some("who saw it"));
}
