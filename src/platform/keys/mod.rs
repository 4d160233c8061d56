//! Keys: the two roots, the organisations' and subjects' keys under them, sealing and opening.
//!
//! - Two hierarchies with separate roots: **storage** (the database file, documents) and **field** (sealed values).
//! - Roots only wrap: root -> organisation -> subject -> value. Where a root is kept is a URI ([`RootUri`]): a file, a systemd
//!   credential, a PKCS#11 token, Vault's or OpenBao's transit engine, AWS KMS.
//! - A key is opened outside of a transaction and kept as long as the process lives; no key is ever written in clear.

pub mod disposals;
mod equal;
pub mod fields;
mod files;
mod integrity;
mod kms;
mod new;
mod own;
mod pkcs11;
mod remote;
mod ring;
mod root;
mod roots;
#[cfg(test)]
mod shown;
mod subjects;
mod uri;
mod vault;

pub use new::NewOrganisation;
pub use ring::{KeyError, Keyring, OrgKeys, SubjectKey};
pub use root::{Root, RootError};
pub use roots::{EngineFile, Roots, file_key};
pub use uri::{FORMS as ROOT_FORMS, RootUri};
