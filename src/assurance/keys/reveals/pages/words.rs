//! Purposes, states and values in the reader's language.

use super::super::actions::Listed;
use super::super::rules::{Masked, Purpose, Revealable, State};
use super::super::store::Reveal;
use super::super::views::ValueRow;
use crate::msg;
use crate::platform::clock::Micros;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Tone};

pub fn purpose(page: &Page, purpose: Purpose) -> String {
    page.t(match purpose {
        Purpose::Bank => msg!("reveals-purpose-bank"),
        Purpose::Owner => msg!("reveals-purpose-owner"),
        Purpose::Authority => msg!("reveals-purpose-authority"),
        Purpose::Audit => msg!("reveals-purpose-audit"),
        Purpose::Incident => msg!("reveals-purpose-incident"),
    })
}

pub fn what(page: &Page, what: Revealable) -> String {
    page.t(match what {
        Revealable::VendorIban => msg!("reveals-vendor-iban"),
        Revealable::VendorVatId => msg!("reveals-vendor-vat-id"),
        Revealable::VendorLegalId => msg!("reveals-vendor-legal-id"),
        Revealable::EntityIban => msg!("reveals-entity-iban"),
        Revealable::EntityVatId => msg!("reveals-entity-vat-id"),
    })
}

pub fn value(page: &Page, masked: &Masked) -> ValueRow {
    ValueRow {
        name: masked.named.to_string(),
        what: what(page, masked.named.what),
        owner: masked.owner_name.clone(),
        masked: masked.masked.clone(),
    }
}

pub fn state(page: &Page, reveal: &Reveal, now: Micros) -> Badge {
    let is_late = now >= reveal.expires;
    let (tone, text) = match reveal.state {
        State::Open | State::Approved if is_late => (Tone::Neutral, msg!("reveals-state-late")),
        State::Open => (Tone::Warn, msg!("reveals-state-open")),
        State::Approved => (Tone::Info, msg!("reveals-state-approved")),
        State::Opened => (Tone::Good, msg!("reveals-state-opened")),
        State::Refused => (Tone::Bad, msg!("reveals-state-refused")),
        State::Withdrawn => (Tone::Neutral, msg!("reveals-state-withdrawn")),
    };
    Badge::new(tone, page.t(text))
}

pub fn who_and_when(page: &Page, name: &str, at: Micros) -> String {
    page.t2("reveals-by", "name", name, "time", page.time(at.0))
}

/// Empty where nobody decided.
pub fn decided(page: &Page, listed: &Listed) -> String {
    let by = listed.decided_by.as_deref().zip(listed.reveal.decided);
    by.map(|(name, at)| who_and_when(page, name, at))
        .unwrap_or_default()
}
