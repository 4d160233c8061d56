//! What the page of internal logs shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::Badge;

/// `GET /journal/logs`.
#[derive(Debug, Template)]
#[template(path = "assurance/logs/logs.html")]
pub struct LogsPage {
    /// The page's context.
    pub page: Page,
    /// Whether they are kept as long as they have to be, and no longer.
    pub verdict: Badge,
    /// How long they are kept, in words.
    pub retained: String,
    /// The oldest day of which there is a file.
    pub oldest: Option<String>,
    /// Days whose files can be read as they are.
    pub online: String,
    /// Days whose files are compressed.
    pub archived: String,
    /// All files together, with the unit.
    pub size: String,
}

impl LogsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("logs-title");
}
