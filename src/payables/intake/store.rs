//! What intake reads of others: who may be meant as the buyer.

use crate::identity::organisations::EntityId;
use crate::platform::store::{Reads, Sql, StoreError};
use crate::row;

const ENTITIES: Sql = Sql::read(
    "SELECT id, vat_id_index FROM legal_entities WHERE org_id = $1 ORDER BY created_us, id",
);

row! {
    /// A legal entity that may be the buyer.
    #[derive(Debug, Clone)]
    pub struct Buyer {
        pub id: EntityId,
        pub vat_id_index: Option<Vec<u8>>,
    }
}

/// All legal entities, the first one first.
pub fn buyers(reads: &mut impl Reads) -> Result<Vec<Buyer>, StoreError> {
    reads.all(&ENTITIES, [])
}
