//! What can be proven, in a real browser: sealed values shown once to somebody whom another human let, a key that is replaced, a vendor's
//! key that two destroy, the journal at a receiver that two agreed on, and the trust page, which turns red when somebody changes a row behind
//! the application's back.

use std::thread::sleep;
use std::time::Duration;

use super::narrow;
use super::people::{accept, beside, choose, invite, set_up};
use crate::streams::receiver::WebhookReceiver;
use crate::support::browser::{Browser, JavaScript};
use crate::support::desk::Desk;
use crate::support::poll;
use crate::support::postgres::{Cluster, Database};
use crate::support::server::Server;
use crate::two_servers::{launch, settings};

/// Names, and accounts as they are typed and shown.
const VENDORS: [(&str, &str, &str); 2] = [
    (
        "Nordlicht GmbH",
        "FR1420041010050500013M02606",
        "FR14 2004 1010 0505 0001 3M02 606",
    ),
    (
        "Südlicht GmbH",
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
    ),
];
/// A version waits for six seconds, and the one before it is kept for a minute more.
const ROTATED: Duration = Duration::from_secs(240);

struct Scene {
    server: Server,
    database: Database,
    receiver: WebhookReceiver,
    /// Ann and Bo administer, Clara is the controller.
    ann: Browser,
    bo: Browser,
    clara: Browser,
    /// The vendors' addresses.
    vendors: Vec<String>,
}

fn shot(browser: &Browser, step: &str) {
    browser.screenshot_of(JavaScript::On, step);
}

impl Scene {
    fn new() -> Self {
        let (database, receiver) = (Cluster::shared().empty(), WebhookReceiver::start());
        let authority = receiver.outgoing().ca_file.expect("it has one of its own");
        let launch = launch(&settings(&database))
            .variable(
                "COUNTERSIGN_PROVIDERS_CA_FILE",
                authority.display().to_string(),
            )
            .variable("COUNTERSIGN_PROVIDERS_NETWORKS", "private");
        let server = Server::start(launch);
        let [ann, bo, clara] = [(); 3].map(|()| Browser::start(JavaScript::On));
        set_up(&server, &ann, |_, _| {});
        for (browser, name, email, role) in [
            (
                &clara,
                "Clara Weiß",
                "clara@harbour.example",
                "security-officer",
            ),
            (&bo, "Bo Andersson", "bo@harbour.example", "administrator"),
        ] {
            let link = invite(&server, &ann, name, email, &[role]);
            accept(browser, &link, name, email);
        }
        let vendors = vendors(&server, &ann);
        Self {
            server,
            database,
            receiver,
            ann,
            bo,
            clara,
            vendors,
        }
    }

    fn goes(&self, browser: &Browser, path: &str) {
        browser.goto(&self.server.url(path));
    }

    /// Clara asks for the accounts of both vendors, Bo lets her, she sees them once, and the vendor's page tells of it.
    fn is_shown_once(&self) {
        let (clara, bo) = (&self.clara, &self.bo);
        self.goes(clara, &self.vendors[0]);
        let masked = clara.text(&clara.wait_for_text("main", VENDORS[0].0));
        self.goes(clara, "/reveals/vendors");
        for check in clara.find_all("[name=vendor]") {
            clara.click(&check);
        }
        shot(clara, "reveal-vendors");
        clara.submit("form[action='/reveals/new']");
        choose(clara, "[name=purpose] option[value=bank]");
        clara.fill("[name=reason]", "The bank asks about the return of run 12");
        shot(clara, "reveal-ask");
        clara.submit("form[action='/reveals']");
        let waiting = clara.text(&clara.wait_for_text("main", "Waits for another person"));
        let request = clara.url();
        bo.goto(&request);
        shot(bo, "reveal-decide");
        bo.submit("form:has([name=decision][value=confirm])");
        let decided = bo.text(&bo.wait_for_text("main", "Approved, not opened"));
        clara.goto(&request);
        clara.submit("form[action$='/open']");
        for (_, typed, grouped) in VENDORS {
            clara.wait_for_text("main", grouped);
            for page in [&masked, &waiting, &decided] {
                let bare: String = page.split_whitespace().collect();
                assert!(!bare.contains(typed), "{page}");
            }
        }
        shot(clara, "reveal-shown");
        clara.goto(&request);
        clara.wait_for_text(".badge", "Shown");
        assert!(clara.find_all("form[action$='/open']").is_empty(), "once");
        self.goes(&self.ann, &format!("{}/seen", self.vendors[0]));
        for told in ["Clara Weiß", "return of run 12", "Bo Andersson"] {
            self.ann.wait_for_text("tbody", told);
        }
        shot(&self.ann, "reveal-seen");
        self.ann.press("a[href^='/journal?object=']");
        self.ann.wait_for_text("main", "Journal");
        self.is_told("secret.revealed", "Sealed values shown in full");
    }

