//! Any bytes as a signed checkpoint, as its text, and as a tile's path.

#![no_main]

use countersign_translog::checkpoint::Checkpoint;
use countersign_translog::merkle::{Frontier, Tile};
use countersign_translog::note::{Note, VerifyingKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let stranger = VerifyingKey::new("example.com/journal/1", [7; 32]).expect("a name");
    assert!(
        Checkpoint::open(bytes, &[stranger]).is_err(),
        "nobody has signed"
    );
    let _ = Note::parse(bytes).is_ok();
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes, "a frontier has one form");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(checkpoint) = Checkpoint::parse_text(text) {
        assert_eq!(
            checkpoint.to_text().as_deref(),
            Ok(text),
            "a checkpoint has one form"
        );
    }
    if let Ok(tile) = Tile::parse(text) {
        assert_eq!(tile.path(), text, "a path has one form");
    }
    let _ = VerifyingKey::parse(text).is_ok();
});
