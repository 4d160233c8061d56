//! The rules for single values. Each finding names the place and the field.

use std::collections::HashMap;

use countersign_money::{Currency, Money};

use super::charset::{Unmappable, is_in_character_set, transliterate};
use super::error::{Field, Finding, Place, Problem};
use super::model::{Address, ServiceLevel};
use crate::account::Account;

/// `Max35Text`, for all identifiers.
const MAX_IDENTIFIER: usize = 35;
/// The scheme's limit (AT-T002), in minor units: 999,999,999.99 EUR.
const SEPA_MAX: Money = Money::from_minor(99_999_999_999, Currency::EUR);
/// `ActiveOrHistoricCurrencyAndAmount` has at most 18 digits.
const MAX_MINOR: i64 = 999_999_999_999_999_999;

/// The fields of a debtor's or creditor's address, for findings.
pub(super) struct AddressFields {
    pub(super) street: Field,
    pub(super) building_number: Field,
    pub(super) post_code: Field,
    pub(super) town: Field,
}

/// Collects findings while values are brought into the form that the file will have.
pub(super) struct Check {
    pub(super) findings: Vec<Finding>,
    pub(super) unmappable: Unmappable,
}

impl Check {
    pub(super) fn found(&mut self, place: Place, field: Field, problem: Problem) {
        self.findings.push(Finding {
            place,
            field,
            problem,
        });
    }

    /// An identifier must come back from the bank as it went, so nothing in it is replaced.
    pub(super) fn identifier(&mut self, place: Place, field: Field, text: &str) {
        if let Err(problem) = identifier(text) {
            self.found(place, field, problem);
        }
    }

    /// A text that must be there, transliterated in place.
    pub(super) fn text(&mut self, place: Place, field: Field, text: &mut String, max: usize) {
        match transliterated(text, max, self.unmappable) {
            Ok(None) => {}
            Ok(Some(changed)) => *text = changed,
            Err(problem) => self.found(place, field, problem),
        }
    }

    /// A text that may be missing; nothing but white space is the same as missing.
    pub(super) fn optional_text(
        &mut self,
        place: Place,
        field: Field,
        text: &mut Option<String>,
        max: usize,
    ) {
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            *text = None;
        }
        if let Some(text) = text {
            self.text(place, field, text, max);
        }
    }

    pub(super) fn address(&mut self, place: Place, fields: &AddressFields, address: &mut Address) {
        self.optional_text(place, fields.street, &mut address.street, 70);
        self.optional_text(
            place,
            fields.building_number,
            &mut address.building_number,
            16,
        );
        self.optional_text(place, fields.post_code, &mut address.post_code, 16);
        self.text(place, fields.town, &mut address.town, 35);
    }

    pub(super) fn amount(&mut self, place: Place, amount: Money, level: ServiceLevel) {
        if let Err(problem) = amount_problem(amount, level) {
            self.found(place, Field::Amount, problem);
        }
    }

    pub(super) fn sepa_account(&mut self, place: Place, field: Field, account: &Account) {
        let problem = match account {
            Account::Iban(iban) if iban.is_sepa() => return,
            Account::Iban(iban) => Problem::NotInSepa {
                country: iban.country().to_owned(),
            },
            Account::Other(_) => Problem::NotAnIban,
        };
        self.found(place, field, problem);
    }

    pub(super) fn unique<'a>(
        &mut self,
        field: Field,
        identifiers: impl Iterator<Item = (Place, &'a str)>,
    ) {
        let mut first_use = HashMap::with_capacity(identifiers.size_hint().0);
        for (place, identifier) in identifiers {
            let first = *first_use.entry(identifier).or_insert(place);
            if first != place {
                self.found(place, field, Problem::Duplicate { first });
            }
        }
    }
}

fn identifier(text: &str) -> Result<(), Problem> {
    if text.is_empty() {
        return Err(Problem::Empty);
    }
    if let Some(character) = text
        .chars()
        .find(|&character| !is_in_character_set(character))
    {
        return Err(Problem::IdentifierCharacter { character });
    }
    length(text, MAX_IDENTIFIER)?;
    let at_the_end = |edge| text.starts_with(edge) || text.ends_with(edge);
    if at_the_end('/') || at_the_end(' ') || text.contains("//") {
        return Err(Problem::IdentifierShape);
    }
    Ok(())
}

/// The text as it will stand in the file, where that differs.
fn transliterated(
    text: &str,
    max: usize,
    unmappable: Unmappable,
) -> Result<Option<String>, Problem> {
    let result = transliterate(text, unmappable)?;
    length(&result, max)?;
    Ok((result != text).then(|| result.into_owned()))
}

/// `text` is ASCII by now, so bytes are characters.
fn length(text: &str, max: usize) -> Result<(), Problem> {
    let found = text.len();
    if found > max {
        Err(Problem::TooLong { max, found })
    } else {
        Ok(())
    }
}

fn amount_problem(amount: Money, level: ServiceLevel) -> Result<(), Problem> {
    let currency = amount.currency();
    if !amount.is_positive() {
        return Err(Problem::NotPositive { amount });
    }
    if !currency.is_active() {
        return Err(Problem::CurrencyWithdrawn { currency });
    }
    let mut max = Money::from_minor(MAX_MINOR, currency);
    if level == ServiceLevel::Sepa {
        if currency != Currency::EUR {
            return Err(Problem::NotEuro { currency });
        }
        max = SEPA_MAX;
    }
    if amount.minor() > max.minor() {
        return Err(Problem::TooLarge {
            amount,
            max: max.to_string(),
        });
    }
    Ok(())
}
