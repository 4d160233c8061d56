//! What the audit pages ask beside the journal itself.

use crate::params;
use crate::platform::ids::OrgId;
use crate::platform::store::journal::read::{Filter, Told, entries};
use crate::platform::store::{Lookup, Reads, Sql, StoreError};

const ORGANISATIONS: Sql = Sql::lookup("SELECT id, slug FROM organisations ORDER BY slug");
const ORGANISATION: Sql = Sql::lookup("SELECT id FROM organisations WHERE slug = $1");
const KNOWN: Sql =
    Sql::lookup("SELECT org_id FROM journal_heads UNION SELECT org_id FROM people ORDER BY org_id");

/// Every organisation with its short name.
pub fn organisations(lookup: &mut Lookup<'_>) -> Result<Vec<(OrgId, String)>, StoreError> {
    lookup.all(&ORGANISATIONS, [])
}

pub fn organisation(lookup: &mut Lookup<'_>, slug: &str) -> Result<Option<OrgId>, StoreError> {
    let found: Option<(OrgId,)> = lookup.maybe(&ORGANISATION, params![slug])?;
    Ok(found.map(|(id,)| id))
}

/// Every organisation that has a journal or people, whether or not its own row is still there.
pub fn known(lookup: &mut Lookup<'_>) -> Result<Vec<OrgId>, StoreError> {
    let rows: Vec<(OrgId,)> = lookup.all(&KNOWN, [])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The newest entry that says that the journal was verified.
pub fn last_verification(reads: &mut impl Reads) -> Result<Option<Told>, StoreError> {
    let filter = Filter {
        action: super::actions::VERIFIED.to_owned(),
        ..Filter::default()
    };
    Ok(entries(reads, &filter, None, 1)?.into_iter().next())
}
