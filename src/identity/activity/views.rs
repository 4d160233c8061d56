//! What the page of one's own sessions shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::Badge;

/// `GET /me/sessions`.
#[derive(Debug, Template)]
#[template(path = "identity/activity/sessions.html")]
pub struct ActivityPage {
    /// The page's context.
    pub page: Page,
    /// Where she is signed in.
    pub sessions: Vec<SessionRow>,
    /// Who signed in, or failed to.
    pub attempts: Vec<AttemptRow>,
}

impl ActivityPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-sessions");
}

/// A session that stands.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The session's id, which opens nothing.
    pub id: String,
    /// What the browser calls itself.
    pub device: String,
    /// The network address it began at.
    pub address: String,
    /// When it began.
    pub began: String,
    /// When it was last seen.
    pub last_seen: Option<String>,
    /// Whether it is the one that shows the page.
    pub is_this: bool,
}

/// A sign-in, or a failure.
#[derive(Debug, Clone)]
pub struct AttemptRow {
    /// When.
    pub time: String,
    /// What the browser called itself, where that was kept.
    pub device: Option<String>,
    /// The network address, where that was kept.
    pub address: Option<String>,
    /// Whether it succeeded.
    pub state: Badge,
    /// What names it where she can say that it was somebody else.
    pub sign_in: Option<String>,
}

/// `GET /me/sessions/disowned`: what there is to do once she has said so.
#[derive(Debug, Template)]
#[template(path = "identity/activity/disowned.html")]
pub struct DisownedPage {
    /// The page's context.
    pub page: Page,
    /// When the sign-in was.
    pub time: String,
    /// What the browser called itself.
    pub device: String,
    /// The network address.
    pub address: String,
    /// Whether she has a password here.
    pub has_password: bool,
    /// Whether hers lets nobody in until she has replaced it.
    pub must_replace_password: bool,
    /// The factors that she has gained since.
    pub added: Vec<AddedRow>,
}

impl DisownedPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-disowned");
}

/// A factor that was added.
#[derive(Debug, Clone)]
pub struct AddedRow {
    /// In words, with its name.
    pub what: String,
    /// When.
    pub made: String,
}
