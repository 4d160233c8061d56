//! docs/asvs.md says of each requirement of the standard what proves it: the list is the standard's, and the proofs are there.

use std::collections::BTreeMap;
use std::path::Path;

use super::support::root;

const CHAPTERS: [&str; 5] = ["V6", "V7", "V8", "V9", "V10"];
/// What a server that issues no tokens and sends no codes has not: out-of-band codes, resource and authorization servers.
const ABSENT: [&str; 6] = ["V6.6.", "V9.2.4", "V10.3.", "V10.4.", "V10.6.", "V10.7."];

/// A requirement as the page has it.
#[derive(Debug, Clone)]
struct Row {
    id: String,
    level: String,
    how: String,
    proof: String,
}

fn rows(page: &str) -> Vec<Row> {
    page.lines()
        .filter(|line| line.starts_with("| V"))
        .map(|line| {
            let mut cells = line
                .trim_matches('|')
                .split(" | ")
                .map(|cell| cell.trim().to_owned());
            let mut next = || cells.next().unwrap_or_default();
            Row {
                id: next(),
                level: next(),
                how: next(),
                proof: next(),
            }
        })
        .collect()
}

/// What is wrong with a row; nothing where its proofs are there.
fn wrong(row: &Row) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_absent = ABSENT.iter().any(|absent| row.id.starts_with(absent));
    if row.how.starts_with("Not applicable: ") {
        if !is_absent {
            wrong.push(format!("{} applies to this program", row.id));
        }
        return wrong;
    }
    if row.proof.is_empty() {
        // Level 3 is where a server can, and says where it cannot.
        if row.level != "3" || !row.how.ends_with("not met") {
            wrong.push(format!("{} has no proof", row.id));
        }
        return wrong;
    }
    for proof in row.proof.split(", ") {
        let found = match proof.strip_prefix('[') {
            Some(link) => heading_is_there(link),
            None => test_is_there(proof),
        };
        if !found {
            wrong.push(format!("{}: {proof} is not there", row.id));
        }
    }
    wrong
}

/// `sign-in.md](sign-in.md): Heading`
fn heading_is_there(link: &str) -> bool {
    let Some((page, heading)) = link
        .split_once("): ")
        .and_then(|(link, heading)| Some((link.split("](").nth(1)?, heading)))
    else {
        return false;
    };
    read(&root().join("docs").join(page))
        .lines()
        .any(|line| line.trim_start_matches('#').trim() == heading && line.starts_with('#'))
}

/// `` `path` `name` ``: a test of that name, and no helper.
fn test_is_there(proof: &str) -> bool {
    let mut parts = proof.split('`').filter(|part| !part.trim().is_empty());
    let (Some(path), Some(name)) = (parts.next(), parts.next()) else {
        return false;
    };
    let source = read(&root().join(path));
    let Some((before, _)) = source.split_once(&format!("fn {name}(")) else {
        return false;
    };
    before
        .lines()
        .rev()
        .take(3)
        .any(|line| line.contains("#[test]") || line.contains("#[tokio::test"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn every_requirement_has_a_proof_that_is_there() {
    let page = read(&root().join("docs/asvs.md"));
    let rows = rows(&page);
    assert!(rows.len() > 100, "{} rows", rows.len());
    let all: Vec<String> = rows.iter().flat_map(wrong).collect();
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn the_list_is_the_standards_own() {
    let list = root()
        .join("../shared/data/asvs/OWASP_Application_Security_Verification_Standard_5.0.0_en.csv");
    let Ok(text) = std::fs::read_to_string(&list) else {
        eprintln!(
            "SKIPPED: {} is not there, so the list of requirements is not compared",
            list.display()
        );
        return;
    };
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let standard: BTreeMap<String, String> = reader
        .records()
        .map(|record| record.expect("a line of the standard"))
        .filter(|record| CHAPTERS.contains(&&record[0]))
        .map(|record| (record[4].to_owned(), record[6].to_owned()))
        .collect();
    let ours: BTreeMap<String, String> = rows(&read(&root().join("docs/asvs.md")))
        .into_iter()
        .map(|row| (row.id, row.level))
        .collect();
    assert_eq!(ours, standard);
}

#[test]
fn a_row_without_its_proof_is_found() {
    let sound = Row {
        id: "V6.2.1".to_owned(),
        level: "1".to_owned(),
        how: "so".to_owned(),
        proof: "`tests/it/asvs.rs` `a_row_without_its_proof_is_found`, [sign-in.md](sign-in.md): Passwords".to_owned(),
    };
    assert_eq!(wrong(&sound), Vec::<String>::new());
    let bad = |change: fn(&mut Row)| {
        let mut row = sound.clone();
        change(&mut row);
        assert!(!wrong(&row).is_empty(), "{row:?}");
    };
    bad(|row| row.proof.clear());
    bad(|row| row.how = "so: not met".to_owned() + &std::mem::take(&mut row.proof));
    bad(|row| row.proof = row.proof.replace("a_row_without", "no_row_without"));
    // A function that is no test proves nothing.
    bad(|row| row.proof = "`tests/it/asvs.rs` `heading_is_there`".to_owned());
    bad(|row| row.proof = row.proof.replace("Passwords", "Passphrases"));
    bad(|row| row.how = "Not applicable: no".to_owned());
}
