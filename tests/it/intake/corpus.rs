//! Every real document becomes a bill that says what the document says, by a reading of the test's own.

use std::path::Path;
use std::process::Command;

use countersign::payables::bills::actions::show;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::intake::actions::Outcome;
use countersign_einvoice::model::{Invoice, Sensitive};
use countersign_money::Money;
use rust_decimal::Decimal;

use super::expected::{Expected, expected, utf8};
use super::{Desk, Stored};
use crate::support;
use crate::support::stores::on_both;
use crate::support::temp::TempDir;

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the bill says something else than the document; nothing where both agree.
fn differences(stored: &Stored, invoice: &Invoice, want: &Expected) -> Vec<String> {
    let mut off = Vec::new();
    let bill = &stored.bill;
    let mut same = |what: &str, is: String, want: String| {
        if is != want {
            off.push(format!("{what}: bill {is:?}, document {want:?}"));
        }
    };
    same("number", bill.number.clone(), want.number.clone());
    same("seller", bill.vendor_name.clone(), joined(&want.seller));
    // What the bill's page shows beside the document; the bill itself keeps no tax id in clear.
    let id = |id: &Option<Sensitive>| id.as_ref().map_or("", Sensitive::expose).to_owned();
    same(
        "seller's VAT id",
        id(&invoice.seller.vat_id),
        want.seller_vat_id.clone(),
    );
    same(
        "buyer",
        joined(invoice.buyer.name.as_deref().unwrap_or_default()),
        joined(&want.buyer),
    );
    same(
        "buyer's VAT id",
        id(&invoice.buyer.vat_id),
        want.buyer_vat_id.clone(),
    );
    same(
        "currency",
        bill.currency.map_or(String::new(), |c| c.code().into()),
        want.currency.clone(),
    );
    same(
        "issued",
        bill.issue_date.map_or(String::new(), |d| d.to_string()),
        want.issued.clone(),
    );
    if let Some(due) = &want.due {
        same(
            "due",
            bill.due_date.map_or(String::new(), |d| d.to_string()),
            due.clone(),
        );
    }
    same(
        "credit note",
        (bill.kind == BillKind::CreditNote).to_string(),
        want.credit.to_string(),
    );
    let Some(currency) = bill.currency else {
        return off;
    };
    let plain =
        |minor: Option<i64>| minor.map(|m| Money::from_minor(m, currency).to_decimal().normalize());
    let exact = |value: Option<Decimal>| {
        value
            .filter(|v| v.normalize().scale() <= currency.digits())
            .map(|v| v.normalize())
    };
    for (what, is, want) in [
        ("net", bill.net_minor, want.net),
        ("tax", bill.tax_minor, want.tax),
        ("gross", bill.gross_minor, want.gross),
        ("payable", bill.payable_minor, want.payable),
    ] {
        same(
            what,
            format!("{:?}", plain(is)),
            format!("{:?}", exact(want)),
        );
    }
    let vat: Vec<_> = stored
        .vat
        .iter()
        .map(|v| {
            let rate: Option<Decimal> = v.rate.parse().ok();
            (
                v.category.clone(),
                rate.map(|rate| rate.normalize()),
                plain(v.basis_minor),
                plain(v.tax_minor),
            )
        })
        .collect();
    let wanted: Vec<_> = want
        .vat
        .iter()
        .map(|(c, r, b, t)| {
            (
                c.clone(),
                r.map(|rate| rate.normalize()),
                exact(*b),
                exact(*t),
            )
        })
        .collect();
    same("VAT", format!("{vat:?}"), format!("{wanted:?}"));
    let lines: Vec<_> = stored
        .lines
        .iter()
        .filter(|l| !l.label.starts_with("BG-") && l.label != "BT-109")
        .map(|l| plain(l.net_minor))
        .collect();
    let wanted: Vec<_> = want.lines.iter().map(|l| exact(*l)).collect();
    same("lines", format!("{lines:?}"), format!("{wanted:?}"));
    off
}

struct Case {
    file: String,
    bytes: Vec<u8>,
    xml: String,
}

/// The documents with an invoice in them; `share` of them, evenly.
fn cases(share: usize) -> Vec<Case> {
    let Some(list) = support::material("verdicts-einvoice.jsonl") else {
        return Vec::new();
    };
    let folder = list.parent().expect("it stands in a folder").to_owned();
    let lines = std::fs::read_to_string(&list).expect("the list reads");
    lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .filter(|v| v["syntax"].is_string() || v["embedded"].is_string())
        .step_by(share)
        .map(|v| {
            let file = v["file"].as_str().expect("a file").to_owned();
            let bytes = std::fs::read(folder.join(&file)).expect("the file reads");
            let xml = match v["embedded"].as_str() {
                Some(name) if v["kind"] == "pdf" => detached(&folder.join(&file), name),
                _ => bytes.clone(),
            };
            Case {
                file,
                xml: utf8(&xml),
                bytes,
            }
        })
        .collect()
}

/// An attachment as poppler finds it, which shares no line with our own reader.
fn detached(pdf: &Path, name: &str) -> Vec<u8> {
    let poppler = |arguments: &[&str]| {
        let output = Command::new("pdfdetach")
            .args(arguments)
            .arg(pdf)
            .output()
            .expect("poppler is installed (`deploy/install-debian.sh test`)");
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    let listed = poppler(&["-list"]);
    let number = listed
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(_, found)| *found == name)
        .map(|(number, _)| number.trim().to_owned())
        .unwrap_or_else(|| panic!("{}: no {name} in {listed}", pdf.display()));
    let out = TempDir::new("detached");
    let file = out.path().join("attachment");
    let path = file.to_str().expect("temporary folders have plain names");
    let said = poppler(&["-save", &number, "-o", path]);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; {said}", pdf.display()))
}

async fn all_become_bills(desk: &Desk, cases: &[Case]) {
    let mut problems = Vec::new();
    for case in cases {
        let taken = desk.send(&case.file, &case.bytes).await.expect(&case.file);
        if taken.outcome == Outcome::Duplicate {
            continue;
        }
        if taken.outcome != Outcome::New {
            problems.push(format!(
                "{}: {} {:?}",
                case.file, taken.outcome, taken.findings
            ));
            continue;
        }
        let access = desk.clerk.access().await;
        let shown = show(desk.app(), &access, taken.bill).await.expect("shown");
        let Some(invoice) = shown.invoice else {
            problems.push(format!("{}: its page shows no invoice", case.file));
            continue;
        };
        let stored = desk.stored(taken.bill).await;
        let off = differences(&stored, &invoice, &expected(&case.xml));
        problems.extend(off.into_iter().map(|off| format!("{}: {off}", case.file)));
    }
    assert!(
        problems.is_empty(),
        "{} problems\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_real_document_becomes_a_bill_that_says_the_same() {
    let cases = cases(1);
    if cases.is_empty() {
        return;
    }
    assert_eq!(cases.len(), 230);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let t = std::sync::Arc::new(support::stores::TestStore::embedded().await);
        let desk = Desk::new(&t).await;
        all_become_bills(&desk, &cases).await;
    });
}

#[test]
fn a_sample_becomes_the_same_bills_on_both_engines() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        all_become_bills(&desk, &cases(12)).await;
    });
}
