//! A small invoice in each syntax, made here.

use countersign_einvoice::model::{
    Address, AllowanceCharge, Amount, CreditTransfer, Currency, Identifier, Invoice, Item,
    ItemAttribute, ItemClassification, Line, Note, Party, PaymentMeans, Period, PrecedingInvoice,
    Price, Quantity, Sensitive, Totals, VatBreakdown,
};
use countersign_einvoice::write;
use jiff::civil::date;
use rust_decimal::Decimal;

pub fn amount(cents: i64) -> Option<Amount> {
    Some(Amount::new(Decimal::new(cents, 2)))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An invoice with something of most groups.
pub fn invoice() -> Invoice {
    let mut invoice = Invoice {
        number: text("R-2024/17"),
        issue_date: Some(date(2024, 2, 29)),
        type_code: text("380"),
        currency: Currency::parse("EUR"),
        due_date: Some(date(2024, 3, 30)),
        specification: text("urn:cen.eu:en16931:2017"),
        notes: vec![Note {
            subject_code: text("AAI"),
            text: "Müller & Söhne <danken>".to_owned(),
        }],
        preceding_invoices: vec![PrecedingInvoice {
            number: text("R-2024/3"),
            issue_date: Some(date(2024, 1, 5)),
        }],
        seller: party("Söhne GmbH", "DE123456789"),
        buyer: party("O'Brien \"Ltd\"", "IE6388047V"),
        period: Some(Period {
            start: Some(date(2024, 2, 1)),
            end: None,
        }),
        allowances: vec![AllowanceCharge {
            amount: amount(500),
            percentage: Some(Decimal::new(5, 0)),
            vat_category: text("S"),
            vat_rate: Some(Decimal::new(19, 0)),
            reason: text("Discount"),
            ..AllowanceCharge::default()
        }],
        charges: vec![AllowanceCharge {
            amount: amount(250),
            reason: text("Freight"),
            ..AllowanceCharge::default()
        }],
        totals: totals(),
        vat_breakdown: vec![VatBreakdown {
            taxable: amount(10000),
            tax: amount(1900),
            category: text("S"),
            rate: Some(Decimal::new(19, 0)),
            ..VatBreakdown::default()
        }],
        lines: vec![line("1"), line("2")],
        ..Invoice::default()
    };
    invoice.payment.remittance_information = text("RF18 5390 0754 7034");
    invoice.payment.means.push(PaymentMeans {
        code: text("58"),
        credit_transfer: Some(CreditTransfer {
            account: Some(Sensitive::new("DE75512108001245126199")),
            account_name: text("Söhne GmbH"),
            bank: text("SOGEDEFFXXX"),
        }),
        ..PaymentMeans::default()
    });
    invoice
}

fn totals() -> Totals {
    Totals {
        line_net: amount(10250),
        allowances: amount(500),
        charges: amount(250),
        without_vat: amount(10000),
        vat: amount(1900),
        with_vat: amount(11900),
        due: amount(11900),
        ..Totals::default()
    }
}

fn party(name: &str, vat_id: &str) -> Party {
    Party {
        name: text(name),
        identifiers: vec![Identifier {
            value: "4000001123452".to_owned(),
            scheme: text("0088"),
        }],
        vat_id: Some(Sensitive::new(vat_id)),
        address: Some(Address {
            city: text("Köln"),
            country: text("DE"),
            ..Address::default()
        }),
        ..Party::default()
    }
}

fn line(id: &str) -> Line {
    Line {
        id: Some(id.into()),
        quantity: Some(Quantity {
            value: Decimal::new(25, 1),
            unit: Some("HUR".into()),
        }),
        net_amount: amount(5125),
        vat_category: Some("S".into()),
        vat_rate: Some(Decimal::new(1900, 2)),
        allowances: vec![AllowanceCharge {
            amount: amount(10),
            reason: text("Rebate"),
            ..AllowanceCharge::default()
        }],
        price: Price {
            net: Some(Amount::new(Decimal::new(2054, 2))),
            ..Price::default()
        },
        item: Item {
            name: Some("Consulting".into()),
            classifications: vec![ItemClassification {
                code: "80101500".into(),
                scheme: Some("TST".into()),
                version: None,
            }],
            attributes: vec![ItemAttribute {
                name: Some("Colour".into()),
                value: Some("Blue".into()),
            }],
            ..Item::default()
        },
        ..Line::default()
    }
}

/// The invoice as UBL.
pub fn ubl() -> String {
    String::from_utf8(write::ubl_invoice(&invoice(), &[]).expect("it can be written"))
        .expect("UTF-8")
}

/// The invoice as CII.
pub fn cii() -> String {
    String::from_utf8(write::cii(&invoice(), &[]).expect("it can be written")).expect("UTF-8")
}