    /// The journal has an entry of it.
    fn is_told(&self, action: &str, words: &str) {
        self.goes(&self.ann, &format!("/journal?action={action}"));
        self.ann.wait_for_text("tbody", words);
    }

    fn orders_a_rotation(&self) {
        self.goes(&self.ann, "/settings/keys");
        shot(&self.ann, "keys");
        self.ann.submit("form:has([name=level][value=values])");
        self.ann
            .wait_for_text("tbody tr:first-child", "Being replaced");
    }

    /// Nothing is left under the old version, and after its time of grace it is destroyed.
    fn is_rotated(&self) {
        let row = "tbody tr:first-child";
        let waits_for = |what: &str, is_so: &dyn Fn(&str, &str) -> bool| {
            let came = poll(ROTATED, || {
                self.goes(&self.ann, "/settings/keys");
                let version = self.ann.text(&self.ann.find(&format!("{row} td.number")));
                if is_so(&version, &self.ann.text(&self.ann.find(row))) {
                    return Some(());
                }
                sleep(Duration::from_millis(500));
                None
            });
            assert!(came.is_some(), "{what}: {}", self.ann.source());
        };
        waits_for("nothing is left", &|version, text| {
            let is_none_left = text.lines().any(|line| line.trim().starts_with("0 of "));
            version == "2" && (is_none_left || text.contains("In time"))
        });
        shot(&self.ann, "keys-nothing-left");
        waits_for("the end", &|_, text| text.contains("In time"));
        shot(&self.ann, "keys-replaced");
        self.is_told("keys.destroyed", "Retired version of a key destroyed");
    }

    /// Ann asks for the journal to be sent to a receiver, Bo agrees, and what was done arrives there, signed.
    fn is_streamed(&self) {
        let (ann, bo) = (&self.ann, &self.bo);
        self.goes(ann, "/settings/streams");
        let form = "form[action='/settings/streams']";
        ann.fill(&format!("{form} [name=name]"), "SIEM");
        choose(ann, &format!("{form} [name=kind] option[value=webhook]"));
        ann.fill(&format!("{form} [name=address]"), &self.receiver.address());
        choose(ann, &format!("{form} [name=begins] option[value=first]"));
        shot(ann, "stream-ask");
        ann.submit(form);
        ann.wait_for_text("main section.sheet", "SIEM");
        let own = ann.find_all("form:has([name=decision][value=confirm])");
        assert!(own.is_empty(), "nobody agrees to her own");
        self.goes(bo, "/settings/streams");
        bo.submit("form:has([name=decision][value=confirm])");
        let secret = bo.text(&bo.find("#secret"));
        shot(bo, "stream-agreed");
        let is_there = |action: &str| {
            let entries = self.receiver.entries();
            entries
                .iter()
                .any(|entry| entry["metadata"]["event_code"] == action)
        };
        let came = poll(Duration::from_secs(60), || {
            is_there("stream.confirmed").then_some(())
        });
        assert!(came.is_some(), "{:?}", self.receiver.posted().len());
        let posted = self.receiver.posted();
        assert!(posted.iter().all(|one| one.is_signed_by(&secret)));
        assert!(!posted[0].is_signed_by(&format!("whsec_{}=", "A".repeat(43))));
    }

