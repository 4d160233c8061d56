//! The most used passwords of leaks that are as long as ours must be (ASVS 5.0, 6.2.4 and 6.2.12).
//!
//! The list is that of Django's `CommonPasswordValidator`, which Royce Williams made, without what is shorter or not ASCII; its licence
//! stands beside it.

use std::collections::HashSet;
use std::sync::LazyLock;

static MOST_USED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("most_used.txt").lines().collect());

/// Whether a password, in small letters, is on the list.
pub(super) fn is_most_used(lower: &str) -> bool {
    MOST_USED.contains(lower)
}

#[cfg(test)]
mod tests {
    use super::super::{Password, SHORTEST_CHARS, Strength, Weakness, strength, weakness};
    use super::*;

    #[test]
    fn every_one_of_the_most_used_is_refused_in_small_and_in_capital_letters() {
        assert!(MOST_USED.len() >= 3000, "{}", MOST_USED.len());
        for word in MOST_USED.iter() {
            assert!(word.chars().count() >= SHORTEST_CHARS, "{word}");
            for typed in [(*word).to_owned(), word.to_uppercase()] {
                let found = weakness(&Password::new(typed), &[]);
                assert_eq!(found, Some(Weakness::Common), "{word}");
            }
        }
    }

    /// The guard taken away: the estimate alone lets these in.
    #[test]
    fn without_the_list_some_of_the_most_used_would_do() {
        for word in ["fqrg7cs493", "3odi15ngxb", "n8zgt5p0shw="] {
            assert!(is_most_used(word), "{word}");
            let found = strength(&Password::new(word.to_owned()), &[]);
            assert!(found.score >= Strength::ENOUGH, "{word}: {found:?}");
        }
    }
}
