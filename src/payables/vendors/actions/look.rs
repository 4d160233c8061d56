//! Looking at vendors.

use super::found;
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::vendors::VendorError;
use crate::payables::vendors::rules::accounts::{AccountStatus, Dossier};
use crate::payables::vendors::store::accounts::ClosedBefore;
use crate::payables::vendors::store::{self, After, Filter, Listed, Vendor, VendorBill, accounts};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::store::journal::read::{Told, history_of};
use crate::platform::store::{Reads, StoreError};

/// Entries of a vendor's history that are looked at.
const CHANGES: i64 = 50;

/// A page of vendors by name.
pub async fn list_vendors(
    app: &App,
    who: &Access,
    filter: Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Listed>, VendorError> {
    who.require(Permission::VendorsRead)?;
    let bills = who.sight(Permission::BillsRead);
    app.store
        .read(who.scope(), move |read| {
            Ok(store::list(read, &filter, (&after, &bills), limit)?)
        })
        .await
}

/// One vendor.
pub async fn find_vendor(app: &App, who: &Access, vendor: VendorId) -> Result<Vendor, VendorError> {
    who.require(Permission::VendorsRead)?;
    app.store
        .read(who.scope(), move |read| found(store::find(read, vendor)))
        .await
}

/// What happened to a vendor's data after a version, the latest first.
pub async fn vendor_changes(
    app: &App,
    who: &Access,
    vendor: VendorId,
    since: i64,
) -> Result<Vec<Told>, VendorError> {
    who.require(Permission::VendorsRead)?;
    app.store
        .read(who.scope(), move |read| {
            let mut told = history_of(read, "vendor", vendor, CHANGES)?;
            told.retain(|told| told.object_version > since);
            Ok(told)
        })
        .await
}

/// An account as pages show it: masked.
#[derive(Debug, Clone)]
pub struct AccountView {
    pub id: AccountId,
    pub masked: String,
    pub holder: String,
    pub bic: Option<String>,
    pub currency: String,
    pub status: AccountStatus,
    pub cooling_off_end: Option<Micros>,
    pub entered_by: String,
    pub entered: Micros,
    pub verified_by: Option<String>,
    pub verified: Option<Micros>,
    /// Whether the one who looks may verify it now.
    pub can_verify: bool,
    pub can_reject: bool,
    pub steps: Vec<StepView>,
    /// Other vendors with the same IBAN.
    pub same_iban: Vec<String>,
    /// Where the same IBAN was rejected or replaced.
    pub closed_before: Vec<ClosedBefore>,
}

/// A step with the name of who took it.
#[derive(Debug, Clone)]
pub struct StepView {
    pub status: AccountStatus,
    pub person: String,
    pub note: String,
    pub at: Micros,
}

/// A vendor with all that its page shows.
#[derive(Debug, Clone)]
pub struct VendorView {
    pub vendor: Vendor,
    pub accounts: Vec<AccountView>,
    pub bills: Vec<VendorBill>,
}

/// One vendor with its accounts and its newest bills.
pub async fn view_vendor(
    app: &App,
    who: &Access,
    vendor: VendorId,
) -> Result<VendorView, VendorError> {
    who.require(Permission::VendorsRead)?;
    let looker = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let row = found(store::find(read, vendor))?;
            let accounts = accounts::of_vendor(read, vendor)?
                .into_iter()
                .map(|dossier| account_view(read, &looker, &dossier))
                .collect::<Result<_, _>>()?;
            let bills = store::bills(read, vendor, &looker.sight(Permission::BillsRead))?;
            Ok(VendorView {
                vendor: row,
                accounts,
                bills,
            })
        })
        .await
}

pub(super) fn account_view(
    reads: &mut impl Reads,
    who: &Access,
    dossier: &Dossier,
) -> Result<AccountView, StoreError> {
    let account = &dossier.account;
    let mut steps = Vec::new();
    for step in &dossier.steps {
        steps.push(StepView {
            status: step.status,
            person: store::person_name(reads, step.person)?,
            note: step.note.clone(),
            at: step.at,
        });
    }
    let approval = dossier
        .steps
        .iter()
        .find(|step| step.status == AccountStatus::SecondApproval);
    let verified_by = approval
        .map(|step| store::person_name(reads, step.person))
        .transpose()?;
    let same_iban = accounts::same_iban(reads, &account.iban_index, account.vendor)?;
    let closed_before = accounts::closed_before(reads, &account.iban_index, account.id)?;
    let status = dossier.status_at(who.now());
    let may_verify = who.may(Permission::BankAccountsVerify);
    Ok(AccountView {
        id: account.id,
        masked: account.iban_masked.clone(),
        holder: account.holder.clone(),
        bic: account.bic.clone(),
        currency: account.currency.clone(),
        status,
        cooling_off_end: dossier
            .verification
            .as_ref()
            .map(|record| record.cooling_off_end),
        entered_by: store::person_name(reads, account.entered_by)?,
        entered: account.entered,
        verified: approval.map(|step| step.at),
        verified_by,
        can_verify: may_verify
            && status.awaits_verification()
            && !humans::load(reads)?.are_one(who.human(), account.entered_human),
        can_reject: may_verify && !status.is_closed(),
        steps,
        same_iban: same_iban.into_iter().map(|same| same.name).collect(),
        closed_before,
    })
}
