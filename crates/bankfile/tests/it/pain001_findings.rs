//! Everything that must not get into a payment file, tried, with the finding that stops it.

use countersign_bankfile::account::{Account, OtherAccount};
use countersign_bankfile::pain001::{
    ChargeBearer, Field, PaymentFile, Place, Prepared, Problem, Remittance, ServiceLevel,
    Unmappable,
};
use countersign_money::{Currency, Money};

use crate::fixtures::{account, file, group, prepared, simple, transfer};

const FIRST_TRANSFER: Place = Place::Transfer {
    group: 0,
    transfer: 0,
};

/// The one finding for a simple file that was changed.
fn finding(change: impl FnOnce(&mut PaymentFile)) -> (Place, Field, Problem) {
    let mut file = simple(2);
    change(&mut file);
    let rejected = Prepared::new(file, Unmappable::Refuse).expect_err("this must be refused");
    assert_eq!(rejected.findings().count(), 1, "{rejected:?}");
    (
        rejected.first.place,
        rejected.first.field,
        rejected.first.problem,
    )
}

#[test]
fn lengths_are_counted_as_the_bank_gets_them_and_never_cut() {
    let name = finding(|file| file.groups[0].transfers[0].creditor.name = "ß".repeat(36));
    let too_long = |max, found| Problem::TooLong { max, found };
    assert_eq!(
        name,
        (FIRST_TRANSFER, Field::CreditorName, too_long(70, 72))
    );
    let text = finding(|file| {
        file.groups[0].transfers[1].remittance = Some(Remittance::Unstructured("x".repeat(141)));
    });
    let second = Place::Transfer {
        group: 0,
        transfer: 1,
    };
    assert_eq!(text, (second, Field::Remittance, too_long(140, 141)));
    let town = finding(|file| {
        let address = file.groups[0]
            .debtor
            .address
            .as_mut()
            .expect("the fixture has one");
        address.town = "x".repeat(36);
    });
    assert_eq!(
        town,
        (
            Place::Group { group: 0 },
            Field::DebtorTown,
            too_long(35, 36)
        )
    );
    let id = finding(|file| file.groups[0].transfers[0].end_to_end_id = "x".repeat(36));
    assert_eq!(id, (FIRST_TRANSFER, Field::EndToEndId, too_long(35, 36)));
    let mut longest = simple(1);
    longest.groups[0].transfers[0].creditor.name = "ß".repeat(35);
    longest.groups[0].transfers[0].end_to_end_id = "x".repeat(35);
    prepared(longest);
}

#[test]
fn identifiers_are_never_changed() {
    for (id, problem) in [
        ("", Problem::Empty),
        ("Ü-1", Problem::IdentifierCharacter { character: 'Ü' }),
        ("A&B", Problem::IdentifierCharacter { character: '&' }),
        ("A\nB", Problem::IdentifierCharacter { character: '\n' }),
        ("/1", Problem::IdentifierShape),
        ("1/", Problem::IdentifierShape),
        ("1//2", Problem::IdentifierShape),
        (" 1", Problem::IdentifierShape),
    ] {
        let found = finding(|file| file.message_id = id.into());
        assert_eq!(found, (Place::File, Field::MessageId, problem), "{id:?}");
    }
}

#[test]
fn the_same_identifier_twice_is_found_across_groups() {
    let mut second = group(2, vec![transfer(7), transfer(8)]);
    second.transfers[1].end_to_end_id = "E2E-1".into();
    let doubled = file(vec![group(1, vec![transfer(1)]), second]);
    let rejected = Prepared::new(doubled, Unmappable::Refuse).expect_err("a duplicate");
    assert_eq!(
        rejected.to_string(),
        "the payment file cannot be written: group 2, transfer 2: the end-to-end id is already used by \
         group 1, transfer 1; give each its own"
    );
    let instruction =
        finding(|file| file.groups[0].transfers[1].instruction_id = Some("I-1".into()));
    assert_eq!(instruction.1, Field::InstructionId);
    let rejected = Prepared::new(
        file(vec![
            group(1, vec![transfer(1)]),
            group(1, vec![transfer(2)]),
        ]),
        Unmappable::Refuse,
    )
    .expect_err("a duplicate");
    assert_eq!(rejected.first.field, Field::PaymentInformationId);
}

