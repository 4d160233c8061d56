//! Any model that a syntax can carry is written and read back the same.

mod document;
mod parts;

use crate::round_trip::{without_places, write_as};
use countersign_einvoice::read::{Syntax, read};
use document::invoice;
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(invoice in invoice()) {
        for syntax in [Syntax::UblInvoice, Syntax::UblCreditNote, Syntax::Cii] {
            let written = write_as(syntax, &invoice);
            let reading = read(&written[..]).expect("what is written here can be read");
            prop_assert_eq!(&reading.findings, &[]);
            prop_assert_eq!(reading.syntax, syntax);
            prop_assert_eq!(without_places(reading.invoice), invoice.clone());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes[..]);
        let framed = [b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>", &bytes[..]].concat();
        let _ = read(&framed[..]);
    }
}
