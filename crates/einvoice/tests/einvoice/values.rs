//! Values that do not parse are findings, and reading goes on with the rest.

use crate::sample;
use countersign_einvoice::check::{Finding, Level};
use countersign_einvoice::read::{Reading, Syntax, read};
use countersign_einvoice::terms::Term;
use jiff::civil::date;
use rust_decimal::Decimal;

fn changed(document: String, from: &str, to: &str) -> Reading {
    assert!(document.contains(from), "{from} is not there");
    read(document.replacen(from, to, 1).as_bytes()).expect("it stays readable")
}

fn only(reading: &Reading) -> &Finding {
    match &reading.findings[..] {
        [one] => one,
        other => panic!("one finding was expected: {other:?}"),
    }
}

#[test]
fn a_wrong_value_names_its_term_and_line_and_the_rest_is_read() {
    for (from, to, term, level) in [
        (
            "<cbc:IssueDate>2024-02-29",
            "<cbc:IssueDate>2024-02-30",
            Term::Bt2,
            Level::Fatal,
        ),
        (
            "<cbc:DueDate>2024-03-30",
            "<cbc:DueDate>30.03.2024",
            Term::Bt9,
            Level::Warning,
        ),
        (
            ">119.00</cbc:PayableAmount>",
            ">12,50</cbc:PayableAmount>",
            Term::Bt115,
            Level::Fatal,
        ),
        (
            ">119.00</cbc:TaxInclusiveAmount>",
            ">9999999999999999999999999999999999999999</cbc:TaxInclusiveAmount>",
            Term::Bt112,
            Level::Fatal,
        ),
        (
            ">19</cbc:Percent>",
            ">19%</cbc:Percent>",
            Term::Bt96,
            Level::Warning,
        ),
        (
            ">EUR</cbc:DocumentCurrencyCode>",
            ">Euro</cbc:DocumentCurrencyCode>",
            Term::Bt5,
            Level::Fatal,
        ),
    ] {
        let reading = changed(sample::ubl(), from, to);
        let finding = only(&reading);
        assert_eq!(
            (finding.term.unwrap().term, finding.level),
            (term, level),
            "{finding:?}"
        );
        let line = sample::ubl()
            .split(from)
            .next()
            .unwrap()
            .matches('\n')
            .count() as u32
            + 1;
        assert_eq!(finding.position.unwrap().line, line);
        assert!(
            finding.message.contains("Write") || finding.message.contains("Ask"),
            "{finding:?}"
        );
        assert_eq!(reading.invoice.lines.len(), 2);
        assert_eq!(reading.invoice.number.as_deref(), Some("R-2024/17"));
        let fact = reading
            .facts
            .iter()
            .find(|fact| fact.term() == term)
            .expect("the raw text is kept");
        assert!(to.contains(&*fact.raw));
    }
}

#[test]
fn cii_dates_need_their_format() {
    let from = "<udt:DateTimeString format=\"102\">20240229<";
    for to in [
        "<udt:DateTimeString format=\"102\">20240230<",
        "<udt:DateTimeString format=\"102\">2024-02-29<",
        "<udt:DateTimeString format=\"610\">202402<",
    ] {
        let reading = changed(sample::cii(), from, to);
        assert_eq!(only(&reading).rule.as_str(), "CS-READ-DATE");
        assert_eq!(
            (reading.invoice.issue_date, reading.invoice.due_date),
            (None, Some(date(2024, 3, 30)))
        );
    }
}

#[test]
fn a_term_that_stands_twice_keeps_the_first_and_says_so() {
    let twice =
        "<cbc:IssueDate>2024-02-28</cbc:IssueDate><cbc:IssueDate>2024-02-29</cbc:IssueDate>";
    let reading = changed(
        sample::ubl(),
        "<cbc:IssueDate>2024-02-29</cbc:IssueDate>",
        twice,
    );
    assert_eq!(only(&reading).rule.as_str(), "CS-READ-REPEATED");
    assert_eq!(reading.invoice.issue_date, Some(date(2024, 2, 28)));
}

#[test]
fn a_thousand_findings_are_listed_and_the_rest_counted() {
    let notes = "<cbc:DueDate>never</cbc:DueDate>".repeat(1_200);
    let reading = changed(
        sample::ubl(),
        "<cbc:DueDate>",
        &format!("{notes}<cbc:DueDate>"),
    );
    assert_eq!(reading.findings.len(), 1_001);
    assert!(reading.findings[1_000].message.starts_with("200 "));
}

