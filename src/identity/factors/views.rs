//! What the page of one's own app shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::qr::QrPath;
use crate::platform::web::view::FormErrors;

/// `GET /me/security/app`.
#[derive(Template)]
#[template(path = "identity/factors/app.html")]
pub struct AppPage {
    /// The page's context.
    pub page: Page,
    /// The `otpauth` address as a QR code.
    pub qr: QrPath,
    /// The key in groups of four, for typing.
    pub secret: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AppPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-app-title");
}

impl std::fmt::Debug for AppPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppPage { .. }")
    }
}
