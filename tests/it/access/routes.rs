//! The program's routes as its sources declare them: pages by `.route("…", get(…).post(…))`, the API by its description.

use std::collections::BTreeSet;

use countersign::assurance;
use countersign::{identity, payables};
use syn::visit::Visit;

use crate::support::root;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Ways to declare a route that this finder does not follow: none of them may be used.
const UNSEEN: [&str; 4] = ["nest", "route_service", "nest_service", "fallback"];

#[derive(Default)]
struct Finder {
    file: String,
    found: BTreeSet<(String, String)>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // Routers of unit tests are no routes of the program.
        if module.ident != "tests" {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        assert!(
            !UNSEEN.contains(&name.as_str()),
            "{}: .{name}() hides routes from this test",
            self.file
        );
        if name == "route" {
            let path = match call.args.first() {
                Some(syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                })) => text.value(),
                _ => panic!("{}: a route's path is a literal", self.file),
            };
            let mut methods = Methods::default();
            methods.visit_expr(&call.args[1]);
            assert!(!methods.0.is_empty(), "{}: {path}", self.file);
            self.found
                .extend(methods.0.into_iter().map(|method| (method, path.clone())));
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

#[derive(Default)]
struct Methods(Vec<String>);

impl Methods {
    fn add(&mut self, name: &str) {
        if METHODS.contains(&name) {
            self.0.push(name.to_uppercase());
        }
    }
}

impl<'ast> Visit<'ast> for Methods {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = call.func.as_ref()
            && let Some(last) = path.path.segments.last()
        {
            self.add(&last.ident.to_string());
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.add(&call.method.to_string());
        syn::visit::visit_expr_method_call(self, call);
    }
}

/// Method and pattern of every route.
pub fn declared() -> BTreeSet<(String, String)> {
    let mut finder = Finder::default();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of ours") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).expect("a text");
                finder.file = path.display().to_string();
                finder.visit_file(&syn::parse_file(&text).expect("it compiles"));
            }
        }
    }
    finder.found.extend(described());
    finder.found
}

/// Method and pattern of every route that the API's description names.
pub fn described() -> BTreeSet<(String, String)> {
    let (_, description) = identity::api()
        .merge(payables::api())
        .merge(assurance::api())
        .split_for_parts();
    let description = serde_json::to_value(&description).expect("it is JSON");
    let paths = description["paths"].as_object().expect("paths");
    let mut found = BTreeSet::new();
    for (path, item) in paths {
        for method in item.as_object().expect("methods").keys() {
            if METHODS.contains(&method.as_str()) {
                found.insert((method.to_uppercase(), path.clone()));
            }
        }
    }
    found
}
