//! The documents say what was measured, and say so when it no longer holds.
//!
//! A table stands between `<!-- measured:PART -->` and `<!-- /measured -->`; the one of all parts is
//! `measured:all`. `make tables` writes them. A stale part does not fail the build, but a document that calls
//! it measured does.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::measured::{Outcome, Part, Report, State, hashes, parts, report, state};
use crate::support::root;
use crate::support::temp::TempDir;

const END: &str = "<!-- /measured -->";

fn state_now(part: &Part) -> State {
    state(
        part,
        report(&part.name).as_ref(),
        &hashes(root(), &part.watches),
    )
}

fn word(state: State) -> &'static str {
    match state {
        State::NeverMeasured => "never measured",
        State::Incomplete => "incomplete",
        State::Stale => "stale",
        State::Measured => "measured",
    }
}

/// The table of all parts.
fn overview(rows: &[(Part, State, Option<Report>)]) -> String {
    let mut table =
        "| part | what it shows | state | commit | command |\n|---|---|---|---|---|\n".to_owned();
    for (part, state, report) in rows {
        let commit = report.as_ref().map_or_else(|| "-".to_owned(), short_commit);
        let (name, shows, state) = (&part.name, &part.shows, word(*state));
        table.push_str(&format!(
            "| {name} | {shows} | {state} | {commit} | `make long PART={name}` |\n"
        ));
    }
    table
}

/// The table of one part's results.
fn results(report: Option<&Report>) -> String {
    let Some(report) = report else {
        return "Not measured yet.\n".to_owned();
    };
    let mut table = "| what | count | seed | took | figures |\n|---|---|---|---|---|\n".to_owned();
    for (name, outcome) in &report.results {
        let Outcome {
            count,
            seed,
            duration_ms,
            figures,
        } = outcome;
        let figures: Vec<_> = figures
            .iter()
            .map(|(name, value)| format!("{name} {}", plain(value)))
            .collect();
        let seconds = duration_ms / 1000;
        table.push_str(&format!(
            "| {name} | {count} | {seed} | {seconds} s | {} |\n",
            figures.join(", ")
        ));
    }
    table.push_str(&format!(
        "\nCommit {}, {} cores, `{}`.\n",
        short_commit(report),
        report.cores,
        report.command
    ));
    table
}

