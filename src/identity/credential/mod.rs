//! Tokens of sessions, links and the API. As shown and as stored are two types: only the browser, the mail or the
//! program of the holder has the first, only the database the second.

mod actions;

use std::fmt;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_sealing::Entropy;
use zeroize::Zeroizing;

use crate::platform::store::{DecodeError, FromValue, Value};

pub(in crate::identity) use actions::{Behind, behind};

const LENGTH: usize = 32;

/// A token as its holder has it: 256 random bits. No Display, no Serialize, and Debug prints nothing of it.
pub struct ShownToken(Zeroizing<[u8; LENGTH]>);

impl ShownToken {
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        entropy.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// From its text: base64url of 32 bytes, in the one spelling that we give out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let bytes: [u8; LENGTH] = decoded.as_slice().try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    /// The token in clear. Each call is a place to look at in review.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// What the database keeps of it. A fast hash is enough: nobody guesses 256 random bits.
    #[must_use]
    pub fn stored(&self) -> StoredToken {
        StoredToken::of(self.0.as_slice())
    }
}

impl fmt::Debug for ShownToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownToken(..)")
    }
}

/// SHA-256 of a token: it finds the row, and opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredToken([u8; LENGTH]);

impl StoredToken {
    fn of(bytes: &[u8]) -> Self {
        let digest = digest::digest(&digest::SHA256, bytes);
        let mut out = [0; LENGTH];
        out.copy_from_slice(digest.as_ref());
        Self(out)
    }
}

impl StoredToken {
    /// As text, for a table whose ids are text.
    #[must_use]
    pub fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl From<StoredToken> for Value {
    fn from(token: StoredToken) -> Self {
        Self::from(token.0)
    }
}

impl FromValue for StoredToken {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        <[u8; LENGTH]>::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use countersign_sealing::SeededEntropy;

    use super::*;

    #[test]
    fn a_token_is_read_back_and_its_stored_form_is_another() {
        let token = ShownToken::generate(&SeededEntropy::new(1));
        let text = token.expose();
        assert_eq!(text.len(), 43);
        let again = ShownToken::parse(&text).expect("our own text");
        assert_eq!(again.stored(), token.stored());
        assert_ne!(token.stored().0, *token.0);
        assert_eq!(format!("{token:?}"), "ShownToken(..)");
    }

    #[test]
    fn other_spellings_are_no_tokens() {
        let text = ShownToken::generate(&SeededEntropy::new(1)).expose();
        for bad in [
            format!("{}=", *text),
            format!(" {}", *text),
            text[1..].to_owned(),
            String::new(),
        ] {
            assert!(ShownToken::parse(&bad).is_none(), "{bad:?}");
        }
    }
}
