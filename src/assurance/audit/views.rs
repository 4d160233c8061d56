//! What the journal's page shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Change, Choice, Pager};

/// `GET /journal`. Query: `person`, `action`, `kind`, `object`, `request`, `from`, `until`, `after`.
#[derive(Debug, Template)]
#[template(path = "assurance/audit/journal.html")]
pub struct JournalPage {
    /// The page's context.
    pub page: Page,
    /// Whether the last verification held.
    pub proof: Badge,
    /// When it ran and over how many entries.
    pub proof_text: String,
    /// The signed head: size and root hash.
    pub head: String,
    /// People to filter by; the first means all.
    pub people: Vec<Choice>,
    /// Actions to filter by; the first means all.
    pub actions: Vec<Choice>,
    /// First day, `YYYY-MM-DD` or empty.
    pub from: String,
    /// Last day, `YYYY-MM-DD` or empty.
    pub until: String,
    /// The filters as they are set, for the export's form.
    pub person: String,
    /// See `person`.
    pub action: String,
    /// See `person`.
    pub kind: String,
    /// See `person`.
    pub object: String,
    /// See `person`.
    pub request: String,
    /// Whether a filter is set.
    pub filtered: bool,
    /// The entries, the latest first.
    pub rows: Vec<JournalRow>,
    /// The pages before and after.
    pub pager: Pager,
}

impl JournalPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-journal");
}

/// An entry of the journal.
#[derive(Debug, Clone)]
pub struct JournalRow {
    /// Its number; `None` until the sequencer has come by.
    pub number: Option<String>,
    /// The moment as people read it.
    pub time: String,
    /// The moment for machines (RFC 3339).
    pub machine_time: String,
    /// Who, and on whose behalf.
    pub actor: String,
    /// By what: session, token, command line.
    pub credential: String,
    /// What was done.
    pub action: String,
    /// The journal's own word for it.
    pub canonical: String,
    /// To what.
    pub object: String,
    /// The object's page.
    pub object_href: Option<String>,
    /// All entries about this object.
    pub object_filter: String,
    /// The end of the id of its request, which the log's lines have as well.
    pub request: String,
    /// All entries of this request.
    pub request_filter: String,
    /// What it changed.
    pub changes: Vec<Change>,
}
