//! WHAT: how a vendor's bill comes in, is checked, coded, approved and paid. Stands on platform and identity.

pub mod ids;
