//! Which accounts are one human's. Wherever duties are apart, humans are compared here and nowhere else.
//!
//! Invariants
//! - What was written keeps the human of the account that did it, as its tag covers it; who is one with whom is asked when duties
//!   are compared. So a join counts for what was done before it as well.
//! - Joining takes rights and gives none: one administrator is enough, and all are told. A guard that is lower where humans are few
//!   (who administers alone, how far the duties of a payment are apart) counts humans as if nobody were joined.
//! - Dissolving gives back, and takes two humans who administer, neither of them the one whom it frees.
//! - A row of it that the application did not write ends whatever compares humans.

mod actions;
pub mod pages;
mod rules;
mod store;

pub use actions::{HumanError, JoinSight, decide_split, join, joins_of, propose_split};
pub use pages::routes;
pub use rules::Humans;
pub(in crate::identity) use store::join_of;
pub use store::load;

use crate::ids;

ids! {
    /// Two accounts that are one human's.
    HumanJoinId,
}
