//! The journal as people read it: entries by their numbers, the highest first, with what the commitments of each hide.
//!
//! Reading does not verify: `journal verify` does, and the journal's page says when it last did.

use super::entry::Change;
use super::opening::Opening;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::{EntryId, PersonId};
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::Reads;
use crate::row;

const HISTORY: Sql = Sql::read(
    "SELECT e.id, l.seq, e.at_us, e.actor_id, p.name, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, \
     e.object_kind, e.object_id, e.object_version, e.request_id, o.opening FROM journal_entries e \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = e.id \
     LEFT JOIN journal_pending q ON q.org_id = $1 AND q.entry_id = e.id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = e.actor_id \
     WHERE e.org_id = $1 AND e.object_kind = $2 AND e.object_id = $3 \
     ORDER BY CASE WHEN l.seq IS NULL THEN 0 ELSE 1 END, l.seq DESC, q.ordinal DESC, e.id DESC LIMIT $4",
);
const HISTORY_OF: Sql = Sql::read(
    "SELECT e.id, l.seq, e.at_us, e.actor_id, p.name, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, \
     e.object_kind, e.object_id, e.object_version, e.request_id, o.opening FROM journal_entries e \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = e.id \
     LEFT JOIN journal_pending q ON q.org_id = $1 AND q.entry_id = e.id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = e.actor_id \
     WHERE e.org_id = $1 AND e.object_kind = $2 AND e.object_id = $3 AND e.action = $5 \
     ORDER BY CASE WHEN l.seq IS NULL THEN 0 ELSE 1 END, l.seq DESC, q.ordinal DESC, e.id DESC LIMIT $4",
);
// An empty text stands for "any", so that one statement serves all filters: an engine differs in how it takes untyped nulls.
// Numbered entries are read along the leaves and the others along the sequencer's queue, so that each has its own index.
const NUMBERED: Sql = Sql::read(
    "SELECT e.id, l.seq, e.at_us, e.actor_id, p.name, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, \
     e.object_kind, e.object_id, e.object_version, e.request_id, o.opening FROM journal_leaves l \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = e.actor_id \
     WHERE l.org_id = $1 AND ($2 = '' OR e.actor_id = $2) AND ($3 = '' OR e.action = $3) \
     AND ($4 = '' OR e.object_kind = $4) AND ($5 = '' OR e.object_id = $5) AND e.at_us >= $6 AND e.at_us < $7 \
     AND ($10 = '' OR e.request_id = $10) AND l.seq < $8 ORDER BY l.seq DESC LIMIT $9",
);
const UNNUMBERED: Sql = Sql::read(
    "SELECT e.id, l.seq, e.at_us, e.actor_id, p.name, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, \
     e.object_kind, e.object_id, e.object_version, e.request_id, o.opening FROM journal_pending q \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = q.entry_id \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = e.id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = e.actor_id \
     WHERE q.org_id = $1 AND l.seq IS NULL AND ($2 = '' OR e.actor_id = $2) AND ($3 = '' OR e.action = $3) \
     AND ($4 = '' OR e.object_kind = $4) AND ($5 = '' OR e.object_id = $5) AND e.at_us >= $6 AND e.at_us < $7 \
     AND ($10 = '' OR e.request_id = $10) AND q.ordinal < $8 ORDER BY q.ordinal DESC LIMIT $9",
);
const COUNT: Sql = Sql::read(
    "SELECT CAST(COUNT(*) AS BIGINT) FROM journal_entries e WHERE e.org_id = $1 \
     AND ($2 = '' OR e.actor_id = $2) AND ($3 = '' OR e.action = $3) \
     AND ($4 = '' OR e.object_kind = $4) AND ($5 = '' OR e.object_id = $5) AND e.at_us >= $6 AND e.at_us < $7 \
     AND ($8 = '' OR e.request_id = $8)",
);
const PLACE: Sql = Sql::read(
    "SELECT l.seq, q.ordinal FROM journal_entries e \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = e.id \
     LEFT JOIN journal_pending q ON q.org_id = $1 AND q.entry_id = e.id WHERE e.org_id = $1 AND e.id = $2",
);
const BY_NUMBER: Sql = Sql::read(
    "SELECT e.id, l.seq, e.at_us, e.actor_id, p.name, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, \
     e.object_kind, e.object_id, e.object_version, e.request_id, o.opening FROM journal_leaves l \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = e.actor_id WHERE l.org_id = $1 AND l.seq = $2",
);
const ONWARDS: Sql = Sql::read(
    "SELECT e.id, l.seq, e.at_us, e.actor_id, p.name, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, \
     e.object_kind, e.object_id, e.object_version, e.request_id, o.opening FROM journal_leaves l \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     LEFT JOIN people p ON p.org_id = $1 AND p.id = e.actor_id \
     WHERE l.org_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq",
);
const NEXT_NUMBER: Sql = Sql::read(
    "SELECT MIN(l.seq) FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq >= $2",
);
const ACTIONS: Sql =
    Sql::read("SELECT DISTINCT action FROM journal_entries WHERE org_id = $1 ORDER BY action");
