//! Any bytes, taken for a payment file, give an error or a file; and what is prepared from that file and
//! written again reads back equal.
#![no_main]

use countersign_bankfile::pain001::{Prepared, Unmappable, read, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = read(bytes) else { return };
    let Ok(prepared) = Prepared::new(file, Unmappable::FullStop) else {
        return;
    };
    verify(&prepared.to_bytes(), &prepared).expect("what we write reads back equal");
});
