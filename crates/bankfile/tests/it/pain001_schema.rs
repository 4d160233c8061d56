//! Written files against the official schemas: the ISO original and the German banks' stricter subset.

use std::path::PathBuf;
use std::process::Command;

use countersign_bankfile::account::{Account, OtherAccount};
use countersign_bankfile::pain001::{
    ChargeBearer, PaymentFile, Prepared, Remittance, ServiceLevel, Unmappable, verify,
};
use countersign_money::{Currency, Money};

use crate::fixtures::{account, file, group, prepared, shared, simple, transfer};

const ISO: &str = "iso20022/xsd/sepa-crate/pain.001.001.09.xsd";
const ISO_SECOND_COPY: &str = "iso20022/xsd/sepaxml/pain.001.001.09.xsd";
const GBIC: &str = "iso20022/xsd/sepa-crate/pain.001.001.09_GBIC_5.xsd";

/// What `xmllint` says against it; nothing for a valid file. Skips loudly without tool or schema.
fn complaints(name: &str, bytes: &[u8], schema: &str) -> Option<String> {
    let schema = shared(schema)?;
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.xml"));
    std::fs::write(&path, bytes).expect("the target directory can be written");
    let mut command = Command::new("xmllint");
    command
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg(path);
    let Ok(output) = command.output() else {
        eprintln!(
            "SKIPPED: xmllint is not installed (Debian: libxml2-utils), so no schema was checked"
        );
        return None;
    };
    if output.status.success() {
        return Some(String::new());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if text.is_empty() {
        output.status.to_string()
    } else {
        text
    })
}

fn assert_valid(name: &str, file: &Prepared, schemas: &[&str]) {
    let bytes = file.to_bytes();
    verify(&bytes, file).expect("what was written reads back equal");
    for schema in schemas {
        if let Some(complaints) = complaints(name, &bytes, schema) {
            assert_eq!(complaints, "", "{name} against {schema}");
        }
    }
}

fn assert_valid_everywhere(name: &str, file: PaymentFile) {
    assert_valid(name, &prepared(file), &[ISO, ISO_SECOND_COPY, GBIC]);
}

#[test]
fn one_three_and_a_thousand_transfers() {
    for count in [1, 3, 1000] {
        assert_valid_everywhere(&format!("transfers-{count}"), simple(count));
    }
}

#[test]
fn several_groups_all_remittances_and_all_that_is_optional() {
    let mut bare = transfer(10);
    bare.instruction_id = None;
    bare.creditor_bic = None;
    bare.creditor.address = None;
    bare.remittance = None;
    let mut referenced = transfer(11);
    referenced.remittance = Some(Remittance::CreditorReference(
        "RF18 5390 0754 7034".parse().expect("a reference"),
    ));
    let mut full_text = transfer(12);
    full_text.remittance = Some(Remittance::Unstructured("x".repeat(140)));
    let mut swiss = transfer(13);
    swiss.creditor_account = account("CH93 0076 2011 6238 5295 7");
    swiss.creditor_bic = None;
    swiss.amount = Money::from_minor(99_999_999_999, Currency::EUR);
    let mut second = group(2, vec![referenced, full_text, swiss]);
    second.debtor_bic = Some("COBADEFFXXX".parse().expect("a BIC"));
    second.batch_booking = false;
    let mut third = group(3, vec![bare]);
    third.debtor.address = None;
    assert_valid_everywhere(
        "groups",
        file(vec![group(1, vec![transfer(1)]), second, third]),
    );
}

#[test]
fn other_currencies_and_accounts_outside_sepa() {
    let mut dollars = transfer(1);
    dollars.amount = Money::from_minor(123_456, Currency::USD);
    dollars.creditor_account =
        Account::Other(OtherAccount::parse("021000021-123456789").expect("a number"));
    dollars.creditor_bic = Some("CHASUS33".parse().expect("a BIC"));
    dollars.uetr = Some(
        "eb6305c9-1f7f-49de-aed0-16487c27b42d"
            .parse()
            .expect("a UETR"),
    );
    let mut yen = transfer(2);
    yen.amount = Money::from_minor(1_000_000, Currency::JPY);
    let mut dinars = transfer(3);
    dinars.amount = Money::from_minor(1_234_567, Currency::KWD);
    dinars.creditor_account = account("KW81 CBKU 0000 0000 0000 1234 5601 01");
    let mut abroad = group(1, vec![dollars, yen, dinars]);
    abroad.service_level = ServiceLevel::NonUrgent;
    abroad.charge_bearer = ChargeBearer::Shared;
    abroad.batch_booking = false;
    let mut urgent = group(2, vec![transfer(4)]);
    urgent.service_level = ServiceLevel::Urgent;
    urgent.charge_bearer = ChargeBearer::Debtor;
    let prepared = prepared(file(vec![abroad, urgent]));
    assert_eq!(prepared.totals().control_sum(), "1002474.617");
    assert_valid("abroad", &prepared, &[ISO, ISO_SECOND_COPY]);
}

/// The test above can fail: an element out of place, and an amount of zero, are told from a valid file.
#[test]
fn the_schemas_see_what_is_wrong() {
    let text = String::from_utf8(prepared(simple(1)).to_bytes()).expect("UTF-8");
    let swapped = text.replace("<PmtMtd>TRF</PmtMtd>", "");
    let zero = text.replace(">1.38<", ">0.00<");
    let unstructured = text.replace("<TwnNm>Berlin</TwnNm>", "");
    assert!(swapped != text && zero != text && unstructured != text);
    for (name, text, schema) in [
        ("no-method", swapped, ISO),
        ("zero", zero, GBIC),
        ("no-town", unstructured, GBIC),
    ] {
        if let Some(complaints) = complaints(name, text.as_bytes(), schema) {
            assert!(
                complaints.contains("validity error"),
                "{name}: {complaints}"
            );
        }
    }
}

/// Every naughty string, in every text: refused with a finding, or in a file that both schemas accept.
#[test]
fn naughty_strings_are_refused_or_written_validly() {
    let Some(path) = shared("blns/blns.json") else {
        return;
    };
    let json = std::fs::read(path).expect("readable");
    let strings: Vec<String> = serde_json::from_slice(&json).expect("a list of strings");
    for unmappable in [Unmappable::Refuse, Unmappable::FullStop] {
        let accepted: Vec<_> = strings
            .iter()
            .enumerate()
            .filter_map(|(number, string)| {
                let mut naughty = transfer(number);
                naughty.creditor.name.clone_from(string);
                naughty.remittance = Some(Remittance::Unstructured(string.clone()));
                let address = naughty
                    .creditor
                    .address
                    .as_mut()
                    .expect("the fixture has one");
                address.street = Some(string.clone());
                address.town.clone_from(string);
                Prepared::new(file(vec![group(1, vec![naughty.clone()])]), unmappable).ok()?;
                Some(naughty)
            })
            .collect();
        assert!(
            accepted.len() > 30,
            "only {} of {} were accepted",
            accepted.len(),
            strings.len()
        );
        let all = Prepared::new(file(vec![group(1, accepted)]), unmappable)
            .expect("each was accepted alone");
        assert_valid(&format!("naughty-{unmappable:?}"), &all, &[ISO, GBIC]);
    }
    for string in &strings {
        let mut naughty = simple(1);
        naughty.message_id.clone_from(string);
        naughty.groups[0].transfers[0]
            .end_to_end_id
            .clone_from(string);
        if let Ok(prepared) = Prepared::new(naughty, Unmappable::FullStop) {
            assert_valid("naughty-id", &prepared, &[GBIC]);
        }
    }
}
