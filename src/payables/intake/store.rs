//! What intake reads of others: who may be meant as the buyer.

use crate::identity::organisations::EntityId;
use crate::params;
use crate::platform::ids::OrgId;
use crate::platform::store::{Lookup, Reads, Sql, StoreError};
use crate::row;

const ENTITIES: Sql = Sql::read(
    "SELECT id, vat_id_index FROM legal_entities WHERE org_id = $1 ORDER BY created_us, id",
);

const BY_SLUG: Sql = Sql::lookup("SELECT id FROM organisations WHERE slug = $1");

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

/// The organisation with this short name.
pub fn organisation(lookup: &mut Lookup<'_>, slug: &str) -> Result<Option<OrgId>, StoreError> {
    let row: Option<(OrgId,)> = lookup.maybe(&BY_SLUG, params![slug])?;
    Ok(row.map(|(id,)| id))
}