#[test]
fn nothing_is_empty() {
    assert_eq!(
        finding(|file| file.groups.clear()),
        (Place::File, Field::Groups, Problem::Empty)
    );
    let group = finding(|file| file.groups[0].transfers.clear());
    assert_eq!(
        group,
        (Place::Group { group: 0 }, Field::Transfers, Problem::Empty)
    );
    let name = finding(|file| file.groups[0].transfers[0].creditor.name = " \t".into());
    assert_eq!(name, (FIRST_TRANSFER, Field::CreditorName, Problem::Empty));
    let mut blank = simple(1);
    blank.groups[0].transfers[0].remittance = Some(Remittance::Unstructured("  ".into()));
    let address = blank.groups[0].transfers[0]
        .creditor
        .address
        .as_mut()
        .expect("the fixture has one");
    address.street = Some(String::new());
    let prepared = prepared(blank);
    let transfer = &prepared.file().groups[0].transfers[0];
    assert_eq!(
        transfer.remittance, None,
        "blank and missing are the same where both are allowed"
    );
    assert_eq!(
        transfer
            .creditor
            .address
            .as_ref()
            .and_then(|address| address.street.as_ref()),
        None
    );
}

#[test]
fn amounts_must_be_payable() {
    let amount = |minor, currency| {
        let (place, field, problem) = finding(|file| {
            file.groups[0].transfers[0].amount = Money::from_minor(minor, currency);
        });
        assert_eq!((place, field), (FIRST_TRANSFER, Field::Amount));
        problem
    };
    assert!(matches!(
        amount(0, Currency::EUR),
        Problem::NotPositive { .. }
    ));
    assert!(matches!(
        amount(-1, Currency::EUR),
        Problem::NotPositive { .. }
    ));
    assert!(matches!(
        amount(100_000_000_000, Currency::EUR),
        Problem::TooLarge { .. }
    ));
    assert_eq!(
        amount(100, Currency::USD),
        Problem::NotEuro {
            currency: Currency::USD
        }
    );
    assert_eq!(
        amount(100, Currency::BGN),
        Problem::CurrencyWithdrawn {
            currency: Currency::BGN
        }
    );
    let sum = finding(|file| {
        file.groups[0].service_level = ServiceLevel::Urgent;
        for transfer in &mut file.groups[0].transfers {
            transfer.amount = Money::from_minor(600_000_000_000_000_000, Currency::EUR);
        }
    });
    assert_eq!(sum, (Place::File, Field::ControlSum, Problem::SumTooLarge));
}

#[test]
fn sepa_transfers_follow_the_scheme() {
    let creditor =
        |account: Account| finding(|file| file.groups[0].transfers[0].creditor_account = account);
    let turkish = creditor(account("TR33 0006 1005 1978 6457 8413 26"));
    assert_eq!(
        turkish,
        (
            FIRST_TRANSFER,
            Field::CreditorAccount,
            Problem::NotInSepa {
                country: "TR".into()
            }
        )
    );
    let number = || Account::Other(OtherAccount::parse("123456789").expect("a number"));
    assert_eq!(
        creditor(number()),
        (FIRST_TRANSFER, Field::CreditorAccount, Problem::NotAnIban)
    );
    let debtor = finding(|file| file.groups[0].debtor_account = number());
    assert_eq!(
        debtor,
        (
            Place::Group { group: 0 },
            Field::DebtorAccount,
            Problem::NotAnIban
        )
    );
    let shared = finding(|file| file.groups[0].charge_bearer = ChargeBearer::Shared);
    assert_eq!(shared.2, Problem::ChargeBearerNotSlev);
    let no_address = finding(|file| {
        file.groups[0].debtor.address = None;
        file.groups[0].transfers[1].creditor_account = account("CH93 0076 2011 6238 5295 7");
    });
    assert_eq!(
        no_address,
        (
            Place::Group { group: 0 },
            Field::DebtorAddress,
            Problem::AddressNeeded
        )
    );
    let uetr = finding(|file| {
        let uetr = "eb6305c9-1f7f-49de-aed0-16487c27b42d"
            .parse()
            .expect("a UETR");
        file.groups[0].transfers[0].uetr = Some(uetr);
    });
    assert_eq!(uetr, (FIRST_TRANSFER, Field::Uetr, Problem::NotInSepaFile));
    let bank = finding(|file| {
        file.groups[0].service_level = ServiceLevel::NonUrgent;
        file.groups[0].transfers[0].creditor_account = number();
        file.groups[0].transfers[0].creditor_bic = None;
    });
    assert_eq!(
        bank,
        (FIRST_TRANSFER, Field::CreditorBic, Problem::BicNeeded)
    );
}

