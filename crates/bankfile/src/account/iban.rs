use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use zeroize::Zeroize;

use super::iban_registry::{self, Structure};
use super::mod97;

const MAX_LENGTH: usize = 34;

/// An International Bank Account Number (ISO 13616): known country, right length and structure for it, right
/// check digits. That it exists, and whose it is, nobody has checked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Iban {
    /// ASCII capitals and digits, zeros behind `length`.
    characters: [u8; MAX_LENGTH],
    length: u8,
}

/// Why a text is no IBAN. Positions count characters from 1, without spaces; none of the text is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IbanError {
    /// Nothing, or not even country and check digits.
    #[error(
        "the IBAN is too short to have a country, check digits and an account; enter it in full"
    )]
    TooShort,
    /// More than any IBAN has.
    #[error("the IBAN is too long; no country has more than 34 characters")]
    TooLong,
    /// A character that no IBAN has.
    #[error(
        "character {position} of the IBAN is neither a letter A to Z nor a digit; type it again"
    )]
    Character { position: usize },
    /// Two letters that the IBAN registry lacks, or no letters.
    #[error(
        "the IBAN does not begin with a country that has IBANs; check its first two letters, \
         or enter the account by the bank's own number"
    )]
    UnknownCountry,
    /// Wrong length for the country.
    #[error(
        "an IBAN of {country} has {expected} characters, this one has {found}; compare it with the source"
    )]
    Length {
        country: String,
        expected: usize,
        found: usize,
    },
    /// A letter where the country has digits, or the other way round.
    #[error("character {position} does not fit an IBAN of {country}; compare it with the source")]
    Structure { country: String, position: usize },
    /// The check digits do not fit: a typing mistake, almost surely.
    #[error(
        "the check digits of the IBAN do not fit the rest; at least one character is wrong, compare it with the source"
    )]
    CheckDigits,
}

impl Iban {
    /// Reads an IBAN in electronic or printed form: white space is skipped, small letters are capitals.
    ///
    /// # Errors
    /// [`IbanError`], for the first thing wrong from left to right.
    pub fn parse(text: &str) -> Result<Self, IbanError> {
        let mut iban = Self {
            characters: [0; MAX_LENGTH],
            length: 0,
        };
        for character in text.chars().filter(|character| !character.is_whitespace()) {
            let position = usize::from(iban.length);
            let slot = iban
                .characters
                .get_mut(position)
                .ok_or(IbanError::TooLong)?;
            *slot = u8::try_from(character)
                .ok()
                .filter(u8::is_ascii_alphanumeric)
                .ok_or(IbanError::Character {
                    position: position + 1,
                })?
                .to_ascii_uppercase();
            iban.length += 1;
        }
        iban.check()?;
        Ok(iban)
    }

    fn check(&self) -> Result<(), IbanError> {
        let characters = self.expose().as_bytes();
        if characters.len() < 5 {
            return Err(IbanError::TooShort);
        }
        let structure = Structure::of(self.country()).ok_or(IbanError::UnknownCountry)?;
        let (expected, found) = (structure.iban_length(), characters.len());
        let country = || self.country().to_owned();
        if expected != found {
            return Err(IbanError::Length {
                country: country(),
                expected,
                found,
            });
        }
        let misfit_in_check_digits = characters[2..4]
            .iter()
            .position(|byte| !byte.is_ascii_digit());
        let misfit = misfit_in_check_digits.map(|index| index + 2).or_else(|| {
            structure
                .first_misfit(&characters[4..])
                .map(|index| index + 4)
        });
        if let Some(index) = misfit {
            return Err(IbanError::Structure {
                country: country(),
                position: index + 1,
            });
        }
        if mod97::has_valid_check_digits(characters) {
            Ok(())
        } else {
            Err(IbanError::CheckDigits)
        }
    }

    /// The whole IBAN in electronic form. Every call is a place where an account number leaves its type: it
    /// goes into a payment file, into sealed storage, or before somebody with a recorded purpose.
    pub fn expose(&self) -> &str {
        str::from_utf8(&self.characters[..usize::from(self.length)])
            .expect("only ASCII is ever stored")
    }

    /// The country's two letters.
    pub fn country(&self) -> &str {
        &self.expose()[..2]
    }

    /// The last four characters, which people know their accounts by.
    pub fn last_four(&self) -> &str {
        let whole = self.expose();
        &whole[whole.len() - 4..]
    }

    /// For lists and logs: `DE•• •••• 3000`. The dots stand for any number of characters.
    pub fn masked(&self) -> String {
        format!("{}•• •••• {}", self.country(), self.last_four())
    }

    /// Whether a SEPA credit transfer can reach it.
    pub fn is_sepa(&self) -> bool {
        iban_registry::is_sepa(self.country())
    }

    /// Whether its bank takes part in SEPA from outside the European Economic Area, where the payer's address
    /// must travel along.
    pub fn is_sepa_outside_eea(&self) -> bool {
        iban_registry::is_sepa_outside_eea(self.country())
    }
}

impl FromStr for Iban {
    type Err = IbanError;

    fn from_str(text: &str) -> Result<Self, IbanError> {
        Self::parse(text)
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iban({}…{})", self.country(), self.last_four())
    }
}

