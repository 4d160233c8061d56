//! What people do with vendors: one transaction each.

mod account_changed;
mod accounts;
mod look;
mod questions;

pub use accounts::{
    AccountSight, Entered, enter_account, reject_account, verification_sight, verify_account,
};
pub use look::{
    AccountView, StepView, VendorView, find_vendor, list_vendors, vendor_changes, view_vendor,
};
pub use questions::ask_about_number;

use countersign_einvoice::vat_id;
use countersign_sealing::Secret;

use super::VendorError;
use super::rules::questions::Asking;
use super::rules::{Facts, Fault, FaultKind, MAX_REASON_CHARS, VendorStatus, tax_ids};
use super::store::{self, IdChange, IdKind, Vendor};
use crate::identity::access::{Access, Permission};
use crate::payables::bills::holds;
use crate::payables::ids::VendorId;
use crate::payables::payments::remove_vendor_from_open_runs;
use crate::platform::app::App;
use crate::platform::keys::{OrgKeys, SubjectKey};
use crate::platform::store::{Entry, Tx};

/// What happens to a vendor's sealed ids.
#[derive(Debug, Default)]
pub struct IdChanges {
    pub vat_id: IdChange,
    pub legal_id: IdChange,
}

/// Makes a vendor that is being onboarded; returns its id.
pub async fn create_vendor(
    app: &App,
    who: &Access,
    facts: Facts,
    ids: IdChanges,
) -> Result<VendorId, VendorError> {
    who.require(Permission::VendorsEdit)?;
    let facts = checked(&facts, &ids)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .write(who.caller(), move |tx| {
            let status = VendorStatus::Onboarding;
            let (vendor, key) = store::insert(tx, &keys, status, &facts)?;
            let mut entry = Entry::new("vendor.created", "vendor", vendor)
                .fact("name", &facts.name)
                .fact("country", &facts.country)
                .fact("status", status);
            if !facts.other_names.is_empty() {
                entry = entry.fact("other-names", &facts.other_names);
            }
            let place = (vendor, facts.country.as_str());
            let entry = set_ids(tx, &keys, &key, place, (&ids, (None, None)), entry)?;
            Ok(tx.commit(entry, vendor)?)
        })
        .await
}

/// Changes a vendor's data from the version that was shown; returns the new version. With another address the vendor's bills
/// leave payment runs that are not released.
pub async fn edit_vendor(
    app: &App,
    who: &Access,
    vendor: VendorId,
    version: i64,
    facts: Facts,
    ids: IdChanges,
) -> Result<i64, VendorError> {
    who.require(Permission::VendorsEdit)?;
    let facts = checked(&facts, &ids)?;
    // Bills that name a number are compared with it again, and lose or get a hold.
    for id in [&ids.vat_id, &ids.legal_id] {
        if matches!(id, IdChange::Set(_)) {
            ask_about_number(app, who.scope(), who.human(), Asking::Typed).await?;
        }
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .write(who.caller(), move |tx| {
            let before = found(store::find(tx, vendor))?;
            if before.status == VendorStatus::Active {
                complete(&facts)?;
            }
            store::update(tx, vendor, version, &facts)?;
            let key = keys.subject(tx, vendor)?;
            let place = (vendor, facts.country.as_str());
            let masked = (before.vat_id_masked.clone(), before.legal_id_masked.clone());
            let entry = changes(&before, &facts, version + 1);
            let mut entry = set_ids(tx, &keys, &key, place, (&ids, masked), entry)?;
            // The index of a legal id holds the country.
            let keeps = matches!(ids.legal_id, IdChange::Keep);
            if keeps
                && before.country != facts.country
                && let Some(id) = store::open_legal_id(tx, &key, vendor)?
            {
                let again = IdChange::Set(id);
                store::set_id(tx, &keys, &key, place, IdKind::Legal, &again)?;
                entry = entry.fact("legal-id-index", "moved with the country");
            }
            tx.journal(entry)?;
            // The payment file names the address: what was countersigned would not be what is written.
            if address(&before.facts()) != address(&facts) {
                remove_vendor_from_open_runs(tx, vendor, "the vendor's address changed")?;
            }
            // Its bills name this vendor or another one by the names and ids that it has now.
            recheck_bills(tx, vendor, version + 1)?;
            Ok(tx.done(version + 1)?)
        })
        .await
}

fn address(facts: &Facts) -> [&str; 5] {
    [
        &facts.street,
        &facts.building,
        &facts.post_code,
        &facts.town,
        &facts.country,
    ]
}

/// Moves a vendor to another state, from the version that was shown; returns the new version.
pub async fn change_status(
    app: &App,
    who: &Access,
    vendor: VendorId,
    version: i64,
    to: VendorStatus,
    reason: &str,
) -> Result<i64, VendorError> {
    who.require(Permission::VendorsEdit)?;
    let reason = reason.trim().to_owned();
    if reason.chars().count() > MAX_REASON_CHARS {
        return Err(VendorError::Field("reason"));
    }
    app.store
        .write(who.caller(), move |tx| {
            let before = found(store::find(tx, vendor))?;
            let from = before.status;
            if !from.may_become(to) {
                return Err(VendorError::Step { from, to });
            }
            let reopens = matches!(from, VendorStatus::Blocked | VendorStatus::Archived);
            if (to.needs_reason() || reopens) && reason.is_empty() {
                return Err(VendorError::Field("reason"));
            }
            if matches!(to, VendorStatus::Active | VendorStatus::InReview) {
                complete(&before.facts())?;
            }
            store::set_status(tx, vendor, version, to)?;
            let mut entry = Entry::new(action(to), "vendor", vendor)
                .version(version + 1)
                .change("status", Some(from), Some(to));
            if !reason.is_empty() {
                entry = entry.fact("reason", &reason);
            }
            tx.journal(entry)?;
            if from == VendorStatus::Active {
                remove_vendor_from_open_runs(tx, vendor, "the vendor is not active any more")?;
            }
            recheck_bills(tx, vendor, version + 1)?;
            Ok(tx.done(version + 1)?)
        })
        .await
}

fn recheck_bills(tx: &mut Tx<'_>, vendor: VendorId, version: i64) -> Result<(), VendorError> {
    if holds::recheck_vendor(tx, vendor)? > 0 {
        tx.journal(Entry::new("vendor.holds-rechecked", "vendor", vendor).version(version))?;
    }
    Ok(())
}

const fn action(to: VendorStatus) -> &'static str {
    match to {
        VendorStatus::Requested => "vendor.requested",
        VendorStatus::Onboarding => "vendor.onboarding-begun",
        VendorStatus::InReview => "vendor.review-begun",
        VendorStatus::Active => "vendor.activated",
        VendorStatus::Suspended => "vendor.suspended",
        VendorStatus::Blocked => "vendor.blocked",
        VendorStatus::Archived => "vendor.archived",
    }
}

