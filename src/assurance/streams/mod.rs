//! The journal streamed to others as it grows: signed requests to an address (webhook), or syslog over TLS.
//!
//! Invariants
//! - Where it goes is agreed on by two humans. What they confirmed never changes: another place is another stream, which two confirm and
//!   which takes the place of the former. A row that the application did not write is sent nowhere.
//! - Entries leave in the order of their dense numbers, each at least once: a position moves after they were taken, by compare-and-set on
//!   what it was and on whose lease it is. Nothing is dropped, however long the receiver is away.
//! - A receiver tells duplicates by an entry's id, and a loss by a gap in the numbers. What is lost between two machines without
//!   either of them knowing is sent again as long as anybody can know of it.
//! - What the receiver answers is neither kept nor shown: words of ours say what went wrong.
//! - Sending is not journaled, or it would be the next thing to send. What changes about a stream is, and that one fails for long.

pub mod actions;
pub mod api;
pub mod pages;
pub mod rules;
pub mod store;
pub mod views;

#[cfg(test)]
mod samples;

use crate::ids;

ids! {
    /// A place to which an organisation's journal is streamed.
    StreamId,
    /// What signs a webhook's requests.
    StreamSecretId,
}
