//! What the page of one's own factors shows.

use std::fmt;

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::FormErrors;

/// `GET /me/security`.
#[derive(Debug, Template)]
#[template(path = "identity/passkeys/security.html")]
pub struct SecurityPage {
    /// The page's context.
    pub page: Page,
    /// Whether an app gives codes.
    pub has_app: bool,
    /// Her passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether codes of an app count here, so that one can be had.
    pub are_codes_taken: bool,
    /// Whether the app is all she has, so that it stays.
    pub is_app_last: bool,
    /// Whether a factor was shown a moment ago, so that factors may change.
    pub is_fresh: bool,
    /// Whether browsers make passkeys for this address.
    pub are_possible: bool,
    /// What is wrong.
    pub errors: FormErrors,
}

impl SecurityPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-security");
}

/// `GET /enrol`, where passkeys alone count.
#[derive(Debug, Template)]
#[template(path = "identity/passkeys/enrol.html")]
pub struct EnrolPasskeyPage {
    /// The page's context.
    pub page: Page,
    /// What is wrong.
    pub errors: FormErrors,
}

impl EnrolPasskeyPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-passkey-enrol-title");
}

/// A passkey in the list.
#[derive(Clone)]
pub struct PasskeyRow {
    /// Its id.
    pub id: String,
    /// As its person calls it.
    pub name: String,
    /// When it was added.
    pub created: String,
    /// When it was last shown.
    pub used: Option<String>,
    /// Whether it is all she has, so that it stays.
    pub is_last: bool,
}

/// A name is for its person, not for a log.
impl fmt::Debug for PasskeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasskeyRow").finish_non_exhaustive()
    }
}
