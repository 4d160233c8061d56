//! What the writers write is valid by the official schemas: each form with little, with every optional group, and what
//! was read of the shared material and written again.

use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_einvoice::model::{
    Address, AllowanceCharge, Contact, CreditTransfer, Currency, Delivery, Embedded, Identifier,
    Invoice, Item, Line, Party, PaymentCard, PaymentMeans, Period, Price, Quantity, References,
    Sensitive, SupportingDocument,
};
use countersign_einvoice::read::{Syntax, read};
use jiff::civil::date;
use rust_decimal::Decimal;

use crate::data::{documents, folder};
use crate::round_trip::write_as;
use crate::sample::{amount, invoice};

const FORMS: [Syntax; 3] = [Syntax::UblInvoice, Syntax::UblCreditNote, Syntax::Cii];

fn schema(xsd: &Path, syntax: Syntax) -> Option<PathBuf> {
    let file = match syntax {
        Syntax::UblInvoice => "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
        Syntax::UblCreditNote => "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
        Syntax::Cii => {
            "cii-d16b-uncoupled/CII/uncefact/data/standard/CrossIndustryInvoice_100pD16B.xsd"
        }
        Syntax::Zugferd1 => return None,
    };
    Some(xsd.join(file))
}

/// What xmllint says against these documents; one process reads the schema once for all of them.
fn problems(schema: &Path, documents: &[(String, Vec<u8>)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files: Vec<PathBuf> = (0..documents.len())
        .map(|index| folder.path().join(format!("{index}.xml")))
        .collect();
    for (file, (_, bytes)) in files.iter().zip(documents) {
        std::fs::write(file, bytes).expect("our own folder");
    }
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .args(&files)
        .output()
        .expect("xmllint is installed (`deploy/install-debian.sh test`)");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let named = |index: usize| format!("/{index}.xml");
    let mut found = Vec::new();
    for (index, (name, _)) in documents.iter().enumerate() {
        let lines: Vec<&str> = said
            .lines()
            .filter(|line| line.contains(&named(index)))
            .collect();
        let is_valid = lines.iter().any(|line| line.ends_with(" validates"));
        if !is_valid {
            found.push(format!("{name}: {}", lines.join("\n    ")));
        }
    }
    found
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn identifier(value: &str) -> Option<Identifier> {
    Some(Identifier {
        value: value.to_owned(),
        scheme: text("0088"),
    })
}

fn address() -> Option<Address> {
    Some(Address {
        line1: text("Kai 7"),
        line2: text("Tor 2"),
        line3: text("Hinterhof"),
        city: text("Köln"),
        post_code: text("50667"),
        subdivision: text("NRW"),
        country: text("DE"),
    })
}

fn party(name: &str) -> Party {
    Party {
        name: text(name),
        trading_name: text("Trading"),
        identifiers: vec![
            Identifier {
                value: "4711".to_owned(),
                scheme: None,
            },
            identifier("4000001123452").expect("one"),
        ],
        legal_registration: identifier("HRB 1"),
        vat_id: Some(Sensitive::new("DE123456789")),
        tax_registration: Some(Sensitive::new("201/123/40207")),
        additional_legal_information: text("Managing director: X"),
        electronic_address: identifier("9930:de1"),
        address: address(),
        contact: Some(Contact {
            name: text("Nia"),
            telephone: text("+49 1"),
            email: text("nia@x.example"),
        }),
    }
}

fn allowance(with_vat: bool) -> AllowanceCharge {
    AllowanceCharge {
        amount: amount(100),
        base_amount: amount(1000),
        percentage: Some(Decimal::new(10, 0)),
        vat_category: text("S").filter(|_| with_vat),
        vat_rate: Some(Decimal::new(19, 0)).filter(|_| with_vat),
        reason: text("Discount"),
        reason_code: text("95"),
    }
}

fn period() -> Period {
    Period {
        start: Some(date(2024, 2, 1)),
        end: Some(date(2024, 2, 29)),
    }
}

fn line() -> Line {
    let hours = Quantity {
        value: Decimal::new(25, 1),
        unit: Some("HUR".into()),
    };
    let mut line = invoice().lines.remove(0);
    line = Line {
        note: Some("a note".into()),
        object: identifier("meter 7").map(Box::new),
        purchase_order_line: Some("3".into()),
        buyer_accounting: Some("4711".into()),
        period: Some(Box::new(period())),
        allowances: vec![allowance(false)],
        charges: vec![allowance(false)],
        price: Price {
            net: amount(2054),
            discount: amount(46),
            gross: amount(2100),
            base_quantity: Some(hours),
        },
        ..line
    };
    line.item = Item {
        description: Some("by the hour".into()),
        seller_id: Some("s-1".into()),
        buyer_id: Some("b-1".into()),
        standard_id: identifier("4012345000016").map(Box::new),
        origin_country: Some("DE".into()),
        ..line.item
    };
    line
}

/// An invoice in which no optional group is missing.
fn full() -> Invoice {
    let mut full = Invoice {
        tax_currency: Currency::parse("SEK"),
        business_process: text("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
        references: References {
            buyer: text("04011000-12345-03"),
            project: text("P-1"),
            contract: text("C-1"),
            purchase_order: text("PO-1"),
            sales_order: text("SO-1"),
            receiving_advice: text("RA-1"),
            despatch_advice: text("DA-1"),
            tender_or_lot: text("T-1"),
            invoiced_object: identifier("object"),
            buyer_accounting: text("4711"),
        },
        seller: party("Söhne GmbH"),
        buyer: party("O'Brien"),
        payee: Some(Party {
            name: text("Factor"),
            identifiers: identifier("4000001123452").into_iter().collect(),
            legal_registration: identifier("HRB 2"),
            ..Party::default()
        }),
        tax_representative: Some(Party {
            name: text("Fiscal"),
            vat_id: Some(Sensitive::new("DE987654321")),
            address: address(),
            ..Party::default()
        }),
        delivery: Some(Delivery {
            name: text("Depot"),
            location: identifier("4000001123459"),
            date: Some(date(2024, 2, 20)),
            address: address(),
        }),
        period: Some(period()),
        allowances: vec![allowance(true), allowance(true)],
        charges: vec![allowance(true)],
        supporting_documents: vec![SupportingDocument {
            reference: text("time sheet"),
            description: text("hours"),
            location: text("https://x.example/1"),
            embedded: Some(Embedded {
                mime: text("application/pdf"),
                filename: text("a.pdf"),
                ..Embedded::default()
            }),
        }],
        lines: vec![line(), line()],
        ..invoice()
    };
    full.totals.vat_in_tax_currency = amount(21_000);
    full.totals.paid = amount(100);
    full.totals.rounding = amount(1);
    full.payment.terms = text("30 days");
    full.payment.mandate = Some(Sensitive::new("M-1"));
    full.payment.creditor = Some(Sensitive::new("DE98ZZZ09999999999"));
    full.payment.means = vec![PaymentMeans {
        code: text("59"),
        text: text("SEPA"),
        credit_transfer: Some(CreditTransfer {
            account: Some(Sensitive::new("DE75512108001245126199")),
            account_name: text("Söhne GmbH"),
            bank: text("SOGEDEFFXXX"),
        }),
        card: Some(PaymentCard {
            number: Some(Sensitive::new("1234")),
            holder: text("Nia"),
        }),
        debited_account: Some(Sensitive::new("DE02120300000000202051")),
        ..PaymentMeans::default()
    }];
    for vat in &mut full.vat_breakdown {
        vat.exemption_reason = text("because");
        vat.exemption_reason_code = text("VATEX-EU-O");
    }
    full
}

/// The variants in which an element stands in another place, or another one stands in its place.
fn variants() -> Vec<(&'static str, Invoice)> {
    let mut dated = full();
    dated.tax_point_date = Some(date(2024, 2, 29));
    let mut coded = full();
    coded.tax_point_code = text("35");
    let mut no_means = full();
    no_means.payment.means.clear();
    let mut no_order = full();
    no_order.references.purchase_order = None;
    let mut other_account = full();
    if let Some(transfer) = &mut other_account.payment.means[0].credit_transfer {
        transfer.account = Some(Sensitive::new("12-34-56 7890"));
    }
    vec![
        ("little", invoice()),
        ("everything", full()),
        ("a tax point date", dated),
        ("a tax point code", coded),
        ("no means of payment", no_means),
        ("a sales order alone", no_order),
        ("an account that is no IBAN", other_account),
    ]
}

#[test]
fn every_form_of_every_sample_is_valid() {
    let Some(xsd) = folder().map(|folder| folder.join("xsd")) else {
        return;
    };
    let mut found = Vec::new();
    for syntax in FORMS {
        let written: Vec<(String, Vec<u8>)> = variants()
            .into_iter()
            .map(|(name, invoice)| (format!("{syntax:?}, {name}"), write_as(syntax, &invoice)))
            .collect();
        let schema = schema(&xsd, syntax).expect("it has one");
        found.extend(problems(&schema, &written));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    // The check itself can go red.
    let broken = vec![(
        "broken".to_owned(),
        b"<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"/>".to_vec(),
    )];
    let invoices = schema(&xsd, Syntax::UblInvoice).expect("it has one");
    assert_eq!(problems(&invoices, &broken).len(), 1);
}

#[test]
fn what_was_valid_is_valid_when_it_is_written_again() {
    let Some(xsd) = folder().map(|folder| folder.join("xsd")) else {
        return;
    };
    let mut found = Vec::new();
    let mut count = 0;
    for syntax in FORMS {
        let schema = schema(&xsd, syntax).expect("it has one");
        let readings: Vec<_> = documents()
            .into_iter()
            .filter_map(|document| {
                let reading = read(&document.bytes[..]).ok()?;
                let clean = reading.syntax == syntax && reading.findings.is_empty();
                clean.then_some((document, reading.invoice))
            })
            .collect();
        let originals: Vec<(String, Vec<u8>)> = readings
            .iter()
            .map(|(document, _)| (document.name.clone(), document.bytes.clone()))
            .collect();
        let invalid = problems(&schema, &originals);
        let written: Vec<(String, Vec<u8>)> = readings
            .iter()
            .filter(|(document, _)| {
                let prefix = format!("{}: ", document.name);
                !invalid.iter().any(|problem| problem.starts_with(&prefix))
            })
            .map(|(document, invoice)| (document.name.clone(), write_as(syntax, invoice)))
            .collect();
        count += written.len();
        found.extend(problems(&schema, &written));
    }
    assert!(count > 100, "only {count} documents were compared");
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
