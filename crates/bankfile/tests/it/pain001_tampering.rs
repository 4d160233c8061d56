//! A file changed between writing and sending is never taken for the one that was prepared.

use std::sync::LazyLock;

use countersign_bankfile::pain001::{
    Place, Prepared, ReadProblem, Unmappable, VerifyError, read, verify,
};
use proptest::prelude::*;

use crate::fixtures::{file, group, prepared, simple, transfer};

fn tampered(from: &str, to: &str) -> VerifyError {
    let prepared = prepared(simple(2));
    let text = String::from_utf8(prepared.to_bytes()).expect("UTF-8");
    assert!(text.contains(from), "{from}");
    verify(text.replacen(from, to, 1).as_bytes(), &prepared).expect_err("tampering")
}

fn problem(from: &str, to: &str) -> ReadProblem {
    match tampered(from, to) {
        VerifyError::Read(error) => error.problem,
        other => panic!("the file alone shows this: {other}"),
    }
}

#[test]
fn sums_and_counts_must_be_those_of_the_transfers() {
    // Two transfers of 1.38 and 2.75.
    let in_file = ReadProblem::ControlSum { place: Place::File };
    let in_group = ReadProblem::ControlSum {
        place: Place::Group { group: 0 },
    };
    assert_eq!(problem("<CtrlSum>4.13<", "<CtrlSum>4.14<"), in_file);
    assert_eq!(
        problem(
            "</NbOfTxs><CtrlSum>4.13</CtrlSum><PmtTpInf>",
            "</NbOfTxs><CtrlSum>4.14</CtrlSum><PmtTpInf>"
        ),
        in_group
    );
    assert_eq!(problem(">1.38<", ">9.38<"), in_group);
    assert_eq!(
        problem("<NbOfTxs>2<", "<NbOfTxs>3<"),
        ReadProblem::Count { place: Place::File }
    );
}

#[test]
fn a_changed_value_with_right_sums_differs_from_what_was_prepared() {
    for (from, to, message) in [
        ("Mueller", "Mueiler", "group 1, transfer 1, Cdtr"),
        (
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "group 1, DbtrAcct",
        ),
        (
            "<EndToEndId>E2E-2",
            "<EndToEndId>E2E-9",
            "group 1, transfer 2, EndToEndId",
        ),
        ("2026-12-01", "2026-12-02", "group 1, ReqdExctnDt"),
        ("MSG-2026-1", "MSG-2026-2", "file, MsgId"),
        ("Invoice 1", "Invoice 7", "group 1, transfer 1, RmtInf"),
    ] {
        let error = tampered(from, to);
        let shown = error.to_string();
        assert!(
            matches!(error, VerifyError::Different(_)) && shown.contains(message),
            "{from}: {shown}"
        );
    }
}

/// The account of the first creditor is exchanged for the thief's: equal sums, valid check digits.
#[test]
fn another_creditor_account_is_found() {
    let wanted = prepared(file(vec![group(1, vec![transfer(1)])]));
    let mut stolen = transfer(1);
    stolen.creditor_account = transfer(2).creditor_account;
    let forged = prepared(file(vec![group(1, vec![stolen])])).to_bytes();
    read(&forged).expect("by itself it is a good file");
    let error = verify(&forged, &wanted).expect_err("tampering");
    assert!(
        error.to_string().contains("group 1, transfer 1, CdtrAcct"),
        "{error}"
    );
}

#[test]
fn a_transfer_too_many_or_too_few_is_found() {
    let wanted = prepared(simple(2));
    for other in [1, 3] {
        let error = verify(&prepared(simple(other)).to_bytes(), &wanted).expect_err("tampering");
        assert!(
            error.to_string().contains("group 1, CdtTrfTxInf"),
            "{error}"
        );
    }
}

#[test]
fn markup_that_we_never_write_is_refused() {
    let forbidden = |to: &str| match problem("<Document", &format!("{to}<Document")) {
        ReadProblem::Forbidden(what) => what,
        other => panic!("{other}"),
    };
    assert_eq!(
        forbidden("<!DOCTYPE Document [<!ENTITY a \"b\">]>"),
        "a document type declaration"
    );
    assert_eq!(forbidden("<!-- seen -->"), "a comment");
    assert_eq!(forbidden("<?seen yes?>"), "a processing instruction");
    assert_eq!(forbidden("text"), "text between elements");
    assert_eq!(
        problem("Mueller", "<![CDATA[Mueller]]>"),
        ReadProblem::Forbidden("a CDATA section")
    );
    assert_eq!(
        problem("Mueller", "&lol;"),
        ReadProblem::Forbidden("an entity of its own")
    );
    assert_eq!(
        problem("pain.001.001.09", "pain.001.001.03"),
        ReadProblem::Namespace
    );
    assert_eq!(
        problem("<MsgId>", "<MsgId a=\"b\">"),
        ReadProblem::Attributes { element: "MsgId" }
    );
    assert!(matches!(
        problem("<GrpHdr>", "<GrpHdr><x/>"),
        ReadProblem::Unexpected { .. }
    ));
    assert!(matches!(
        problem("</Document>", "</Document><Document/>"),
        ReadProblem::Unexpected { .. }
    ));
    assert_eq!(
        problem("</Document>", ""),
        ReadProblem::Unexpected {
            expected: "the end of the element",
            found: "the end of the file".into()
        }
    );
}

#[test]
fn a_read_error_shows_no_account() {
    let error = tampered("DE89370400440532013000", "DE89370400440532013001");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("37040044"), "{shown}");
}

static PREPARED: LazyLock<Prepared> = LazyLock::new(|| prepared(simple(2)));
static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| PREPARED.to_bytes());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Any one byte changed inside the document is found; white space inside a tag alone means nothing.
    #[test]
    fn one_changed_byte_is_found(at: proptest::sample::Index, byte: u8) {
        let mut bytes = BYTES.clone();
        let start = bytes.windows(9).position(|window| window == b"<Document").expect("it is there");
        let at = start + at.index(bytes.len() - 1 - start);
        let before = std::mem::replace(&mut bytes[at], byte);
        prop_assume!(before != byte);
        let found = verify(&bytes, &PREPARED).is_err();
        prop_assert!(found || (before == b' ' && byte.is_ascii_whitespace()), "byte {at}: {before} is {byte}");
    }

    /// A tampered file that still reads is held to all rules when it is prepared again, and writes what it says.
    #[test]
    fn what_still_reads_can_be_prepared_or_is_refused(changes in proptest::collection::vec((any::<proptest::sample::Index>(), 0x20_u8..0x7f), 1..4)) {
        let mut bytes = BYTES.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(file) = read(&bytes)
            && let Ok(prepared) = Prepared::new(file, Unmappable::FullStop)
        {
            prop_assert_eq!(verify(&prepared.to_bytes(), &prepared), Ok(()));
        }
    }

    #[test]
    fn a_truncated_file_is_found(at: proptest::sample::Index) {
        let bytes = &*BYTES;
        prop_assert!(verify(&bytes[..at.index(bytes.len() - 1)], &PREPARED).is_err());
    }
}