    /// The vendor is used no more: Ann asks that its key be destroyed, Bo confirms, and both have a receipt.
    fn is_disposed_of(&self) {
        let (ann, bo) = (&self.ann, &self.bo);
        ann.goto(&self.server.url(&self.vendors[1]));
        ann.fill(
            "form[action$='/status'] [name=reason]",
            "Closed its business",
        );
        ann.press("[name=to][value=archived]");
        ann.wait_for_text("main", "Archived");
        self.goes(ann, "/keys/disposals");
        let id = self.vendors[1].rsplit('/').next().expect("an id");
        choose(ann, &format!("[name=subject] option[value='vendor:{id}']"));
        ann.fill("[name=reason]", "It asked to be forgotten");
        shot(ann, "disposal-ask");
        ann.submit("form[action='/keys/disposals']");
        ann.wait_for_text("main", "another administrator confirms it");
        let request = ann.url();
        bo.goto(&request);
        shot(bo, "disposal-decide");
        bo.submit("form:has([name=decision][value=confirm])");
        bo.wait_for_text("main", "The key was destroyed on");
        shot(bo, "disposal-receipt");
        let path = format!(
            "{}/receipt",
            request.trim_start_matches(&self.server.url(""))
        );
        let receipt = beside(&self.server, bo).get(&path).json();
        assert_eq!(receipt["state"], "confirmed", "{receipt}");
        assert!(receipt["destroyed"].is_string() && receipt["complete"].is_string());
        let unreadable = receipt["unreadable"].as_array().expect("columns");
        assert!(
            unreadable
                .iter()
                .any(|one| one == "vendor_bank_accounts.iban_sealed")
        );
        self.is_told("key.destroyed", "Key destroyed");
    }

    fn verifies(&self) {
        self.goes(&self.ann, "/journal");
        self.ann.submit("form[action='/journal/verify']");
        self.ann.find("form[action='/journal/verify']");
        self.goes(&self.ann, "/trust");
    }

    /// All that is claimed holds, until somebody who owns the database changes a name in it.
    fn turns_red(&self) {
        let ann = &self.ann;
        self.verifies();
        ann.wait_for_text("main", "were sound");
        assert!(ann.find_all(".badge.bad").is_empty(), "{}", ann.source());
        assert!(ann.find_all(".badge.good").len() >= 4, "{}", ann.source());
        shot(ann, "trust-green");
        self.database
            .query("UPDATE people SET name = 'Eve' WHERE name = 'Clara Weiß'")
            .expect("the owner may");
        self.verifies();
        let red = ann.text(&ann.wait_for_text(".sheet:has(.badge.bad)", "Does not hold"));
        assert!(red.contains("The journal proves itself"), "{red}");
        assert!(red.contains(" people"), "what was changed: {red}");
        shot(ann, "trust-red");
    }
}

/// Two vendors with an account each, entered without being shown; gives their paths.
fn vendors(server: &Server, browser: &Browser) -> Vec<String> {
    let mut desk = Desk::at(beside(server, browser));
    let mut paths = Vec::new();
    for (name, iban, _) in VENDORS {
        desk.get("/vendors/new");
        let facts = [("name", name), ("country", "DE"), ("terms_days", "30")];
        let entered = desk.submit("/vendors", &facts);
        assert_eq!(entered.status, 303, "{}", entered.text());
        let path = entered.header("location").expect("its page").to_owned();
        desk.get(&format!("{path}/accounts/new"));
        let account = [
            ("holder", name),
            ("iban", iban),
            ("currency", "EUR"),
            ("source", "letter"),
            ("evidence", "Signed by the owner"),
        ];
        let entered = desk.submit(&format!("{path}/accounts"), &account);
        assert_eq!(entered.status, 303, "{}", entered.text());
        paths.push(path);
    }
    paths
}

#[test]
fn what_was_shown_replaced_destroyed_and_sent_is_proven_until_somebody_changes_it() {
    let scene = Scene::new();
    scene.orders_a_rotation();
    scene.is_streamed();
    scene.is_shown_once();
    scene.is_disposed_of();
    scene.is_rotated();
    let told = |action: &str| {
        let entries = scene.receiver.entries();
        entries
            .iter()
            .any(|entry| entry["metadata"]["event_code"] == action)
    };
    for action in ["secret.revealed", "key.destroyed", "keys.destroyed"] {
        let came = poll(Duration::from_secs(30), || told(action).then_some(()));
        assert!(came.is_some(), "{action} did not arrive");
    }
    scene.goes(&scene.ann, "/settings/streams");
    scene.ann.wait_for_text("main", "Everything is delivered.");
    shot(&scene.ann, "stream-delivers");
    scene.turns_red();
    let pages = [
        "/reveals",
        "/reveals/vendors",
        "/settings/keys",
        "/settings/streams",
        "/keys/disposals",
        "/trust",
    ];
    narrow::fits(&scene.ann, pages.iter().map(|path| scene.server.url(path)));
    for browser in [&scene.ann, &scene.bo, &scene.clara] {
        let complaints = browser.console();
        assert!(complaints.is_empty(), "{complaints:?}");
    }
}
