//! Proves the journal against itself and against the tables: every entry, its order, the tree, and that every row still is
//! what the last entry about it committed to.

use std::collections::HashMap;

use countersign_translog::Hash;
use countersign_translog::entry::{Commitment, Entry as Canonical, Salt, Word};
use countersign_translog::merkle::Frontier;

use super::opening::Opening;
use super::rows;
use crate::params;
use crate::platform::scope::Scope;
use crate::platform::store::catalogue::{Nature, TABLES};
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads};
use crate::platform::store::{Store, Value};
use crate::row;

const HEAD: Sql = Sql::read("SELECT epoch, size, root FROM journal_heads WHERE org_id = $1");
const PAGE: Sql = Sql::read(
    "SELECT l.seq, l.entry_id, l.leaf, e.canonical, e.at_us, e.action, e.object_kind, e.object_id, e.object_version, \
     o.opening FROM journal_leaves l LEFT JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq >= $2 ORDER BY l.seq LIMIT 500",
);
const WITHOUT_LEAF: Sql = Sql::read(
    "SELECT e.id, e.canonical, o.opening, p.entry_id FROM journal_entries e \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = e.id \
     LEFT JOIN journal_pending p ON p.org_id = $1 AND p.entry_id = e.id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND l.entry_id IS NULL ORDER BY e.id",
);

row! {
    struct Leaf {
        seq: i64,
        entry_id: String,
        leaf: Vec<u8>,
        canonical: Option<Vec<u8>>,
        at_us: Option<i64>,
        action: Option<String>,
        object_kind: Option<String>,
        object_id: Option<String>,
        object_version: Option<i64>,
        opening: Option<String>,
    }
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Bad {
    /// The entry's number, where it is about one.
    pub seq: Option<i64>,
    pub reason: String,
}

/// What the journal of one organisation proves.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Verification {
    pub organisation: String,
    pub epoch: i64,
    pub size: i64,
    /// The tree's root, hexadecimal.
    pub root: String,
    /// Entries that have no number yet.
    pub pending: usize,
    /// Rows that were compared with what the journal committed to.
    pub rows_checked: usize,
    pub bad: Option<Bad>,
}

/// What the newest entry about a row committed to.
struct RowState {
    seq: Option<i64>,
    commitment: Option<Commitment>,
    salt: Option<Salt>,
}

#[derive(Default)]
struct Walk {
    frontier: Frontier,
    rows: HashMap<(String, String), RowState>,
    versions: HashMap<(String, String), u64>,
}

/// Verifies one organisation's journal in one snapshot.
pub async fn verify(store: &Store, scope: Scope) -> Result<Verification, StoreError> {
    store.read(scope, |read| walk(read)).await
}

fn walk(read: &mut Read<'_>) -> Result<Verification, StoreError> {
    let head: Option<(i64, i64, Vec<u8>)> = read.maybe(&HEAD, [])?;
    let (epoch, size, root) = head.unwrap_or((1, 0, Frontier::new().root().as_bytes().to_vec()));
    let mut verification = Verification {
        organisation: read.scope().organisation().to_string(),
        epoch,
        size,
        root: Hash::from_slice(&root)
            .map(|root| root.to_string())
            .unwrap_or_default(),
        pending: 0,
        rows_checked: 0,
        bad: None,
    };
    let mut walk = Walk::default();
    let result = walk
        .leaves(read, size, &root)
        .and_then(|()| {
            walk.without_leaf(read)
                .map(|pending| verification.pending = pending)
        })
        .and_then(|()| {
            walk.tables(read)
                .map(|checked| verification.rows_checked = checked)
        });
    match result {
        Ok(()) => Ok(verification),
        Err(Stop::Bad(bad)) => Ok(Verification {
            bad: Some(bad),
            ..verification
        }),
        Err(Stop::Store(error)) => Err(error),
    }
}

enum Stop {
    Bad(Bad),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn bad<T>(seq: Option<i64>, reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Bad(Bad {
        seq,
        reason: reason.into(),
    }))
}

impl Walk {
    fn leaves(&mut self, read: &mut Read<'_>, size: i64, root: &[u8]) -> Result<(), Stop> {
        let mut next = 0;
        loop {
            let page: Vec<Leaf> = read.all(&PAGE, params![next])?;
            if page.is_empty() {
                break;
            }
            for leaf in page {
                self.leaf(leaf, next)?;
                next += 1;
            }
        }
        if next != size {
            return bad(
                Some(next.min(size)),
                format!("the head names {size} entries, the leaves are {next}"),
            );
        }
        if self.frontier.root().as_bytes() != root {
            return bad(None, "the leaves do not give the head's root");
        }
        Ok(())
    }

