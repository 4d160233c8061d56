//! Journaled writes of the embedded engine beside the engine's raw durable transactions: both bars, each ratio as the
//! median of five rounds in one run. `make long PART=journaled_writes` records the same figures.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

#[path = "../tests/it/support/durable_writes.rs"]
mod durable_writes;

const ROUNDS: u64 = 5;
/// One client's writes in a round.
const WRITES: u64 = if cfg!(debug_assertions) { 20 } else { 500 };

fn main() {
    println!("{}", durable_writes::measure(ROUNDS, WRITES));
}
