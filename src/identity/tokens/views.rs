//! What the page of one's own account shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET /me`.
#[derive(Debug, Template)]
#[template(path = "identity/tokens/account.html")]
pub struct AccountPage {
    /// The page's context.
    pub page: Page,
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// A token right after it was made; shown once.
    pub shown: Option<NewToken>,
    /// Whether the person may have tokens.
    pub can_make_tokens: bool,
    /// Her tokens.
    pub tokens: Vec<TokenRow>,
    /// The permissions she can give to one.
    pub permissions: Vec<Choice>,
    /// The new token's name as typed.
    pub typed_name: String,
    /// Its days as typed.
    pub typed_days: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AccountPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-me");
}

/// A token in clear; prints itself into the page only.
#[derive(Clone)]
pub struct NewToken(pub String);

impl std::fmt::Debug for NewToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewToken(..)")
    }
}

/// A token in the list.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Permissions, separated by spaces.
    pub permissions: String,
    /// When it expires.
    pub expires: String,
    /// Works, expired, revoked.
    pub state: Badge,
    /// Whether it can be revoked.
    pub works: bool,
}
