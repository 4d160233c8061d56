//! SPDX licence expressions (SPDX 2.3, annex D) against deny.toml's list. The old `/` counts as OR.

use toml::{Table, Value};

use super::{Package, list, text};

pub fn check(packages: &[Package], deny: &Table) -> Vec<String> {
    let allowed = list(deny, "licenses", "allow");
    let exceptions = list(deny, "licenses", "exceptions");
    let mut problems = Vec::new();
    for package in packages {
        let own = exceptions
            .iter()
            .filter(|e| text(e, "crate") == package.name);
        let own = own
            .filter_map(|e| e.get("allow").and_then(Value::as_array))
            .flatten();
        let accepted: Vec<_> = allowed
            .iter()
            .chain(own)
            .filter_map(Value::as_str)
            .collect();
        if !satisfied(&package.licence, &accepted) {
            problems.push(format!(
                "{} {}: licence {:?} is not allowed by deny.toml",
                package.name, package.version, package.licence
            ));
        }
    }
    for exception in &exceptions {
        let name = text(exception, "crate");
        if !packages.iter().any(|p| p.name == name) {
            problems.push(format!(
                "deny.toml: the licence exception of {name} is needed no more: remove it"
            ));
        }
    }
    problems
}

/// Whether an expression can be met with the accepted licences alone. What cannot be read is not met.
fn satisfied(expression: &str, accepted: &[&str]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = any_of(&mut rest, accepted);
    met == Some(true) && rest.is_empty()
}

fn any_of(rest: &mut &[&str], accepted: &[&str]) -> Option<bool> {
    let mut met = all_of(rest, accepted)?;
    while take(rest, "OR") {
        met |= all_of(rest, accepted)?;
    }
    Some(met)
}

fn all_of(rest: &mut &[&str], accepted: &[&str]) -> Option<bool> {
    let mut met = one(rest, accepted)?;
    while take(rest, "AND") {
        met &= one(rest, accepted)?;
    }
    Some(met)
}

fn one(rest: &mut &[&str], accepted: &[&str]) -> Option<bool> {
    if take(rest, "(") {
        let met = any_of(rest, accepted)?;
        return take(rest, ")").then_some(met);
    }
    let (first, after) = rest.split_first()?;
    *rest = after;
    let mut licence = (*first).to_owned();
    if take(rest, "WITH") {
        let (exception, after) = rest.split_first()?;
        *rest = after;
        licence = format!("{licence} WITH {exception}");
    }
    Some(accepted.contains(&licence.as_str()))
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    match rest.split_first() {
        Some((first, after)) if *first == word => {
            *rest = after;
            true
        }
        _ => false,
    }
}

#[test]
fn expressions_are_read_with_their_precedence() {
    let met = |expression| {
        satisfied(
            expression,
            &["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"],
        )
    };
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "MIT AND (GPL-3.0 OR ISC)",
        "GPL-3.0 AND X OR MIT",
    ] {
        assert!(met(good), "{good}");
    }
    assert!(met("Apache-2.0 WITH LLVM-exception OR X"));
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT",
        "MIT ISC",
        "Apache-2.0",
        "MIT OR",
        "(MIT OR ISC) AND X",
    ] {
        assert!(!met(bad), "{bad}");
    }
}

#[test]
fn a_licence_that_is_not_allowed_is_reported_and_an_exception_is_for_its_crate_only() {
    let deny: Table = "[licenses]\nallow = ['MIT']\nexceptions = [{ crate = 'a', allow = ['X'] }, { crate = 'gone', allow = [] }]"
        .parse()
        .expect("the test's own TOML");
    let packages = ["a", "b"].map(|name| super::package(name, "1.0.0", "X AND MIT"));
    let problems = check(&packages, &deny);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("b 1.0.0") && problems[1].contains("gone"));
}
