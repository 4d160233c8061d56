//! The first page after signing in: what waits for this person and why, to be understood in five seconds.

use askama::Template;

use super::page::Page;
use super::view::{Badge, Figure};

/// `GET /`. The fields fill the queues; an empty queue is left out.
#[derive(Debug, Template)]
#[template(path = "platform/home.html")]
pub struct HomePage {
    /// The page's context; its title is `nav-home`.
    pub page: Page,
    /// One sentence, such as "3 approvals, one of them due today".
    pub summary: String,
    /// What waits, the most urgent first.
    pub queues: Vec<Queue>,
    /// A few figures of the organisation.
    pub figures: Vec<Figure>,
}

impl HomePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = crate::msg!("nav-home");
}

/// Things of one kind that wait for this person.
#[derive(Debug, Clone)]
pub struct Queue {
    /// How many in all.
    pub count: u32,
    /// What they are, such as "to approve".
    pub title: String,
    /// Where all of them are.
    pub href: String,
    /// The first few.
    pub rows: Vec<QueueRow>,
}

/// One thing that waits.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// Where it is done.
    pub href: String,
    /// The vendor or the run.
    pub title: String,
    /// The number.
    pub detail: String,
    /// What it is, where it is not what the queue mostly holds: a credit note.
    pub badge: Option<Badge>,
    /// Why it waits for this person.
    pub why: String,
    /// Whether it is late.
    pub late: bool,
    /// Amount with currency; may be empty.
    pub amount: String,
}
