//! What the pages of the settings show.

use askama::Template;

use crate::identity::setup::views::EntityForm;
use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors};

/// `GET /settings`.
#[derive(Debug, Template)]
#[template(path = "identity/settings/settings.html")]
pub struct SettingsPage {
    /// The page's context.
    pub page: Page,
    /// Of the organisation.
    pub facts: Vec<Fact>,
    /// Its legal entities.
    pub entities: Vec<EntityBlock>,
    /// Whether the reader may add others.
    pub can_edit: bool,
    /// Whether she may see where people come from.
    pub sees_people: bool,
}

impl SettingsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-settings");
}

/// A legal entity with its accounts.
#[derive(Debug, Clone)]
pub struct EntityBlock {
    /// Its id.
    pub id: String,
    /// Legal name.
    pub name: String,
    /// Country, VAT id, currency, address.
    pub facts: Vec<Fact>,
    /// Whether a VAT id is among them.
    pub has_vat_id: bool,
    /// Whether the reader may add to it.
    pub can_edit: bool,
    /// What it pays from.
    pub accounts: Vec<AccountRow>,
}

/// An account to pay from.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// Its page.
    pub href: String,
    /// How people call it.
    pub label: String,
    /// Masked IBAN.
    pub masked: String,
    /// ISO 4217.
    pub currency: String,
    /// Where it stands.
    pub state: Badge,
    /// Who entered and who verified it.
    pub people: String,
    /// Whether the reader may verify it now.
    pub can_verify: bool,
    /// Whether the reader may close it.
    pub can_close: bool,
}

/// `GET` and `POST /settings/entities/new`.
#[derive(Debug, Template)]
#[template(path = "identity/settings/entity.html")]
pub struct NewEntityPage {
    /// The page's context.
    pub page: Page,
    /// The values as typed.
    pub form: EntityForm,
    /// Countries (ISO 3166-1).
    pub countries: Vec<Choice>,
    /// Currencies (ISO 4217).
    pub currencies: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl NewEntityPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("settings-entity-add");
}

/// `GET` and `POST /settings/entities/{id}/accounts`.
#[derive(Template)]
#[template(path = "identity/settings/account_new.html")]
pub struct NewAccountPage {
    /// The page's context.
    pub page: Page,
    /// The entity's id.
    pub entity_id: String,
    /// Its name.
    pub entity: String,
    /// The label as typed.
    pub label: String,
    /// The IBAN as typed.
    pub iban: String,
    /// The BIC as typed.
    pub bic: String,
    /// Currencies (ISO 4217).
    pub currencies: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl NewAccountPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("settings-account-add");
}

impl std::fmt::Debug for NewAccountPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An IBAN must not reach a log through a page's Debug.
        formatter.write_str("NewAccountPage { .. }")
    }
}

/// `GET` and `POST /settings/accounts/{id}`.
#[derive(Debug, Template)]
#[template(path = "identity/settings/account.html")]
pub struct AccountPage {
    /// The page's context.
    pub page: Page,
    /// The account's id.
    pub id: String,
    /// What it consists of, without its IBAN.
    pub facts: Vec<Fact>,
    /// What the page is for, by where the account stands.
    pub lead: String,
    /// Whether it waits for its second human, who is to bring its IBAN.
    pub waits: bool,
    /// Why the reader cannot verify it, where it waits for that or was altered.
    pub blocked: Option<String>,
    /// Whether she may verify it now.
    pub asks_iban: bool,
    /// Whether she may close it.
    pub can_close: bool,
    /// Why she closes it, as typed.
    pub reason: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AccountPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("settings-account-verify");
}
