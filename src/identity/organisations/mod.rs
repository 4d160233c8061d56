//! Organisations and their legal entities: who receives bills and pays them.

use crate::ids;

ids! {
    /// A legal entity of an organisation.
    EntityId,
    /// A bank account of a legal entity that payments leave from.
    EntityAccountId,
}
