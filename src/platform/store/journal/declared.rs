//! Disposals and backups that the journal tells of: a key store that was put back from before them does not know them.

use countersign_translog::entry::Entry as Canonical;

use super::opening::Opening;
use super::stored::Stored;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads, Tx};

const DESTROYED: Sql = Sql::read(
    "SELECT e.id, e.at_us, e.actor_id, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, e.object_kind, \
     e.object_id, e.object_version, e.request_id, e.canonical, e.mac, o.opening, NULL, NULL \
     FROM journal_entries e JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND e.object_kind = 'key-disposal' ORDER BY e.id",
);
const BACKED_UP: Sql = Sql::read(
    "SELECT e.id, e.at_us, e.actor_id, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, e.object_kind, \
     e.object_id, e.object_version, e.request_id, e.canonical, e.mac, o.opening, NULL, NULL \
     FROM journal_entries e JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND e.object_kind = 'key-backup' AND e.at_us >= $2 ORDER BY e.id",
);

/// The fact of a disposal's entry that names the objects whose openings show less: `KIND:ID` with spaces between.
pub const ERASED: &str = "erased";
/// And the one that names the fields whose values they do not show any more, with spaces between.
pub const ERASED_FIELDS: &str = "erased-fields";

/// What an entry says of a disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub disposal: String,
    /// `kind`, `subject`, `destroyed_us`, `complete_us`.
    pub facts: [String; 4],
}

/// A transaction that can tell which entries this installation wrote.
pub trait TellsOurs: Reads {
    /// Whether the installation's key made the code of an entry of the transaction's organisation.
    ///
    /// # Errors
    /// Where the store has no such key yet.
    fn is_ours(&self, canonical: &[u8], mac: &[u8]) -> Result<bool, StoreError>;
}

impl TellsOurs for Read<'_> {
    fn is_ours(&self, canonical: &[u8], mac: &[u8]) -> Result<bool, StoreError> {
        let organisation = self.scope().organisation();
        Ok(self.integrity()?.is_entry(organisation, canonical, mac))
    }
}

impl TellsOurs for Tx<'_> {
    fn is_ours(&self, canonical: &[u8], mac: &[u8]) -> Result<bool, StoreError> {
        let organisation = self.scope().organisation();
        Ok(self.integrity.is_entry(organisation, canonical, mac))
    }
}

/// The disposals of the organisation, from entries that this installation wrote.
///
/// # Errors
/// The store's.
pub fn disposals(reads: &mut impl TellsOurs) -> Result<Vec<Declared>, StoreError> {
    let stored: Vec<Stored> = reads.all(&DESTROYED, [])?;
    let names = ["kind", "subject", "destroyed_us", "complete_us"];
    let mut found: Vec<Declared> = Vec::new();
    for stored in stored {
        // What somebody else wrote destroys nothing; `journal verify` says that it is there.
        let Some(facts) = facts(reads, &stored, names)? else {
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

/// When the last backup of the key store expires that the journal tells of since this moment.
///
/// # Errors
/// The store's.
pub fn last_expiry(
    reads: &mut impl TellsOurs,
    since: Micros,
) -> Result<Option<Micros>, StoreError> {
    let stored: Vec<Stored> = reads.all(&BACKED_UP, params![since])?;
    let mut last: Option<Micros> = None;
    for stored in stored {
        if let Some([expires]) = facts(reads, &stored, ["expires_us"])? {
            last = last.max(expires.parse().ok().map(Micros));
        }
    }
    Ok(last)
}

/// What an entry of ours says under these names; none where it is not ours, or says less.
fn facts<const N: usize>(
    reads: &impl TellsOurs,
    stored: &Stored,
    names: [&str; N],
) -> Result<Option<[String; N]>, StoreError> {
    if !reads.is_ours(&stored.canonical, &stored.mac)? {
        return Ok(None);
    }
    Ok(opened(stored).and_then(|opening| {
        let value = |name: &str| opening.value(&format!("after.{name}")).map(str::to_owned);
        let values: Option<Vec<String>> = names.into_iter().map(value).collect();
        values?.try_into().ok()
    }))
}

fn opened(stored: &Stored) -> Option<Opening> {
    let entry = Canonical::parse(&stored.canonical).ok()?;
    let opening: Opening = serde_json::from_str(stored.opening.as_deref()?).ok()?;
    (stored.fits(&entry) && opening.fits(&entry)).then_some(opening)
}
