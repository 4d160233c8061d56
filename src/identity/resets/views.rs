//! What the pages of a forgotten password show. They never tell whether an address is known.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::FormErrors;

/// `GET /forgot-password`.
#[derive(Debug, Template)]
#[template(path = "identity/resets/forgot.html")]
pub struct ForgotPage {
    /// The page's context.
    pub page: Page,
    /// The organisation as typed, where the installation has several.
    pub organisation: Option<String>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ForgotPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sign-in-title-forgot");
}

/// `POST /forgot-password`.
#[derive(Debug, Template)]
#[template(path = "identity/resets/asked.html")]
pub struct AskedPage {
    /// The page's context.
    pub page: Page,
}

/// `GET` and `POST /reset/{token}`.
#[derive(Template)]
#[template(path = "identity/resets/reset.html")]
pub struct ResetPage {
    /// The page's context.
    pub page: Page,
    /// The link's token.
    pub token: String,
    /// For the password manager.
    pub email: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl std::fmt::Debug for ResetPage {
    /// The token lets somebody in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResetPage").finish_non_exhaustive()
    }
}

impl ResetPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sign-in-title-reset");
}
