//! What the page behind the link shows.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Choice, FormErrors};

/// `GET` and `POST /new-factor/{token}`.
#[derive(Template)]
#[template(path = "identity/lost_factors/new_factor.html")]
pub struct NewFactorPage {
    /// The page's context.
    pub page: Page,
    /// The link's token.
    pub token: String,
    /// For the password manager.
    pub email: String,
    /// The connections that know her, where no password signs her in.
    pub connections: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl std::fmt::Debug for NewFactorPage {
    /// The token lets somebody begin.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewFactorPage").finish_non_exhaustive()
    }
}

impl NewFactorPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-new-factor-title");
}
