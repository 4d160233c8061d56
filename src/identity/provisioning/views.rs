//! What the page of directories shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET /settings/directories`.
#[derive(Debug, Template)]
#[template(path = "identity/provisioning/directories.html")]
pub struct DirectoriesPage {
    /// The page's context.
    pub page: Page,
    /// Whether the reader may make, confirm and end.
    pub can_change: bool,
    /// Where a directory sends people.
    pub address: String,
    /// A token right after it was made; shown once.
    pub shown: Option<NewToken>,
    /// The organisation's directories.
    pub directories: Vec<DirectoryBlock>,
    /// A new directory's name as typed.
    pub typed_name: String,
    /// Its token's days as typed.
    pub typed_days: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DirectoriesPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("directories");
}

/// A token in clear; prints itself into the page only.
#[derive(Clone)]
pub struct NewToken(pub String);

impl std::fmt::Debug for NewToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewToken(..)")
    }
}

/// A directory.
#[derive(Debug, Clone)]
pub struct DirectoryBlock {
    /// Its id.
    pub id: String,
    /// How people call it.
    pub name: String,
    /// How many it has sent, and how many of them have an account.
    pub counts: String,
    /// How many active ones have no account, and what they wait for.
    pub waiting: Option<String>,
    /// Its tokens, the newest first.
    pub tokens: Vec<TokenRow>,
    /// What its groups give.
    pub mappings: Vec<MappingRow>,
    /// Its groups.
    pub groups: Vec<Choice>,
    /// The roles that one can give.
    pub roles: Vec<Choice>,
}

/// A token in the list.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: Badge,
    /// Who made it, and when.
    pub made: String,
    /// When it expires.
    pub expires: String,
    /// When it was used last.
    pub last_used: Option<String>,
    /// Whether the reader may confirm it.
    pub can_confirm: bool,
    /// Whether it can be refused.
    pub is_open: bool,
    /// Whether it can be revoked.
    pub works: bool,
}

/// A role that a group gives or shall give.
#[derive(Debug, Clone)]
pub struct MappingRow {
    /// Its id.
    pub id: String,
    /// The group's name.
    pub group: String,
    /// The role.
    pub role: String,
    /// Where it stands.
    pub state: Badge,
    /// Who proposed it.
    pub proposed_by: String,
    /// Whether the reader may confirm it.
    pub can_confirm: bool,
    /// Whether it can be refused.
    pub is_open: bool,
    /// Whether it can be ended.
    pub works: bool,
}
