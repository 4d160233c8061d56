//! What was typed in the setup, read into checked values with a message for each field that is wrong.

use countersign_bankfile::account::{Bic, Country, Iban};
use countersign_money::Currency;

use crate::identity::organisations::{Fault, NAME_CHARS, NewEntity, NewOrganisation, VatId, text};
use crate::identity::passwords::{Password, refusal};
use crate::identity::people;
use crate::identity::policy::{self, Policy};
use crate::msg;
use crate::platform::web::messages::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::view::FormErrors;

/// ISO 20022 Max70Text for streets, Max16Text for building and postcode, Max35Text for towns.
const STREET_CHARS: usize = 70;
const SHORT_CHARS: usize = 16;
const TOWN_CHARS: usize = 35;

/// Fields of the first step.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct OrganisationFields {
    #[serde(default)]
    pub organisation_name: String,
    #[serde(default)]
    pub locale: String,
    #[serde(default)]
    pub zone: String,
}

/// Fields of the second step.
#[derive(Clone, Default, serde::Deserialize)]
pub struct EntityFields {
    #[serde(default)]
    pub entity_name: String,
    #[serde(default)]
    pub street: String,
    #[serde(default)]
    pub building: String,
    #[serde(default)]
    pub postcode: String,
    #[serde(default)]
    pub town: String,
    #[serde(default)]
    pub country: String,
    #[serde(default)]
    pub currency: String,
    #[serde(default)]
    pub vat_id: String,
    #[serde(default)]
    pub iban: String,
    #[serde(default)]
    pub bic: String,
}

impl std::fmt::Debug for EntityFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EntityFields(..)")
    }
}

pub(in crate::identity) fn checked(
    page: &Page,
    errors: &mut FormErrors,
    (field, typed): (&str, &str),
    longest_chars: usize,
) -> String {
    text(typed, longest_chars).unwrap_or_else(|fault| {
        let message = match fault {
            Fault::Missing => page.t(msg!("setup-wrong-missing")),
            Fault::TooLong => page.t1("setup-wrong-too-long", "count", longest_chars),
            Fault::Malformed => page.t(msg!("setup-wrong-characters")),
        };
        errors.add(field, message);
        String::new()
    })
}

/// The language chosen, else the reader's.
#[must_use]
pub fn locale(fields: &OrganisationFields, page: &Page) -> Locale {
    Locale::from_tag(&fields.locale).unwrap_or(page.locale)
}

pub fn organisation(
    fields: &OrganisationFields,
    page: &Page,
) -> Result<NewOrganisation, FormErrors> {
    let mut errors = FormErrors::default();
    let name = ("organisation_name", fields.organisation_name.as_str());
    let name = checked(page, &mut errors, name, NAME_CHARS);
    if !NewOrganisation::is_zone(&fields.zone) {
        errors.add("zone", page.t(msg!("setup-wrong-zone")));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(NewOrganisation {
        slug: NewOrganisation::slug_of(&name),
        name,
        time_zone: fields.zone.clone(),
    })
}

pub fn entity(fields: &EntityFields, page: &Page) -> Result<NewEntity, FormErrors> {
    let mut errors = FormErrors::default();
    let e = &mut errors;
    let name = checked(page, e, ("entity_name", &fields.entity_name), NAME_CHARS);
    let street = checked(page, e, ("street", &fields.street), STREET_CHARS);
    let building = checked(page, e, ("building", &fields.building), SHORT_CHARS);
    let post_code = checked(page, e, ("postcode", &fields.postcode), SHORT_CHARS);
    let town = checked(page, e, ("town", &fields.town), TOWN_CHARS);
    let country = fields.country.parse::<Country>().ok();
    if country.is_none() {
        e.add("country", page.t(msg!("setup-wrong-country")));
    }
    let currency = fields.currency.parse::<Currency>().ok();
    if currency.is_none() {
        e.add("currency", page.t(msg!("setup-wrong-currency")));
    }
    let vat_id = optional(&fields.vat_id, VatId::parse);
    if vat_id.is_err() {
        e.add("vat_id", page.t(msg!("setup-wrong-vat-id")));
    }
    let iban = Iban::parse(&fields.iban).ok();
    if iban.is_none() {
        e.add("iban", page.t(msg!("setup-wrong-iban")));
    }
    let bic = optional(&fields.bic, Bic::parse);
    if bic.is_err() {
        e.add("bic", page.t(msg!("setup-wrong-bic")));
    }
    match (country, currency, vat_id, iban, bic) {
        (Some(country), Some(currency), Ok(vat_id), Some(iban), Ok(bic)) if errors.is_empty() => {
            Ok(NewEntity {
                name,
                country,
                currency,
                street,
                building,
                post_code,
                town,
                vat_id,
                iban,
                bic,
            })
        }
        _ => Err(errors),
    }
}

pub(in crate::identity) fn optional<T, E>(
    typed: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, E> {
    match typed.trim() {
        "" => Ok(None),
        text => parse(text).map(Some),
    }
}

/// A person's name and address, as typed in the setup and in invitations.
pub fn person(
    (name, email): (&str, &str),
    page: &Page,
    errors: &mut FormErrors,
) -> (String, String) {
    let name = checked(page, errors, ("name", name), NAME_CHARS);
    let email = people::email(email).unwrap_or_else(|| {
        errors.add("email", page.t(msg!("setup-wrong-email")));
        String::new()
    });
    (name, email)
}

/// A new password, typed twice; `context` are the names its owner goes by.
pub fn new_password(
    (password, again): (&Password, &Password),
    (context, policy): (&[&str], &Policy),
    page: &Page,
    errors: &mut FormErrors,
) {
    let refused = refusal(password, context, page);
    if let Some(message) = refused.or_else(|| policy::refusal(policy, password, page)) {
        errors.add("password", message);
    } else if password.expose() != again.expose() {
        errors.add("password_again", page.t(msg!("setup-password-differs")));
    }
}
