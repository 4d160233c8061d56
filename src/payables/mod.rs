//! WHAT: how a vendor's bill comes in, is checked, coded, approved and paid. Stands on platform and identity.

pub mod approvals;
pub mod bills;
pub mod coding;
pub mod ids;
pub mod intake;
pub mod payments;
pub mod vendors;
