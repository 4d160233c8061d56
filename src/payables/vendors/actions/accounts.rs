//! Entering, verifying and rejecting bank accounts.

use super::account_changed::{Step, account_changed};
use super::found;
use super::look::{AccountView, account_view};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::vendors::rules::accounts::{
    AccountStatus, Altered, CallBack, Dossier, MAX_HOLDER_CHARS, NewAccount, cooling_off_us, digest,
};
use crate::payables::vendors::rules::{MAX_REASON_CHARS, VendorStatus};
use crate::payables::vendors::store::accounts::{
    ClosedBefore, Doer, Namesake, Verified, closed_before, open_iban,
};
use crate::payables::vendors::store::{self, Vendor, accounts};
use crate::payables::vendors::{VendorError, chosen_account_digest};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::VENDOR_IBAN;
use crate::platform::store::{Entry, Reads, Tx};

fn doer(who: &Access) -> Doer {
    Doer {
        person: who.person(),
        human: who.human(),
    }
}

/// An account that was entered, and what is known of its IBAN already.
#[derive(Debug)]
pub struct Entered {
    pub account: AccountId,
    /// Other vendors with it.
    pub same_iban: Vec<Namesake>,
    /// Where it was rejected or replaced.
    pub closed_before: Vec<ClosedBefore>,
}

/// Enters a bank account, by a factor that was shown a moment ago or by a token. Nothing is paid to it before another human verifies
/// it.
pub async fn enter_account(
    app: &App,
    who: &Access,
    vendor: VendorId,
    mut new: NewAccount,
) -> Result<Entered, VendorError> {
    who.require(Permission::BankAccountsEnter)?;
    who.require_fresh_session()?;
    new.holder = new.holder.trim().to_owned();
    if new.holder.is_empty() || new.holder.chars().count() > MAX_HOLDER_CHARS {
        return Err(VendorError::Field("holder"));
    }
    new.source = new.source.trim().to_owned();
    if new.source.is_empty() || new.source.chars().count() > MAX_REASON_CHARS {
        return Err(VendorError::Field("evidence"));
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let doer = doer(who);
    app.store
        .write(who.caller(), move |tx| {
            let row = found(store::find(tx, vendor))?;
            takes_accounts(row.status)?;
            let account = accounts::insert(tx, &keys, vendor, &new, doer)?;
            let index = keys.blind_index(VENDOR_IBAN, new.iban.expose());
            let same_iban = accounts::same_iban(tx, &index, vendor)?;
            let closed_before = closed_before(tx, &index, account)?;
            let entry = Entry::new("bank-account.entered", "bank-account", account)
                .version(2)
                .fact("vendor", vendor)
                .fact("holder", &new.holder)
                .fact("iban", new.iban.masked())
                .fact("currency", new.currency)
                .fact("source", &new.source)
                .fact("vendors-with-same-iban", same_iban.len());
            let entry = told(entry, &closed_before);
            let entered = Entered {
                account,
                same_iban,
                closed_before,
            };
            Ok(tx.commit(entry, entered)?)
        })
        .await
}

/// The entry with what its person was warned of: that she went on is hers to answer for.
fn told(entry: Entry, before: &[ClosedBefore]) -> Entry {
    if before.is_empty() {
        return entry;
    }
    let each: Vec<String> = before
        .iter()
        .map(|closed| format!("{} {}", closed.status, closed.account))
        .collect();
    entry.fact("same-iban-closed-before", each.join(", "))
}

/// An account's version is the number of its steps.
fn version(dossier: &Dossier) -> i64 {
    dossier.steps.last().map_or(0, |step| step.position)
}

fn takes_accounts(status: VendorStatus) -> Result<(), VendorError> {
    if status.takes_accounts() {
        Ok(())
    } else {
        Err(VendorError::TakesNoAccount(status))
    }
}

/// What the page of a verification shows.
#[derive(Debug)]
pub struct AccountSight {
    pub vendor: Vendor,
    pub account: AccountView,
    /// The account's digest; the verification must name it.
    pub digest: [u8; 32],
    /// Whether the one who looks is the human who entered it.
    pub is_own_entry: bool,
}

/// An account as whoever verifies it has to see it.
pub async fn verification_sight(
    app: &App,
    who: &Access,
    vendor: VendorId,
    account: AccountId,
) -> Result<AccountSight, VendorError> {
    who.require(Permission::BankAccountsVerify)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let looker = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let row = found(store::find(read, vendor))?;
            let dossier = dossier_of(read, vendor, account)?;
            let digest = digest_of(read, &keys, &dossier)?;
            Ok(AccountSight {
                vendor: row,
                account: account_view(read, &looker, &dossier)?,
                digest,
                is_own_entry: humans::load(read)?
                    .are_one(looker.human(), dossier.account.entered_human),
            })
        })
        .await
}

