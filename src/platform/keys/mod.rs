//! Keys: the two roots, the organisations' and subjects' keys under them, sealing and opening.
//!
//! - Two hierarchies with separate roots: **storage** (the database file, documents) and **field** (sealed values).
//! - Roots only wrap: root -> organisation -> subject -> value. Where a root is kept is a URI ([`RootUri`]): a file, a systemd
//!   credential, a PKCS#11 token, Vault's or OpenBao's transit engine, AWS KMS.
//! - A key is opened outside of a transaction and kept as long as it is stored; no key is ever written in clear.
//! - Keys have versions ([`versions`]). What is sealed says under which; new values are sealed under the one that their own
//!   transaction finds in use.

pub mod backups;
pub mod disposals;
mod equal;
pub mod fields;
mod files;
mod in_use;
mod integrity;
mod kms;
mod new;
mod own;
mod pkcs11;
mod remote;
pub mod reseal;
pub mod rewrap;
mod ring;
mod root;
mod roots;
#[cfg(test)]
mod shown;
pub mod subjects;
mod told;
mod uri;
mod vault;
pub mod versions;

pub use in_use::{RootInUse, roots_in_use};
pub use new::NewOrganisation;
pub use own::OwnKey;
pub use ring::{KeyError, Keyring, OrgKeys, SubjectKey};
pub use root::{Root, RootError};
pub use roots::{EngineFile, Roots, file_is_under_former, file_key, rewrap_file_key};
pub use uri::{FORMS as ROOT_FORMS, RootUri};
