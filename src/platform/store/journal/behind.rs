//! Rows of keys that the journal is behind of. The key store is a file of its own: a server that is killed between the commits of
//! two files, or an older database that is put beside it, leaves rows there that no entry tells of. What they may be is judged by
//! whoever can open keys ([`crate::platform::keys`]); here they are found, and told again.

use std::collections::HashMap;
use std::fmt;

use countersign_translog::entry::{Commitment, Entry as Canonical, Salt, Word};
use countersign_translog::merkle::{Frontier, leaf_hash};

use super::declared::TellsOurs as _;
use super::entry::Entry;
use super::head::Head;
use super::opening::Opening;
use super::rows;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::store::catalogue::{Nature, find, journaled};
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads, Tx};
use crate::platform::store::value::Value;

const NUMBERED: Sql = Sql::read(
    "SELECT l.seq, e.canonical, e.mac, o.opening FROM journal_leaves l \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq",
);
/// What has its number is not said once more: an older word would become the newest.
const UNNUMBERED: Sql = Sql::read(
    "SELECT p.ordinal, e.canonical, e.mac, o.opening FROM journal_pending p \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = p.entry_id \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = p.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = p.entry_id \
     WHERE p.org_id = $1 AND l.entry_id IS NULL ORDER BY p.ordinal",
);
const AT: Sql =
    Sql::read("SELECT id FROM journal_entries WHERE org_id = $1 AND at_us = $2 LIMIT 1");
const LAST_TOLD: Sql = Sql::read(
    "SELECT MAX(at_us) FROM journal_entries WHERE org_id = $1 AND object_kind = $2 AND object_id = $3",
);

/// Numbers that are read at once.
const PAGE: i64 = 500;
const NOT_WHOLE: StoreError = StoreError::Head("the entries are not those that it counts");

/// The entry that commits to rows of keys as they are.
const TOLD: &str = "keys.told-again";
/// A version's row that is marked destroyed.
const DESTROYED: &str = "keys.destroyed";
/// What [`TOLD`] tells of: all of the organisation's key store (a part of it, where more is to come), or one version that is destroyed.
const KEY_STORE: &str = "key-store";
const DESTROYED_KEY: &str = "destroyed-key";
/// What has a key of its own, by the table of its row.
const SUBJECTS: [&str; 4] = ["people", "legal_entities", "vendors", "bills"];

type Page = (i64, Vec<u8>, Vec<u8>, Option<String>);
type Said = HashMap<(String, String), Newest>;

/// What the journal says of a row.
#[derive(Clone)]
struct Newest {
    commitment: Option<Commitment>,
    salt: Option<Salt>,
    has_ended: bool,
    named: Vec<Named>,
}

/// An object or a row of the entry that told of a key first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub id: String,
    /// Whether it is the row of something that has a key of its own.
    pub is_subject: bool,
}

/// A row of keys of which the newest entry about it says something else.
#[derive(Clone)]
pub struct Differing {
    pub table: &'static str,
    pub id: String,
    /// None where it is gone.
    row: Option<Vec<(String, Value)>>,
    said: Newest,
}

/// The row's place alone.
impl fmt::Debug for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Differing")
            .field("table", &self.table)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Newest {
    fn of(entry: &Canonical) -> Self {
        let object = Named {
            id: entry.object_id.as_str().to_owned(),
            is_subject: false,
        };
        let rows = entry.rows.keys().filter(|(table, _)| !is_keys(table));
        let rows = rows.map(|(table, id)| Named {
            id: id.as_str().to_owned(),
            is_subject: SUBJECTS.contains(&table.as_str()),
        });
        Self {
            commitment: None,
            salt: None,
            has_ended: false,
            named: std::iter::once(object).chain(rows).collect(),
        }
    }

    fn is(&self, table: &str, id: &str, content: &[u8]) -> bool {
        let salt = self.salt;
        let now = salt.and_then(|salt| rows::commitment(&salt, table, id, content));
        now.is_some() && self.commitment == now
    }
}

