//! What the pages of people and invitations show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, FormErrors};

/// `GET /people`.
#[derive(Debug, Template)]
#[template(path = "identity/people/list.html")]
pub struct PeoplePage {
    /// The page's context.
    pub page: Page,
    /// Whether this person may invite.
    pub can_invite: bool,
    /// An invitation's link, right after it was made; shown once.
    pub link: Option<InvitationLink>,
    /// How many requests wait for a second administrator.
    pub waiting: usize,
    /// A sentence, where one administrator is all there are.
    pub alone: Option<String>,
    /// The members and the invited.
    pub rows: Vec<PersonRow>,
}

impl PeoplePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-people");
}

/// A link that lets its bearer in; prints itself into pages only.
#[derive(Clone)]
pub struct InvitationLink(pub String);

impl std::fmt::Debug for InvitationLink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("InvitationLink(..)")
    }
}

/// `GET /people/{id}`.
#[derive(Debug, Template)]
#[template(path = "identity/people/person.html")]
pub struct PersonPage {
    /// The page's context.
    pub page: Page,
    /// The person's id.
    pub id: String,
    /// The person as in the list.
    pub row: PersonRow,
    /// What waits for a second administrator, in sentences.
    pub waiting: Vec<String>,
    /// All roles, those ticked that she holds in the whole organisation.
    pub roles: Vec<RoleChoice>,
    /// The same for each legal entity; none where there is one.
    pub within: Vec<EntityRoles>,
    /// Whether the reader may change them.
    pub can_change: bool,
    /// Whether it is the reader herself.
    pub is_oneself: bool,
    /// Whether the reader may propose that her second factors end.
    pub can_reset_factor: bool,
    /// Whether she is suspended.
    pub is_suspended: bool,
    /// Whether a directory has suspended her, and may let her in again.
    pub by_directory: bool,
    /// Whether she has not accepted her invitation yet.
    pub is_invited: bool,
    /// Accounts that are the same human's.
    pub joins: Vec<JoinRow>,
    /// Accounts that could be.
    pub others: Vec<Choice>,
}

/// Another account of the same human.
#[derive(Debug, Clone)]
pub struct JoinRow {
    /// The join's id.
    pub id: String,
    /// Whose account it is, who said so and when.
    pub text: String,
    /// Who asks to part them, until when; none where nobody does.
    pub asked: Option<String>,
    /// Whether the reader is the human who asks.
    pub is_own: bool,
}

/// A person in the list.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Her page.
    pub href: String,
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// Roles, separated by commas.
    pub roles: String,
    /// Active, invited, suspended.
    pub state: Badge,
    /// When last seen.
    pub last_seen: Option<String>,
}

/// `GET` and `POST /people/invite`.
#[derive(Debug, Template)]
#[template(path = "identity/people/invite.html")]
pub struct InvitePage {
    /// The page's context.
    pub page: Page,
    /// The name as typed.
    pub name: String,
    /// The address as typed.
    pub email: String,
    /// The roles to choose from.
    pub roles: Vec<RoleChoice>,
    /// The same for each legal entity; none where there is one.
    pub within: Vec<EntityRoles>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl InvitePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-invite");
}

/// A role to give.
#[derive(Debug, Clone)]
pub struct RoleChoice {
    /// What the form sends.
    pub value: String,
    /// Its name.
    pub label: String,
    /// What it may do, in a sentence.
    pub explained: String,
    /// Whether it is ticked.
    pub checked: bool,
}

/// The roles to give in one legal entity.
#[derive(Debug, Clone)]
pub struct EntityRoles {
    /// The entity's name.
    pub name: String,
    /// All roles, those ticked that she holds there.
    pub roles: Vec<RoleChoice>,
    /// Whether one of them is.
    pub is_open: bool,
}

/// `GET` and `POST /invitations/{token}`.
#[derive(Template)]
#[template(path = "identity/people/accept.html")]
pub struct AcceptPage {
    /// The page's context.
    pub page: Page,
    /// The invitation's token.
    pub token: String,
    /// To which organisation.
    pub organisation: String,
    /// The roles given, separated by commas.
    pub roles: String,
    /// The name as invited or typed.
    pub name: String,
    /// The invited address, which the form can't change.
    pub email: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AcceptPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("people-title-accept");
}

impl std::fmt::Debug for AcceptPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AcceptPage { .. }")
    }
}
