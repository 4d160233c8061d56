//! What the pages of roles show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET /settings/roles`.
#[derive(Debug, Template)]
#[template(path = "identity/roles/list.html")]
pub struct RolesPage {
    /// The page's context.
    pub page: Page,
    /// Whether the reader may make and change roles.
    pub can_change: bool,
    /// What waits for a second administrator.
    pub waiting: Vec<WaitingRow>,
    /// The organisation's own roles.
    pub rows: Vec<RoleRow>,
}

impl RolesPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("roles-title");
}

/// A role in the list.
#[derive(Debug, Clone)]
pub struct RoleRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it gives, words separated by commas.
    pub permissions: String,
    /// In use or retired.
    pub state: Badge,
    /// Who holds it, names separated by commas.
    pub holders: String,
}

/// Power that waits for a second administrator.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    /// The change's id.
    pub id: String,
    /// What the role shall gain, in a sentence.
    pub what: String,
    /// Who proposed it and when.
    pub proposed: String,
    /// Until when it can be confirmed.
    pub until: String,
    /// Whether the reader is the human who proposed it.
    pub is_own: bool,
}

/// `GET` and `POST /settings/roles/new` and `/settings/roles/{id}`.
#[derive(Debug, Template)]
#[template(path = "identity/roles/role.html")]
pub struct RolePage {
    /// The page's context.
    pub page: Page,
    /// The role; none for a new one.
    pub id: Option<String>,
    /// Where the form goes.
    pub action: String,
    /// Where the role is retired; none for a new one and one that was.
    pub retire: Option<String>,
    /// Whether the reader may change it.
    pub can_change: bool,
    /// The name as typed.
    pub name: String,
    /// All permissions, those ticked that it gives.
    pub permissions: Vec<Choice>,
    /// Which duties meet in it, in a sentence; none where at most one is there.
    pub meeting: Option<String>,
    /// Who holds it, a sentence for each.
    pub holders: Vec<String>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl RolePage {
    /// The id of a new role's title.
    pub const TITLE: &'static str = msg!("roles-new");
}
