//! What the journal costs on the embedded engine: many clients share a flush, so that proof does not slow them down.

use std::time::Instant;

use super::support::durable_writes::measure;
use super::support::{counts, measured};

const PART: &str = "journaled_writes";
/// One client's writes in a round.
const WRITES: u64 = if cfg!(debug_assertions) { 20 } else { 500 };
/// A flush that takes less of one client's write than this is not what limits it: sharing it can give no fourfold.
const FLUSH_IS_THE_LIMIT_PERCENT: u64 = 80;

#[test]
fn many_clients_share_the_flush() {
    let (result, begun) = ("embedded engine", Instant::now());
    if measured::already(PART, result) {
        return;
    }
    let rounds = counts::of(PART, 1, 5);
    let figures = measure(rounds, WRITES);
    eprintln!("{figures}");
    // Unoptimised code on a machine that does ten other things says nothing of speed.
    if counts::running() == PART && !cfg!(debug_assertions) {
        assert!(figures.clients_32_of_raw_percent >= 50, "{figures}");
        if figures.flush_of_write_percent >= FLUSH_IS_THE_LIMIT_PERCENT {
            assert!(figures.clients_32_of_1_percent >= 400, "{figures}");
        }
    }
    let figures = serde_json::to_value(&figures).expect("plain numbers");
    measured::record(PART, result, rounds, 0, begun.elapsed(), figures);
}
