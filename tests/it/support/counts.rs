//! How often a guard is tried: a reduced count in `make test`, the full one in `make long`.

/// The part that `make long` runs now; empty in `make test`.
pub fn running() -> String {
    std::env::var("COUNTERSIGN_LONG").unwrap_or_default()
}

/// `full` while `part` is measured, else `reduced`.
pub fn of(part: &str, reduced: u64, full: u64) -> u64 {
    choose(&running(), part, reduced, full)
}

fn choose(running: &str, part: &str, reduced: u64, full: u64) -> u64 {
    if running == part { full } else { reduced }
}

#[test]
fn the_full_count_is_for_the_part_that_runs() {
    assert_eq!(choose("", "kill", 5, 100), 5);
    assert_eq!(choose("races", "kill", 5, 100), 5);
    assert_eq!(choose("kill", "kill", 5, 100), 100);
}
