//! What the pages of single sign-on show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors, Notice};

/// `GET /settings/sign-in`.
#[derive(Debug, Template)]
#[template(path = "identity/sso/overview.html")]
pub struct OverviewPage {
    /// The page's context.
    pub page: Page,
    /// What waits for a second administrator.
    pub waiting: Vec<ChangeRow>,
    /// Connections in force.
    pub connections: Vec<ActiveRow>,
    /// Domains of the organisation's.
    pub domains: Vec<ActiveRow>,
    /// Permissions for a second identity that are not used yet.
    pub links: Vec<ActiveRow>,
    /// What was decided on lately.
    pub decided: Vec<DecidedRow>,
    /// Whether there is no other way to sign in.
    pub sso_only: bool,
    /// Who can be marked to sign in without an identity provider.
    pub break_glass: Vec<MarkedRow>,
    /// The connections to choose from.
    pub choices: Vec<Choice>,
    /// A domain as typed.
    pub domain: String,
    /// An address as typed.
    pub email: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl OverviewPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sso-title");
}

/// Something that waits for a second administrator.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// The proposal's id.
    pub id: String,
    /// What it is about.
    pub what: String,
    /// Everything that it would put in force.
    pub facts: Vec<Fact>,
    /// Who proposed it, when, and until when it can be confirmed.
    pub proposed: String,
    /// Whether the reader is the human who proposed it.
    pub is_own: bool,
}

/// Something in force.
#[derive(Debug, Clone)]
pub struct ActiveRow {
    /// The setting's id.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Its page, where it has one.
    pub href: Option<String>,
    /// More of it.
    pub detail: String,
}

/// Something that was decided on.
#[derive(Debug, Clone)]
pub struct DecidedRow {
    /// What it was about.
    pub what: String,
    /// How it ended.
    pub state: Badge,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub time: String,
}

/// Somebody who may be marked.
#[derive(Debug, Clone)]
pub struct MarkedRow {
    /// The person's id.
    pub id: String,
    /// Her name and address.
    pub name: String,
    /// Whether she is marked.
    pub checked: bool,
}

/// `GET` and `POST` of `/settings/sign-in/connections/new` and `/settings/sign-in/connections/{id}`.
#[derive(Debug, Template)]
#[template(path = "identity/sso/connection.html")]
pub struct ConnectionPage {
    /// The page's context.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Whether the connection is in force, and this would change it.
    pub is_change: bool,
    /// What the identity provider's administrator needs to know of us.
    pub addresses: Vec<Fact>,
    /// Where somebody signs in through it, to try it; none before it is in force.
    pub try_it: Option<String>,
    /// The connection as typed.
    pub form: ConnectionForm,
    /// The formats of name to choose from.
    pub formats: Vec<Choice>,
    /// The words of the roles.
    pub role_words: String,
    /// When its metadata was fetched last, where that has an address.
    pub fetched: Option<String>,
    /// Our certificates towards the identity provider by fingerprint, the oldest first.
    pub certificates: Vec<String>,
    /// Arrivals that were refused lately.
    pub failures: Vec<FailureRow>,
    /// That a file was read.
    pub told: Option<Notice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ConnectionPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sso-connection");
}

/// A connection as its form has it.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct ConnectionForm {
    /// The protocol.
    pub kind: String,
    /// What its button says.
    pub name: String,
    /// SAML: where the metadata is fetched.
    pub metadata_address: String,
    /// SAML: the metadata itself.
    pub metadata: String,
    /// SAML: the identity provider's entity id.
    pub entity_id: String,
    /// SAML: the format of name.
    pub name_id: String,
    /// SAML: whether the identity provider may begin.
    pub unsolicited: bool,
    /// OpenID Connect: the issuer's address.
    pub issuer: String,
    /// OpenID Connect: how we are known there.
    pub client_id: String,
    /// OpenID Connect: a new secret; empty keeps the one in force.
    pub client_secret: ClientSecret,
    /// Which attribute or claim is the address.
    pub email: String,
    /// Which one is the name.
    pub full_name: String,
    /// Which one lists groups.
    pub groups: String,
    /// Groups and their roles, one in a line.
    pub roles: String,
    /// Whether accounts are made just in time.
    pub just_in_time: bool,
    /// Whether the identity provider's second factor counts.
    pub trusts_factor: bool,
}

/// A secret as typed. It is never shown again.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(pub String);

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecret(..)")
    }
}

/// An arrival that was refused.
#[derive(Debug, Clone)]
pub struct FailureRow {
    /// When.
    pub time: String,
    /// Why.
    pub reason: String,
    /// The number that the person was shown.
    pub reference: String,
    /// What each check of the protocol found.
    pub checks: Vec<CheckRow>,
}

/// One check.
#[derive(Debug, Clone)]
pub struct CheckRow {
    /// Which one, and how it ended.
    pub badge: Badge,
    /// What it found.
    pub said: String,
}

/// `GET /sso`: which organisation, where the installation has several.
#[derive(Debug, Template)]
#[template(path = "identity/sso/choose.html")]
pub struct ChoosePage {
    /// The page's context.
    pub page: Page,
    /// The organisation as typed.
    pub organisation: String,
    /// Its connections.
    pub buttons: Vec<Choice>,
    /// The path to go on to.
    pub next: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ChoosePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sso-choose");
}

/// An arrival that is refused, as the person sees it.
#[derive(Debug, Template)]
#[template(path = "identity/sso/refused.html")]
pub struct RefusedPage {
    /// The page's context.
    pub page: Page,
    /// What to do.
    pub text: String,
    /// The number by which an administrator finds the cause.
    pub reference: String,
}

impl RefusedPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sso-refused-title");
    /// The same for somebody who was signed in, and showed no factor.
    pub const TITLE_SHOWN: &'static str = msg!("sso-refused-shown-title");
}

/// `GET /sso/{connection}/start`, where the identity provider takes requests by a form alone.
#[derive(Debug, Template)]
#[template(path = "identity/sso/send.html")]
pub struct SendPage {
    /// The page's context.
    pub page: Page,
    /// The connection's name.
    pub name: String,
    /// The identity provider's address.
    pub action: String,
    /// What is posted there.
    pub values: SendValues,
}

impl SendPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("sso-choose");
}

/// A request on its way: whoever has the state and the browser's cookie answers it.
pub struct SendValues {
    /// The signed request.
    pub request: String,
    /// The opaque state.
    pub state: String,
}

impl std::fmt::Debug for SendValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SendValues(..)")
    }
}
