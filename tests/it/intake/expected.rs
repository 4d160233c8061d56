//! What a document says, read by XPath-like steps over a tree: it shares no line with the program's own reader.

use roxmltree::{Document, Node};
use rust_decimal::Decimal;

/// What the test reads in a document itself.
#[derive(Debug, Default)]
pub struct Expected {
    pub number: String,
    pub issued: String,
    pub due: Option<String>,
    pub currency: String,
    pub seller: String,
    pub seller_vat_id: String,
    pub buyer: String,
    pub buyer_vat_id: String,
    pub net: Option<Decimal>,
    pub tax: Option<Decimal>,
    pub gross: Option<Decimal>,
    pub payable: Option<Decimal>,
    /// Category, rate in percent, basis, tax.
    pub vat: Vec<Vat>,
    pub lines: Vec<Option<Decimal>>,
    pub credit: bool,
}

pub type Vat = (String, Option<Decimal>, Option<Decimal>, Option<Decimal>);

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

/// The VAT id among a party's tax registrations: that of the scheme VAT in UBL, VA in CII.
fn vat_id(party: Option<Node<'_, '_>>) -> String {
    let Some(party) = party else {
        return String::new();
    };
    let ubl = children(party, "PartyTaxScheme")
        .find(|scheme| text(*scheme, &["TaxScheme", "ID"]).as_deref() == Some("VAT"))
        .and_then(|scheme| text(scheme, &["CompanyID"]));
    let cii = || {
        children(party, "SpecifiedTaxRegistration")
            .filter_map(|registration| at(registration, &["ID"]))
            .find(|id| id.attribute("schemeID") == Some("VA"))
            .and_then(|id| id.text())
            .map(|id| id.trim().to_owned())
    };
    ubl.or_else(cii).unwrap_or_default()
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
    let buyer = at(root, &["AccountingCustomerParty", "Party"]);
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
        seller_vat_id: vat_id(Some(party)),
        buyer: buyer
            .and_then(|buyer| text(buyer, &["PartyLegalEntity", "RegistrationName"]))
            .unwrap_or_default(),
        buyer_vat_id: vat_id(buyer),
        net: total("TaxExclusiveAmount"),
        tax: tax_total.and_then(|t| number(t, &["TaxAmount"])),
        gross: total("TaxInclusiveAmount"),
        payable: total("PayableAmount"),
        vat: tax_total.map_or_else(Vec::new, |t| {
            children(t, "TaxSubtotal")
                .map(|s| {
                    (
                        text(s, &["TaxCategory", "ID"]).unwrap_or_default(),
                        number(s, &["TaxCategory", "Percent"]),
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
        seller_vat_id: vat_id(at(agreement, &["SellerTradeParty"])),
        buyer: text(agreement, &["BuyerTradeParty", "Name"]).unwrap_or_default(),
        buyer_vat_id: vat_id(at(agreement, &["BuyerTradeParty"])),
        net: number(totals, &["TaxBasisTotalAmount"]),
        tax,
        gross: number(totals, &["GrandTotalAmount"]),
        payable: number(totals, &["DuePayableAmount"]),
        vat: children(settlement, "ApplicableTradeTax")
            .map(|t| {
                (
                    text(t, &["CategoryCode"]).unwrap_or_default(),
                    number(t, &["RateApplicablePercent"])
                        .or_else(|| number(t, &["ApplicablePercent"])),
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

pub fn expected(xml: &str) -> Expected {
    let document = Document::parse(xml).expect("the corpus is well-formed");
    let root = document.root_element();
    match root.tag_name().name() {
        "Invoice" | "CreditNote" => of_ubl(root),
        _ => of_cii(root),
    }
}

/// A document as text, whatever its encoding.
pub fn utf8(bytes: &[u8]) -> String {
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