    fn leaf(&mut self, leaf: Leaf, expected: i64) -> Result<(), Stop> {
        let seq = Some(leaf.seq);
        if leaf.seq != expected {
            return bad(
                Some(expected),
                format!(
                    "entry {expected} is missing; the next one there is {}",
                    leaf.seq
                ),
            );
        }
        let Some(bytes) = &leaf.canonical else {
            return bad(seq, "the leaf's entry is missing");
        };
        let hash = countersign_translog::merkle::leaf_hash(bytes);
        if hash.as_bytes().as_slice() != leaf.leaf {
            return bad(
                seq,
                "the entry's bytes are not those that the leaf was made of",
            );
        }
        let entry = match Canonical::parse(bytes) {
            Ok(entry) => entry,
            Err(error) => return bad(seq, format!("the entry does not parse: {error}")),
        };
        let columns_fit = entry.id.to_string() == leaf.entry_id
            && Some(entry.time.micros()) == leaf.at_us
            && Some(entry.action.as_str()) == leaf.action.as_deref()
            && Some(entry.object_kind.as_str()) == leaf.object_kind.as_deref()
            && Some(entry.object_id.as_str()) == leaf.object_id.as_deref()
            && i64::try_from(entry.object_version).ok() == leaf.object_version;
        if !columns_fit {
            return bad(seq, "the entry's columns are not what its bytes say");
        }
        self.frontier.push(hash);
        self.entry(seq, &entry, leaf.opening.as_deref())
    }

    /// Takes note of what an entry says of objects and rows.
    fn entry(
        &mut self,
        seq: Option<i64>,
        entry: &Canonical,
        opening: Option<&str>,
    ) -> Result<(), Stop> {
        let opening = match opening.map(serde_json::from_str::<Opening>) {
            // Nothing erases openings yet, so a missing one is somebody's doing.
            None => return bad(seq, "the entry's opening is missing"),
            Some(Ok(opening)) if opening.fits(entry) => opening,
            Some(_) => {
                return bad(
                    seq,
                    "the entry's opening shows values other than those committed to",
                );
            }
        };
        let object = (entry.object_kind.to_string(), entry.object_id.to_string());
        let version = self.versions.entry(object).or_default();
        if entry.object_version < *version {
            return bad(
                seq,
                format!(
                    "version {} of the object follows version {version}",
                    entry.object_version
                ),
            );
        }
        *version = entry.object_version;
        for ((table, id), commitment) in &entry.rows {
            let salt = opening
                .rows
                .iter()
                .find(|row| row.table == table.as_str() && row.id == id.as_str())
                .map(|row| row.salt);
            let state = RowState {
                seq,
                commitment: *commitment,
                salt,
            };
            self.rows.insert((table.to_string(), id.to_string()), state);
        }
        Ok(())
    }

    /// Entries without a leaf are few and young, and each is on the sequencer's list.
    fn without_leaf(&mut self, read: &mut Read<'_>) -> Result<usize, Stop> {
        type Unsequenced = (String, Vec<u8>, Option<String>, Option<String>);
        let mut entries: Vec<Unsequenced> = read.all(&WITHOUT_LEAF, [])?;
        let mut parsed = Vec::with_capacity(entries.len());
        for (id, bytes, opening, pending) in entries.drain(..) {
            if pending.is_none() {
                return bad(
                    None,
                    format!("entry {id} has no leaf and was taken from the sequencer's list"),
                );
            }
            match Canonical::parse(&bytes) {
                Ok(entry) => parsed.push((entry, opening)),
                Err(error) => return bad(None, format!("entry {id} does not parse: {error}")),
            }
        }
        parsed.sort_by_key(|(entry, _)| entry.object_version);
        for (entry, opening) in &parsed {
            self.entry(None, entry, opening.as_deref())?;
        }
        Ok(parsed.len())
    }

    /// Every row of every journaled table is what the newest entry about it committed to.
    fn tables(&mut self, read: &mut Read<'_>) -> Result<usize, Stop> {
        let mut checked = 0;
        for table in TABLES
            .iter()
            .filter(|table| matches!(table.nature, Nature::Business | Nature::Append))
        {
            let (page, mut after) = (rows::select_page(table.name), String::new());
            loop {
                let found = read.named(&page, &[Value::from(&after)])?;
                let Some(last) = found.last().and_then(|row| id_of(row)) else {
                    break;
                };
                after = last;
                for row in found {
                    self.row(table.name, row)?;
                    checked += 1;
                }
            }
        }
        match self
            .rows
            .iter()
            .find(|(_, state)| state.commitment.is_some())
        {
            Some(((table, id), state)) => bad(
                state.seq,
                format!("row {id} of {table} is gone from the table"),
            ),
            None => Ok(checked),
        }
    }

    fn row(&mut self, table: &str, row: Vec<(String, Value)>) -> Result<(), Stop> {
        let id = id_of(&row).unwrap_or_default();
        let Some(state) = self.rows.remove(&(table.to_owned(), id.clone())) else {
            return bad(
                None,
                format!("row {id} of {table} was written without a journal entry"),
            );
        };
        let words = (Word::new(table), Word::new(id.as_str()));
        let (Some(salt), (Ok(table_word), Ok(id_word))) = (state.salt, words) else {
            return bad(
                state.seq,
                format!("the salt of row {id} of {table} is missing from the entry's opening"),
            );
        };
        let now = Commitment::of_row(&salt, &table_word, &id_word, &rows::canonical(row));
        if state.commitment != Some(now) {
            return bad(
                state.seq,
                format!("row {id} of {table} was changed behind the journal"),
            );
        }
        Ok(())
    }
}

fn id_of(row: &[(String, Value)]) -> Option<String> {
    row.iter().find_map(|(name, value)| match value {
        Value::Text(text) if name == "id" => Some(text.clone()),
        _ => None,
    })
}
