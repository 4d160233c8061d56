//! The journal's tree for those who hold it against heads of their own: the signed head, tiles, and one entry's proof.
//!
//! Invariants
//! - Whoever reads the journal reads its tree, by page or by token, and nobody another organisation's.
//! - What is given proves itself; nothing of it must be believed because this server says it.

pub mod actions;
pub mod api;
pub mod pages;