const ACTORS: Sql = Sql::read("SELECT id, name FROM people WHERE org_id = $1 ORDER BY name, id");
const HEAD: Sql = Sql::read("SELECT epoch, size, root, at_us FROM journal_heads WHERE org_id = $1");
const PENDING: Sql =
    Sql::read("SELECT CAST(COUNT(*) AS BIGINT) FROM journal_pending WHERE org_id = $1");

row! {
    struct Stored {
        id: EntryId,
        seq: Option<i64>,
        at: Micros,
        actor: Option<PersonId>,
        actor_name: Option<String>,
        on_behalf_of: Option<PersonId>,
        credential_kind: String,
        credential_id: Option<String>,
        action: String,
        object_kind: String,
        object_id: String,
        object_version: i64,
        request_id: String,
        opening: Option<String>,
    }
}

/// An entry with what it says.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Told {
    pub id: EntryId,
    /// Its number in the tree, from zero; none until the sequencer has come by.
    pub seq: Option<i64>,
    /// UTC microseconds.
    pub at_us: i64,
    pub actor: Option<PersonId>,
    /// The name that the person has now.
    pub actor_name: Option<String>,
    pub on_behalf_of: Option<PersonId>,
    pub credential_kind: String,
    pub credential_id: Option<String>,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    pub object_version: i64,
    pub request_id: String,
    /// What changed, in the order in which it was stated. Empty where the opening was erased.
    pub changes: Vec<Change>,
    /// Whether the opening is there.
    pub is_open: bool,
}

impl Told {
    /// What a field is after what was done; none where nothing is said of it, or the opening was erased.
    #[must_use]
    pub fn after(&self, field: &str) -> Option<&str> {
        let change = self.changes.iter().find(|change| change.field == field)?;
        change.after.as_deref()
    }
}

impl From<Stored> for Told {
    fn from(stored: Stored) -> Self {
        let opening = stored
            .opening
            .as_deref()
            .and_then(|text| serde_json::from_str::<Opening>(text).ok());
        Self {
            id: stored.id,
            seq: stored.seq,
            at_us: stored.at.0,
            actor: stored.actor,
            actor_name: stored.actor_name,
            on_behalf_of: stored.on_behalf_of,
            credential_kind: stored.credential_kind,
            credential_id: stored.credential_id,
            action: stored.action,
            object_kind: stored.object_kind,
            object_id: stored.object_id,
            object_version: stored.object_version,
            request_id: stored.request_id,
            is_open: opening.is_some(),
            changes: opening.map(|opening| opening.changes()).unwrap_or_default(),
        }
    }
}

/// Which entries are wanted; an empty text means any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    /// The `X-Request-Id` of the answer, which log lines have as well.
    pub request: String,
    /// From this moment on.
    pub from: Option<Micros>,
    /// Before this moment.
    pub until: Option<Micros>,
}

impl Filter {
    fn first_us(&self) -> i64 {
        self.from.map_or(i64::MIN, |from| from.0)
    }

    fn end_us(&self) -> i64 {
        self.until.map_or(i64::MAX, |until| until.0)
    }
}

fn told(rows: Vec<Stored>) -> Vec<Told> {
    rows.into_iter().map(Told::from).collect()
}

/// What happened to one object, the newest first. The order is that of the numbers, and of what will be numbered: ids of one
/// moment, or of two servers' clocks, say nothing of what came first.
pub fn history_of(
    reads: &mut impl Reads,
    kind: &str,
    id: impl std::fmt::Display,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let params = params![kind, id.to_string(), limit];
    Ok(told(reads.all(&HISTORY, params)?))
}

