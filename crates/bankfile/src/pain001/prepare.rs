use jiff::Timestamp;

use super::charset::Unmappable;
use super::error::{Field, Place, Problem, Rejected};
use super::model::{ChargeBearer, Group, PaymentFile, Remittance, ServiceLevel, Transfer};
use super::rules::{AddressFields, Check};
use super::totals::Totals;
use crate::account::Account;

/// EPC132-08 allows half of ISO's 140 characters.
const MAX_NAME: usize = 70;
const MAX_REMITTANCE: usize = 140;

/// A payment file whose every value stands as it will be written: checked, transliterated, whole seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    file: PaymentFile,
    totals: Totals,
}

impl Prepared {
    /// Checks a file and brings its texts into the SEPA character set. What that changed can be read in
    /// [`Prepared::file`], and shown, before anything is written.
    ///
    /// # Errors
    /// [`Rejected`], with every finding and not only the first.
    pub fn new(mut file: PaymentFile, unmappable: Unmappable) -> Result<Self, Rejected> {
        let mut check = Check {
            findings: Vec::new(),
            unmappable,
        };
        prepare_file(&mut check, &mut file);
        let totals = Totals::of_file(&file);
        if !totals.fits_the_format() {
            check.found(Place::File, Field::ControlSum, Problem::SumTooLarge);
        }
        match Rejected::from_findings(check.findings) {
            Some(rejected) => Err(rejected),
            None => Ok(Self { file, totals }),
        }
    }

    /// The values as they are written.
    pub const fn file(&self) -> &PaymentFile {
        &self.file
    }

    /// Number of transactions and control sum of the whole file.
    pub const fn totals(&self) -> Totals {
        self.totals
    }
}

fn prepare_file(check: &mut Check, file: &mut PaymentFile) {
    let place = Place::File;
    check.identifier(place, Field::MessageId, &file.message_id);
    check.text(
        place,
        Field::InitiatingParty,
        &mut file.initiating_party,
        MAX_NAME,
    );
    match Timestamp::from_second(file.created.as_second()) {
        Ok(whole) if whole.as_second() >= 0 => file.created = whole,
        _ => check.found(place, Field::Created, Problem::Year),
    }
    if file.groups.is_empty() {
        check.found(place, Field::Groups, Problem::Empty);
    }
    for (index, group) in file.groups.iter_mut().enumerate() {
        prepare_group(check, index, group);
    }
    unique_identifiers(check, file);
}

fn unique_identifiers(check: &mut Check, file: &PaymentFile) {
    let groups = || file.groups.iter().enumerate();
    let transfers = || {
        groups().flat_map(|(group, content)| {
            let transfers = content.transfers.iter().enumerate();
            transfers.map(move |(transfer, content)| (Place::Transfer { group, transfer }, content))
        })
    };
    check.unique(
        Field::PaymentInformationId,
        groups().map(|(group, content)| {
            (
                Place::Group { group },
                content.payment_information_id.as_str(),
            )
        }),
    );
    check.unique(
        Field::InstructionId,
        transfers()
            .filter_map(|(place, transfer)| Some((place, transfer.instruction_id.as_deref()?))),
    );
    check.unique(
        Field::EndToEndId,
        transfers().map(|(place, transfer)| (place, transfer.end_to_end_id.as_str())),
    );
    check.unique(
        Field::Uetr,
        transfers().filter_map(|(place, transfer)| Some((place, transfer.uetr.as_ref()?.as_str()))),
    );
}

