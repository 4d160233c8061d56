//! Attacks and damage: each is tried, and each ends in a reason, a place and advice.

use crate::data::documents;
use crate::sample;
use countersign_einvoice::read::{Cause, Unreadable, limits, read};

fn refused(document: &[u8]) -> Unreadable {
    let unreadable = read(document).expect_err("this must not be read");
    let told = unreadable.finding();
    assert!(told.rule.as_str().starts_with("CS-READ-"), "{told:?}");
    assert!(told.message.len() > 30, "{told:?}");
    unreadable
}

fn in_ubl(inside: &str) -> Vec<u8> {
    let ubl = sample::ubl();
    ubl.replacen("<cbc:ID>", &format!("{inside}<cbc:ID>"), 1)
        .into_bytes()
}

fn with_doctype(subset: &str, number: &str) -> Vec<u8> {
    let ubl = sample::ubl().replace("R-2024/17", number);
    ubl.replacen(
        "<Invoice",
        &format!("<!DOCTYPE Invoice {subset}>\n<Invoice"),
        1,
    )
    .into_bytes()
}

#[test]
fn document_types_are_refused_with_their_line() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    for subset in [
        "".to_owned(),
        "SYSTEM \"http://example.org/x.dtd\"".to_owned(),
        format!("[<!ENTITY l0 \"lol\">{laughs}]"),
        "[<!ENTITY x SYSTEM \"file:///etc/passwd\">]".to_owned(),
        "[<!ENTITY % p SYSTEM \"http://example.org/p\"> %p;]".to_owned(),
    ] {
        let unreadable = refused(&with_doctype(&subset, "&l9;"));
        assert_eq!(
            (&unreadable.cause, unreadable.at.unwrap().line),
            (&Cause::DocumentType, 2),
            "{subset}"
        );
    }
    let unclosed = b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\"";
    assert_eq!(refused(unclosed).cause, Cause::DocumentType);
}

#[test]
fn entities_are_refused_wherever_they_stand() {
    let plain = sample::ubl();
    for (from, to) in [
        ("R-2024/17", "&number;"),
        ("R-2024/17", "&nbsp;"),
        ("unitCode=\"HUR\"", "unitCode=\"&unit;\""),
        (
            "<cbc:ID>R-2024/17",
            "<cbc:Unknown>&hidden;</cbc:Unknown><cbc:ID>R-2024/17",
        ),
    ] {
        let document = plain.replacen(from, to, 1);
        assert_ne!(document, plain);
        assert!(
            matches!(refused(document.as_bytes()).cause, Cause::Entity(_)),
            "{to}"
        );
    }
}

#[test]
fn the_five_entities_and_numbers_of_xml_itself_are_read() {
    let document = sample::ubl().replace("R-2024/17", "A&amp;B&#x20AC;&lt;&#49;");
    assert_eq!(
        read(document.as_bytes()).unwrap().invoice.number.as_deref(),
        Some("A&B€<1")
    );
    let document = sample::ubl().replace("R-2024/17", "<![CDATA[A&B]]>7");
    assert_eq!(
        read(document.as_bytes()).unwrap().invoice.number.as_deref(),
        Some("A&B7")
    );
    assert!(matches!(
        refused(&in_ubl("<cbc:Note>&#0;</cbc:Note>")).cause,
        Cause::Control(_) | Cause::Broken(_)
    ));
    assert_eq!(
        refused(&in_ubl("<cbc:Note>&#1;</cbc:Note>")).cause,
        Cause::Control(1)
    );
}

