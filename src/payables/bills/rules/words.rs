//! The words by which a bill is found: the same on both engines, since no engine's own text search is used.

/// Longest word kept, in characters.
const LONGEST: usize = 40;
/// Words kept of one bill.
const MOST: usize = 64;

/// Lower-case words of letters and digits, each once, sorted.
#[must_use]
pub fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = texts
        .into_iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(MOST * 4)
        .map(|word| word.to_lowercase().chars().take(LONGEST).collect())
        .collect();
    found.sort();
    found.dedup();
    found.truncate(MOST);
    found
}

/// The range of words that begin with `prefix`: from it (inclusive) to the text behind the last of them (exclusive).
#[must_use]
pub fn prefix_range(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}\u{10FFFF}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_folded_and_bounded() {
        let found = words(["Müller & Söhne OHG", "RE-2026/00417", "müller"]);
        assert_eq!(found, ["00417", "2026", "müller", "ohg", "re", "söhne"]);
        let long = "x".repeat(10_000);
        let many: String = (0..10_000).map(|n| format!("w{n} ")).collect();
        let found = words([long.as_str(), many.as_str()]);
        assert!(found.len() <= MOST && found.iter().all(|word| word.chars().count() <= LONGEST));
    }

    #[test]
    fn a_prefix_range_holds_its_words_alone() {
        let (from, to) = prefix_range("mül");
        let inside = |word: &str| word >= from.as_str() && word < to.as_str();
        assert!(inside("mül") && inside("müller") && inside("mülz𝄞"));
        assert!(!inside("mum") && !inside("müm") && !inside("mü"));
    }
}