impl Differing {
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.row.is_none()
    }

    /// Whether the journal says that it was taken away or destroyed. What is there in spite of that stays an alarm.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.said.has_ended
    }

    /// What the entry that told of it first is about.
    #[must_use]
    pub fn named(&self) -> &[Named] {
        &self.said.named
    }

    fn value(&self, column: &str) -> Option<&Value> {
        let row = self.row.as_ref()?;
        let found = row.iter().find(|(name, _)| name == column);
        found.map(|(_, value)| value)
    }

    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.value(column) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn number(&self, column: &str) -> Option<i64> {
        match self.value(column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    #[must_use]
    pub fn bytes(&self, column: &str) -> Option<&[u8]> {
        match self.value(column) {
            Some(Value::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Whether the journal says all that stands in the row but for this column, which had no value then.
    #[must_use]
    pub fn is_but_for(&self, column: &str) -> bool {
        let Some(row) = &self.row else {
            return false;
        };
        let others = row.iter().filter(|(name, _)| name != column);
        let content = rows::canonical(others.cloned().collect());
        self.said.is(self.table, &self.id, &content)
    }
}

fn is_keys(table: &Word) -> bool {
    find(table.as_str()).is_some_and(|table| table.nature == Nature::Keys)
}

/// Whether an entry was written at this moment: whatever changes a key is told of in its own transaction. Where rows of keys were
/// told again later than that, nothing of it is new.
///
/// # Errors
/// The store's.
pub fn is_known(read: &mut Read<'_>, at: Micros) -> Result<bool, StoreError> {
    let found: Option<(String,)> = read.maybe(&AT, params![at])?;
    Ok(found.is_some() || last_told(read)?.is_some_and(|told| told >= at))
}

/// When rows of keys were told again last: all of the key store was looked at then.
///
/// # Errors
/// The store's.
pub fn last_told(read: &mut Read<'_>) -> Result<Option<Micros>, StoreError> {
    let organisation = read.scope().organisation().to_string();
    let (at,): (Option<Micros>,) = read.one(&LAST_TOLD, params![KEY_STORE, organisation])?;
    Ok(at)
}

/// The rows of keys that are not what the newest entry about them committed to, and rows of subjects' keys that are gone. Reads the
/// whole journal.
///
/// # Errors
/// The store's; [`StoreError::Head`] where the journal is not the whole one that its head is of.
pub fn differing(read: &mut Read<'_>) -> Result<Vec<Differing>, StoreError> {
    let mut said = said(read)?;
    let mut differing = Vec::new();
    for table in journaled().filter(|table| table.nature == Nature::Keys) {
        rows::each(read, table.name, |_, mut row| {
            // The place of an authentication code: rows of keys have none.
            row.pop();
            differing.extend(compared(&mut said, table.name, row));
            Ok::<(), StoreError>(())
        })?;
    }
    let gone = said.into_iter().filter_map(|((table, id), said)| {
        let table = find(&table).filter(|table| table.name == "subject_keys")?;
        said.commitment?;
        Some(Differing {
            table: table.name,
            id,
            row: None,
            said,
        })
    });
    differing.extend(gone);
    Ok(differing)
}

/// What is said of rows of keys, from a whole journal: where somebody took the entry away by which a key was destroyed, the one before it
/// would be the newest.
fn said(read: &mut Read<'_>) -> Result<Said, StoreError> {
    let (mut said, mut tree, mut next) = (Said::new(), Frontier::new(), 0_i64);
    loop {
        let page: Vec<Page> = read.all(&NUMBERED, params![next, next.saturating_add(PAGE)])?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            let (number, canonical, ..) = &entry;
            if *number != next {
                return Err(NOT_WHOLE);
            }
            tree.push(leaf_hash(canonical));
            next += 1;
            note(read, entry, &mut said)?;
        }
    }
    let head = Head::stored(read)?.ok_or(NOT_WHOLE)?;
    if head.goes_on_from(read.integrity()?, read.scope())? != tree {
        return Err(NOT_WHOLE);
    }
    let waiting: Vec<Page> = read.all(&UNNUMBERED, [])?;
    for entry in waiting {
        note(read, entry, &mut said)?;
    }
    Ok(said)
}

fn note(
    read: &Read<'_>,
    (_, canonical, mac, opening): Page,
    said: &mut Said,
) -> Result<(), StoreError> {
    // A code can be broken, and mended later, as an entry can be taken away.
    if !read.is_ours(&canonical, &mac)? {
        return Err(NOT_WHOLE);
    }
    let Ok(entry) = Canonical::parse(&canonical) else {
        return Ok(());
    };
    if !entry.rows.keys().any(|(table, _)| is_keys(table)) {
        return Ok(());
    }
    let opening = opening.and_then(|text| serde_json::from_str::<Opening>(&text).ok());
    let opening = opening.unwrap_or_default();
    let (action, kind) = (entry.action.as_str(), entry.object_kind.as_str());
    let is_destroyed = action == DESTROYED || (action == TOLD && kind == DESTROYED_KEY);
    for ((table, id), commitment) in &entry.rows {
        if !is_keys(table) {
            continue;
        }
        if let Some(former) = rows::former(table.as_str()).filter(|_| commitment.is_none()) {
            said.remove(&(former.to_owned(), id.as_str().to_owned()));
        }
        let key = (table.as_str().to_owned(), id.as_str().to_owned());
        let newest = said.entry(key).or_insert_with(|| Newest::of(&entry));
        newest.commitment = *commitment;
        newest.salt = opening.salt(table, id);
        newest.has_ended = commitment.is_none() || is_destroyed;
    }
    Ok(())
}

/// The row, where the journal says something else of it. Of one that it does not know it says nothing.
fn compared(said: &mut Said, table: &'static str, row: Vec<(String, Value)>) -> Option<Differing> {
    let id = rows::id_of(&row)?;
    let forms = rows::forms(table, row.clone());
    let (form, said) = rows::take(said, &forms, &id)?;
    if said.is(form.table, &id, &form.content) {
        return None;
    }
    Some(Differing {
        table,
        id,
        row: Some(row),
        said,
    })
}

impl Tx<'_> {
    /// Tells the journal of rows of keys as they are, without changing them; with the last of them it says that all of the key store
    /// was looked at. Whoever calls answers for them: from now on they are what the journal says. Gives how many they were; one
    /// that changed since it was read is left out.
    ///
    /// # Errors
    /// The store's.
    pub fn tell_again(&mut self, told: &[Differing], is_last: bool) -> Result<usize, StoreError> {
        let (destroyed, others): (Vec<&Differing>, Vec<&Differing>) = told
            .iter()
            .partition(|one| one.number("destroyed_us").is_some());
        let mut count = 0;
        for one in destroyed {
            if self.touches_as_it_is(one)? {
                count += 1;
                // By an entry of its own: what is said to be destroyed does not come back.
                self.journal(Entry::new(TOLD, "destroyed-key", &one.id))?;
            }
        }
        for one in others {
            count += usize::from(self.touches_as_it_is(one)?);
        }
        let organisation = self.scope().organisation();
        let entry = match is_last {
            true => Entry::new(TOLD, "key-store", organisation),
            false => Entry::new(TOLD, "key-store-part", organisation),
        };
        self.journal(entry.fact("keys", count))?;
        Ok(count)
    }

    fn touches_as_it_is(&mut self, one: &Differing) -> Result<bool, StoreError> {
        let params = [
            Value::from(self.scope().organisation()),
            Value::from(&one.id),
        ];
        let found = self
            .conn
            .query_named(&rows::select_one(one.table), &params)?;
        if found.into_iter().next() != one.row {
            return Ok(false);
        }
        self.touched.push((one.table, one.id.clone()));
        Ok(true)
    }
}