#[test]
fn depth_length_and_number_have_limits() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(refused(&in_ubl(&deep)).cause, Cause::TooDeep);
    let unclosed = format!(
        "{}{}",
        sample::ubl().trim_end().trim_end_matches("</Invoice>"),
        "<a>".repeat(100_000)
    );
    assert_eq!(refused(unclosed.as_bytes()).cause, Cause::TooDeep);
    let huge = "x".repeat(limits::MAX_PIECE_BYTES + 1);
    assert_eq!(
        refused(&in_ubl(&format!("<cbc:Note a=\"{huge}\"/>"))).cause,
        Cause::TooLong
    );
    assert_eq!(
        refused(&in_ubl(&format!("<cbc:Note>{huge}</cbc:Note>"))).cause,
        Cause::TooLong
    );
    assert_eq!(
        refused(&in_ubl(&format!("<!--{huge}-->"))).cause,
        Cause::TooLong
    );
    assert_eq!(
        refused(&in_ubl(&format!("<{huge}/>"))).cause,
        Cause::TooLong
    );
    let pieces = "y&amp;".repeat(limits::MAX_VALUE_BYTES);
    assert_eq!(
        refused(&in_ubl(&format!("<cbc:Note>{pieces}</cbc:Note>"))).cause,
        Cause::TooLong
    );
    let attributes: String = (0..=limits::MAX_ATTRIBUTES)
        .map(|n| format!(" a{n}=\"\""))
        .collect();
    assert_eq!(
        refused(&in_ubl(&format!("<cbc:Note{attributes}/>"))).cause,
        Cause::TooManyAttributes
    );
    let namespaces: String = (0..50_000).map(|n| format!(" xmlns:n{n}=\"u\"")).collect();
    refused(&in_ubl(&format!("<cbc:Note{namespaces}/>")));
    let notes = "<cbc:Note>n</cbc:Note>".repeat(limits::MAX_REPEATS as usize + 1);
    assert_eq!(refused(&in_ubl(&notes)).cause, Cause::TooMany);
    let amounts = "<cbc:Amount>1</cbc:Amount>".repeat(limits::MAX_WAITING);
    let waiting = format!("<cac:AllowanceCharge>{amounts}</cac:AllowanceCharge>");
    assert_eq!(refused(&in_ubl(&waiting)).cause, Cause::TooMany);
    let numbers = "<cbc:ID>1</cbc:ID>".repeat(limits::MAX_FACTS);
    assert_eq!(refused(&in_ubl(&numbers)).cause, Cause::TooMany);
}

#[test]
fn what_is_no_invoice_says_so() {
    for (document, cause) in [
        (&b""[..], Cause::Empty),
        (b"   \n ", Cause::NotXml),
        (b"%PDF-1.7 not an invoice", Cause::NotXml),
        (b"{\"invoice\": 1}", Cause::NotXml),
        (
            b"<?xml version='1.0' encoding='KOI8-R'?><a/>",
            Cause::UnknownEncoding("KOI8-R".to_owned()),
        ),
    ] {
        assert_eq!(refused(document).cause, cause);
    }
    for document in [
        "<Invoice/>",
        "<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>",
        "<CreditNote xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
    ] {
        assert!(
            matches!(
                refused(document.as_bytes()).cause,
                Cause::NotAnInvoice { .. }
            ),
            "{document}"
        );
    }
}