fn dossier_of(
    reads: &mut impl Reads,
    vendor: VendorId,
    account: AccountId,
) -> Result<Dossier, VendorError> {
    let dossier = found(accounts::find(reads, account))?;
    if dossier.account.vendor == vendor {
        Ok(dossier)
    } else {
        Err(VendorError::Missing)
    }
}

fn digest_of(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    dossier: &Dossier,
) -> Result<[u8; 32], VendorError> {
    let vendor = dossier.account.vendor;
    let key = keys.subject(reads, vendor)?;
    let iban = open_iban(&key, &dossier.account).ok_or(VendorError::Altered(Altered::Iban))?;
    Ok(digest(keys, &dossier.account, vendor, &iban))
}

/// Verifies an account after a call to the vendor: the second approval by another human than the one who entered it.
/// Returns the moment from which it may be paid.
///
/// `seen` is the digest of the account as it was shown, so that what is verified is what was read out.
pub async fn verify_account(
    app: &App,
    who: &Access,
    (vendor, account): (VendorId, AccountId),
    seen: [u8; 32],
    call: CallBack,
) -> Result<Micros, VendorError> {
    who.require(Permission::BankAccountsVerify)?;
    who.require_fresh()?;
    if let Some(field) = call.missing() {
        return Err(VendorError::Field(field));
    }
    if call.note().chars().count() > MAX_REASON_CHARS {
        return Err(VendorError::Field("comment"));
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let doer = doer(who);
    app.store
        .write(who.caller(), move |tx| {
            takes_accounts(found(store::find(tx, vendor))?.status)?;
            let dossier = dossier_of(tx, vendor, account)?;
            check_verifiable(tx, &keys, &dossier, doer, seen, &call)?;
            let before = chosen_account_digest(tx, &keys, vendor)?;
            let others: Vec<Dossier> = accounts::of_vendor(tx, vendor)?
                .into_iter()
                .filter(|other| other.account.id != account)
                .collect();
            let is_first = others.iter().all(|other| other.verification.is_none());
            let end = tx.now().plus_us(cooling_off_us(is_first));
            write_verification(tx, &keys, &dossier, doer, (seen, end), &call)?;
            supersede(tx, &keys, &others, doer, account)?;
            let entry = Entry::new("bank-account.verified", "bank-account", account)
                .version(version(&dossier) + 2)
                .fact("vendor", vendor)
                .fact("iban", &dossier.account.iban_masked)
                .fact("call-back", call.note())
                .fact("payable-from", end.timestamp());
            let warned = closed_before(tx, &dossier.account.iban_index, account)?;
            tx.journal(told(entry, &warned))?;
            let step = Step {
                account,
                version: version(&dossier) + 2,
                cause: "bank-account.verified",
                reason: "the vendor's bank account changed",
            };
            account_changed(tx, &keys, vendor, before, &step)?;
            Ok(tx.done(end)?)
        })
        .await
}

fn check_verifiable(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    dossier: &Dossier,
    doer: Doer,
    seen: [u8; 32],
    call: &CallBack,
) -> Result<(), VendorError> {
    let status = dossier.status();
    if !status.awaits_verification() || dossier.verification.is_some() {
        return Err(VendorError::NotAwaiting(status));
    }
    // The human in the row and in the authenticated step must agree before anybody is compared with them.
    let entered = dossier.entered_human(keys).map_err(VendorError::Altered)?;
    if humans::load(tx)?.are_one(entered, doer.human) {
        return Err(VendorError::SameHuman);
    }
    if digest_of(tx, keys, dossier)? != seen {
        return Err(VendorError::Conflict);
    }
    let key = keys.subject(tx, dossier.account.vendor)?;
    let iban = open_iban(&key, &dossier.account).ok_or(VendorError::Altered(Altered::Iban))?;
    if call.last_four.trim().to_uppercase() != iban.last_four() {
        return Err(VendorError::LastFour);
    }
    Ok(())
}

fn write_verification(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    dossier: &Dossier,
    doer: Doer,
    (account_digest, cooling_off_end): ([u8; 32], Micros),
    call: &CallBack,
) -> Result<(), VendorError> {
    let account = dossier.account.id;
    let next = version(dossier) + 1;
    accounts::add_step(
        tx,
        keys,
        (account, next),
        AccountStatus::SecondApproval,
        doer,
        &call.note(),
    )?;
    let status = if cooling_off_end > tx.now() {
        AccountStatus::CoolingOff
    } else {
        AccountStatus::Verified
    };
    accounts::add_step(tx, keys, (account, next + 1), status, doer, "")?;
    let verified = Verified {
        vendor: dossier.account.vendor,
        account,
        account_digest,
        entered_human: dossier.account.entered_human,
        verified_human: doer.human,
        cooling_off_end,
    };
    accounts::insert_verification(tx, keys, verified)?;
    Ok(())
}

/// The new account takes the place of those that were verified before it.
fn supersede(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    others: &[Dossier],
    doer: Doer,
    by: AccountId,
) -> Result<(), VendorError> {
    for other in others {
        if other.verification.is_none() || other.status().is_closed() {
            continue;
        }
        let next = version(other) + 1;
        let place = (other.account.id, next);
        let note = format!("Replaced by account {by}.");
        accounts::add_step(tx, keys, place, AccountStatus::Superseded, doer, &note)?;
    }
    Ok(())
}

/// Rejects an account, before or after its verification: nothing is paid to it again.
pub async fn reject_account(
    app: &App,
    who: &Access,
    (vendor, account): (VendorId, AccountId),
    reason: &str,
) -> Result<(), VendorError> {
    who.require(Permission::BankAccountsVerify)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(VendorError::Field("comment"));
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let doer = doer(who);
    app.store
        .write(who.caller(), move |tx| {
            let dossier = dossier_of(tx, vendor, account)?;
            let status = dossier.status();
            if status.is_closed() {
                return Err(VendorError::NotAwaiting(status));
            }
            let before = chosen_account_digest(tx, &keys, vendor)?;
            let next = version(&dossier) + 1;
            accounts::add_step(
                tx,
                &keys,
                (account, next),
                AccountStatus::Rejected,
                doer,
                &reason,
            )?;
            let entry = Entry::new("bank-account.rejected", "bank-account", account)
                .version(version(&dossier) + 1)
                .fact("vendor", vendor)
                .fact("iban", &dossier.account.iban_masked)
                .change("status", Some(status), Some(AccountStatus::Rejected))
                .fact("reason", &reason);
            tx.journal(entry)?;
            let step = Step {
                account,
                version: version(&dossier) + 1,
                cause: "bank-account.rejected",
                reason: "the vendor's bank account was rejected",
            };
            account_changed(tx, &keys, vendor, before, &step)?;
            Ok(tx.done(())?)
        })
        .await
}
