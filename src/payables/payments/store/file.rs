//! The payment file of a run, made from what was checked a moment ago.

use countersign_bankfile::account::{Account, Bic, Iban};
use countersign_bankfile::pain001::{
    Address, ChargeBearer, Group, Party, PaymentFile, Prepared, Rejected, ServiceLevel, Transfer,
    Unmappable,
};
use countersign_money::{Currency, Money};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Run;
use super::check::{Checked, Payable};
use crate::identity::organisations::{
    Entity, EntityAccountId, EntityId, find_entity, paying_account,
};
use crate::identity::settings;
use crate::payables::payments::rules::netting::{Row, transfers};
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
    #[error("the account to pay from cannot be used: {0}")]
    OwnAccountRefused(settings::Refusal),
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

/// Who pays, from which account and on which day, as every group of a file says it.
#[derive(Debug)]
pub struct Payer {
    entity: Entity,
    iban: Iban,
    bic: Option<Bic>,
    currency: Currency,
    day: Date,
}

impl Payer {
    /// Reads who pays. It stands in the file, and no tag of a run covers it, so that a row which the application did not
    /// write stops here, and an account that nobody verified, or that is closed meanwhile.
    pub fn of(
        reads: &mut impl Reads,
        keys: &OrgKeys,
        (entity, account): (EntityId, EntityAccountId),
        (currency, day): (Currency, Date),
    ) -> Result<Self, FileError> {
        reads.authentic("legal_entities", entity)?;
        reads.authentic("entity_bank_accounts", account)?;
        let own = paying_account(reads, account)?;
        if own.entity != entity || own.currency != currency.code() {
            return Err(FileError::OwnAccount);
        }
        let iban = settings::usable(reads, keys, &own)?.map_err(FileError::OwnAccountRefused)?;
        let bic = own.bic.as_deref().map(Bic::parse).transpose();
        Ok(Self {
            entity: find_entity(reads, entity)?,
            iban,
            bic: bic.map_err(|_| FileError::OwnAccount)?,
            currency,
            day,
        })
    }

    /// Whether a transfer to this account is one of SEPA.
    fn reaches_by_sepa(&self, to: &Iban) -> bool {
        self.currency == Currency::EUR && self.iban.is_sepa() && to.is_sepa()
    }

    /// The file of these transfers, those of SEPA apart from the others.
    pub(super) fn file(
        &self,
        id: String,
        created: Timestamp,
        all: Vec<(Transfer, bool)>,
    ) -> PaymentFile {
        let (sepa, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, is_sepa)| *is_sepa);
        let groups = [self.group(&id, true, sepa), self.group(&id, false, other)];
        PaymentFile {
            message_id: id,
            created,
            initiating_party: self.entity.name.clone(),
            groups: groups
                .into_iter()
                .filter(|group| !group.transfers.is_empty())
                .collect(),
        }
    }

    fn group(&self, id: &str, is_sepa: bool, transfers: Vec<(Transfer, bool)>) -> Group {
        let (suffix, service_level, charge_bearer) = if is_sepa {
            ("S", ServiceLevel::Sepa, ChargeBearer::ServiceLevel)
        } else {
            ("N", ServiceLevel::NonUrgent, ChargeBearer::Shared)
        };
        Group {
            payment_information_id: format!("{id}-{suffix}"),
            // Outside SEPA each transfer has charges and a rate of its own, so each stands in the statement for itself.
            batch_booking: is_sepa,
            service_level,
            requested_execution_date: self.day,
            debtor: debtor(&self.entity),
            debtor_account: Account::Iban(self.iban.clone()),
            debtor_bic: self.bic,
            charge_bearer,
            transfers: transfers
                .into_iter()
                .map(|(transfer, _)| transfer)
                .collect(),
        }
    }
}

/// What one document adds to a file.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub payable: &'a Payable,
    /// Below zero for a credit note.
    pub minor: i64,
    pub text: String,
    pub end_to_end_id: &'a str,
}

impl Part<'_> {
    pub fn row(&self) -> Row {
        Row {
            vendor: self.payable.vendor,
            minor: self.minor,
            chars: remittance::chars(&self.text),
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
    let currency: Currency = run.currency.parse().map_err(|_| FileError::OwnAccount)?;
    let place = (run.entity, run.account);
    let payer = Payer::of(reads, keys, place, (currency, run.execution_date))?;
    let parts: Vec<Part<'_>> = checked
        .payments
        .iter()
        .map(|(payment, payable)| Part {
            payable,
            minor: payment.amount_minor,
            text: payment.remittance.clone(),
            end_to_end_id: &payment.end_to_end_id,
        })
        .collect();
    let rows: Vec<Row> = parts.iter().map(Part::row).collect();
    let mut all = Vec::new();
    let transfers = transfers(&rows, remittance::MAX_CHARS).ok_or(FileError::NothingLeft)?;
    for (indexes, minor) in transfers {
        let members: Vec<_> = indexes.iter().filter_map(|at| parts.get(*at)).collect();
        all.push(transfer(reads, &payer, &members, minor)?);
    }
    Ok(Prepared::new(
        payer.file(file_id(run), created, all),
        Unmappable::FullStop,
    )?)
}

/// What the bank knows a file by, in 30 of its 35 characters: the run's reference, and the beginning of the digest that was
/// countersigned. A run that is countersigned a second time has fewer payments, so that its second file has other ids than
/// the first: a bank takes equal ones for a file that was sent twice.
fn file_id(run: &Run) -> String {
    let digest = run.digest.unwrap_or_default();
    let digest = HEXLOWER.encode(&digest[..6]);
    format!("{}-{digest}", run.reference)
}

/// One transfer that pays these documents of a vendor, and whether it is one of SEPA.
pub(super) fn transfer(
    reads: &mut impl Reads,
    payer: &Payer,
    parts: &[&Part<'_>],
    minor: i64,
) -> Result<(Transfer, bool), FileError> {
    // The first bill names a transfer that several share; a credit note never does.
    let first = parts.iter().find(|part| part.minor > 0);
    let first = first.ok_or(FileError::NothingLeft)?;
    let account = &first.payable.account;
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let vendor = find_vendor(reads, first.payable.vendor)?;
    let transfer = Transfer {
        instruction_id: None,
        end_to_end_id: first.end_to_end_id.to_owned(),
        uetr: None,
        amount: Money::from_minor(minor, payer.currency),
        creditor: creditor(&vendor, first.payable),
        creditor_account: Account::Iban(account.iban.clone()),
        creditor_bic: account.bic,
        remittance: remittance::in_file(&texts),
    };
    Ok((transfer, payer.reaches_by_sepa(&account.iban)))
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
