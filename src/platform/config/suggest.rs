//! The nearest known name to one that somebody mistyped.

use super::keys::KEYS;

/// The known key with the fewest edits from `name`; among equals the first of the list.
pub fn nearest_key(name: &str) -> &'static str {
    KEYS.iter()
        .min_by_key(|key| edits(name, key.name))
        .map_or("data", |key| key.name)
}

/// How many letters must be inserted, removed or replaced to make `b` of `a` (Levenshtein).
pub fn edits(a: &str, b: &str) -> usize {
    // What is far longer than any key is far from all of them: its start says enough.
    let a: Vec<char> = a.chars().take(80).collect();
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("listen", "listen"), 0);
        assert_eq!(edits("lisen", "listen"), 1);
        assert_eq!(edits("", "tls"), 3);
        assert_eq!(edits("kitten", "sitting"), 3);
    }

    #[test]
    fn a_slip_finds_its_key() {
        assert_eq!(nearest_key("lsten"), "listen");
        assert_eq!(nearest_key("databse.url"), "database.url");
        assert_eq!(nearest_key("limits.upload_byte"), "limits.upload_bytes");
    }
}
