//! The form of a token and of its limits.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::identity::access::Permission;
use crate::identity::credential::ShownToken;

/// What every token begins with.
pub const PREFIX: &str = "csk_";

/// No token lives longer than a year.
pub const LONGEST_DAYS: i64 = 366;

/// Characters of the random part.
const RANDOM_CHARS: usize = 43;
/// How much of a token lists show, so that people tell tokens apart.
const LAST_CHARS: usize = 4;

/// A token as its holder has it: [`PREFIX`], 43 random characters of base64url and a checksum of 6, by which a scanner that
/// finds one in somebody's files knows that it is one.
#[derive(Debug)]
pub struct ApiToken(pub ShownToken);

impl ApiToken {
    /// From its text. Tokens of before the checksum have none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let (random, sum) = rest.split_at_checked(RANDOM_CHARS)?;
        if !sum.is_empty() && sum != checksum(random) {
            return None;
        }
        ShownToken::parse(random).map(Self)
    }

    /// The token in clear, to be shown once.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let random = self.0.expose();
        Zeroizing::new(format!("{PREFIX}{}{}", *random, checksum(&random)))
    }

    /// The end of the token: of its checksum, from which nobody finds the rest.
    #[must_use]
    pub fn last_four(&self) -> String {
        let shown = self.expose();
        shown[shown.len() - LAST_CHARS..].to_owned()
    }
}

/// The first four bytes of SHA-256 over prefix and random part, in base64url.
fn checksum(random: &str) -> String {
    let digest = digest(&SHA256, format!("{PREFIX}{random}").as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..4])
}

/// Permissions as stored: their names, parted by spaces.
#[must_use]
pub fn stored_permissions(permissions: &[Permission]) -> String {
    let names: Vec<&str> = permissions
        .iter()
        .map(|permission| permission.as_str())
        .collect();
    names.join(" ")
}

/// Names that this version does not know give nothing.
#[must_use]
pub fn parse_permissions(stored: &str) -> Vec<Permission> {
    stored
        .split_whitespace()
        .filter_map(Permission::parse)
        .collect()
}

#[cfg(test)]
mod tests {
    use countersign_sealing::SeededEntropy;

    use super::*;

    #[test]
    fn a_token_has_its_prefix_and_is_read_back() {
        let token = ApiToken(ShownToken::generate(&SeededEntropy::new(1)));
        let text = token.expose();
        assert!(text.starts_with("csk_") && text.len() == 53);
        assert!(text.ends_with(&token.last_four()));
        let again = ApiToken::parse(&text).expect("our own text");
        assert_eq!(again.0.stored(), token.0.stored());
        assert!(ApiToken::parse(&text[4..]).is_none());
    }

    #[test]
    fn a_token_with_another_checksum_is_none_and_one_without_is_of_before() {
        let text = ApiToken(ShownToken::generate(&SeededEntropy::new(1))).expose();
        assert!(ApiToken::parse(&text[..47]).is_some());
        assert!(ApiToken::parse(&text[..52]).is_none());
        let end = if text.ends_with('A') { "B" } else { "A" };
        assert!(ApiToken::parse(&format!("{}{end}", &text[..52])).is_none());
        assert!(ApiToken::parse(&format!("{}é", &text[..46])).is_none());
    }

    #[test]
    fn unknown_permissions_give_nothing() {
        let stored = stored_permissions(&[Permission::BillsRead, Permission::BillsEnter]);
        assert_eq!(
            parse_permissions(&format!("{stored} everything")),
            [Permission::BillsRead, Permission::BillsEnter]
        );
    }
}
