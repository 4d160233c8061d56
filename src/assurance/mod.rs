//! PROOF: what shows afterwards, to somebody who trusts nobody, that every step was authorised.

pub mod audit;
pub mod bundles;