impl Drop for Iban {
    fn drop(&mut self) {
        self.characters.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Published examples of the registry and of central banks, printed form.
    const EXAMPLES: [&str; 24] = [
        "AT61 1904 3002 3457 3201",
        "BE68 5390 0754 7034",
        "BG80 BNBG 9661 1020 3456 78",
        "BR18 0036 0305 0000 1000 9795 493C 1",
        "CH93 0076 2011 6238 5295 7",
        "DE89 3704 0044 0532 0130 00",
        "DK50 0040 0440 1162 43",
        "ES91 2100 0418 4502 0005 1332",
        "FI21 1234 5600 0007 85",
        "FR14 2004 1010 0505 0001 3M02 606",
        "GB29 NWBK 6016 1331 9268 19",
        "GI75 NWBK 0000 0000 7099 453",
        "IE29 AIBK 9311 5212 3456 78",
        "IT60 X054 2811 1010 0000 0123 456",
        "LU28 0019 4006 4475 0000",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        "MU17 BOMM 0101 1010 3030 0200 000M UR",
        "NL91 ABNA 0417 1643 00",
        "NO93 8601 1117 947",
        "PL61 1090 1014 0000 0712 1981 2874",
        "PT50 0002 0123 1234 5678 9015 4",
        "SE45 5000 0000 0583 9825 7466",
        "TR33 0006 1005 1978 6457 8413 26",
        "XK05 1212 0123 4567 8906",
    ];

    #[test]
    fn reads_published_examples_in_any_spelling() {
        for example in EXAMPLES {
            let iban = Iban::parse(example).expect(example);
            assert_eq!(iban.expose(), example.replace(' ', ""));
            assert_eq!(Iban::parse(&example.to_lowercase()), Ok(iban.clone()));
            assert_eq!(Iban::parse(&format!("\u{a0}{example}\t\n")), Ok(iban));
        }
    }

    #[test]
    fn each_mistake_has_its_own_answer() {
        assert_eq!(Iban::parse(""), Err(IbanError::TooShort));
        assert_eq!(Iban::parse("DE"), Err(IbanError::TooShort));
        assert_eq!(Iban::parse(&"9".repeat(100_000)), Err(IbanError::TooLong));
        assert_eq!(
            Iban::parse("DE89-3704"),
            Err(IbanError::Character { position: 5 })
        );
        assert_eq!(
            Iban::parse("DE89 ３704"),
            Err(IbanError::Character { position: 5 })
        );
        assert_eq!(
            Iban::parse("US64 1234 5678"),
            Err(IbanError::UnknownCountry)
        );
        assert_eq!(
            Iban::parse("1234 5678 9012"),
            Err(IbanError::UnknownCountry)
        );
        assert_eq!(
            Iban::parse("DE89 3704 0044 0532 0130 0"),
            Err(IbanError::Length {
                country: "DE".into(),
                expected: 22,
                found: 21
            })
        );
        assert_eq!(
            Iban::parse("DE89 3704 0044 0532 0130 0O"),
            Err(IbanError::Structure {
                country: "DE".into(),
                position: 22
            })
        );
        assert_eq!(
            Iban::parse("DEA9 3704 0044 0532 0130 00"),
            Err(IbanError::Structure {
                country: "DE".into(),
                position: 3
            })
        );
        assert_eq!(
            Iban::parse("DE89 3704 0044 0532 0130 01"),
            Err(IbanError::CheckDigits)
        );
    }

    /// 99 leaves the same remainder as 02: without the range check, one account would have two IBANs.
    #[test]
    fn check_digits_have_one_form() {
        let valid = (0..10_000)
            .map(|number| format!("DE02{number:018}"))
            .find(|text| Iban::parse(text).is_ok())
            .expect("one in 97 has check digits 02");
        assert_eq!(
            Iban::parse(&valid.replacen("DE02", "DE99", 1)),
            Err(IbanError::CheckDigits)
        );
    }

    #[test]
    fn shows_no_more_than_country_and_last_four() {
        let iban = Iban::parse("DE89 3704 0044 0532 0130 00").expect("valid");
        assert_eq!(iban.masked(), "DE•• •••• 3000");
        assert_eq!(format!("{iban:?}"), "Iban(DE…3000)");
        assert!(!format!("{:#?}", Some(&iban)).contains("3704"));
        assert!(iban.is_sepa() && !iban.is_sepa_outside_eea());
    }

    proptest! {
        /// One mistyped or two exchanged characters never pass.
        #[test]
        fn finds_typing_mistakes(example in 0..EXAMPLES.len(), at in 0_usize..34, digit in 0_u8..10) {
            let good = EXAMPLES[example].replace(' ', "").into_bytes();
            let at = 2 + at % (good.len() - 3);
            let mut mistyped = good.clone();
            mistyped[at] = b'0' + digit;
            let mut exchanged = good.clone();
            exchanged.swap(at, at + 1);
            for wrong in [mistyped, exchanged].into_iter().filter(|wrong| *wrong != good) {
                let text = String::from_utf8(wrong).expect("ASCII");
                let error = Iban::parse(&text).expect_err("a typing mistake");
                prop_assert!(!error.to_string().contains(&text[4..10]), "an error repeats none of it");
            }
        }

        #[test]
        fn garbage_never_panics(text in ".{0,60}") {
            let _ = Iban::parse(&text);
        }
    }
}
