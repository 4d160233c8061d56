//! What the page of requests shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::Badge;

/// `GET /people/requests`.
#[derive(Debug, Template)]
#[template(path = "identity/powers/requests.html")]
pub struct RequestsPage {
    /// The page's context.
    pub page: Page,
    /// Whether the reader may confirm and refuse.
    pub can_decide: bool,
    /// What waits.
    pub open: Vec<RequestRow>,
    /// What was decided on lately.
    pub closed: Vec<RequestRow>,
    /// A sentence, where one administrator is all there are.
    pub alone: Option<String>,
}

impl RequestsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-requests");
}

/// A request.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// The request's id.
    pub id: String,
    /// The person's page.
    pub href: String,
    /// For whom.
    pub person: String,
    /// What is asked for.
    pub what: String,
    /// Where it stands.
    pub state: Badge,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed: String,
    /// Until when it can be confirmed.
    pub until: String,
    /// Who decided, if somebody has.
    pub decided_by: Option<String>,
    /// Whether the reader is the human who proposed it.
    pub is_own: bool,
}