#[test]
fn broken_xml_is_refused_where_it_breaks() {
    let ubl = sample::ubl();
    let line_of = |needle: &str| ubl[..ubl.find(needle).unwrap()].matches('\n').count() as u32 + 1;
    for (from, to) in [
        ("</cbc:IssueDate>", "</cbc:DueDate>"),
        ("<cbc:IssueDate>", "<cbc:IssueDate a='1' a='2'>"),
        ("<cbc:IssueDate>", "<cbc:IssueDate a='<'>"),
        ("<cbc:IssueDate>", "<undeclared:IssueDate/><cbc:IssueDate>"),
        ("<cbc:IssueDate>", "<1/><cbc:IssueDate>"),
        ("<cbc:IssueDate>", "<!-- a -- b --><cbc:IssueDate>"),
        ("<cbc:IssueDate>", "<cbc:IssueDate>]]>"),
        ("<cbc:IssueDate>", "<?xml version='1.0'?><cbc:IssueDate>"),
        ("<cbc:IssueDate>", "<cbc:IssueDate>\0"),
        ("<cbc:IssueDate>", "<cbc:IssueDate>\u{1B}"),
        ("<cbc:IssueDate>", "<cbc:IssueDate>\u{FFFF}"),
    ] {
        let document = ubl.replacen(from, to, 1);
        assert_ne!(document, ubl, "{to:?}");
        assert_eq!(
            refused(document.as_bytes()).at.unwrap().line,
            line_of(from),
            "{to:?}"
        );
    }
    for after in ["<a/>", "text", "</Invoice>"] {
        refused(format!("{ubl}{after}").as_bytes());
    }
    let not_utf8 = ubl
        .replace("2024-02-29", "\u{1}")
        .replace('\u{1}', "x")
        .into_bytes();
    let at = not_utf8.iter().position(|byte| *byte == b'x').unwrap();
    let mut not_utf8 = not_utf8;
    not_utf8[at] = 0xFF;
    assert_eq!(refused(&not_utf8).cause, Cause::NotText("UTF-8"));
}

#[test]
fn a_document_that_was_cut_off_is_never_read() {
    let mut cuts = 0;
    for document in documents() {
        let end = document
            .bytes
            .iter()
            .rposition(|byte| *byte == b'>')
            .unwrap();
        // Every 997th byte of a small document; no more than four cuts of a larger one, for time.
        let step = 997.max(document.bytes.len() / 4);
        for cut in (0..end).step_by(step) {
            refused(&document.bytes[..cut]);
            cuts += 1;
        }
    }
    for document in [sample::ubl(), sample::cii()] {
        for cut in 0..document.trim_end().len() {
            refused(&document.as_bytes()[..cut]);
        }
    }
    eprintln!("{cuts} documents cut off");
}

/// A small generator with a fixed seed (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn flipped_bits_end_in_a_reading_or_a_reason() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut read_on, mut broken) = (0, 0);
    for base in [sample::ubl(), sample::cii()] {
        for _ in 0..1_500 {
            let mut document = base.clone().into_bytes();
            for _ in 0..=dice.below(3) {
                let at = dice.below(document.len());
                document[at] ^= 1 << dice.below(8);
            }
            match read(&document[..]) {
                // What another parser refuses, this one must not take for an invoice.
                Ok(_) => {
                    let text =
                        String::from_utf8(document).expect("bytes that are no text are refused");
                    if let Err(error) = roxmltree::Document::parse(&text) {
                        panic!("read although broken ({error}): {text}");
                    }
                    read_on += 1;
                }
                Err(unreadable) => {
                    assert!(unreadable.finding().message.len() > 30);
                    broken += 1;
                }
            }
        }
    }
    assert!(
        read_on > 100 && broken > 100,
        "{read_on} read, {broken} refused"
    );
}

#[test]
fn messages_hold_no_account_and_no_tax_number() {
    let secrets = ["DE75512108001245126199", "DE123456789", "IE6388047V"];
    let mut dice = Dice(7);
    for _ in 0..500 {
        let mut document = sample::ubl().into_bytes();
        let at = dice.below(document.len());
        document[at] = b'<';
        if let Err(unreadable) = read(&document[..]) {
            assert!(
                secrets
                    .iter()
                    .all(|secret| !unreadable.to_string().contains(secret)),
                "{unreadable}"
            );
        }
    }
    let twice = sample::ubl().replace(
        "<cbc:ID>DE75512108001245126199</cbc:ID>",
        "<cbc:ID>DE75512108001245126199</cbc:ID><cbc:ID>DE02120300000000202051</cbc:ID>",
    );
    let reading = read(twice.as_bytes()).unwrap();
    assert_eq!(reading.findings[0].rule.as_str(), "CS-READ-REPEATED");
    let shown = format!("{:?} {:?}", reading, reading.findings[0].message);
    assert!(
        secrets.iter().all(|secret| !shown.contains(secret)),
        "{shown}"
    );
}
