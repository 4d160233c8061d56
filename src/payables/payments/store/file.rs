//! The payment file of a run, made from what was checked a moment ago.

use countersign_bankfile::account::{Account, Bic, Iban};
use countersign_bankfile::pain001::{
    Address, ChargeBearer, Group, Party, PaymentFile, Prepared, Rejected, ServiceLevel, Transfer,
    Unmappable,
};
use countersign_money::{Currency, Money};
use jiff::Timestamp;

use super::Run;
use super::check::{Checked, Payable};
use crate::identity::organisations::{Entity, find_entity, paying_account};
use crate::payables::payments::rules::netting::transfers;
use crate::payables::payments::rules::remittance;
use crate::payables::vendors::store::{Vendor, find as find_vendor};
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::store::{Reads, StoreError};

/// Why no file can be made.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(KeyError),
    #[error("the account to pay from cannot be used: its IBAN does not open or is none")]
    OwnAccount,
    #[error("credit notes leave nothing to pay for a vendor")]
    NothingLeft,
    #[error(transparent)]
    Rejected(#[from] Rejected),
}

impl From<KeyError> for FileError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => Self::Store(error),
            other => Self::Key(other),
        }
    }
}

/// Prepares `pain.001.001.09` of a checked run. Equal rows and `created` give equal bytes.
pub fn prepare(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    run: &Run,
    checked: &Checked,
    created: Timestamp,
) -> Result<Prepared, FileError> {
    // Who pays, and from where, stands in the file, and no tag of the run covers it.
    reads.authentic("legal_entities", run.entity)?;
    reads.authentic("entity_bank_accounts", run.account)?;
    let entity = find_entity(reads, run.entity)?;
    let own = paying_account(reads, run.account)?;
    if own.entity != run.entity || own.currency != run.currency {
        return Err(FileError::OwnAccount);
    }
    let iban = own.iban(reads, keys)?;
    let iban = Iban::parse(iban.expose()).map_err(|_| FileError::OwnAccount)?;
    let bic = own
        .bic
        .as_deref()
        .map(Bic::parse)
        .transpose()
        .map_err(|_| FileError::OwnAccount)?;
    let currency: Currency = run.currency.parse().map_err(|_| FileError::OwnAccount)?;
    let own_is_sepa = currency == Currency::EUR && iban.is_sepa();
    let (sepa, other): (Vec<_>, Vec<_>) = all_transfers(reads, run, checked, currency)?
        .into_iter()
        .partition(|(_, to_sepa)| own_is_sepa && *to_sepa);
    let id = file_id(run);
    let group = |suffix: &str, level, bearer, transfers: Vec<(Transfer, bool)>| Group {
        payment_information_id: format!("{id}-{suffix}"),
        batch_booking: true,
        service_level: level,
        requested_execution_date: run.execution_date,
        debtor: debtor(&entity),
        debtor_account: Account::Iban(iban.clone()),
        debtor_bic: bic,
        charge_bearer: bearer,
        transfers: transfers
            .into_iter()
            .map(|(transfer, _)| transfer)
            .collect(),
    };
    let groups = [
        group("S", ServiceLevel::Sepa, ChargeBearer::ServiceLevel, sepa),
        group("N", ServiceLevel::NonUrgent, ChargeBearer::Shared, other),
    ];
    let file = PaymentFile {
        message_id: id.clone(),
        created,
        initiating_party: entity.name.clone(),
        groups: groups
            .into_iter()
            .filter(|group| !group.transfers.is_empty())
            .collect(),
    };
    Ok(Prepared::new(file, Unmappable::FullStop)?)
}

/// What the bank knows a file by, in 30 of its 35 characters: the run's reference, and the beginning of the digest that was
/// countersigned. A run that is countersigned a second time has fewer payments, so that its second file has other ids than
/// the first: a bank takes equal ones for a file that was sent twice.
fn file_id(run: &Run) -> String {
    let digest = run.digest.unwrap_or_default();
    let digest: String = digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{}-{digest}", run.reference)
}

fn all_transfers(
    reads: &mut impl Reads,
    run: &Run,
    checked: &Checked,
    currency: Currency,
) -> Result<Vec<(Transfer, bool)>, FileError> {
    let rows: Vec<_> = checked
        .payments
        .iter()
        .map(|(payment, _)| (payment.vendor, payment.amount_minor))
        .collect();
    let mut all = Vec::new();
    for (indexes, minor) in transfers(&rows).ok_or(FileError::NothingLeft)? {
        let parts: Vec<_> = indexes
            .iter()
            .filter_map(|index| checked.payments.get(*index))
            .collect();
        // The first bill names a transfer that several share; a credit note never does.
        let Some((first, payable)) = parts.iter().find(|(p, _)| p.amount_minor > 0) else {
            return Err(FileError::NothingLeft);
        };
        let texts: Vec<&str> = parts.iter().map(|(p, _)| p.remittance.as_str()).collect();
        let vendor = find_vendor(reads, first.vendor)?;
        let transfer = Transfer {
            instruction_id: None,
            end_to_end_id: first.end_to_end_id.clone(),
            uetr: None,
            amount: Money::from_minor(minor, currency),
            creditor: creditor(&vendor, payable),
            creditor_account: Account::Iban(payable.account.iban.clone()),
            creditor_bic: payable.account.bic,
            remittance: remittance::in_file(&texts, &run.reference),
        };
        all.push((transfer, payable.account.iban.is_sepa()));
    }
    Ok(all)
}

fn debtor(entity: &Entity) -> Party {
    Party {
        name: entity.name.clone(),
        address: address(
            &entity.street,
            &entity.building,
            &entity.post_code,
            &entity.town,
            &entity.country,
        ),
    }
}

fn creditor(vendor: &Vendor, payable: &Payable) -> Party {
    Party {
        name: payable.account.holder.clone(),
        address: address(
            &vendor.street,
            &vendor.building,
            &vendor.post_code,
            &vendor.town,
            &vendor.country,
        ),
    }
}

/// Structured, or none: SEPA takes no free address lines alone from November 2026.
fn address(
    street: &str,
    building: &str,
    post_code: &str,
    town: &str,
    country: &str,
) -> Option<Address> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    Some(Address {
        street: text(street),
        building_number: text(building),
        post_code: text(post_code),
        town: text(town)?,
        country: country.parse().ok()?,
    })
}
