//! What is linked: licences, advisories, second copies and sources, by deny.toml.
//!
//! cargo-deny would say the same, but costs minutes to install on a fresh machine. Licences and copies come
//! from `cargo tree`, which resolves features as the build does: `cargo metadata` lists crates that an
//! optional feature would pull in and that are never built.

mod advisory;
mod licence;

use std::collections::BTreeMap;
use std::process::Command;

use semver::Version;
use toml::{Table, Value};

use crate::support::{material, root};

/// A crate of the build, at one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: Version,
    licence: String,
}

fn deny_toml() -> Table {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is at the root");
    text.parse().expect("deny.toml is TOML")
}

/// The strings, or the `key` of the tables, of a list in deny.toml.
fn list(deny: &Table, section: &str, name: &str) -> Vec<Value> {
    deny[section]
        .get(name)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Everything that a build of the workspace compiles on this kind of machine, tests included.
fn built() -> Vec<Package> {
    let tree = [
        "tree",
        "--locked",
        "--workspace",
        "--edges",
        "normal,build,dev",
        "--prefix",
        "none",
    ];
    let output = Command::new(env!("CARGO"))
        .args(tree)
        .args(["--no-dedupe", "--format", "{p}|{l}"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut packages: Vec<_> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(parse_line)
        .collect();
    packages.sort();
    packages.dedup();
    packages
}

/// `name vVERSION (where)|LICENCE`.
fn parse_line(line: &str) -> Option<Package> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    let name = words.next()?.to_owned();
    let version = Version::parse(words.next()?.strip_prefix('v')?).ok()?;
    Some(Package {
        name,
        version,
        licence: licence.to_owned(),
    })
}

/// Problems with bans: forbidden crates, second copies without a reason, reasons without a second copy.
fn check_bans(packages: &[Package], deny: &Table) -> Vec<String> {
    let mut problems = Vec::new();
    for ban in list(deny, "bans", "deny") {
        let name = text(&ban, "crate");
        if packages.iter().any(|p| p.name == name) {
            problems.push(format!("{name} is forbidden: {}", text(&ban, "reason")));
        }
    }
    let mut versions: BTreeMap<&str, Vec<&Version>> = BTreeMap::new();
    for package in packages {
        versions
            .entry(&package.name)
            .or_default()
            .push(&package.version);
    }
    let skips = list(deny, "bans", "skip");
    for skip in &skips {
        let (name, version) = text(skip, "crate").split_once('@').unwrap_or_default();
        let needed = versions
            .get(name)
            .is_some_and(|v| v.len() > 1 && v.iter().any(|v| v.to_string() == version));
        if !needed {
            problems.push(format!(
                "deny.toml: skip of {name}@{version} is needed no more: remove it"
            ));
        }
        if text(skip, "reason").is_empty() {
            problems.push(format!(
                "deny.toml: skip of {name}@{version} gives no reason"
            ));
        }
    }
    for (name, versions) in versions {
        let unexplained = |v: &&&Version| {
            !skips
                .iter()
                .any(|s| text(s, "crate") == format!("{name}@{v}"))
        };
        let open: Vec<_> = versions
            .iter()
            .filter(unexplained)
            .map(ToString::to_string)
            .collect();
        if open.len() > 1 {
            problems.push(format!(
                "{name} is linked as {}: bring them together, or add to deny.toml's skip {{ crate = \"{name}@{}\", reason = \"who needs it\" }}",
                open.join(" and "),
                open[0],
            ));
        }
    }
    problems
}

/// Problems with where crates come from: only the registry that cargo knows by itself.
fn check_sources(lock: &Table) -> Vec<String> {
    let packages = lock["package"].as_array().cloned().unwrap_or_default();
    let sources: Vec<_> = packages
        .iter()
        .filter(|p| !text(p, "source").is_empty())
        .collect();
    let registry = sources.first().map_or("", |p| text(p, "source"));
    let strange = |p: &&&Value| text(p, "source") != registry || !registry.starts_with("registry+");
    sources
        .iter()
        .filter(strange)
        .map(|p| format!("{} comes from {}", text(p, "name"), text(p, "source")))
        .collect()
}

fn lock() -> Table {
    let text =
        std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is at the root");
    text.parse().expect("Cargo.lock is TOML")
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn licences_are_allowed_by_deny_toml() {
    report(&licence::check(&built(), &deny_toml()));
}

#[test]
fn no_forbidden_crate_and_no_unexplained_second_copy() {
    let packages = built();
    assert!(
        packages.len() > 100,
        "cargo tree named only {} crates",
        packages.len()
    );
    report(&check_bans(&packages, &deny_toml()));
}

#[test]
fn crates_come_from_the_one_registry() {
    report(&check_sources(&lock()));
}

#[test]
fn no_known_advisory_is_open() {
    if let Some(database) = material("advisory-db") {
        report(&advisory::check(
            &lock(),
            &advisory::read_all(&database),
            &deny_toml(),
        ));
    }
}

fn package(name: &str, version: &str, licence: &str) -> Package {
    let version = Version::parse(version).expect("the test's own version");
    Package {
        name: name.to_owned(),
        version,
        licence: licence.to_owned(),
    }
}

#[test]
fn a_forbidden_crate_a_second_copy_and_an_idle_skip_are_reported() {
    let deny: Table = "[bans]\ndeny = [{ crate = 'ring', reason = 'one library' }]\n\
        skip = [{ crate = 'idle@1.0.0', reason = 'r' }, { crate = 'known@1.0.0', reason = 'r' }]"
        .parse()
        .expect("the test's own TOML");
    let packages = [
        "ring 1.0.0",
        "twice 1.0.0",
        "twice 2.0.0",
        "known 1.0.0",
        "known 2.0.0",
    ]
    .map(|p| p.split_once(' ').expect("the test's own text"))
    .map(|(name, version)| package(name, version, "MIT"));
    let problems = check_bans(&packages, &deny);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].contains("ring is forbidden") && problems[1].contains("idle@1.0.0"));
    assert!(problems[2].contains("twice is linked as 1.0.0 and 2.0.0"));
}

#[test]
fn a_crate_from_elsewhere_is_reported() {
    let lock: Table =
        "[[package]]\nname = 'a'\nsource = 'registry+x'\n[[package]]\nname = 'b'\nsource = 'git+y'"
            .parse()
            .expect("the test's own TOML");
    assert_eq!(check_sources(&lock), ["b comes from git+y"]);
}
