//! Who may import whom.

use std::path::{Path, PathBuf};

use super::source::{Source, module_of, parse};
use super::{read, report, rust_files};

/// A wing, and the wings it stands on. The root (`lib.rs`, `main.rs`) wires them together and may name all.
const WINGS: &[(&str, &[&str])] = &[
    ("platform", &[]),
    ("identity", &["platform"]),
    ("payables", &["platform", "identity"]),
    ("assurance", &["platform", "identity"]),
];

/// What a leaf crate never names: bytes come in, checked values go out.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread::sleep",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
];

fn stands_on(wing: &str) -> Option<&'static [&'static str]> {
    WINGS
        .iter()
        .find(|(name, _)| *name == wing)
        .map(|(_, below)| *below)
}

/// Problems of one file of the application; `module` is where it stands.
pub fn check_wings(file: &str, module: &[String], source: &Source) -> Vec<String> {
    let own = module.first().map_or("", String::as_str);
    let mut problems = Vec::new();
    for named in &source.paths {
        let Some(("crate", rest)) = named.path.split_first().map(|(f, r)| (f.as_str(), r)) else {
            continue;
        };
        let target = rest.first().map_or("", String::as_str);
        let path = named.path.join("::");
        if target == "*" {
            problems.push(format!(
                "{file}: `use {path}` hides which wing is meant: name it"
            ));
        }
        if stands_on(target).is_none() || target == own {
            continue;
        }
        if named.re_export {
            problems.push(format!(
                "{file}: re-exports {path}, so that others reach wing {target} through this one"
            ));
        }
        if stands_on(own).is_some_and(|below| !below.contains(&target)) {
            problems.push(format!(
                "{file}: {own} must not know {target}, but names {path}"
            ));
        }
    }
    problems
}

/// Problems of one file of a leaf crate.
pub fn check_leaf(file: &str, source: &Source) -> Vec<String> {
    let mut problems = Vec::new();
    for named in source.paths.iter().filter(|n| !n.in_test) {
        let path = named.path.join("::");
        let inside = |bad: &&&str| {
            path == **bad || path.starts_with(&format!("{bad}::")) || path == glob_of(bad)
        };
        if let Some(bad) = IMPURE.iter().find(inside) {
            problems.push(format!(
                "{file}: a leaf crate does no IO and asks no clock, but names {path} ({bad})"
            ));
        }
    }
    problems
}

/// `std::*` would bring `fs` in unseen.
fn glob_of(bad: &str) -> String {
    bad.rsplit_once("::")
        .map(|(parent, _)| format!("{parent}::*"))
        .unwrap_or_default()
}

