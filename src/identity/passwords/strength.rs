//! How soon a password is guessed (zxcvbn), and what would make it better.

use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::zxcvbn;

use super::rules::{PRODUCT, Password};
use crate::msg;

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
#[must_use]
pub fn strength(password: &Password, context: &[&str]) -> Strength {
    let words: Vec<&str> = context
        .iter()
        .flat_map(|name| {
            let parts = name.split(|c: char| !c.is_alphanumeric());
            parts.chain(std::iter::once(*name))
        })
        .filter(|word| !word.is_empty())
        .chain([PRODUCT])
        .collect();
    let found = zxcvbn(password.expose(), &words);
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
