//! What the pages of the first setup show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::qr::QrPath;
use crate::platform::web::view::{Choice, FormErrors, Step};

/// The steps of the setup with the one of the given index under way.
pub fn steps(page: &Page, current: usize) -> Vec<Step> {
    [
        msg!("setup-step-organisation"),
        msg!("setup-step-entity"),
        msg!("setup-step-administrator"),
        msg!("setup-step-totp"),
        msg!("setup-step-recovery"),
    ]
    .into_iter()
    .enumerate()
    .map(|(index, id)| Step {
        label: page.t(id),
        state: match index.cmp(&current) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "current",
            std::cmp::Ordering::Greater => "ahead",
        },
    })
    .collect()
}

/// What was typed in earlier steps, sent along in hidden fields.
#[derive(Clone, Default)]
pub struct Carried(pub Vec<(&'static str, String)>);

impl std::fmt::Debug for Carried {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The link's token and an IBAN travel in it.
        formatter.write_str("Carried(..)")
    }
}

/// `GET` and `POST /setup/organisation`.
#[derive(Debug, Template)]
#[template(path = "identity/setup/organisation.html")]
pub struct OrganisationPage {
    /// The page's context.
    pub page: Page,
    /// From [`steps`].
    pub steps: Vec<Step>,
    /// The link and the earlier steps.
    pub carried: Carried,
    /// The values as typed.
    pub form: OrganisationForm,
    /// Languages.
    pub locales: Vec<Choice>,
    /// Time zones (IANA).
    pub zones: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl OrganisationPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("setup-title-organisation");
}

/// An organisation as typed.
#[derive(Debug, Clone, Default)]
pub struct OrganisationForm {
    /// Its name.
    pub name: String,
}

/// `GET` and `POST /setup/entity`.
#[derive(Debug, Template)]
#[template(path = "identity/setup/entity.html")]
pub struct EntityPage {
    /// The page's context.
    pub page: Page,
    /// From [`steps`].
    pub steps: Vec<Step>,
    /// The link and the earlier steps.
    pub carried: Carried,
    /// The values as typed.
    pub form: EntityForm,
    /// Countries (ISO 3166-1).
    pub countries: Vec<Choice>,
    /// Currencies (ISO 4217).
    pub currencies: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl EntityPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("setup-title-entity");
}

/// A legal entity as typed.
#[derive(Clone, Default)]
pub struct EntityForm {
    /// Legal name.
    pub name: String,
    /// Street.
    pub street: String,
    /// Number of the house.
    pub building: String,
    /// Postcode.
    pub postcode: String,
    /// Town.
    pub town: String,
    /// VAT id.
    pub vat_id: String,
    /// IBAN to pay from.
    pub iban: String,
    /// BIC.
    pub bic: String,
}

impl EntityForm {
    /// What was typed.
    #[must_use]
    pub fn of(fields: &super::rules::EntityFields) -> Self {
        Self {
            name: fields.entity_name.clone(),
            street: fields.street.clone(),
            building: fields.building.clone(),
            postcode: fields.postcode.clone(),
            town: fields.town.clone(),
            vat_id: fields.vat_id.clone(),
            iban: fields.iban.clone(),
            bic: fields.bic.clone(),
        }
    }
}

impl std::fmt::Debug for EntityForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An IBAN must not reach a log through a page's Debug.
        formatter.write_str("EntityForm { .. }")
    }
}

/// `GET` and `POST /setup/administrator`. A password never comes back.
#[derive(Debug, Template)]
#[template(path = "identity/setup/administrator.html")]
pub struct AdministratorPage {
    /// The page's context.
    pub page: Page,
    /// From [`steps`].
    pub steps: Vec<Step>,
    /// The link and the earlier steps.
    pub carried: Carried,
    /// The values as typed.
    pub form: AdministratorForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AdministratorPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("setup-title-administrator");
}

/// The first administrator as typed.
#[derive(Debug, Clone, Default)]
pub struct AdministratorForm {
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
}

/// The second factor, in the setup and after an invitation. Posts `code` to `action`.
#[derive(Template)]
#[template(path = "identity/setup/totp.html")]
pub struct TotpPage {
    /// The page's context.
    pub page: Page,
    /// From [`steps`]; empty after an invitation.
    pub steps: Vec<Step>,
    /// Where the form goes.
    pub action: String,
    /// The `otpauth` address as a QR code.
    pub qr: QrPath,
    /// The key in groups of four, for typing.
    pub secret: String,
    /// Whether browsers make passkeys for this address, so that one can be had instead.
    pub are_passkeys_possible: bool,
    /// What is wrong.
    pub errors: FormErrors,
}

impl TotpPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("setup-title-totp");
}

impl std::fmt::Debug for TotpPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TotpPage { .. }")
    }
}

/// The recovery codes, shown once. Posts `kept` to `action`.
#[derive(Template)]
#[template(path = "identity/setup/recovery_codes.html")]
pub struct RecoveryCodesPage {
    /// The page's context.
    pub page: Page,
    /// From [`steps`]; empty after an invitation.
    pub steps: Vec<Step>,
    /// Where the form goes.
    pub action: String,
    /// The codes.
    pub codes: Vec<String>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl RecoveryCodesPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("setup-title-recovery");
}

impl std::fmt::Debug for RecoveryCodesPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RecoveryCodesPage { .. }")
    }
}
