use std::borrow::Cow;

use super::error::Problem;
use super::transliteration::replacement;

/// What to do with a character that has no transliteration, such as one of Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unmappable {
    /// Refuse, so that somebody writes the name in Latin letters.
    #[default]
    Refuse,
    /// Put a full stop in its place, as EPC217-08 allows.
    FullStop,
}

/// Whether SEPA takes the character as it is (EPC217-08): `a`–`z`, `A`–`Z`, digits, space and `/-?:().,'+`.
pub const fn is_in_character_set(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(
            character,
            ' ' | '/' | '-' | '?' | ':' | '(' | ')' | '.' | ',' | '\'' | '+'
        )
}

/// A text as it will stand in the file: every character in the SEPA set, no space at either end, never two
/// spaces in a row. `ä` becomes `ae`, `é` becomes `e`, `&` becomes `+`; Greek and Cyrillic letters become Latin
/// ones by sound; white space becomes a space. A combining mark is applied as in the composed letter.
///
/// # Errors
/// [`Problem::Empty`] for nothing but white space, [`Problem::Character`] for a character without
/// transliteration where `unmappable` refuses it, [`Problem::NothingLeft`] where no letter or digit remains.
pub fn transliterate(text: &str, unmappable: Unmappable) -> Result<Cow<'_, str>, Problem> {
    let result = if is_already_in_form(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(converted(text, unmappable)?)
    };
    if result.is_empty() {
        Err(Problem::Empty)
    } else if result.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        Ok(result)
    } else {
        Err(Problem::NothingLeft)
    }
}

fn is_already_in_form(text: &str) -> bool {
    text.chars().all(is_in_character_set)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
}

fn converted(text: &str, unmappable: Unmappable) -> Result<String, Problem> {
    let mut result = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if character.is_whitespace() {
            if !result.is_empty() && !result.ends_with(' ') {
                result.push(' ');
            }
        } else if is_in_character_set(character) {
            result.push(character);
        } else if is_combining_mark(character)
            && result.ends_with(|last: char| last.is_ascii_alphabetic())
        {
            if character == '\u{308}' && result.ends_with(['a', 'o', 'u', 'A', 'O', 'U']) {
                result.push('e');
            }
        } else if let Some(replacement) = replacement(character) {
            result.push_str(replacement);
        } else if unmappable == Unmappable::FullStop {
            result.push('.');
        } else {
            return Err(Problem::Character { character });
        }
    }
    result.truncate(result.trim_end().len());
    Ok(result)
}

/// Combining Diacritical Marks: what a decomposed `é` has behind its `e`.
const fn is_combining_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> String {
        transliterate(text, Unmappable::Refuse)
            .expect(text)
            .into_owned()
    }

    #[test]
    fn names_of_europe() {
        assert_eq!(plain("Müller & Söhne GmbH"), "Mueller + Soehne GmbH");
        assert_eq!(plain("Straße"), "Strasse");
        assert_eq!(plain("Ångström A/S"), "Angstroem A/S");
        assert_eq!(plain("Łódź Żółć"), "Lodz Zolc");
        assert_eq!(
            plain("Société Générale «Œuvres»"),
            "Societe Generale 'Oeuvres'".replace("Oe", "OE")
        );
        assert_eq!(plain("Țiriac Ștefan"), "Tiriac Stefan");
        assert_eq!(plain("Ελληνικά Πετρέλαια"), "Ellinika Petrelaia");
        assert_eq!(plain("Българска Банка ЕООД"), "Balgarska Banka EOOD");
        assert_eq!(plain("O’Brien; [A_B] <c@d.e>"), "O'Brien, (A-B) (c.d.e)");
        assert_eq!(plain("  two \t\n lines\u{a0} "), "two lines");
    }

    #[test]
    fn decomposed_letters_are_as_composed_ones() {
        assert_eq!(plain("Mu\u{308}ller"), plain("Müller"));
        assert_eq!(plain("Socie\u{301}te\u{301}"), "Societe");
        assert_eq!(plain("Zoe\u{308}"), "Zoe");
    }

    #[test]
    fn what_has_no_latin_form_is_refused_or_a_full_stop() {
        let refused = transliterate("中国 Bank", Unmappable::Refuse);
        assert_eq!(refused, Err(Problem::Character { character: '中' }));
        assert_eq!(
            transliterate("中国 Bank", Unmappable::FullStop).as_deref(),
            Ok(".. Bank")
        );
        assert_eq!(
            transliterate("中国", Unmappable::FullStop),
            Err(Problem::NothingLeft)
        );
        assert_eq!(
            transliterate("…", Unmappable::Refuse),
            Err(Problem::NothingLeft)
        );
        assert_eq!(
            transliterate(" \t", Unmappable::Refuse),
            Err(Problem::Empty)
        );
        for invisible in ['\u{0}', '\u{200b}', '\u{202e}', '\u{feff}', '\u{fffe}'] {
            let text = format!("Acme{invisible}Ltd");
            assert!(
                transliterate(&text, Unmappable::Refuse).is_err(),
                "{invisible:?}"
            );
        }
    }

    #[test]
    fn what_fits_is_not_touched() {
        let fits = "ABC xyz 019/-?:().,'+";
        assert!(
            matches!(transliterate(fits, Unmappable::Refuse), Ok(Cow::Borrowed(same)) if same == fits)
        );
    }

    proptest! {
        #[test]
        fn the_result_is_always_in_form(text in "\\PC{0,60}", full_stop: bool) {
            let unmappable = if full_stop { Unmappable::FullStop } else { Unmappable::Refuse };
            if let Ok(result) = transliterate(&text, unmappable) {
                prop_assert!(is_already_in_form(&result));
                prop_assert_eq!(transliterate(&result, Unmappable::Refuse), Ok(Cow::Borrowed(&*result)), "once is enough");
            }
        }
    }
}