pub fn parsed(file: &Path, source_folder: &Path) -> (Vec<String>, Source) {
    let module = module_of(file.strip_prefix(source_folder).expect("found below it"));
    let source = parse(&module, &read(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    (module, source)
}

#[test]
fn wings_know_only_what_they_stand_on() {
    let mut problems = Vec::new();
    for file in rust_files("src") {
        let (module, source) = parsed(&file, Path::new("src"));
        problems.extend(check_wings(&file.to_string_lossy(), &module, &source));
    }
    report(&problems);
}

#[test]
fn leaf_crates_are_pure() {
    let mut problems = Vec::new();
    for file in rust_files("crates") {
        let Some(folder) = source_folder(&file) else {
            continue;
        };
        // A binary of a leaf crate reads files for it.
        let is_binary = file.starts_with(folder.join("bin")) || file.ends_with("main.rs");
        if is_binary || is_test_module(&file, &folder) {
            continue;
        }
        let (_, source) = parsed(&file, &folder);
        problems.extend(check_leaf(&file.to_string_lossy(), &source));
    }
    report(&problems);
}

/// `crates/NAME/src`, for a file below it.
fn source_folder(file: &Path) -> Option<PathBuf> {
    let folder: PathBuf = file.iter().take(3).collect();
    folder.ends_with("src").then_some(folder)
}

/// Whether the file, or a folder above it, is declared as `#[cfg(test)] mod name;`.
pub fn is_test_module(file: &Path, folder: &Path) -> bool {
    let module = module_of(file.strip_prefix(folder).expect("found below it"));
    (1..=module.len()).any(|depth| {
        let parent: PathBuf = folder.join(module[..depth - 1].iter().collect::<PathBuf>());
        let places = [
            parent.join("lib.rs"),
            parent.join("mod.rs"),
            parent.with_extension("rs"),
        ];
        let declared = |place: &PathBuf| {
            parsed(place, folder)
                .1
                .test_modules
                .contains(&module[depth - 1])
        };
        places
            .iter()
            .filter(|p| crate::support::root().join(p).is_file())
            .any(declared)
    })
}

fn wings(module: &[&str], text: &str) -> Vec<String> {
    let module: Vec<_> = module.iter().map(|m| (*m).to_owned()).collect();
    check_wings(
        "bad.rs",
        &module,
        &parse(&module, text).expect("the test's own source"),
    )
}

#[test]
fn a_bad_import_is_found_however_it_is_written() {
    let bad = [
        "use crate::payables::bills;",
        "use crate::{identity, payables::bills as b};",
        "fn f() { crate::payables::bills::pay() }",
        "fn f(x: super::super::payables::Bill) {}",
        "use crate as app; fn f() { app::payables::pay() }",
        "use super::super::{self as up}; fn f() { up::payables::pay() }",
        "fn f() { use crate as app; let _ = app::payables::A; }",
        "fn f() { println!(\"{}\", crate::payables::NAME) }",
        "mod inner { use super::super::super::payables::Bill; }",
        "impl crate::payables::Payable for X {}",
        "use crate::*;",
    ];
    for text in bad {
        assert!(
            !wings(&["assurance", "controls"], text).is_empty(),
            "not found: {text}"
        );
    }
    assert!(
        wings(
            &["assurance", "controls"],
            "use crate::identity::people; use crate::platform::store;"
        )
        .is_empty()
    );
    assert!(
        wings(
            &["assurance", "controls"],
            "use super::keys; use crate::assurance::audit;"
        )
        .is_empty()
    );
    assert!(!wings(&["platform", "web"], "use crate::identity::people;").is_empty());
    assert!(!wings(&["identity", "people"], "use crate::assurance::audit;").is_empty());
    assert!(!wings(&["payables", "bills"], "use countersign::assurance::audit;").is_empty());
    assert!(
        wings(
            &[],
            "use crate::payables::bills; use countersign::assurance::audit;"
        )
        .is_empty()
    );
}

#[test]
fn a_re_export_across_wings_is_found() {
    assert!(!wings(&["identity"], "pub use crate::platform::store::Tx;").is_empty());
    assert!(!wings(&["identity"], "pub(crate) use crate::platform::store;").is_empty());
    assert!(!wings(&[], "pub use crate::payables::Bill;").is_empty());
    assert!(
        wings(
            &["identity"],
            "pub use crate::identity::people::Person; use crate::platform::store;"
        )
        .is_empty()
    );
}

#[test]
fn a_leaf_crate_that_does_io_is_found() {
    let leaf = |text| check_leaf("bad.rs", &parse(&[], text).expect("the test's own source"));
    let bad = [
        "use std::fs;",
        "use std::{fs::File, io};",
        "fn f() { std::time::Instant::now(); }",
        "use std::time as t; fn f() { t::SystemTime::now(); }",
        "use std::*;",
        "fn f() -> std::net::TcpStream { todo!() }",
        "fn f() { let _ = vec![std::env::var(\"X\")]; }",
    ];
    for text in bad {
        assert!(!leaf(text).is_empty(), "not found: {text}");
    }
    assert!(
        leaf("use std::io::Read; use std::time::Duration; #[cfg(test)] mod tests { use std::fs; }")
            .is_empty()
    );
    assert!(leaf("#[test] fn t() { std::fs::read(\"x\"); }").is_empty());
    assert!(!leaf("#[cfg(not(test))] mod m { use std::fs; }").is_empty());
}
