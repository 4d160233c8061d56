//! What the pages of service accounts show.

use askama::Template;

use crate::identity::people::{EntityRoles, RoleChoice};
use crate::identity::tokens::views::{NewToken, TokenRow};
use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Choice, FormErrors};

/// `GET` and `POST /people/services/new`.
#[derive(Debug, Template)]
#[template(path = "identity/services/new.html")]
pub struct NewServicePage {
    /// The page's context.
    pub page: Page,
    /// The name as typed.
    pub name: String,
    /// The roles to choose from.
    pub roles: Vec<RoleChoice>,
    /// The same for each legal entity; none where there is one.
    pub within: Vec<EntityRoles>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl NewServicePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-service-add");
}

/// `GET /people/services/{id}`.
#[derive(Debug, Template)]
#[template(path = "identity/services/service.html")]
pub struct ServicePage {
    /// The page's context.
    pub page: Page,
    /// The account's id.
    pub id: String,
    /// Who answers for it, in a sentence.
    pub answers: String,
    /// Its roles, separated by commas.
    pub held: String,
    /// The roles to choose from, its own ticked.
    pub roles: Vec<RoleChoice>,
    /// The same for each legal entity; none where there is one.
    pub within: Vec<EntityRoles>,
    /// Its tokens.
    pub tokens: Vec<TokenRow>,
    /// The permissions that a token may have.
    pub permissions: Vec<Choice>,
    /// A token right after it was made; shown once.
    pub shown: Option<NewToken>,
    /// Whether the reader may change it.
    pub can_change: bool,
    /// Whether it is suspended.
    pub is_suspended: bool,
    /// The new token's name as typed.
    pub typed_name: String,
    /// Its days as typed.
    pub typed_days: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ServicePage {
    /// The id of the page's title, until the account's name takes its place.
    pub const TITLE: &'static str = msg!("people-service");
}
