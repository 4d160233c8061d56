//! What the listing shows: rooms, lengths, paths that documents name, and what must not be in any file.

use std::path::{Path, PathBuf};

use super::{files, read, report, rust_files};
use crate::support::root;

const WINGS_WITH_FIELDS: &[&str] = &["payables", "identity", "assurance"];
const ROOMS: &[&str] = &[
    "mod", "rules", "store", "actions", "pages", "api", "cli", "views", "samples",
];

const MOST_LINES: usize = 400;
/// Files that are longer, each with why one resource or verb needs that.
const LONG_FOR_A_REASON: &[(&str, &str)] = &[];

/// Hosts of package registries and mirrors: which one a machine uses is the machine's business.
const REGISTRIES: &[&str] = &[
    "crates.io/",
    "registry.npmjs",
    "pypi.org",
    "deb.debian.org",
    "pythonhosted",
    "proxy.golang",
];

/// A field folder holds rooms (a room may be a folder), and folders that are fields again. A field that is small
/// is one file in its wing.
fn check_rooms(file: &Path) -> Option<String> {
    let names: Vec<_> = file
        .with_extension("")
        .iter()
        .map(|n| n.to_string_lossy().into_owned())
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let ["src", wing, rest @ ..] = names.as_slice() else {
        return None;
    };
    if !WINGS_WITH_FIELDS.contains(wing)
        || rest.len() < 2
        || rest.iter().any(|name| ROOMS.contains(name))
    {
        return None;
    }
    Some(format!(
        "{}: {:?} is no room of a field; rooms are {}",
        file.display(),
        rest[rest.len() - 1],
        ROOMS.join(", ")
    ))
}

fn check_length(file: &str, lines: usize, exceptions: &[(&str, &str)]) -> Option<String> {
    let excused = exceptions.iter().any(|(name, _)| *name == file);
    match (lines > MOST_LINES, excused) {
        (true, false) => Some(format!(
            "{file}: {lines} lines; is it one resource or verb, or two?"
        )),
        (false, true) => Some(format!(
            "{file}: {lines} lines; it needs no exception any more"
        )),
        _ => None,
    }
}

/// Paths in backticks that start in a folder of ours and do not exist.
fn check_named_paths(document: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let ours = [
        "src/",
        "crates/",
        "tests/",
        "docs/",
        "migrations/",
        "templates/",
        "assets/",
        "fuzz/",
        "benches/",
        "deploy/",
        ".ci/",
    ];
    let quoted = document.split('`').skip(1).step_by(2);
    let words = quoted.flat_map(str::split_whitespace);
    let paths = words
        .filter(|w| ours.iter().any(|o| w.starts_with(o)) && !w.contains(['*', '{', '<', '…']));
    paths
        .map(|w| w.trim_end_matches([',', '.', ';', ':', ')']))
        .filter(|w| !exists(w))
        .map(str::to_owned)
        .collect()
}

/// Absolute paths of a developer's machine, and hosts that a clone elsewhere does not have.
fn check_text(file: &Path, text: &str) -> Vec<String> {
    // Put together here, or this file would report itself.
    let mut machine = vec![
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/ho", "me/"].concat(),
    ];
    if !file.starts_with("tests") {
        machine.push(["/tm", "p/"].concat());
    }
    let hosts = REGISTRIES
        .iter()
        .filter(|_| !is_lock_or_self(file))
        .map(|h| (*h).to_owned());
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let place = || format!("{}:{}", file.display(), number + 1);
        for path in machine.iter().filter(|p| stands_alone(line, p)) {
            problems.push(format!("{}: {path} is a path of one machine", place()));
        }
        for host in hosts.clone().filter(|h| line.contains(h.as_str())) {
            problems.push(format!(
                "{}: {host} is a registry's host; the machine's own settings name it",
                place()
            ));
        }
    }
    problems
}

/// Cargo writes the registry's name into the lock file itself.
fn is_lock_or_self(file: &Path) -> bool {
    file.ends_with("Cargo.lock") || file == Path::new("tests/it/tidy/tree.rs")
}