fn complete(facts: &Facts) -> Result<(), VendorError> {
    let missing = facts.missing_for_activation();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(VendorError::Incomplete(missing))
    }
}

/// The data as they are kept, or everything that is wrong with them and with the ids.
fn checked(facts: &Facts, ids: &IdChanges) -> Result<Facts, VendorError> {
    let facts = facts.trimmed();
    let mut faults = facts.faults();
    faults.extend(id_faults(ids));
    if faults.is_empty() {
        Ok(facts)
    } else {
        Err(VendorError::Faulty(faults))
    }
}

fn id_faults(ids: &IdChanges) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (field, change) in [("vat_id", &ids.vat_id), ("legal_id", &ids.legal_id)] {
        let IdChange::Set(id) = change else {
            continue;
        };
        let characters = tax_ids::normalised(id.expose()).chars().count();
        let kind = if !(1..=tax_ids::MAX_CHARS).contains(&characters) {
            FaultKind::NotAnId
        } else if field == "vat_id"
            && let Err(vat_id::Fault::Form(example)) = tax_ids::check_vat_id(id.expose())
        {
            FaultKind::NotAVatId { example }
        } else {
            continue;
        };
        faults.push(Fault { field, kind });
    }
    faults
}

/// Seals the ids and adds their masked forms to the entry.
fn set_ids(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    key: &SubjectKey,
    place: (VendorId, &str),
    (ids, before): (&IdChanges, (Option<String>, Option<String>)),
    mut entry: Entry,
) -> Result<Entry, VendorError> {
    let each = [
        (IdKind::Vat, "vat-id", &ids.vat_id, before.0),
        (IdKind::Legal, "legal-id", &ids.legal_id, before.1),
    ];
    for (kind, name, change, before) in each {
        if let Some(masked) = store::set_id(tx, keys, key, place, kind, change)? {
            let after = (!masked.is_empty()).then_some(masked);
            if let (IdKind::Vat, IdChange::Set(id)) = (kind, change)
                && tax_ids::check_vat_id(id.expose()).is_err()
            {
                entry = entry.fact("vat-id-check-digits", "not those of its country");
            }
            // Two ids can look alike masked; that one was set is told all the same.
            entry = if before == after {
                entry.fact(name, "set anew, the masked form is the same")
            } else {
                entry.change(name, before, after)
            };
        }
    }
    Ok(entry)
}

fn changes(before: &Vendor, after: &Facts, version: i64) -> Entry {
    Entry::new("vendor.changed", "vendor", before.id)
        .version(version)
        .change("name", Some(&before.name), Some(&after.name))
        .change(
            "other-names",
            before.other_names.as_ref(),
            (!after.other_names.is_empty()).then_some(&after.other_names),
        )
        .change("country", Some(&before.country), Some(&after.country))
        .change("street", Some(&before.street), Some(&after.street))
        .change("building", Some(&before.building), Some(&after.building))
        .change("post-code", Some(&before.post_code), Some(&after.post_code))
        .change("town", Some(&before.town), Some(&after.town))
        .change(
            "terms-days",
            Some(before.terms_days),
            Some(after.terms_days),
        )
        .change(
            "default-gl-account",
            before.default_gl_account.as_ref(),
            after.default_gl_account.as_ref(),
        )
        .change(
            "default-cost-centre",
            before.default_cost_centre.as_ref(),
            after.default_cost_centre.as_ref(),
        )
}

/// A row that is not there, or not this organisation's, is one answer.
fn found<T>(result: Result<T, crate::platform::store::StoreError>) -> Result<T, VendorError> {
    result.map_err(|error| match error {
        crate::platform::store::StoreError::Missing | crate::platform::store::StoreError::Stale => {
            VendorError::Missing
        }
        other => VendorError::Store(other),
    })
}

/// A typed id, or none where the field was left empty.
#[must_use]
pub fn typed_id(text: Option<String>) -> Option<Secret<String>> {
    text.filter(|text| !text.trim().is_empty()).map(Secret::new)
}
