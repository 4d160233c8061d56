//! The words that vendors are found by. Derived from their rows, so it needs no journal entry.

use std::collections::BTreeSet;

use crate::params;
use crate::payables::ids::VendorId;
use crate::payables::vendors::rules::Facts;
use crate::payables::vendors::rules::names::words;
use crate::platform::store::{Sql, StoreError, Tx};

const CLEAR: Sql = Sql::housekeeping(
    "search_tokens",
    "DELETE FROM search_tokens WHERE org_id = $1 AND object_kind = 'vendor' AND object_id = $2 RETURNING object_id",
);
const ADD: Sql = Sql::housekeeping(
    "search_tokens",
    "INSERT INTO search_tokens (org_id, token, object_kind, object_id) VALUES ($1, $2, 'vendor', $3) \
     ON CONFLICT (org_id, token, object_kind, object_id) DO NOTHING RETURNING object_id",
);

/// The end of the range of words that begin with `prefix`: text sorts by bytes, and no character sorts behind this one.
#[must_use]
pub fn end_of(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// Makes a vendor findable by the words of its names, town and country.
pub fn index(tx: &mut Tx<'_>, vendor: VendorId, facts: &Facts) -> Result<(), StoreError> {
    tx.housekeep(&CLEAR, params![vendor])?;
    let tokens: BTreeSet<String> = [&facts.name, &facts.other_names, &facts.town, &facts.country]
        .into_iter()
        .flat_map(|text| words(text))
        .collect();
    for token in tokens {
        tx.housekeep(&ADD, params![token, vendor])?;
    }
    Ok(())
}
