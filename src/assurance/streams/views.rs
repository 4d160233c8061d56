//! What the page of streams shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET /settings/streams`.
#[derive(Debug, Template)]
#[template(path = "assurance/streams/streams.html")]
pub struct StreamsPage {
    /// The page's context.
    pub page: Page,
    /// Whether the reader may ask for a stream.
    pub can_propose: bool,
    /// A webhook's secret right after it was made; shown once.
    pub shown: Option<NewSecret>,
    /// The streams, the newest first.
    pub rows: Vec<StreamRow>,
    /// By what a stream is sent.
    pub kinds: Vec<Choice>,
    /// In which form.
    pub formats: Vec<Choice>,
    /// With which entry it begins.
    pub beginnings: Vec<Choice>,
    /// In whose place it comes.
    pub formers: Vec<Choice>,
    /// The name as typed.
    pub typed_name: String,
    /// The address as typed.
    pub typed_address: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl StreamsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("streams");
}

/// A secret in clear; prints itself into the page only.
#[derive(Clone)]
pub struct NewSecret {
    /// The stream's name.
    pub name: String,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewSecret(..)")
    }
}

/// A stream.
#[derive(Debug, Clone)]
pub struct StreamRow {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// By what it is sent, and in which form.
    pub how: String,
    /// Where it goes.
    pub address: String,
    /// How it stands.
    pub state: Badge,
    /// What is wrong, and what to do about it.
    pub trouble: Option<String>,
    /// When it is tried again.
    pub again: Option<String>,
    /// How many entries wait; none before it was confirmed and after it has ended.
    pub lag: Option<String>,
    /// When something was delivered last.
    pub delivered: Option<String>,
    /// Who asked for it, and when.
    pub proposed: String,
    /// Who decided, and when.
    pub decided: Option<String>,
    /// With which entry it begins, or in whose place it comes.
    pub begins: String,
    /// What the reader may do.
    pub may: May,
}

/// What the reader may do with a stream.
#[derive(Debug, Clone, Copy, Default)]
pub struct May {
    /// Say yes to it.
    pub confirm: bool,
    /// Say no to it.
    pub refuse: bool,
    /// Stop it for a while.
    pub pause: bool,
    /// Go on with it.
    pub resume: bool,
    /// End it.
    pub remove: bool,
    /// Make its secret anew.
    pub rotate: bool,
    /// Send an entry for a test.
    pub test: bool,
}
