//! Any bytes, taken for an invoice, give a model that can be stored and written, or a reason with advice.
#![no_main]

use countersign_einvoice::read::{Reading, limits, read};
use countersign_einvoice::{plain, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match read(bytes) {
    Ok(Reading { invoice, facts, findings, .. }) => {
        assert!(findings.len() <= limits::MAX_FINDINGS + 3);
        assert!(facts.iter().all(|fact| fact.at.offset < bytes.len() as u64));
        plain::sections(&invoice);
        let written = write::ubl_invoice(&invoice, &[]).expect("what was read holds only what XML allows");
        read(&written[..]).expect("what is written here can be read");
    }
    Err(unreadable) => assert!(unreadable.finding().message.len() > 30),
});