/// Whether `path` begins in `line` as an absolute path, not in the middle of an address or a longer path.
fn stands_alone(line: &str, path: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "._-~/}$*".contains(c);
    line.match_indices(path)
        .any(|(at, _)| !line[..at].chars().next_back().is_some_and(inside))
}

#[test]
fn field_folders_have_the_known_rooms() {
    report(
        &rust_files("src")
            .iter()
            .filter_map(|f| check_rooms(f))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn files_are_one_resource_or_verb_long() {
    let crates = rust_files("crates")
        .into_iter()
        .filter(|f| f.iter().nth(2).is_some_and(|n| n == "src"));
    let sources: Vec<PathBuf> = rust_files("src").into_iter().chain(crates).collect();
    assert!(!sources.is_empty());
    let length = |f: &PathBuf| {
        check_length(
            &f.to_string_lossy(),
            read(f).lines().count(),
            LONG_FOR_A_REASON,
        )
    };
    report(&sources.iter().filter_map(length).collect::<Vec<_>>());
    let gone = LONG_FOR_A_REASON
        .iter()
        .filter(|(name, why)| why.is_empty() || !root().join(name).exists());
    report(
        &gone
            .map(|(name, _)| format!("{name}: excused without reason or without being there"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn paths_named_in_the_documents_exist() {
    for document in [
        "ARCHITECTURE.md",
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "THREATS.md",
    ] {
        let Ok(text) = std::fs::read_to_string(root().join(document)) else {
            eprintln!("WARNING: {document} is not there yet");
            continue;
        };
        let missing = check_named_paths(&text, |path| root().join(path).exists());
        assert!(
            missing.is_empty(),
            "{document} names what is not there: {missing:?}"
        );
    }
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let mut problems = Vec::new();
    for file in files("") {
        // What is not text has no line to report.
        if let Ok(text) = std::fs::read_to_string(root().join(&file)) {
            problems.extend(check_text(&file, &text));
        }
    }
    report(&problems);
}

#[test]
fn an_invented_room_is_found() {
    let check = |file: &str| check_rooms(Path::new(file)).is_some();
    assert!(check("src/payables/bills/helpers.rs") && check("src/identity/sign_in/totp/utils.rs"));
    for good in [
        "mod.rs",
        "payables/mod.rs",
        "payables/erp.rs",
        "payables/bills/store.rs",
        "payables/bills/actions/approve.rs",
        "identity/sign_in/totp/rules.rs",
        "platform/store/sqlite.rs",
    ] {
        assert!(!check(&format!("src/{good}")), "{good}");
    }
}

#[test]
fn a_long_file_and_an_idle_exception_are_found() {
    assert!(check_length("a.rs", 401, &[]).is_some() && check_length("a.rs", 400, &[]).is_none());
    assert!(check_length("a.rs", 401, &[("a.rs", "why")]).is_none());
    assert!(check_length("a.rs", 400, &[("a.rs", "why")]).is_some());
}

#[test]
fn a_path_that_is_not_there_is_found() {
    let document = "See `src/gone.rs`, `src/here.rs`; `text/html` and `src/*/store.rs` are none. Not quoted: src/other.rs";
    assert_eq!(
        check_named_paths(document, |p| p == "src/here.rs"),
        ["src/gone.rs"]
    );
}

#[test]
fn a_machine_path_and_a_registry_are_found() {
    let check = |file: &str, text: &str| check_text(Path::new(file), text).len();
    let work = ["/wo", "rk/x"].concat();
    let temporary = ["/tm", "p/x"].concat();
    assert_eq!(check("src/a.rs", &format!("let p = \"{work}\";")), 1);
    assert_eq!(
        (
            check("src/a.rs", &temporary),
            check("tests/a.rs", &temporary)
        ),
        (1, 0)
    );
    assert_eq!(check("docs/a.md", &format!("https://example.org{work}")), 0);
    assert_eq!(
        check("docs/a.md", ["see pypi", ".org"].concat().as_str()),
        1
    );
}
