//! How soon a password is guessed (zxcvbn), and what would make it better.

use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::zxcvbn;

use super::{PRODUCT, Password};
use crate::msg;

/// A password whose first characters are hard to guess is hard to guess.
const DECIDING_CHARS: usize = 40;
/// Of each name, and of words in all.
const NAME_CHARS: usize = 100;
const CONTEXT_WORDS: usize = 24;

/// The estimate for one password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// From 0 (guessed at once) to 4. Below 2 it falls within a million guesses, which is what throttled guessing reaches.
    pub score: u8,
    /// Ids of texts that say what is weak and what would help.
    pub advice: Vec<&'static str>,
}

impl Strength {
    /// The least score that is accepted.
    pub const ENOUGH: u8 = 2;
}

/// Estimates a password; `context` are the names its owner goes by, which guessers try first.
///
/// The work grows with the square of the length, and with the number of words: no more of both is looked at than decides.
#[must_use]
pub fn strength(password: &Password, context: &[&str]) -> Strength {
    let names: Vec<String> = context
        .iter()
        .map(|name| name.chars().take(NAME_CHARS).collect())
        .collect();
    let words: Vec<&str> = names
        .iter()
        .flat_map(|name| {
            let parts = name.split(|c: char| !c.is_alphanumeric());
            std::iter::once(name.as_str()).chain(parts)
        })
        .filter(|word| !word.is_empty())
        .take(CONTEXT_WORDS)
        .chain([PRODUCT])
        .collect();
    let start: String = password.expose().chars().take(DECIDING_CHARS).collect();
    let start = zeroize::Zeroizing::new(start);
    let found = zxcvbn(&start, &words);
    let mut advice = Vec::new();
    if let Some(feedback) = found.feedback() {
        advice.extend(feedback.warning().map(weak));
        for suggestion in feedback.suggestions() {
            let text = helps(*suggestion);
            if !advice.contains(&text) {
                advice.push(text);
            }
        }
    }
    Strength {
        score: u8::from(found.score()),
        advice,
    }
}

const fn weak(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess
        | Warning::ShortKeyboardPatternsAreEasyToGuess => msg!("setup-weak-keys"),
        Warning::RepeatsLikeAaaAreEasyToGuess
        | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => msg!("setup-weak-repeats"),
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => msg!("setup-weak-common"),
        Warning::SequencesLikeAbcAreEasyToGuess => msg!("setup-weak-sequence"),
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            msg!("setup-weak-date")
        }
        Warning::AWordByItselfIsEasyToGuess => msg!("setup-weak-word"),
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => msg!("setup-weak-name"),
    }
}

const fn helps(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases
        | Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => msg!("setup-helps-words"),
        Suggestion::AddAnotherWordOrTwo => msg!("setup-helps-more"),
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase
        | Suggestion::ReversedWordsArentMuchHarderToGuess
        | Suggestion::PredictableSubstitutionsDontHelpVeryMuch => msg!("setup-helps-no-disguise"),
        Suggestion::UseALongerKeyboardPatternWithMoreTurns
        | Suggestion::AvoidRepeatedWordsAndCharacters
        | Suggestion::AvoidSequences => msg!("setup-helps-no-pattern"),
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => msg!("setup-helps-no-date"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Strength {
        strength(
            &Password::new(text.to_owned()),
            &["Ann Lindqvist", "Harbour Foods"],
        )
    }

    #[test]
    fn what_is_guessed_first_scores_low_and_gets_advice() {
        for text in [
            "monkey123",
            "P@ssw0rd!",
            "lindqvist",
            "harbour foods",
            "19121984",
        ] {
            let found = of(text);
            assert!(found.score < Strength::ENOUGH, "{text}: {found:?}");
            assert!(!found.advice.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn no_more_is_looked_at_than_decides() {
        let long = "nine loose herons at breakfast in the rain".to_owned()
            + &"4@8({[<3650!|17$5+".repeat(12);
        let start: String = long.chars().take(DECIDING_CHARS).collect();
        assert_eq!(of(&long), of(&start));
        let names: Vec<String> = (0..1000).map(|n| format!("name{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let password = Password::new("name999 name998".to_owned());
        let few = strength(&password, &names[..CONTEXT_WORDS / 2]);
        assert_eq!(
            strength(&password, &names),
            few,
            "far names are not looked at"
        );
    }

    #[test]
    fn a_few_words_of_ones_own_score_high() {
        for text in [
            "nine loose herons at breakfast",
            "tQ7#pvL2mZ",
            "gulf-otter-plum-sky",
        ] {
            let found = of(text);
            assert!(found.score >= 3, "{text}: {found:?}");
        }
    }
}
