//! Any bytes as a journal entry: refused, or read so that writing gives the same bytes again.

#![no_main]

use countersign_translog::entry::Entry;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_bytes(), bytes, "an entry has one form");
    }
});
