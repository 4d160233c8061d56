//! The mutants of SAML responses at their full count, a million: the crate's own test does it, and its figures go where the others
//! are.

use std::process::Command;
use std::time::Instant;

use serde_json::json;

use super::support::{counts, measured, root};

const PART: &str = "saml_mutants";
const RESULT: &str = "mutants of signed responses";

#[test]
fn saml_mutants_are_never_somebody_else() {
    let begun = Instant::now();
    if measured::already(PART, RESULT) {
        return;
    }
    let count = counts::of(PART, 2_000, 1_000_000);
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--locked", "-p", "countersign-saml", "--test", "it"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command
        .args(["--", "no_mutant_is_accepted", "--nocapture"])
        .env("COUNTERSIGN_SAML_MUTANTS", count.to_string())
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // "N mutants, M of them accepted as who they were"
    let line = said.lines().find(|line| line.contains(" mutants, "));
    let numbers: Vec<u64> = line
        .unwrap_or_else(|| panic!("no figures: {said}"))
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [tried, accepted] = numbers[..] else {
        panic!("two figures: {numbers:?}");
    };
    assert!(tried * 10 > count * 9, "{tried} of {count}");
    let figures = json!({ "tried": tried, "accepted_as_who_they_were": accepted });
    measured::record(PART, RESULT, count, 0, begun.elapsed(), figures);
}
