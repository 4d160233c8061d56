//! What the pages of disposal show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice};

/// `GET /keys/disposals`.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/disposals.html")]
pub struct DisposalsPage {
    /// The page's context.
    pub page: Page,
    /// Whose key can be destroyed, as `kind:id`.
    pub subjects: Vec<Choice>,
    /// What was asked for, the newest first.
    pub rows: Vec<DisposalRow>,
}

impl DisposalsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("disposals");
}

/// A request.
#[derive(Debug, Clone)]
pub struct DisposalRow {
    /// The request's page.
    pub href: String,
    /// The kind and the name of the subject.
    pub subject: String,
    /// Where it stands.
    pub state: Badge,
    /// Who asked.
    pub proposed_by: String,
    /// When.
    pub proposed: String,
}

/// `GET /keys/disposals/{id}`: the request, and the receipt once it was done.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/disposal.html")]
pub struct DisposalPage {
    /// The page's context.
    pub page: Page,
    /// The request's id.
    pub id: String,
    /// The request in a line.
    pub row: DisposalRow,
    /// Why it was asked for.
    pub reason: String,
    /// Whether it waits.
    pub is_open: bool,
    /// Whether the reader is the human who asked.
    pub is_own: bool,
    /// When the key was destroyed, and when that is complete.
    pub done: Option<(String, String)>,
    /// The columns that open no more, or will not.
    pub unreadable: Vec<String>,
    /// What stays: why, and in which columns.
    pub stays: Vec<(String, String)>,
}

impl DisposalPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("disposal-receipt");
}