fn short_commit(report: &Report) -> String {
    let (head, rest) = report
        .commit
        .split_once(' ')
        .unwrap_or((&report.commit, ""));
    format!("{} {rest}", head.chars().take(10).collect::<String>())
        .trim_end()
        .to_owned()
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// `text` with what stands between markers replaced by `table(part)`.
fn with_tables(text: &str, table: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("<!-- measured:") {
        let after = &rest[at..];
        let close = after.find(" -->").ok_or("a marker that does not end")?;
        let part = &after["<!-- measured:".len()..close];
        let end = after
            .find(END)
            .ok_or_else(|| format!("measured:{part} has no {END}"))?;
        let table = table(part).ok_or_else(|| {
            format!("measured:{part}: docs/measured/parts.toml lists no such part")
        })?;
        out.push_str(&rest[..at + close + " -->".len()]);
        out.push_str(&format!("\n\n{table}\n{END}"));
        rest = &after[end + END.len()..];
    }
    out.push_str(rest);
    Ok(out)
}

fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join("docs")];
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(folder)
            .expect("docs is there")
            .flatten()
            .map(|e| e.path())
        {
            if path.is_dir() {
                open.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.extend(
        std::fs::read_dir(root())
            .expect("the root is there")
            .flatten()
            .map(|e| e.path()),
    );
    found.retain(|p| p.extension().is_some_and(|e| e == "md"));
    found
}

#[test]
fn tables_say_what_was_measured() {
    let rows: Vec<_> = parts()
        .into_iter()
        .map(|p| (p.clone(), state_now(&p), report(&p.name)))
        .collect();
    let table = |part: &str| match part {
        "all" => Some(overview(&rows)),
        name => rows
            .iter()
            .find(|(p, ..)| p.name == name)
            .map(|(.., report)| results(report.as_ref())),
    };
    let write = std::env::var("COUNTERSIGN_TABLES").as_deref() == Ok("write");
    let mut outdated = Vec::new();
    for path in documents() {
        let text = std::fs::read_to_string(&path).expect("a document is text");
        let wanted =
            with_tables(&text, table).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        if wanted == text {
            continue;
        }
        if write {
            std::fs::write(&path, wanted).expect("a document can be written");
        } else {
            outdated.push(
                path.strip_prefix(root())
                    .unwrap_or(&path)
                    .display()
                    .to_string(),
            );
        }
    }
    assert!(
        outdated.is_empty(),
        "run `make tables`: figures or states have changed for {}",
        outdated.join(", ")
    );
}

/// Named by the Makefile, which reads the lines.
#[test]
fn parts_that_are_stale() {
    for part in parts() {
        let state = state_now(&part);
        if state != State::Measured {
            println!("stale part: {}", part.name);
            eprintln!(
                "WARNING: {} is {}: run `make long PART={0}`",
                part.name,
                word(state)
            );
        }
    }
}

#[test]
fn parts_can_become_stale() {
    for part in parts() {
        assert!(
            !part.watches.is_empty() && !part.results.is_empty(),
            "{}: watches nothing or shows nothing",
            part.name
        );
        for watched in &part.watches {
            assert!(
                root().join(watched).exists(),
                "{}: {watched} is not there",
                part.name
            );
        }
    }
}

fn example() -> (Part, Report) {
    let part = Part {
        name: "kill".to_owned(),
        shows: "nothing is lost".to_owned(),
        results: vec!["embedded".to_owned()],
        watches: vec!["a".to_owned()],
    };
    let figures = BTreeMap::from([("lost".to_owned(), json!(0))]);
    let outcome = Outcome {
        count: 100,
        seed: 7,
        duration_ms: 61_500,
        figures,
    };
    let report = Report {
        part: "kill".to_owned(),
        commit: "0123456789abcdef and changes".to_owned(),
        command: "make long PART=kill".to_owned(),
        cores: 2,
        watched: BTreeMap::from([("a".to_owned(), "x".to_owned())]),
        results: BTreeMap::from([("embedded".to_owned(), outcome)]),
    };
    (part, report)
}

#[test]
fn a_change_or_a_new_file_makes_a_part_stale() {
    let folder = TempDir::new("watched");
    std::fs::create_dir(folder.path().join("w")).expect("our own folder");
    let put = |name: &str, text: &str| {
        std::fs::write(folder.path().join("w").join(name), text).expect("our own folder")
    };
    let now = || hashes(folder.path(), &["w".to_owned()]);
    put("a", "abc");
    // FIPS 180-4, the example of one block.
    assert_eq!(
        now()["w/a"],
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );

    let (part, mut report) = example();
    assert_eq!(state(&part, None, &now()), State::NeverMeasured);
    report.watched = now();
    assert_eq!(state(&part, Some(&report), &now()), State::Measured);
    put("a", "abd");
    assert_eq!(state(&part, Some(&report), &now()), State::Stale);
    put("a", "abc");
    put("b", "");
    assert_eq!(state(&part, Some(&report), &now()), State::Stale);
    report.watched = now();
    report.results.clear();
    assert_eq!(state(&part, Some(&report), &now()), State::Incomplete);
}

#[test]
fn a_table_that_says_something_else_is_replaced() {
    let (part, report) = example();
    let text = "# T\n<!-- measured:kill -->\n| old |\n<!-- /measured -->\nafter";
    let wanted =
        with_tables(text, |p| (p == "kill").then(|| results(Some(&report)))).expect("well marked");
    assert!(
        wanted.contains("| embedded | 100 | 7 | 61 s | lost 0 |")
            && wanted.contains("Commit 0123456789 and changes")
    );
    assert!(wanted.starts_with("# T\n") && wanted.ends_with("after") && !wanted.contains("old"));
    let again = with_tables(&wanted, |_| Some(results(Some(&report)))).expect("well marked");
    assert_eq!(again, wanted);
    assert!(
        overview(&[(part, State::Stale, None)]).contains("| kill | nothing is lost | stale | - |")
    );
    assert!(
        with_tables(text, |_| None).is_err()
            && with_tables("<!-- measured:kill -->", |_| None).is_err()
    );
}