/// The same of one action alone, so that others do not use the limit up.
pub fn history_of_action(
    reads: &mut impl Reads,
    (kind, id): (&str, impl std::fmt::Display),
    action: &str,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let params = params![kind, id.to_string(), limit, action];
    Ok(told(reads.all(&HISTORY_OF, params)?))
}

/// Entries that fit the filter, behind the entry `before`: those without a number, the newest first, then the others by
/// their numbers, the highest first. Where that entry got its number in the meantime, the list goes on below it.
pub fn entries(
    reads: &mut impl Reads,
    filter: &Filter,
    before: Option<EntryId>,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let place: Option<(Option<i64>, Option<i64>)> = match before {
        Some(id) => reads.maybe(&PLACE, params![id])?,
        None => None,
    };
    let (seq, ordinal) = place.unwrap_or_default();
    let mut find = |sql, below: Option<i64>, limit: i64| -> Result<Vec<Stored>, StoreError> {
        let params = params![
            &filter.actor,
            &filter.action,
            &filter.object_kind,
            &filter.object_id,
            filter.first_us(),
            filter.end_us(),
            below.unwrap_or(i64::MAX),
            limit,
            &filter.request
        ];
        reads.all(sql, params)
    };
    let mut rows = match seq {
        Some(_) => Vec::new(),
        None => find(&UNNUMBERED, ordinal, limit)?,
    };
    let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
    if left > 0 {
        rows.extend(find(&NUMBERED, seq, left)?);
    }
    Ok(told(rows))
}

/// How many entries fit the filter.
pub fn count(reads: &mut impl Reads, filter: &Filter) -> Result<i64, StoreError> {
    let params = params![
        &filter.actor,
        &filter.action,
        &filter.object_kind,
        &filter.object_id,
        filter.first_us(),
        filter.end_us(),
        &filter.request
    ];
    let (count,): (i64,) = reads.one(&COUNT, params)?;
    Ok(count)
}

/// The entry with a number.
pub fn by_number(reads: &mut impl Reads, seq: i64) -> Result<Option<Told>, StoreError> {
    let row: Option<Stored> = reads.maybe(&BY_NUMBER, params![seq])?;
    Ok(row.map(Told::from))
}

/// Entries from a number on, in the order of their numbers, `limit` at most. Numbers are dense and given in the transaction that
/// extends the tree, so that whoever reads on behind the last that she has misses none. Where somebody took entries away, those behind
/// them are given.
pub fn onwards(reads: &mut impl Reads, from: i64, limit: i64) -> Result<Vec<Told>, StoreError> {
    let range = |first: i64| params![first, first.saturating_add(limit)];
    let mut rows: Vec<Stored> = reads.all(&ONWARDS, range(from))?;
    if rows.is_empty()
        && let Some(further) = next_number(reads, from)?
    {
        rows = reads.all(&ONWARDS, range(further))?;
    }
    Ok(told(rows))
}

/// The first number from this one on that has an entry. Numbers are dense: behind a range without any there is none, or somebody took
/// entries away. Whoever reads all of a journal asks for ranges of numbers, which are small however little the database knows
/// of its tables; a limit is not.
pub fn next_number(reads: &mut impl Reads, from: i64) -> Result<Option<i64>, StoreError> {
    let (next,): (Option<i64>,) = reads.one(&NEXT_NUMBER, params![from])?;
    Ok(next)
}

/// Every action that ever happened here, by name.
pub fn actions(reads: &mut impl Reads) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = reads.all(&ACTIONS, [])?;
    Ok(rows.into_iter().map(|(action,)| action).collect())
}

/// Everybody who may have acted, by name.
pub fn actors(reads: &mut impl Reads) -> Result<Vec<(PersonId, String)>, StoreError> {
    reads.all(&ACTORS, [])
}

/// The state of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub epoch: i64,
    pub size: i64,
    pub root: [u8; 32],
    /// When it last grew.
    pub at: Micros,
    /// Entries that wait for their numbers.
    pub pending: i64,
}

/// The tree's head; none before the first entry was numbered.
pub fn head(reads: &mut impl Reads) -> Result<Option<Head>, StoreError> {
    let (pending,): (i64,) = reads.one(&PENDING, [])?;
    let row: Option<(i64, i64, [u8; 32], Micros)> = reads.maybe(&HEAD, [])?;
    Ok(row.map(|(epoch, size, root, at)| Head {
        epoch,
        size,
        root,
        at,
        pending,
    }))
}
