use std::fmt;

use thiserror::Error;
use zeroize::Zeroize;

const MAX_LENGTH: usize = 34;

/// An account number of a country without IBAN (`Othr/Id`, at most 34 characters): letters, digits and
/// `- / .` with single spaces inside. Only the receiving bank can say whether it is right.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherAccount(String);

/// Why a text is no account number. None of it is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OtherAccountError {
    /// Fewer than four characters that are not spaces: it could not be masked.
    #[error("the account number is too short; enter all of it")]
    TooShort,
    /// More than the payment file has room for.
    #[error("the account number has more than 34 characters; enter only the number itself")]
    TooLong,
    /// A character that payment files do not carry in it.
    #[error(
        "character {position} of the account number is not a letter A to Z, a digit or one of - / . and single spaces"
    )]
    Character { position: usize },
}

impl OtherAccount {
    /// Reads an account number; white space around it is dropped.
    ///
    /// # Errors
    /// [`OtherAccountError`].
    pub fn parse(text: &str) -> Result<Self, OtherAccountError> {
        let number = text.trim();
        let wrong = number
            .char_indices()
            .enumerate()
            .find(|(_, (offset, character))| match character {
                ' ' => number[offset + 1..].starts_with(' '),
                '-' | '/' | '.' => false,
                other => !other.is_ascii_alphanumeric(),
            });
        if let Some((index, _)) = wrong {
            return Err(OtherAccountError::Character {
                position: index + 1,
            });
        }
        if number.len() > MAX_LENGTH {
            return Err(OtherAccountError::TooLong);
        }
        if number.bytes().filter(u8::is_ascii_alphanumeric).count() < 4 {
            return Err(OtherAccountError::TooShort);
        }
        Ok(Self(number.to_owned()))
    }

    /// The whole number; see [`super::Iban::expose`] for where it may go.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// For lists and logs: `•••• 6789`.
    pub fn masked(&self) -> String {
        format!("•••• {}", self.last_four())
    }
}

impl fmt::Debug for OtherAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherAccount(…{})", self.last_four())
    }
}

impl Drop for OtherAccount {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_masks_them() {
        let account = OtherAccount::parse(" 021000021/123 456-789 ").expect("valid");
        assert_eq!(account.expose(), "021000021/123 456-789");
        assert_eq!(account.masked(), "•••• -789");
        assert_eq!(format!("{account:?}"), "OtherAccount(…-789)");
    }

    #[test]
    fn refuses_what_cannot_be_a_number() {
        assert_eq!(
            OtherAccount::parse(" 12 "),
            Err(OtherAccountError::TooShort)
        );
        assert_eq!(
            OtherAccount::parse("----"),
            Err(OtherAccountError::TooShort)
        );
        assert_eq!(
            OtherAccount::parse(&"1".repeat(35)),
            Err(OtherAccountError::TooLong)
        );
        assert_eq!(
            OtherAccount::parse("12<3456"),
            Err(OtherAccountError::Character { position: 3 })
        );
        assert_eq!(
            OtherAccount::parse("1234\u{202e}"),
            Err(OtherAccountError::Character { position: 5 })
        );
        assert_eq!(
            OtherAccount::parse("12  34"),
            Err(OtherAccountError::Character { position: 3 })
        );
    }
}
