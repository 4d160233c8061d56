//! Holds messages, templates and sources together: no id missing, none unused, no variable forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use super::messages::{Locale, Messages, sources};

/// Variables by message id.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder is readable") {
        let path = entry.expect("entry is readable").path();
        if path.is_dir() {
            files(&path, extension, into);
        } else if path.extension().is_some_and(|found| found == extension) {
            into.push(path);
        }
    }
}

fn names_after_dollar(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| identifier(rest).to_owned())
        .collect()
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

fn catalogue(locale: Locale) -> Catalogue {
    let mut found = Catalogue::new();
    for (path, source) in sources(locale) {
        let mut current = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (id, _) = line
                    .split_once(" =")
                    .unwrap_or_else(|| panic!("{path}: odd line {line}"));
                current = id.to_owned();
                let earlier = found.insert(current.clone(), BTreeSet::new());
                assert!(earlier.is_none(), "{path}: {id} is defined twice");
            }
            let names = names_after_dollar(line);
            found.entry(current.clone()).or_default().extend(names);
        }
        found.remove("");
    }
    found
}

/// Places of use: id, variables named there (`None` where the id is only stored), file.
fn uses() -> Vec<(String, Option<BTreeSet<String>>, PathBuf)> {
    let mut paths = Vec::new();
    files(&root().join("templates"), "html", &mut paths);
    files(&root().join("src"), "rs", &mut paths);
    let mut found = Vec::new();
    for path in paths
        .into_iter()
        .filter(|path| !path.ends_with("messages_check.rs"))
    {
        let text = std::fs::read_to_string(&path).expect("source is UTF-8");
        for (id, variables) in uses_in(&text) {
            found.push((id, variables, path.clone()));
        }
    }
    found
}

fn uses_in(text: &str) -> Vec<(String, Option<BTreeSet<String>>)> {
    let mut found = Vec::new();
    for (call, variables) in [
        ("t(", Some(0)),
        ("t1(", Some(1)),
        ("t2(", Some(2)),
        ("t3(", Some(3)),
        ("msg!(", None),
    ] {
        for (start, _) in text.match_indices(call) {
            let before = text[..start].chars().next_back();
            if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            let strings = literals(&text[start + call.len()..]);
            let Some(id) = strings.first() else { continue };
            let named =
                variables.map(|count| strings.iter().skip(1).take(count).cloned().collect());
            found.push((id.clone(), named));
        }
    }
    // The codes of problems are message ids wherever they stand.
    for (start, _) in text.match_indices("\"error-") {
        let id = identifier(&text[start + 1..]);
        let attribute = text[..start].ends_with('=');
        if !attribute && text[start + 1 + id.len()..].starts_with('"') {
            found.push((id.to_owned(), None));
        }
    }
    found
}

/// The string literals that stand as arguments on the first level of a call, if its first argument is one.
fn literals(arguments: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !arguments.trim_start().starts_with('"') {
        return found;
    }
    let (mut depth, mut argument_start) = (0_u32, true);
    let mut rest = arguments;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => {
                let Some(end) = rest.find('"') else {
                    return found;
                };
                if depth == 0 && argument_start {
                    found.push(rest[..end].to_owned());
                }
                rest = &rest[end + 1..];
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return found,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        argument_start = (c == ',' && depth == 0) || (argument_start && c.is_whitespace());
    }
    found
}

fn complaints(
    english: &Catalogue,
    others: &[(Locale, Catalogue)],
    uses: &[(String, Option<BTreeSet<String>>, PathBuf)],
) -> Vec<String> {
    let mut found = Vec::new();
    for (locale, other) in others {
        for (id, variables) in english {
            match other.get(id) {
                None => found.push(format!("{id} is missing in {}", locale.tag())),
                Some(theirs) if theirs != variables => {
                    found.push(format!(
                        "{id} has variables {variables:?} in en, {theirs:?} in {}",
                        locale.tag()
                    ));
                }
                Some(_) => {}
            }
        }
        for id in other.keys().filter(|id| !english.contains_key(*id)) {
            found.push(format!("{id} is missing in en"));
        }
    }
    for (id, named, path) in uses {
        match (english.get(id), named) {
            (None, _) => found.push(format!("{id}, used in {}, has no message", path.display())),
            (Some(variables), Some(named)) if variables != named => found.push(format!(
                "{id} needs {variables:?} but {} gives {named:?}",
                path.display()
            )),
            _ => {}
        }
    }
    let used: BTreeSet<&String> = uses.iter().map(|(id, _, _)| id).collect();
    for id in english.keys().filter(|id| !used.contains(id)) {
        found.push(format!("{id} is used nowhere"));
    }
    found
}

#[test]
fn every_text_exists_in_every_language_and_is_used() {
    let others = [(Locale::De, catalogue(Locale::De))];
    let found = complaints(&catalogue(Locale::En), &others, &uses());
    assert!(
        found.is_empty(),
        "{} complaints:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn a_missing_unused_or_uneven_message_is_found() {
    let english = Catalogue::from([
        ("even".into(), BTreeSet::new()),
        ("uneven".into(), BTreeSet::from(["count".into()])),
        ("unused".into(), BTreeSet::new()),
    ]);
    let german = Catalogue::from([
        ("even".into(), BTreeSet::new()),
        ("uneven".into(), BTreeSet::from(["number".into()])),
        ("extra".into(), BTreeSet::new()),
    ]);
    let source = r#"page.t("even") {{ page.t1("uneven", "amount", f("x", 2)) }} msg!("absent")"#;
    let uses: Vec<_> = uses_in(source)
        .into_iter()
        .map(|(id, named)| (id, named, PathBuf::from("here")))
        .collect();
    let found = complaints(&english, &[(Locale::De, german)], &uses).join("\n");
    for expected in [
        "unused is missing in de",
        "uneven has variables",
        "extra is missing in en",
        "absent, used in here, has no message",
        "uneven needs {\"count\"} but here gives {\"amount\"}",
        "unused is used nowhere",
    ] {
        assert!(found.contains(expected), "{expected} not in:\n{found}");
    }
}

#[test]
fn every_file_is_listed_and_well_formed() {
    for locale in Locale::ALL {
        let folder = root().join("messages").join(locale.tag());
        let mut on_disk = Vec::new();
        files(&folder, "ftl", &mut on_disk);
        assert_eq!(
            on_disk.len(),
            sources(locale).len(),
            "a file under {} is not listed",
            folder.display()
        );
        for (path, source) in sources(locale) {
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{path}: {errors:?}");
            }
        }
    }
}

#[test]
fn plurals_and_variables_are_written_without_marks() {
    let one = Messages::text_with(Locale::En, "platform-holds", &[("count", &1)]);
    let many = Messages::text_with(Locale::En, "platform-holds", &[("count", &2)]);
    assert!(
        one.starts_with("1 hold keeps") && many.starts_with("2 holds keep"),
        "{one} {many}"
    );
    assert!(!one.contains('\u{2068}'), "{one:?}");
    assert_eq!(Messages::text(Locale::De, "no-such-id"), "no-such-id");
}
