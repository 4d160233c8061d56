//! What the trust page shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::Badge;

/// `GET /trust`.
#[derive(Debug, Template)]
#[template(path = "assurance/trust/trust.html")]
pub struct TrustPage {
    /// The page's context.
    pub page: Page,
    /// When the claims were checked: now, as people read it.
    pub checked: String,
    /// The claims, in the order of the page.
    pub claims: Vec<Claim>,
}

impl TrustPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-trust");
}

/// Something that is claimed of the organisation.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What is claimed.
    pub says: String,
    /// Whether it holds.
    pub badge: Badge,
    /// What shows it, and since when.
    pub evidence: String,
    /// The rule in words, where there is one to know.
    pub rule: String,
}
