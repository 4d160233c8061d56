//! The form of a token and of its limits.

use zeroize::Zeroizing;

use crate::identity::access::Permission;
use crate::identity::credential::ShownToken;

/// What every token begins with.
pub const PREFIX: &str = "csk_";

/// No token lives longer than a year.
pub const LONGEST_DAYS: i64 = 366;

/// A token as its holder has it: [`PREFIX`] and 43 characters of base64url.
#[derive(Debug)]
pub struct ApiToken(pub ShownToken);

impl ApiToken {
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
        assert!(text.starts_with("csk_") && text.len() == 47);
        let again = ApiToken::parse(&text).expect("our own text");
        assert_eq!(again.0.stored(), token.0.stored());
        assert!(ApiToken::parse(&text[4..]).is_none());
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
