use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::mod97;

/// A structured creditor reference (ISO 11649): `RF`, two check digits and up to 21 letters or digits. The
/// creditor prints it on the bill and books by it, so it must reach him unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreditorReference(String);

/// Why a text is no RF reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CreditorReferenceError {
    /// It does not begin with RF and two digits.
    #[error(
        "a creditor reference begins with RF and two check digits; pay with a plain remittance text instead"
    )]
    NotRf,
    /// Fewer than 5 or more than 25 characters.
    #[error("a creditor reference has 5 to 25 characters, this one has {found}")]
    Length { found: usize },
    /// Neither letter nor digit.
    #[error(
        "character {position} of the creditor reference is neither a letter A to Z nor a digit"
    )]
    Character { position: usize },
    /// A typing mistake, almost surely.
    #[error(
        "the check digits of the creditor reference do not fit the rest; compare it with the bill"
    )]
    CheckDigits,
}

impl CreditorReference {
    /// Reads a reference in electronic or printed form: white space is skipped, small letters are capitals.
    ///
    /// # Errors
    /// [`CreditorReferenceError`].
    pub fn parse(text: &str) -> Result<Self, CreditorReferenceError> {
        let characters = || text.chars().filter(|character| !character.is_whitespace());
        if let Some(index) = characters().position(|character| !character.is_ascii_alphanumeric()) {
            return Err(CreditorReferenceError::Character {
                position: index + 1,
            });
        }
        let reference: String = characters()
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let bytes = reference.as_bytes();
        if !reference.starts_with("RF") || !bytes.iter().skip(2).take(2).all(u8::is_ascii_digit) {
            return Err(CreditorReferenceError::NotRf);
        }
        if !(5..=25).contains(&bytes.len()) {
            return Err(CreditorReferenceError::Length { found: bytes.len() });
        }
        if mod97::has_valid_check_digits(bytes) {
            Ok(Self(reference))
        } else {
            Err(CreditorReferenceError::CheckDigits)
        }
    }

    /// The reference in electronic form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CreditorReference {
    type Err = CreditorReferenceError;

    fn from_str(text: &str) -> Result<Self, CreditorReferenceError> {
        Self::parse(text)
    }
}

impl fmt::Display for CreditorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_published_examples() {
        for example in [
            "RF18 5390 0754 7034",
            "RF18539007547034",
            "rf45 G72U UR",
            "RF712348231",
        ] {
            let reference = CreditorReference::parse(example).expect(example);
            assert_eq!(reference.as_str(), example.replace(' ', "").to_uppercase());
        }
    }

    #[test]
    fn refuses_the_rest() {
        let error = |text: &str| CreditorReference::parse(text).expect_err(text);
        assert_eq!(
            error("INV-4711"),
            CreditorReferenceError::Character { position: 4 }
        );
        assert_eq!(error("4711"), CreditorReferenceError::NotRf);
        assert_eq!(error("RF"), CreditorReferenceError::Length { found: 2 });
        assert_eq!(error("RF18"), CreditorReferenceError::Length { found: 4 });
        assert_eq!(
            error(&format!("RF18{}", "1".repeat(22))),
            CreditorReferenceError::Length { found: 26 }
        );
        assert_eq!(
            error("RF19539007547034"),
            CreditorReferenceError::CheckDigits
        );
        assert_eq!(
            error("RF18539007547043"),
            CreditorReferenceError::CheckDigits
        );
    }
}