#[test]
fn accounting_currency_and_other_currencies_are_told_apart() {
    let document = sample::ubl()
        .replace("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>")
        .replace("<cac:LegalMonetaryTotal>", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">211.03</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>")
        .replace("currencyID=\"EUR\">119.00</cbc:PayableAmount>", "currencyID=\"USD\">119.00</cbc:PayableAmount>");
    let reading = read(document.as_bytes()).unwrap();
    let totals = reading.invoice.totals;
    assert_eq!(totals.vat.unwrap().value, Decimal::new(1900, 2));
    assert_eq!(totals.vat.unwrap().currency, None);
    assert_eq!(
        totals.vat_in_tax_currency.unwrap().value,
        Decimal::new(21103, 2)
    );
    assert_eq!(totals.due.unwrap().currency.unwrap().as_str(), "USD");
    assert!(
        reading
            .facts
            .iter()
            .any(|fact| fact.term() == Term::Bt111 && &*fact.raw == "211.03")
    );
}

#[test]
fn any_prefix_and_any_encoding_read_the_same() {
    let plain = sample::ubl();
    let expected = read(plain.as_bytes()).unwrap();
    let renamed = plain
        .replace("<cbc:", "<x:")
        .replace("</cbc:", "</x:")
        .replace("xmlns:cbc", "xmlns:x")
        .replace("<cac:", "<y:")
        .replace("</cac:", "</y:")
        .replace("xmlns:cac", "xmlns:y");
    assert_eq!(read(renamed.as_bytes()).unwrap().invoice, expected.invoice);
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        plain
            .replace("UTF-8", "UTF-16")
            .encode_utf16()
            .flat_map(unit)
            .collect::<Vec<u8>>()
    };
    let latin = |name: &str| {
        plain
            .replace("UTF-8", name)
            .chars()
            .map(|c| u8::try_from(c).unwrap())
            .collect::<Vec<u8>>()
    };
    for (bytes, mark, width) in [
        (plain.clone().into_bytes(), &b"\xEF\xBB\xBF"[..], 0),
        (utf16(u16::to_le_bytes), b"\xFF\xFE", 2),
        (utf16(u16::to_be_bytes), b"\xFE\xFF", 2),
        (utf16(u16::to_le_bytes), b"", 2),
        (latin("ISO-8859-1"), b"", 1),
        (latin("windows-1252"), b"", 1),
    ] {
        let document = [mark, &bytes].concat();
        let reading = read(&document[..]).unwrap();
        assert_eq!(reading.invoice, expected.invoice);
        assert_eq!(reading.findings, []);
        // A fact's offset counts the bytes as they arrived.
        let number = reading
            .facts
            .iter()
            .find(|fact| fact.term() == Term::Bt44)
            .unwrap();
        let at = number.at.offset as usize;
        let start = if width == 2 {
            document[at] + document[at + 1]
        } else {
            document[at]
        };
        assert_eq!(char::from(start), 'O', "O'Brien");
    }
}

#[test]
fn a_declaration_that_lies_is_a_warning() {
    let reading = changed(sample::ubl(), "UTF-8", "UTF-16");
    assert_eq!(only(&reading).rule.as_str(), "CS-READ-ENCODING");
    assert_eq!(reading.invoice.lines.len(), 2);
}

#[test]
fn zugferd_1_is_read_as_far_as_the_terms_coincide() {
    let old = sample::cii()
        .replace(
            "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
            "urn:ferd:CrossIndustryDocument:invoice:1p0",
        )
        .replace(
            "AggregateBusinessInformationEntity:100",
            "AggregateBusinessInformationEntity:12",
        )
        .replace("UnqualifiedDataType:100", "UnqualifiedDataType:15")
        .replace("rsm:CrossIndustryInvoice", "rsm:CrossIndustryDocument")
        .replace(
            "rsm:ExchangedDocumentContext",
            "rsm:SpecifiedExchangedDocumentContext",
        )
        .replace("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>")
        .replace("rsm:SupplyChain", "rsm:SpecifiedSupplyChain")
        .replace("ApplicableHeaderTrade", "ApplicableSupplyChainTrade")
        .replace("SpecifiedLineTrade", "SpecifiedSupplyChainTrade")
        .replace("HeaderMonetary", "Monetary")
        .replace("LineMonetary", "Monetary")
        .replace("RateApplicablePercent", "ApplicablePercent");
    let reading = read(old.as_bytes()).unwrap();
    assert_eq!(reading.syntax, Syntax::Zugferd1);
    assert_eq!(only(&reading).rule.as_str(), "CS-READ-ZUGFERD-1");
    let expected = read(sample::cii().as_bytes()).unwrap().invoice;
    assert_eq!(reading.invoice.totals, expected.totals);
    assert_eq!(reading.invoice.seller, expected.seller);
    assert_eq!(reading.invoice.lines, expected.lines);
    assert_eq!(reading.invoice.vat_breakdown, expected.vat_breakdown);
}
