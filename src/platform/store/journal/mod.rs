//! The journal: what was done, by whom, to what, in the transaction that did it (invariant 1).
//!
//! An entry's canonical bytes hold ids, words and salted commitments alone; the values stand in its opening, which can
//! be erased. Each entry also commits to the digest of every row that its transaction changed, so that a row altered
//! behind the application's back is found. The sequencer gives committed entries their numbers and extends the
//! organisation's RFC 6962 tree; no request waits for it. Entries, heads and rows carry authentication codes under the
//! installation's integrity key, so that a holder of the database can make none of them.

pub mod behind;
pub mod bundle;
mod checkpoint;
pub mod declared;
mod entry;
pub mod erased;
mod head;
pub mod heartbeat;
mod nodes;
mod opening;
pub mod proofs;
pub mod read;
mod report;
pub mod restored;
mod rows;
mod sequencer;
mod stored;
mod tags;
mod verify;
pub mod witnessed;
mod write;

pub use checkpoint::{SignedHead, signed_head};
pub use entry::{Change, Entry};
pub use opening::{Opened, Opening};
pub use report::{Bad, KnownHead, NoHead, Verification};
pub use sequencer::{
    BATCH_MAX, Round, Sequenced, log_refusal, release, sequence, sequence_pending, sequence_round,
};
pub use verify::{Step, Steps, verify, verify_against, verify_by};

pub(super) use head::begin;
pub(super) use tags::{check_before, check_row};
pub(super) use write::{With, write};
