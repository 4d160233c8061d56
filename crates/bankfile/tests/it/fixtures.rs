use std::path::PathBuf;

use countersign_bankfile::account::{Account, Iban};
use countersign_bankfile::pain001::{
    Address, ChargeBearer, Group, Party, PaymentFile, Prepared, Remittance, ServiceLevel, Transfer,
    Unmappable,
};
use countersign_money::{Currency, Money};

/// A path of the shared test data, or nothing (said loudly) where that is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("SKIPPED: the shared test data has no {path}, so this test proves nothing here");
    None
}

pub fn address() -> Address {
    Address {
        street: Some("Hauptstraße".into()),
        building_number: Some("12a".into()),
        post_code: Some("10115".into()),
        town: "Berlin".into(),
        country: "DE".parse().expect("a country"),
    }
}

pub fn party(name: &str) -> Party {
    Party {
        name: name.into(),
        address: Some(address()),
    }
}

pub fn account(text: &str) -> Account {
    Iban::parse(text).expect("a valid IBAN").into()
}

/// A German IBAN with right check digits for any number.
pub fn german_iban(number: u64) -> Account {
    let number = number % 10_u64.pow(18);
    (2..=98)
        .find_map(|check| Iban::parse(&format!("DE{check:02}{number:018}")).ok())
        .expect("some check digits fit")
        .into()
}

pub fn transfer(number: usize) -> Transfer {
    Transfer {
        instruction_id: Some(format!("I-{number}")),
        end_to_end_id: format!("E2E-{number}"),
        uetr: None,
        amount: Money::from_minor(1 + number as i64 * 137, Currency::EUR),
        creditor: party("Müller & Söhne GmbH"),
        creditor_account: german_iban(number as u64),
        creditor_bic: Some("DEUTDEFF".parse().expect("a BIC")),
        remittance: Some(Remittance::Unstructured(format!("Invoice {number}"))),
    }
}

pub fn group(number: usize, transfers: Vec<Transfer>) -> Group {
    Group {
        payment_information_id: format!("RUN-{number}"),
        batch_booking: true,
        service_level: ServiceLevel::Sepa,
        requested_execution_date: "2026-12-01".parse().expect("a date"),
        debtor: party("Countersign Beispiel AG"),
        debtor_account: account("DE89 3704 0044 0532 0130 00"),
        debtor_bic: None,
        charge_bearer: ChargeBearer::ServiceLevel,
        transfers,
    }
}

pub fn file(groups: Vec<Group>) -> PaymentFile {
    PaymentFile {
        message_id: "MSG-2026-1".into(),
        created: "2026-11-23T08:15:30Z".parse().expect("a time"),
        initiating_party: "Countersign Beispiel AG".into(),
        groups,
    }
}

/// One group with so many transfers.
pub fn simple(transfers: usize) -> PaymentFile {
    file(vec![group(1, (1..=transfers).map(transfer).collect())])
}

pub fn prepared(file: PaymentFile) -> Prepared {
    Prepared::new(file, Unmappable::Refuse).expect("the file is acceptable")
}
