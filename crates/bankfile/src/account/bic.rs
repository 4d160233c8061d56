use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::Country;

/// A Business Identifier Code (ISO 9362): four characters for the bank, its country, two for the place, and
/// three for a branch or none. Eight and eleven characters with `XXX` are kept apart, as they were given.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bic {
    characters: [u8; 11],
    length: u8,
}

/// Why a text is no BIC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BicError {
    /// Neither 8 nor 11 characters.
    #[error("a BIC has 8 or 11 characters, this one has {found}")]
    Length { found: usize },
    /// Not a letter or digit.
    #[error("character {position} of the BIC is neither a letter A to Z nor a digit")]
    Character { position: usize },
    /// Characters five and six are not a country.
    #[error("characters 5 and 6 of the BIC are not a country; check the BIC with the bank")]
    Country,
    /// The word that payment files have where a BIC is missing. By accident it has the form of one.
    #[error("NOTPROVIDED is not a BIC; leave the BIC empty")]
    NotProvided,
}

impl Bic {
    /// Reads a BIC; white space around it is dropped, small letters are capitals.
    ///
    /// # Errors
    /// [`BicError`].
    pub fn parse(text: &str) -> Result<Self, BicError> {
        let text = text.trim();
        if let Some(index) = text
            .chars()
            .position(|character| !character.is_ascii_alphanumeric())
        {
            return Err(BicError::Character {
                position: index + 1,
            });
        }
        let found = text.len();
        if found != 8 && found != 11 {
            return Err(BicError::Length { found });
        }
        let mut characters = [0; 11];
        characters[..found].copy_from_slice(text.as_bytes());
        characters.make_ascii_uppercase();
        if &characters == b"NOTPROVIDED" {
            return Err(BicError::NotProvided);
        }
        Country::from_bytes([characters[4], characters[5]]).ok_or(BicError::Country)?;
        let length = if found == 8 { 8 } else { 11 };
        Ok(Self { characters, length })
    }

    /// The code, 8 or 11 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.characters[..usize::from(self.length)])
            .expect("only ASCII is ever stored")
    }

    /// The country's two letters.
    pub fn country(&self) -> &str {
        &self.as_str()[4..6]
    }
}

impl FromStr for Bic {
    type Err = BicError;

    fn from_str(text: &str) -> Result<Self, BicError> {
        Self::parse(text)
    }
}

impl fmt::Display for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bic({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_eight_and_eleven_characters() {
        assert_eq!(
            Bic::parse(" deutdeff ").expect("valid").as_str(),
            "DEUTDEFF"
        );
        assert_eq!(Bic::parse("DEUTDEFF500").expect("valid").country(), "DE");
        assert_ne!(Bic::parse("DEUTDEFF"), Bic::parse("DEUTDEFFXXX"));
    }

    #[test]
    fn refuses_the_rest() {
        assert_eq!(Bic::parse(""), Err(BicError::Length { found: 0 }));
        assert_eq!(Bic::parse("DEUTDEFF5"), Err(BicError::Length { found: 9 }));
        assert_eq!(Bic::parse("DEUTXXFF"), Err(BicError::Country));
        assert_eq!(
            Bic::parse("DEUT-EFF"),
            Err(BicError::Character { position: 5 })
        );
        assert_eq!(
            Bic::parse("DÉUTDEFF"),
            Err(BicError::Character { position: 2 })
        );
        assert_eq!(Bic::parse("notprovided"), Err(BicError::NotProvided));
    }
}
