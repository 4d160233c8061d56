//! What is good enough as a password beside a second factor (NIST SP 800-63B-4, 3.1.1.2): length and a blocklist, no
//! composition rules, no expiry.

mod most_used;
mod strength;

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

pub use strength::{Strength, strength};

/// With a second factor, which everybody has here.
pub const SHORTEST_CHARS: usize = 8;
pub const LONGEST_CHARS: usize = 256;

/// A password as typed. No Display, no Serialize, and Debug prints nothing of it.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    TooShort,
    TooLong,
    /// Among the first that anybody tries.
    Common,
    /// Made of the person's, the organisation's or the product's name.
    Context,
    /// Within reach of throttled guessing ([`Strength::ENOUGH`]).
    Guessable,
}

/// Stems of what leaked lists begin with; digits and signs around them do not help.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "motdepasse",
    "contrasena",
    "wachtwoord",
    "haslo",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "qwertzuiop",
    "azerty",
    "azertyuiop",
    "asdfgh",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "letmein",
    "letmeinnow",
    "welcome",
    "willkommen",
    "bienvenue",
    "admin",
    "administrator",
    "root",
    "toor",
    "user",
    "guest",
    "test",
    "testing",
    "testtest",
    "default",
    "changeme",
    "changeit",
    "secret",
    "geheim",
    "login",
    "iloveyou",
    "ichliebedich",
    "loveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "basketball",
    "fussball",
    "superman",
    "batman",
    "starwars",
    "pokemon",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "trustno",
    "whatever",
    "freedom",
    "michael",
    "jennifer",
    "jordan",
    "hunter",
    "killer",
    "summer",
    "winter",
    "spring",
    "autumn",
    "sommer",
    "fruehling",
    "herbst",
    "january",
    "monday",
    "internet",
    "computer",
    "samsung",
    "google",
    "facebook",
    "linkedin",
    "microsoft",
    "windows",
    "office",
    "company",
    "business",
    "finance",
    "invoice",
    "invoices",
    "payment",
    "payments",
    "accounting",
    "buchhaltung",
    "rechnung",
    "correcthorsebatterystaple",
    "abcdefgh",
    "abcdefghij",
    "abcd",
    "abc",
    "qwe",
    "asd",
    "pass",
    "access",
    "mustang",
    "charlie",
    "cheese",
    "flower",
    "hello",
    "hallo",
    "schatz",
    "passphrase",
];

const PRODUCT: &str = "countersign";
/// Shorter words stand in too many good passwords.
const SHORTEST_CONTEXT_WORD: usize = 4;
/// Fewer letters than these beside a name are no word of their own.
const FEWEST_LETTERS: usize = 3;

/// The first thing wrong with a password; `context` are the names its owner goes by.
#[must_use]
pub fn weakness(password: &Password, context: &[&str]) -> Option<Weakness> {
    let text = password.expose();
    let length = text.chars().count();
    if length < SHORTEST_CHARS {
        return Some(Weakness::TooShort);
    }
    if length > LONGEST_CHARS {
        return Some(Weakness::TooLong);
    }
    let lower = text.to_lowercase();
    let stem: String = lower
        .trim_matches(|c: char| !c.is_alphabetic())
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    // Without a letter there is no stem: what digits and signs are worth is estimated below.
    let is_common = COMMON.contains(&stem.as_str()) || COMMON.contains(&lower.as_str());
    if is_common || is_pattern(&lower) || most_used::is_most_used(&lower) {
        return Some(Weakness::Common);
    }
    if is_made_of_names(&lower, context) {
        return Some(Weakness::Context);
    }
    (strength(password, context).score < Strength::ENOUGH).then_some(Weakness::Guessable)
}

/// Whether names stand in it and nothing beside them that would do by itself.
fn is_made_of_names(lower: &str, context: &[&str]) -> bool {
    let words = context
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .chain([PRODUCT])
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= SHORTEST_CONTEXT_WORD);
    let mut rest = lower.to_owned();
    for word in words {
        rest = rest.replace(&word, "");
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    rest.len() < lower.len() && letters < FEWEST_LETTERS && rest.chars().count() < SHORTEST_CHARS
}

/// One character, or neighbours only: `aaaaaaaa`, `abcdefghi`, `87654321`.
fn is_pattern(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.iter().all(|step| *step == 0)
        || steps.iter().all(|step| *step == 1)
        || steps.iter().all(|step| *step == -1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Option<Weakness> {
        weakness(
            &Password::new(text.to_owned()),
            &[
                "Ann Lindqvist",
                "ann@harbour.example",
                "Harbour Foods",
                "quayside-nine",
            ],
        )
    }

    #[test]
    fn length_and_blocklist_decide_and_nothing_else() {
        for (text, expected) in [
            ("kiwi jam", None),
            ("übergrößenträger", None),
            ("correct horse", None),
            ("7 chars", Some(Weakness::TooShort)),
            ("Password1!", Some(Weakness::Common)),
            ("123456789", Some(Weakness::Common)),
            ("aaaaaaaaaa", Some(Weakness::Common)),
            ("hgfedcba", Some(Weakness::Common)),
            ("Qwertyuiop99", Some(Weakness::Common)),
            ("Lindqvist2026", Some(Weakness::Context)),
            ("HarbourFoods!", Some(Weakness::Context)),
            ("countersign1", Some(Weakness::Context)),
            ("monkeymonkey1", Some(Weakness::Guessable)),
            ("Tr0ub4dor", None),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
        let long = "nine loose herons at breakfast in the rain; ".repeat(6);
        for (chars, expected) in [(64, None), (256, None), (257, Some(Weakness::TooLong))] {
            let text: String = long.chars().take(chars).collect();
            assert_eq!(check(&text), expected, "{chars}");
        }
    }

    /// Length counts, whatever it is made of (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2.5).
    #[test]
    fn digits_and_signs_are_judged_by_how_soon_they_are_guessed() {
        for text in [
            "83950172640938571426",
            "5820 4719 3368 0257",
            "#%!&=?+*~;:,<>@^|$(}",
            "4!8#2%6&0=3?7+1*9~5;",
            "a7#294850317%62",
            // A name beside what would do without it.
            "Lindqvist83950172640938571426",
        ] {
            assert_eq!(check(text), None, "{text}");
        }
        for (text, expected) in [
            ("11111111111111111111", Weakness::Common),
            ("!!!!!!!!!!!!!!!!!!!!", Weakness::Common),
            ("123456789012345", Weakness::Guessable),
            ("121212121212", Weakness::Guessable),
            ("19121984", Weakness::Guessable),
            ("Lindqvist12345678", Weakness::Guessable),
            ("quayside2026", Weakness::Context),
            ("1quayside-nine!", Weakness::Context),
        ] {
            assert_eq!(check(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_password_does_not_reach_a_log() {
        let password = Password::new("kiwi jam".to_owned());
        assert_eq!(format!("{password:?}"), "Password(..)");
    }
}
