//! The form of a directory's token.

use zeroize::Zeroizing;

use crate::identity::credential::ShownToken;
use crate::platform::clock::Micros;

/// What every directory's token begins with: secret scanners find it in other people's files, and nobody takes it for a
/// person's.
pub const PREFIX: &str = "csd_";

/// No token lives longer than this.
pub const LONGEST_DAYS: i64 = 366;

/// How long one can be confirmed.
pub const OPEN_US: i64 = 7 * Micros::DAY;

/// A token as the directory has it: [`PREFIX`] and 43 characters of base64url.
#[derive(Debug)]
pub struct DirectoryToken(pub ShownToken);

impl DirectoryToken {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix(PREFIX)
            .and_then(ShownToken::parse)
            .map(Self)
    }

    /// The token in clear, to be shown once.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", *self.0.expose()))
    }
}
