//! Keys: the two roots, the organisations' and subjects' keys under them, sealing and opening.
//!
//! - Two hierarchies with separate roots: **storage** (the database file, documents) and **field** (sealed values).
//! - Roots only wrap: root -> organisation -> subject -> value.
//! - A key is opened outside of a transaction and kept as long as the process lives; no key is ever written in clear.

pub mod fields;
mod integrity;
mod own;
mod ring;
mod roots;

pub use ring::{KeyError, Keyring, OrgKeys, SubjectKey};
pub use roots::{RootError, Roots, file_key};
