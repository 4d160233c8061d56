//! What the pages of signing in show. They never tell whether an address is known.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Choice, FormErrors};

/// `GET` and `POST /sign-in`.
#[derive(Debug, Template)]
#[template(path = "identity/sign_in/password.html")]
pub struct PasswordPage {
    /// The page's context.
    pub page: Page,
    /// The path to go on to; checked to be one of ours.
    pub next: String,
    /// The sign-in name as typed.
    pub email: String,
    /// The organisation as typed, where the installation has several.
    pub organisation: Option<String>,
    /// Whether browsers make passkeys for this address.
    pub are_passkeys_possible: bool,
    /// The identity providers of the one organisation.
    pub connections: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl PasswordPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sign-in-submit");
}

/// `GET` and `POST /sign-in/code`.
#[derive(Debug, Template)]
#[template(path = "identity/sign_in/code.html")]
pub struct CodePage {
    /// The page's context.
    pub page: Page,
    /// The path to go on to.
    pub next: String,
    /// Whether an app of hers gives codes.
    pub has_app: bool,
    /// Whether she has a passkey.
    pub has_passkey: bool,
    /// What is wrong.
    pub errors: FormErrors,
}

impl CodePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sign-in-title-code");
}

/// `GET` and `POST /sign-in/new-password`.
#[derive(Debug, Template)]
#[template(path = "identity/sign_in/renew.html")]
pub struct RenewPage {
    /// The page's context.
    pub page: Page,
    /// The path to go on to.
    pub next: String,
    /// For the password manager.
    pub email: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl RenewPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sign-in-title-renew");
}

/// `GET` and `POST /sign-in/recovery`.
#[derive(Debug, Template)]
#[template(path = "identity/sign_in/recovery.html")]
pub struct RecoveryPage {
    /// The page's context.
    pub page: Page,
    /// The path to go on to.
    pub next: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl RecoveryPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sign-in-title-recovery");
}

/// `POST /sign-out`, where the identity provider is told as well.
#[derive(Debug, Template)]
#[template(path = "identity/sign_in/onward.html")]
pub struct OnwardPage {
    /// The page's context.
    pub page: Page,
    /// Where the browser goes on to.
    pub address: String,
}

impl OnwardPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sso-signed-out");
}
