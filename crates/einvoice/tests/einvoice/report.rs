//! The check report's JSON is what its documentation says.

use crate::sample;
use countersign_einvoice::check::{CheckReport, Verdict};
use countersign_einvoice::read::{Reading, read};
use serde_json::{Value, json};

fn report(document: &str) -> CheckReport {
    match read(document.as_bytes()) {
        Ok(reading) => CheckReport::of_reading("00ff", &reading, &[], &[]),
        Err(unreadable) => CheckReport::of_unreadable(Some("00ff".to_owned()), &unreadable),
    }
}

#[test]
fn an_accepted_document_has_every_key() {
    let value = serde_json::to_value(report(&sample::ubl())).unwrap();
    let keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "sha256", "syntax", "profile", "rulesets", "verdict", "fatal", "warning", "findings",
        "fields", "totals",
    ];
    expected.sort_unstable();
    let mut sorted = keys;
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(value["syntax"], "ubl-invoice");
    assert_eq!(value["profile"], "en16931");
    assert_eq!(value["rulesets"], json!(["cs-read"]));
    assert_eq!(value["verdict"], "accepted");
    let totals = json!({"currency": "EUR", "line_net": "102.50", "without_vat": "100.00", "vat": "19.00",
        "with_vat": "119.00", "paid": null, "due": "119.00"});
    assert_eq!(value["totals"], totals);
    let fields = value["fields"].as_array().unwrap();
    let gross = fields
        .iter()
        .find(|field| field["term"] == "BT-112")
        .unwrap();
    assert_eq!(gross["path"], "BG-22/BT-112");
    assert_eq!(gross["name"], "Invoice total amount with VAT");
    assert_eq!(gross["raw"], "119.00");
    assert!(gross["position"]["line"].as_u64().unwrap() > 1);
    assert!(
        fields
            .iter()
            .any(|field| field["path"] == "BG-25[2]/BT-131")
    );
}

#[test]
fn a_wrong_mandatory_value_rejects_and_broken_xml_is_unreadable() {
    let rejected = report(
        &sample::ubl().replace(">119.00</cbc:PayableAmount>", ">119,00</cbc:PayableAmount>"),
    );
    assert_eq!(rejected.verdict, Verdict::Rejected);
    let value = serde_json::to_value(&rejected).unwrap();
    assert_eq!(value["fatal"], json!(["CS-READ-AMOUNT"]));
    assert_eq!(value["findings"][0]["term"], "BG-22/BT-115");
    assert_eq!(value["findings"][0]["level"], "fatal");
    assert_eq!(value["totals"]["due"], Value::Null);
    let unreadable = report("<Invoice");
    assert_eq!(unreadable.verdict, Verdict::Unreadable);
    assert_eq!(
        serde_json::to_value(&unreadable).unwrap()["syntax"],
        Value::Null
    );
    for one in [rejected, unreadable] {
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<CheckReport>(&json).unwrap(), one);
    }
}

#[test]
fn a_reading_survives_being_stored() {
    for document in [sample::ubl(), sample::cii()] {
        let reading = read(document.as_bytes()).unwrap();
        let json = serde_json::to_string(&reading).unwrap();
        assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading);
    }
}
