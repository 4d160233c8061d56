//! Every real document becomes a bill that says what the document says, by a reading of the test's own.

use countersign::payables::bills::rules::BillKind;
use countersign::payables::intake::actions::Outcome;
use countersign_einvoice::facturx;
use countersign_money::Money;
use roxmltree::{Document, Node};
use rust_decimal::Decimal;

use super::{Desk, Stored};
use crate::support;
use crate::support::stores::on_both;

/// What the test reads in a document itself.
#[derive(Debug, Default)]
struct Expected {
    number: String,
    issued: String,
    due: Option<String>,
    currency: String,
    seller: String,
    net: Option<Decimal>,
    tax: Option<Decimal>,
    gross: Option<Decimal>,
    payable: Option<Decimal>,
    /// Category, basis, tax.
    vat: Vec<(String, Option<Decimal>, Option<Decimal>)>,
    lines: Vec<Option<Decimal>>,
    credit: bool,
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn at<'a, 'i>(node: Node<'a, 'i>, path: &[&'static str]) -> Option<Node<'a, 'i>> {
    path.iter()
        .try_fold(node, |node, name| children(node, name).next())
}

fn text(node: Node<'_, '_>, path: &[&'static str]) -> Option<String> {
    let text = at(node, path)?.text().unwrap_or_default().trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn number(node: Node<'_, '_>, path: &[&'static str]) -> Option<Decimal> {
    text(node, path)?.parse().ok()
}

fn of_ubl(root: Node<'_, '_>) -> Expected {
    let credit = root.tag_name().name() == "CreditNote";
    let totals = at(root, &["LegalMonetaryTotal"]).expect("totals");
    let total = |name| number(totals, &[name]);
    let currency = text(root, &["DocumentCurrencyCode"]).unwrap_or_default();
    let tax_total = children(root, "TaxTotal").find(|total| {
        at(*total, &["TaxAmount"]).and_then(|a| a.attribute("currencyID"))
            == Some(currency.as_str())
    });
    let party = at(root, &["AccountingSupplierParty", "Party"]).expect("a seller");
    let (line, due) = if credit {
        (
            "CreditNoteLine",
            text(root, &["PaymentMeans", "PaymentDueDate"]),
        )
    } else {
        ("InvoiceLine", text(root, &["DueDate"]))
    };
    Expected {
        number: text(root, &["ID"]).unwrap_or_default(),
        issued: text(root, &["IssueDate"]).unwrap_or_default(),
        due,
        seller: text(party, &["PartyLegalEntity", "RegistrationName"]).unwrap_or_default(),
        net: total("TaxExclusiveAmount"),
        tax: tax_total.and_then(|t| number(t, &["TaxAmount"])),
        gross: total("TaxInclusiveAmount"),
        payable: total("PayableAmount"),
        vat: tax_total.map_or_else(Vec::new, |t| {
            children(t, "TaxSubtotal")
                .map(|s| {
                    (
                        text(s, &["TaxCategory", "ID"]).unwrap_or_default(),
                        number(s, &["TaxableAmount"]),
                        number(s, &["TaxAmount"]),
                    )
                })
                .collect()
        }),
        lines: children(root, line)
            .map(|l| number(l, &["LineExtensionAmount"]))
            .collect(),
        credit,
        currency,
    }
}

fn date(node: Node<'_, '_>, path: &[&'static str]) -> Option<String> {
    let text = text(node, path)?;
    let digits = text
        .get(..8)
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    Some(format!(
        "{}-{}-{}",
        &digits[..4],
        &digits[4..6],
        &digits[6..]
    ))
}

fn of_cii(root: Node<'_, '_>) -> Expected {
    let document = at(root, &["ExchangedDocument"])
        .or_else(|| at(root, &["HeaderExchangedDocument"]))
        .expect("a head");
    let trade = at(root, &["SupplyChainTradeTransaction"])
        .or_else(|| at(root, &["SpecifiedSupplyChainTradeTransaction"]))
        .expect("a trade");
    let first = |names: &[&'static str]| {
        names
            .iter()
            .find_map(|name| at(trade, &[name]))
            .expect("a group")
    };
    let settlement = first(&[
        "ApplicableHeaderTradeSettlement",
        "ApplicableSupplyChainTradeSettlement",
    ]);
    let agreement = first(&[
        "ApplicableHeaderTradeAgreement",
        "ApplicableSupplyChainTradeAgreement",
    ]);
    let totals = [
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    ]
    .iter()
    .find_map(|name| at(settlement, &[name]))
    .expect("totals");
    let currency = text(settlement, &["InvoiceCurrencyCode"]).unwrap_or_default();
    let tax = children(totals, "TaxTotalAmount")
        .find(|a| a.attribute("currencyID").is_none_or(|c| c == currency))
        .and_then(|a| a.text()?.trim().parse().ok());
    Expected {
        number: text(document, &["ID"]).unwrap_or_default(),
        issued: date(document, &["IssueDateTime", "DateTimeString"]).unwrap_or_default(),
        due: children(settlement, "SpecifiedTradePaymentTerms")
            .find_map(|terms| date(terms, &["DueDateDateTime", "DateTimeString"])),
        seller: text(agreement, &["SellerTradeParty", "Name"]).unwrap_or_default(),
        net: number(totals, &["TaxBasisTotalAmount"]),
        tax,
        gross: number(totals, &["GrandTotalAmount"]),
        payable: number(totals, &["DuePayableAmount"]),
        vat: children(settlement, "ApplicableTradeTax")
            .map(|t| {
                (
                    text(t, &["CategoryCode"]).unwrap_or_default(),
                    number(t, &["BasisAmount"]),
                    number(t, &["CalculatedAmount"]),
                )
            })
            .collect(),
        lines: children(trade, "IncludedSupplyChainTradeLineItem")
            .map(|line| {
                [
                    "SpecifiedLineTradeSettlement",
                    "SpecifiedSupplyChainTradeSettlement",
                ]
                .iter()
                .find_map(|name| {
                    let settlement = at(line, &[name])?;
                    number(
                        settlement,
                        &[
                            "SpecifiedTradeSettlementLineMonetarySummation",
                            "LineTotalAmount",
                        ],
                    )
                    .or_else(|| {
                        number(
                            settlement,
                            &[
                                "SpecifiedTradeSettlementMonetarySummation",
                                "LineTotalAmount",
                            ],
                        )
                    })
                })
            })
            .collect(),
        credit: matches!(
            text(document, &["TypeCode"]).as_deref(),
            Some("381" | "261" | "83" | "81" | "396")
        ),
        currency,
    }
}

fn expected(xml: &str) -> Expected {
    let document = Document::parse(xml).expect("the corpus is well-formed");
    let root = document.root_element();
    match root.tag_name().name() {
        "Invoice" | "CreditNote" => of_ubl(root),
        _ => of_cii(root),
    }
}

/// Where the bill says something else than the document; nothing where both agree.
fn differences(stored: &Stored, want: &Expected) -> Vec<String> {
    let mut off = Vec::new();
    let bill = &stored.bill;
    let mut same = |what: &str, is: String, want: String| {
        if is != want {
            off.push(format!("{what}: bill {is:?}, document {want:?}"));
        }
    };
    same("number", bill.number.clone(), want.number.clone());
    same(
        "seller",
        bill.vendor_name.clone(),
        want.seller.split_whitespace().collect::<Vec<_>>().join(" "),
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
        .map(|v| (v.category.clone(), plain(v.basis_minor), plain(v.tax_minor)))
        .collect();
    let wanted: Vec<_> = want
        .vat
        .iter()
        .map(|(c, b, t)| (c.clone(), exact(*b), exact(*t)))
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
            let xml = if v["kind"] == "pdf" {
                facturx::extract(&bytes).expect("an invoice inside").xml
            } else {
                bytes.clone()
            };
            Case {
                file,
                xml: utf8(&xml),
                bytes,
            }
        })
        .collect()
}

fn utf8(bytes: &[u8]) -> String {
    let wide = |little: bool| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|p| {
                if little {
                    u16::from_le_bytes([p[0], p[1]])
                } else {
                    u16::from_be_bytes([p[0], p[1]])
                }
            })
            .collect();
        String::from_utf16(&units).expect("UTF-16")
    };
    match bytes {
        [0xFF, 0xFE, ..] => wide(true),
        [0xFE, 0xFF, ..] => wide(false),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    }
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
        let off = differences(&desk.stored(taken.bill).await, &expected(&case.xml));
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
