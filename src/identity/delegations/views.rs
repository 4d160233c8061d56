//! What the page of delegations shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET` and `POST /me/delegations`.
#[derive(Debug, Template)]
#[template(path = "identity/delegations/delegations.html")]
pub struct DelegationsPage {
    /// The page's context.
    pub page: Page,
    /// Whether the reader decides on bills, and so can delegate it.
    pub can_delegate: bool,
    /// Whether the reader administers people, and so can delegate for somebody absent.
    pub administers: bool,
    /// For whom.
    pub principals: Vec<Choice>,
    /// Hers and those to her, the newest first.
    pub rows: Vec<DelegationRow>,
    /// To whom.
    pub delegates: Vec<Choice>,
    /// For which legal entity.
    pub entities: Vec<Choice>,
    /// The first day as typed.
    pub from: String,
    /// The last day as typed.
    pub until: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DelegationsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-delegations");
}

/// A delegation in the list.
#[derive(Debug, Clone)]
pub struct DelegationRow {
    /// Its id.
    pub id: String,
    /// On whose behalf.
    pub principal: String,
    /// Who acts.
    pub delegate: String,
    /// In which legal entity.
    pub entity: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Whether it stands.
    pub state: Badge,
    /// Whether it waits for a second administrator.
    pub waits: bool,
    /// Whether it can be ended.
    pub can_end: bool,
}
