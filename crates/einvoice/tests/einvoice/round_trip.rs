//! What is written reads back as the same model.

use crate::data::documents;
use countersign_einvoice::model::Invoice;
use countersign_einvoice::read::{Reading, Syntax, read};
use countersign_einvoice::write;

pub fn write_as(syntax: Syntax, invoice: &Invoice) -> Vec<u8> {
    let written = match syntax {
        Syntax::UblInvoice => write::ubl_invoice(invoice, &[]),
        Syntax::UblCreditNote => write::ubl_credit_note(invoice, &[]),
        Syntax::Cii | Syntax::Zugferd1 => write::cii(invoice, &[]),
    };
    written.expect("a model that was read can be written")
}

/// Attachments stand elsewhere in another document.
pub fn without_places(mut invoice: Invoice) -> Invoice {
    for embedded in invoice
        .supporting_documents
        .iter_mut()
        .filter_map(|document| document.embedded.as_mut())
    {
        (embedded.offset, embedded.len) = (0, 0);
    }
    invoice
}

#[test]
fn every_document_that_reads_clean_is_written_and_reads_the_same() {
    let clean = documents().into_iter().filter_map(|document| {
        let reading = read(&document.bytes[..]).ok()?;
        reading
            .findings
            .is_empty()
            .then_some((document.name, reading))
    });
    for (
        name,
        Reading {
            syntax, invoice, ..
        },
    ) in clean
    {
        let written = write_as(syntax, &invoice);
        let again = read(&written[..]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again.findings, [], "{name}");
        assert_eq!(
            without_places(again.invoice),
            without_places(invoice),
            "{name}"
        );
    }
}
