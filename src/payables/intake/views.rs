//! What the upload page shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Tone};

/// `GET` and `POST /bills/upload`. With `Accept: application/json` the post answers one object per file: `file`,
/// `outcome` (a key of [`outcomes`]), `bill_url`, `findings` (each `rule`, `message`), `error`.
#[derive(Debug, Template)]
#[template(path = "payables/intake/upload.html")]
pub struct UploadPage {
    /// The page's context.
    pub page: Page,
    /// The largest file accepted, such as "50 MB".
    pub max_size: String,
    /// What became of the files just sent without script.
    pub results: Vec<UploadResult>,
    /// The outcomes' names for the script, from [`outcomes`].
    pub outcomes: Vec<Outcome>,
}

impl UploadPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("platform-upload");
}

/// What became of one file.
#[derive(Debug, Clone)]
pub struct UploadResult {
    /// The file's name as sent.
    pub file: String,
    /// The outcome.
    pub outcome: Badge,
    /// Why, and what to do; may be empty.
    pub message: String,
    /// The bill, if there is one.
    pub bill_href: Option<String>,
    /// What the checks found, a line each.
    pub findings: Vec<String>,
}

/// An outcome of an upload with its name.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// As it stands in the JSON answer.
    pub key: &'static str,
    /// Its name.
    pub badge: Badge,
}

/// Every outcome an upload can have.
pub fn outcomes(page: &Page) -> Vec<Outcome> {
    [
        ("created", Tone::Good, msg!("intake-outcome-created")),
        ("findings", Tone::Warn, msg!("intake-outcome-findings")),
        ("typing", Tone::Info, msg!("intake-outcome-typing")),
        ("duplicate", Tone::Neutral, msg!("intake-outcome-duplicate")),
        ("failed", Tone::Bad, msg!("intake-outcome-failed")),
    ]
    .into_iter()
    .map(|(key, tone, id)| Outcome {
        key,
        badge: Badge::new(tone, page.t(id)),
    })
    .collect()
}
