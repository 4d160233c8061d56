//! What the page of the security policy shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Choice, FormErrors};

/// `GET` and `POST /settings/security`.
#[derive(Debug, Template)]
#[template(path = "identity/policy/policy.html")]
pub struct PolicyPage {
    /// The page's context.
    pub page: Page,
    /// What is in force, a sentence for each.
    pub lines: Vec<String>,
    /// What waits to change it.
    pub waiting: Vec<WaitingRow>,
    /// Which factors count.
    pub factors: Vec<Choice>,
    /// Whether browsers make passkeys for this address.
    pub are_passkeys_possible: bool,
    /// Whether the reader may propose and confirm.
    pub can_change: bool,
    /// How long a factor counts as shown a moment ago, as typed.
    pub fresh_minutes: String,
    /// As typed; empty where the configuration's counts.
    pub idle_minutes: String,
    /// As typed; empty where the configuration's counts.
    pub longest_minutes: String,
    /// What the configuration allows at most.
    pub idle_hint: String,
    /// What the configuration allows at most.
    pub longest_hint: String,
    /// The PCI profile.
    pub pci: Vec<Choice>,
    /// How many sealed values one human sees alone within an hour, as typed.
    pub reveals_per_hour: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl PolicyPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("settings-policy-title");
}

/// A policy that waits for a second administrator.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    /// The request's id.
    pub id: String,
    /// What it asks, a sentence for each.
    pub lines: Vec<String>,
    /// Who proposed it and when.
    pub proposed: String,
    /// Until when it can be confirmed.
    pub until: String,
    /// Whether the reader is the human who proposed it.
    pub is_own: bool,
}
