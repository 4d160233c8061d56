//! The frame of every page: messages in the reader's language, the page's context, shared pieces of view, assets.
//!
//! Invariants: no visible text outside `messages/`; no inline style, script or handler, so that the content security
//! policy stays at [`CONTENT_SECURITY_POLICY`]; every page works without JavaScript.

pub mod assets;
pub mod cookies;
pub mod csrf;
pub mod doings;
pub mod filter;
pub mod form;
pub mod home;
pub mod idempotency;
pub mod locale;
pub mod messages;
pub mod nav;
pub mod openapi;
pub mod paced;
pub mod page;
mod part_heads;
mod problem;
pub mod qr;
pub mod render;
pub mod request;
pub mod view;

pub use problem::Problem;

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod messages_check;
#[cfg(test)]
pub(crate) mod render_check;
#[cfg(test)]
mod styleguide;

/// The policy sent with every page. Nothing is loaded from elsewhere, nothing inline runs, nobody may frame a page.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     font-src 'self'; form-action 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Another site to which the form of one page goes: an identity provider's. An answer that carries it as an extension leaves
/// with a policy that allows this one origin beside our own.
#[derive(Debug, Clone)]
pub struct FormTarget(String);

impl FormTarget {
    #[must_use]
    pub fn of(address: &url::Url) -> Self {
        Self(address.origin().ascii_serialization())
    }

    /// The pages' policy with this target. None where the origin could mean more than itself there.
    #[must_use]
    pub fn policy(&self) -> Option<axum::http::HeaderValue> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:/[]".contains(c);
        let is_origin = self.0.starts_with("https://") && self.0.chars().all(is_plain);
        let own = "form-action 'self'";
        let policy = CONTENT_SECURITY_POLICY.replace(own, &format!("{own} {}", self.0));
        let policy = is_origin.then_some(policy)?;
        axum::http::HeaderValue::from_str(&policy).ok()
    }
}

/// The policy of a document that is handed out as a download: whatever it is, it runs and loads nothing, wherever it is opened.
pub const DOWNLOAD_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
