//! A journal as one file that proves itself: what an auditor takes home.
//!
//! ```text
//! countersign-bundle/v1
//! journal countersign/journal/01936f2a-...
//! key countersign/journal/01936f2a-.../1+1b2c3d4e+AbCd...
//! checkpoint 312
//! <312 bytes: the newest head, a signed note>
//! start 1 0 -
//! rest 0
//! entries 2
//! entry 812 0
//! <812 bytes: the entry's canonical bytes>
//! entry 760 1
//! <760 bytes>
//! value after.state 9f86d081884c7d659a2feaa0c55ad015 8
//! approved
//! end
//! ```
//!
//! - `start EPOCH SIZE EDGE`: the tree before the first entry: its epoch, its size, and its right edge as hexadecimal
//!   hashes side by side, `-` where there is none.
//! - `rest N`: so many lines `hash BASE64` follow: a consistency proof from the tree that ends with the last entry here to
//!   the checkpoint's. None where the file goes up to the checkpoint.
//! - `entry LENGTH VALUES`: the entry, then so many committed values, each `value NAME SALT LENGTH` and its bytes. Values
//!   are shown where whoever wrote the file chose to and they were not erased; each is checked against its commitment.
//!
//! Lengths are bytes; counted bytes end with a newline that is not counted.

pub mod payment;
mod read;
mod verify;
mod write;

pub use read::BundleError;
pub use verify::{Declared, Known, Refused, Report, Standing, verify, witnessed};
pub use write::{Heading, Shown, closing, entry, heading};

/// The first line of every bundle of this version.
pub const BUNDLE: &str = "countersign-bundle/v1";
