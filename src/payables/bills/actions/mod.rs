//! What people do to bills. The only place of this field that opens transactions.

mod close;
mod correct;
mod document;
mod error;
mod hold;
mod look;
mod reindex;
mod settle;

pub use close::{Closing, close};
pub use correct::{Correction, correct};
pub use document::{PAGE_WIDTH_PX, PDF, document, open, page_count, page_image};
pub use error::{BillError, TypedProblem};
pub use hold::{MAY_HOLD, place_hold, release_hold};
pub use look::{Shown, counts, list, show, shown};
pub use reindex::reindex;
pub use settle::settle_without_payment;

use crate::identity::access::Reach;
use crate::payables::bills::store::{self, Bill};
use crate::payables::ids::BillId;
use crate::platform::store::Reads;

/// Longest reason kept, in characters.
const REASON_CHARS: usize = 1_000;

/// A reason that says something.
fn reason(text: &str) -> Result<String, BillError> {
    let text: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(REASON_CHARS)
        .collect();
    if text.is_empty() {
        Err(BillError::NoReason)
    } else {
        Ok(text)
    }
}

/// The bill in the version that the person saw, within her reach.
fn seen(
    reads: &mut impl Reads,
    (id, version): (BillId, i64),
    reach: &Reach,
) -> Result<Bill, BillError> {
    let bill = store::within(reads, id, reach)?;
    if bill.version == version {
        Ok(bill)
    } else {
        Err(BillError::Conflict)
    }
}