fn prepare_group(check: &mut Check, index: usize, group: &mut Group) {
    let place = Place::Group { group: index };
    check.identifier(
        place,
        Field::PaymentInformationId,
        &group.payment_information_id,
    );
    check.text(place, Field::DebtorName, &mut group.debtor.name, MAX_NAME);
    if let Some(address) = &mut group.debtor.address {
        check.address(place, &DEBTOR_ADDRESS, address);
    }
    if !(1970..=9999).contains(&group.requested_execution_date.year()) {
        check.found(place, Field::RequestedExecutionDate, Problem::Year);
    }
    if group.service_level == ServiceLevel::Sepa {
        sepa_group(check, place, group);
    } else {
        other_group(check, place, group);
    }
    if group.transfers.is_empty() {
        check.found(place, Field::Transfers, Problem::Empty);
    }
    let level = group.service_level;
    for (transfer, content) in group.transfers.iter_mut().enumerate() {
        let place = Place::Transfer {
            group: index,
            transfer,
        };
        prepare_transfer(check, place, content, level);
    }
}

fn sepa_group(check: &mut Check, place: Place, group: &Group) {
    check.sepa_account(place, Field::DebtorAccount, &group.debtor_account);
    if group.charge_bearer != ChargeBearer::ServiceLevel {
        check.found(place, Field::ChargeBearer, Problem::ChargeBearerNotSlev);
    }
    let outside_eea =
        |account: &Account| matches!(account, Account::Iban(iban) if iban.is_sepa_outside_eea());
    let leaves_eea = group
        .transfers
        .iter()
        .any(|transfer| outside_eea(&transfer.creditor_account));
    if group.debtor.address.is_none() && leaves_eea {
        check.found(place, Field::DebtorAddress, Problem::AddressNeeded);
    }
}

fn other_group(check: &mut Check, place: Place, group: &Group) {
    if group.debtor.address.is_none() {
        check.found(place, Field::DebtorAddress, Problem::AddressNeeded);
    }
    let mut currencies = group.transfers.iter().map(|one| one.amount.currency());
    if group.batch_booking
        && let Some(first) = currencies.next()
        && currencies.any(|other| other != first)
    {
        check.found(place, Field::BatchBooking, Problem::SeveralCurrencies);
    }
}

fn prepare_transfer(check: &mut Check, place: Place, transfer: &mut Transfer, level: ServiceLevel) {
    if let Some(instruction_id) = &transfer.instruction_id {
        check.identifier(place, Field::InstructionId, instruction_id);
    }
    check.identifier(place, Field::EndToEndId, &transfer.end_to_end_id);
    check.amount(place, transfer.amount, level);
    check.text(
        place,
        Field::CreditorName,
        &mut transfer.creditor.name,
        MAX_NAME,
    );
    if let Some(address) = &mut transfer.creditor.address {
        check.address(place, &CREDITOR_ADDRESS, address);
    }
    prepare_remittance(check, place, &mut transfer.remittance);
    if level == ServiceLevel::Sepa {
        check.sepa_account(place, Field::CreditorAccount, &transfer.creditor_account);
        if transfer.uetr.is_some() {
            check.found(place, Field::Uetr, Problem::NotInSepaFile);
        }
    } else {
        // Only SEPA finds a bank by the IBAN alone. Elsewhere the transfer is routed by the BIC, and every bank on its way
        // checks who is paid and where.
        if transfer.creditor_bic.is_none() {
            check.found(place, Field::CreditorBic, Problem::BicNeeded);
        }
        if transfer.creditor.address.is_none() {
            check.found(place, Field::CreditorAddress, Problem::AddressNeeded);
        }
    }
}

fn prepare_remittance(check: &mut Check, place: Place, remittance: &mut Option<Remittance>) {
    if let Some(Remittance::Unstructured(text)) = remittance {
        let mut optional = Some(std::mem::take(text));
        check.optional_text(place, Field::Remittance, &mut optional, MAX_REMITTANCE);
        *remittance = optional.map(Remittance::Unstructured);
    }
}

const DEBTOR_ADDRESS: AddressFields = AddressFields {
    street: Field::DebtorStreet,
    building_number: Field::DebtorBuildingNumber,
    post_code: Field::DebtorPostCode,
    town: Field::DebtorTown,
};

const CREDITOR_ADDRESS: AddressFields = AddressFields {
    street: Field::CreditorStreet,
    building_number: Field::CreditorBuildingNumber,
    post_code: Field::CreditorPostCode,
    town: Field::CreditorTown,
};
