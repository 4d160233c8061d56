//! Forgotten passwords: a link by mail that lets its reader choose another.
//!
//! Invariants
//! - What is answered does not depend on whether the address is known, neither in words nor in work: the request notes that
//!   somebody asked and queues a job, and only the job looks the address up.
//! - A link works once, for half an hour, and is kept as a hash. It is mailed after the commit that made it, and one that is
//!   asked for again ends those before.
//! - The link replaces the password and nothing else: the second factor is still asked for. All sessions end, and all devices
//!   but the one it is chosen on are strangers again.

mod actions;
mod pages;
#[cfg(test)]
mod samples;
pub(crate) mod views;

pub use actions::{RESET_MAIL, ResetError, ResetMailError, ask, mail_reset, open, replace};
pub use pages::routes;