#[test]
fn outside_sepa_bank_address_and_one_currency_are_needed() {
    let abroad = |file: &mut PaymentFile| {
        file.groups[0].service_level = ServiceLevel::NonUrgent;
        file.groups[0].charge_bearer = ChargeBearer::Shared;
    };
    let bank = finding(|file| {
        abroad(file);
        file.groups[0].transfers[0].creditor_bic = None;
    });
    assert_eq!(
        bank,
        (FIRST_TRANSFER, Field::CreditorBic, Problem::BicNeeded),
        "an IBAN is not enough"
    );
    let creditor = finding(|file| {
        abroad(file);
        file.groups[0].transfers[0].creditor.address = None;
    });
    assert_eq!(
        creditor,
        (
            FIRST_TRANSFER,
            Field::CreditorAddress,
            Problem::AddressNeeded
        )
    );
    let group = Place::Group { group: 0 };
    let debtor = finding(|file| {
        abroad(file);
        file.groups[0].debtor.address = None;
    });
    assert_eq!(
        debtor,
        (group, Field::DebtorAddress, Problem::AddressNeeded)
    );
    let mut mixed = simple(2);
    abroad(&mut mixed);
    mixed.groups[0].transfers[0].amount = Money::from_minor(100, Currency::USD);
    let rejected = Prepared::new(mixed.clone(), Unmappable::Refuse).expect_err("one debit for two");
    assert_eq!(
        (rejected.first.field, rejected.first.problem),
        (Field::BatchBooking, Problem::SeveralCurrencies)
    );
    mixed.groups[0].batch_booking = false;
    assert!(Prepared::new(mixed, Unmappable::Refuse).is_ok());
}

#[test]
fn times_stay_in_the_format() {
    let created = finding(|file| file.created = "-000001-01-01T00:00:00Z".parse().expect("a time"));
    assert_eq!(created, (Place::File, Field::Created, Problem::Year));
    let date = finding(|file| {
        file.groups[0].requested_execution_date = "0001-01-01".parse().expect("a date")
    });
    assert_eq!(
        date,
        (
            Place::Group { group: 0 },
            Field::RequestedExecutionDate,
            Problem::Year
        )
    );
    let mut fraction = simple(1);
    fraction.created = "2026-11-23T08:15:30.999999Z".parse().expect("a time");
    assert_eq!(prepared(fraction).file(), prepared(simple(1)).file());
}

#[test]
fn all_findings_come_at_once_and_none_shows_an_account() {
    let mut wrong = simple(3);
    wrong.groups[0].service_level = ServiceLevel::Sepa;
    for transfer in &mut wrong.groups[0].transfers {
        transfer.creditor.name = "中国银行".into();
        transfer.creditor_account = account("TR33 0006 1005 1978 6457 8413 26");
    }
    let debug = format!("{wrong:?}");
    let rejected = Prepared::new(wrong, Unmappable::Refuse).expect_err("all are wrong");
    assert_eq!(rejected.findings().count(), 6);
    assert!(rejected.to_string().ends_with("(and 5 more findings)"));
    let shown: String = rejected
        .findings()
        .map(|finding| format!("{finding} {finding:?}"))
        .collect();
    for text in [shown, debug] {
        assert!(
            !text.contains("0006100519786457"),
            "an account number got out: {text}"
        );
    }
}
