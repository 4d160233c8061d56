//! Any bytes, taken for a PDF, give an invoice or an error.
#![no_main]

use countersign_einvoice::facturx;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = facturx::extract(bytes) {
        assert!(found.xml.len() <= facturx::MAX_INVOICE_BYTES);
        assert!(found.attachments.iter().any(|file| file.name == found.name));
    }
});
