//! Organisations and their legal entities: who receives bills and pays them.
//!
//! Invariants
//! - VAT ids and IBANs are sealed under their entity's key; lists show what is masked and open nothing.
//! - Accounts to pay from are appended, never changed; `identity::settings` says which of them may be used.

mod rules;
mod store;

use crate::ids;

pub use rules::{Fault, NAME_CHARS, NewAccount, NewEntity, NewOrganisation, VatId, text};
pub(in crate::identity) use store::{
    Decided, first_two, insert, insert_account, insert_entity, is_decided, may_be_missing, of_slug,
};
pub use store::{
    Entity, EntityAccount, PayingAccount, find_entity, founded, list_accounts, list_entities,
    name_and_slug, name_and_zone, paying_account,
};

ids! {
    /// A legal entity of an organisation.
    EntityId,
    /// A bank account of a legal entity that payments leave from.
    EntityAccountId,
}
