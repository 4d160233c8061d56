//! What the pages of reveals show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors};

/// `GET /reveals`.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/reveals.html")]
pub struct RevealsPage {
    /// The page's context.
    pub page: Page,
    /// Whether the reader may ask for values.
    pub can_ask: bool,
    /// The newest first.
    pub rows: Vec<RevealRow>,
}

impl RevealsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("reveals-title");
}

/// A batch in a list.
#[derive(Debug, Clone)]
pub struct RevealRow {
    /// Its page.
    pub href: String,
    /// What for, and the reason in words.
    pub purpose: String,
    /// See `purpose`.
    pub reason: String,
    /// How many values.
    pub count: String,
    /// Where it stands.
    pub state: Badge,
    /// Who asked and when.
    pub asked: String,
    /// Who decided; empty where nobody did.
    pub decided: String,
}

/// `GET /reveals/new` and `POST /reveals` where something is missing.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/new.html")]
pub struct NewRevealPage {
    /// The page's context.
    pub page: Page,
    /// What is asked for.
    pub values: Vec<ValueRow>,
    /// Whether a second human has to approve it.
    pub is_for_two: bool,
    /// What it can be for.
    pub purposes: Vec<Choice>,
    /// As typed.
    pub reason: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl NewRevealPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("reveals-new");
}

/// A value, masked.
#[derive(Debug, Clone)]
pub struct ValueRow {
    /// Its name in forms.
    pub name: String,
    /// What it is.
    pub what: String,
    /// Whom it is about.
    pub owner: String,
    /// All but its end masked.
    pub masked: String,
}

/// `GET /reveals/vendors`: vendors whose accounts are asked for at once.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/vendors.html")]
pub struct VendorsToRevealPage {
    /// The page's context.
    pub page: Page,
    /// The name from which the list begins, as typed.
    pub from: String,
    /// To tick: the label says how many accounts there are.
    pub vendors: Vec<Choice>,
}

impl VendorsToRevealPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("reveals-several");
}

/// `GET /reveals/{id}`.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/reveal.html")]
pub struct RevealPage {
    /// The page's context.
    pub page: Page,
    /// The batch's id.
    pub id: String,
    /// Where it stands.
    pub state: Badge,
    /// Purpose, reason, who and when.
    pub facts: Vec<Fact>,
    /// What it holds, masked.
    pub values: Vec<ValueRow>,
    /// Whether the reader may approve or refuse it.
    pub can_decide: bool,
    /// Whether the reader may open it now.
    pub can_open: bool,
    /// Whether the reader may take it back.
    pub can_withdraw: bool,
    /// What the reader can do, or why nothing.
    pub advice: String,
}

impl RevealPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("reveals-request");
}

/// The one answer that holds values. No Debug prints them.
#[derive(Template)]
#[template(path = "assurance/keys/shown.html")]
pub struct ShownPage {
    /// The page's context.
    pub page: Page,
    /// Each value with what it is.
    pub values: Vec<ShownRow>,
}

impl ShownPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("reveals-shown");
}

impl std::fmt::Debug for ShownPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ShownPage { .. }")
    }
}

/// A value in full.
pub struct ShownRow {
    /// What it is.
    pub what: String,
    /// Whom it is about.
    pub owner: String,
    /// In groups of four where it is an account.
    pub value: String,
}

impl std::fmt::Debug for ShownRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ShownRow { .. }")
    }
}

/// Who saw something in full: `GET` of an object's `/seen`.
#[derive(Debug, Template)]
#[template(path = "assurance/keys/seen.html")]
pub struct SeenPage {
    /// The page's context.
    pub page: Page,
    /// The object's own page.
    pub back: String,
    /// The object as the journal names it.
    pub object: String,
    /// What is told here, and what is not.
    pub lead: String,
    /// The latest first.
    pub rows: Vec<SeenRow>,
}

impl SeenPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("reveals-seen");
}

/// One time that somebody saw it.
#[derive(Debug, Clone)]
pub struct SeenRow {
    /// When.
    pub time: String,
    /// Who.
    pub person: String,
    /// What for; for a payment file or a document, that it was fetched or opened.
    pub purpose: String,
    /// The reason in words, or the document's file; may be empty.
    pub reason: String,
    /// How many values with it; for a document, by what it was opened.
    pub count: String,
    /// Who approved it; empty where one saw it alone.
    pub approved_by: String,
}
