//! The program draws from the system's generator, and has no other: one that repeats itself is for tests.

use std::path::Path;

use super::imports::{is_test_module, parsed};
use super::source::{Source, parse};
use super::{read, report, rust_files};

const SEEDED: &str = "SeededEntropy";
const IMPLEMENTED: &str = "Entropy for ";
/// The doctor opens roots that are there, and ends where anything would be drawn.
const DRAWS_NOTHING: &str = "src/platform/doctor/checks.rs";

fn check(file: &Path, text: &str, source: &Source) -> Vec<String> {
    let place = file.display();
    let mut problems = Vec::new();
    let named = source.paths.iter().filter(|named| !named.in_test);
    if named
        .flat_map(|named| &named.path)
        .any(|part| part == SEEDED)
    {
        problems.push(format!("{place}: {SEEDED} is for tests"));
    }
    let is_known = file == Path::new(DRAWS_NOTHING) && text.contains("impl Entropy for NoEntropy");
    if text.contains(IMPLEMENTED) && !is_known {
        problems.push(format!(
            "{place}: another source of randomness than the system's"
        ));
    }
    problems
}

#[test]
fn the_program_draws_from_the_systems_generator_alone() {
    let mut problems = Vec::new();
    for file in rust_files("src") {
        let text = read(&file);
        // To parse all of them takes a minute, and few say either.
        let is_named = text.contains(SEEDED) || text.contains(IMPLEMENTED);
        if !is_named || is_test_module(&file, Path::new("src")) {
            continue;
        }
        let (_, source) = parsed(&file, Path::new("src"));
        problems.extend(check(&file, &text, &source));
    }
    report(&problems);
    // The server and the commands are opened there, each with a generator that it hands over.
    let main = read(Path::new("src/main.rs"));
    let opened = main.matches("installation::open(").count();
    assert!(opened > 0);
    assert_eq!(
        main.matches("let entropy = Arc::new(SystemEntropy);")
            .count(),
        opened
    );
}

#[test]
fn a_generator_that_repeats_itself_is_found() {
    let check = |file: &str, text: &str| {
        let source = parse(&[], text).expect("the test's own");
        check(Path::new(file), text, &source)
    };
    for bad in [
        "use countersign_sealing::SeededEntropy; fn f() { g(SeededEntropy::new(1)) }",
        "fn f() { g(countersign_sealing::SeededEntropy::new(1)) }",
        "struct Zero; impl Entropy for Zero { fn fill(&self, out: &mut [u8]) { out.fill(0) } }",
    ] {
        assert!(!check("src/main.rs", bad).is_empty(), "not found: {bad}");
    }
    for good in [
        "use countersign_sealing::SystemEntropy; fn f() { g(SystemEntropy) }",
        "#[cfg(test)] mod t { use countersign_sealing::SeededEntropy; fn f() { SeededEntropy::new(1); } }",
    ] {
        assert!(check("src/main.rs", good).is_empty(), "{good}");
    }
    let nothing = "struct NoEntropy; impl Entropy for NoEntropy { }";
    assert!(check(DRAWS_NOTHING, nothing).is_empty());
    assert!(!check("src/main.rs", nothing).is_empty());
}
