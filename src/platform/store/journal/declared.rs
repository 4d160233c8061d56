//! Disposals that the journal tells of: a key store that was put back from before them does not know them.

use countersign_translog::entry::Entry as Canonical;

use super::opening::Opening;
use super::stored::Stored;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads as _};

const DESTROYED: Sql = Sql::read(
    "SELECT e.id, e.at_us, e.actor_id, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, e.object_kind, \
     e.object_id, e.object_version, e.request_id, e.canonical, e.mac, o.opening, NULL, NULL \
     FROM journal_entries e JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND e.object_kind = 'key-disposal' ORDER BY e.id",
);

/// What an entry says of a disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub disposal: String,
    /// `kind`, `subject`, `destroyed_us`, `complete_us`.
    pub facts: [String; 4],
}

/// The disposals of the organisation, from entries that this installation wrote.
///
/// # Errors
/// The store's.
pub fn disposals(read: &mut Read<'_>) -> Result<Vec<Declared>, StoreError> {
    let organisation = read.scope().organisation();
    let stored: Vec<Stored> = read.all(&DESTROYED, [])?;
    let mut found: Vec<Declared> = Vec::new();
    for stored in stored {
        let is_ours = read
            .integrity()?
            .is_entry(organisation, &stored.canonical, &stored.mac);
        // What somebody else wrote destroys nothing; `journal verify` says that it is there.
        let Some(facts) = is_ours.then(|| facts(&stored)).flatten() else {
            continue;
        };
        if !found.iter().any(|one| one.disposal == stored.object_id) {
            found.push(Declared {
                disposal: stored.object_id,
                facts,
            });
        }
    }
    Ok(found)
}

fn facts(stored: &Stored) -> Option<[String; 4]> {
    let entry = Canonical::parse(&stored.canonical).ok()?;
    let opening: Opening = serde_json::from_str(stored.opening.as_deref()?).ok()?;
    if !stored.fits(&entry) || !opening.fits(&entry) {
        return None;
    }
    let value = |name: &str| opening.value(name).map(str::to_owned);
    Some([
        value("after.kind")?,
        value("after.subject")?,
        value("after.destroyed_us")?,
        value("after.complete_us")?,
    ])
}
