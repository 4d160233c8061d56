//! The one door between a vendor's bank account and a payment (invariant 4).

use countersign_bankfile::account::{Bic, Iban};

use super::{accounts, find};
use crate::identity::access::HumanId;
use crate::identity::humans::{self, Humans};
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::vendors::rules::VendorStatus;
use crate::payables::vendors::rules::accounts::{Altered, Dossier, Refusal, digest};
use crate::platform::clock::Micros;
use crate::platform::keys::{KeyError, OrgKeys, SubjectKey};
use crate::platform::store::{Reads, StoreError};

/// A bank account that may be paid at the moment it was asked for.
#[derive(Debug, Clone)]
pub struct VerifiedAccount {
    pub account_id: AccountId,
    /// Keyed digest of vendor, account, IBAN, holder, BIC and currency.
    pub digest: [u8; 32],
    pub masked: String,
    /// Opened; its type prints nothing of it.
    pub iban: Iban,
    pub holder: String,
    pub bic: Option<Bic>,
    /// ISO 4217; what the vendor keeps the account in.
    pub currency: String,
    pub entered_human: HumanId,
    pub verified_human: HumanId,
    pub verified: Micros,
}

/// Why nothing can be paid to a vendor.
#[derive(Debug, thiserror::Error)]
pub enum WhyNotPayable {
    #[error("there is no such vendor")]
    NoVendor,
    #[error("the vendor is {0}, not active")]
    VendorNotActive(VendorStatus),
    #[error("the vendor has no bank account; enter one and have somebody else verify it")]
    NoAccount,
    #[error("{0}")]
    Refused(Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl WhyNotPayable {
    /// Parts what is to be shown from what the store has to retry or report.
    pub fn split<T>(result: Result<T, Self>) -> Result<Result<T, Self>, StoreError> {
        match result {
            Err(Self::Store(error)) => Err(error),
            other => Ok(other),
        }
    }
}

/// The account that payments to a vendor go to, if there is one that may be paid now.
///
/// The newest verified account that no later step closed is the one. It is opened, its digest recomputed, and compared
/// with the authenticated record of its verification. An account of which anything does not fit is not skipped: it
/// stops all payments to the vendor, for somebody has been at the database.
///
/// # Errors
/// [`WhyNotPayable`], of which `Store` alone says nothing of the account.
pub fn payable_account(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    vendor: VendorId,
    now: Micros,
) -> Result<VerifiedAccount, WhyNotPayable> {
    let row = match find(reads, vendor) {
        Err(StoreError::Missing) => return Err(WhyNotPayable::NoVendor),
        other => other?,
    };
    if row.status != VendorStatus::Active {
        return Err(WhyNotPayable::VendorNotActive(row.status));
    }
    let dossiers = accounts::of_vendor(reads, vendor)?;
    let key = subject(reads, keys, vendor)?;
    let humans = humans::load(reads)?;
    let mut newest_refusal = None;
    let mut best: Option<VerifiedAccount> = None;
    for dossier in &dossiers {
        match judged(dossier, (keys, &humans), &key, vendor, now) {
            Ok(account) => {
                if best
                    .as_ref()
                    .is_none_or(|best| account.verified > best.verified)
                {
                    best = Some(account);
                }
            }
            Err(stop @ (Refusal::Altered(_) | Refusal::CoolingOff { .. } | Refusal::SameHuman)) => {
                return Err(WhyNotPayable::Refused(stop));
            }
            Err(refusal) => {
                newest_refusal.get_or_insert(refusal);
            }
        }
    }
    best.ok_or_else(|| newest_refusal.map_or(WhyNotPayable::NoAccount, WhyNotPayable::Refused))
}

fn subject(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    vendor: VendorId,
) -> Result<SubjectKey, WhyNotPayable> {
    keys.subject(reads, vendor).map_err(|error| match error {
        KeyError::Absent { .. }
        | KeyError::Destroyed { .. }
        | KeyError::Unwrap(_)
        | KeyError::Root(_)
        | KeyError::Open(_) => WhyNotPayable::Refused(Refusal::Altered(Altered::Iban)),
        KeyError::Store(error) => WhyNotPayable::Store(error),
        // Nothing is wrong with the account: this node is behind another one by a moment.
        KeyError::Unread { .. } => WhyNotPayable::Store(StoreError::Stale),
    })
}

fn judged(
    dossier: &Dossier,
    (keys, humans): (&OrgKeys, &Humans),
    key: &SubjectKey,
    vendor: VendorId,
    now: Micros,
) -> Result<VerifiedAccount, Refusal> {
    let account = &dossier.account;
    let iban = accounts::open_iban(key, account).ok_or(Refusal::Altered(Altered::Iban))?;
    let record = dossier.judge((keys, humans), vendor, &iban, now)?;
    let bic = account
        .bic
        .as_deref()
        .map(Bic::parse)
        .transpose()
        .map_err(|_| Refusal::Altered(Altered::Account))?;
    Ok(VerifiedAccount {
        account_id: account.id,
        digest: record.account_digest,
        masked: iban.masked(),
        iban,
        holder: account.holder.clone(),
        bic,
        currency: account.currency.clone(),
        entered_human: record.entered_human,
        verified_human: record.verified_human,
        verified: record.verified,
    })
}

/// The digest of the account that a vendor's payments would go to, recomputed from what is stored; none where no
/// account was verified. It is what decisions bind (invariant 6), so it asks neither whether the vendor is active nor
/// whether the account rests: only whether it is another account.
///
/// # Errors
/// Of the store alone; an account that does not open has no digest.
pub fn chosen_account_digest(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    vendor: VendorId,
) -> Result<Option<[u8; 32]>, StoreError> {
    let dossiers = accounts::of_vendor(reads, vendor)?;
    let chosen = dossiers
        .iter()
        .filter(|dossier| !dossier.status().is_closed())
        .filter_map(|dossier| Some((dossier.verification.as_ref()?.verified, dossier)))
        .max_by_key(|(verified, _)| *verified);
    let Some((_, dossier)) = chosen else {
        return Ok(None);
    };
    let key = match keys.subject(reads, vendor) {
        Ok(key) => key,
        Err(KeyError::Store(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    Ok(accounts::open_iban(&key, &dossier.account)
        .map(|iban| digest(keys, &dossier.account, vendor, &iban)))
}
