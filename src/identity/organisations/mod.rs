//! Organisations and their legal entities: who receives bills and pays them.
//!
//! Invariants
//! - VAT ids and IBANs are sealed under their entity's key; lists show what is masked and open nothing.
//! - Accounts to pay from are appended, never changed.

mod rules;
mod store;

use crate::ids;

pub use rules::{Fault, NAME_CHARS, NewEntity, NewOrganisation, VatId, text};
pub use store::{
    Entity, EntityAccount, PayingAccount, find_entity, list_accounts, list_entities, name_and_zone,
    paying_account,
};
pub(in crate::identity) use store::{first_two, insert, insert_entity};

ids! {
    /// A legal entity of an organisation.
    EntityId,
    /// A bank account of a legal entity that payments leave from.
    EntityAccountId,
}
