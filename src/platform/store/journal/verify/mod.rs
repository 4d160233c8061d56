//! Proves the journal against itself and against the tables: every entry, its order, the tree, and that every row still is
//! what the last entry about it committed to.

mod erased;
mod hashes;
mod known;
mod steps;
mod tables;

use std::collections::{HashMap, HashSet};

use countersign_translog::Hash;
use countersign_translog::entry::Entry as Canonical;
use countersign_translog::merkle::{Frontier, leaf_hash};

use self::erased::{Place, number};
use self::known::KnownHeads;
pub use self::steps::{Step, Steps};
use self::tables::RowState;
use super::head::Head;
use super::opening::Opening;
use super::read::next_number;
use super::report::{Bad, KnownHead, Verification};
use super::rows;
use super::stored::Stored;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::scope::Scope;
use crate::platform::store::Store;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads};

const PAGE: Sql = Sql::read(
    "SELECT e.id, e.at_us, e.actor_id, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, e.object_kind, \
     e.object_id, e.object_version, e.request_id, e.canonical, e.mac, o.opening, l.seq, l.leaf \
     FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq",
);
const WITHOUT_LEAF: Sql = Sql::read(
    "SELECT e.id, e.at_us, e.actor_id, e.on_behalf_of_id, e.credential_kind, e.credential_id, e.action, e.object_kind, \
     e.object_id, e.object_version, e.request_id, e.canonical, e.mac, o.opening, p.ordinal, NULL \
     FROM journal_entries e LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = e.id \
     LEFT JOIN journal_pending p ON p.org_id = $1 AND p.entry_id = e.id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND l.entry_id IS NULL ORDER BY p.ordinal",
);
const PENDING_FOR_NOTHING: Sql = Sql::read(
    "SELECT p.entry_id FROM journal_pending p LEFT JOIN journal_entries e ON e.org_id = $1 AND e.id = p.entry_id \
     LEFT JOIN journal_leaves l ON l.org_id = $1 AND l.entry_id = p.entry_id \
     WHERE p.org_id = $1 AND (e.id IS NULL OR l.entry_id IS NOT NULL) LIMIT 1",
);

const ENDS: Sql = Sql::read("SELECT MIN(seq), MAX(seq) FROM journal_leaves WHERE org_id = $1");

/// Numbers that are read at once.
const NUMBERS: i64 = 500;

struct Walk {
    steps: Steps,
    known: KnownHeads,
    frontier: Frontier,
    kept: hashes::Kept,
    rows: HashMap<(String, String), RowState>,
    /// Rows of subjects' keys that no entry tells of.
    unknown: HashSet<String>,
    versions: HashMap<(String, String), u64>,
    erased: erased::Erased,
}

/// How long an entry waits for its number before that is somebody's doing, or nobody's: no server runs.
const PENDING_MAX_US: i64 = 5 * 60 * Micros::SECOND;

/// Verifies one organisation's journal in one snapshot.
pub async fn verify(store: &Store, scope: Scope, now: Micros) -> Result<Verification, StoreError> {
    verify_against(store, scope, now, Vec::new()).await
}

/// Verifies one organisation's journal, and that it still holds all that it held at the known heads.
pub async fn verify_against(
    store: &Store,
    scope: Scope,
    now: Micros,
    known: Vec<KnownHead>,
) -> Result<Verification, StoreError> {
    verify_by(store, scope, now, known, Steps::ALL).await
}

/// A verification by some of its steps. Less than all prove nothing: this is for showing what each step is good for.
pub async fn verify_by(
    store: &Store,
    scope: Scope,
    now: Micros,
    known: Vec<KnownHead>,
    steps: Steps,
) -> Result<Verification, StoreError> {
    store
        .read(scope, move |read| walk(read, now, &known, steps))
        .await
}

fn walk(
    read: &mut Read<'_>,
    now: Micros,
    known: &[KnownHead],
    steps: Steps,
) -> Result<Verification, StoreError> {
    let organisation = read.scope().organisation();
    let head = Head::stored(read)?;
    let empty = Frontier::new();
    let (epoch, size) = head.as_ref().map_or((1, 0), |head| (head.epoch, head.size));
    let root = head
        .as_ref()
        .map_or(empty.root().as_bytes().to_vec(), |head| head.root.clone());
    let mut verification = Verification {
        organisation: organisation.to_string(),
        epoch,
        size,
        root: Hash::from_slice(&root)
            .map(|root| root.to_string())
            .unwrap_or_default(),
        pending: 0,
        rows_checked: 0,
        bad: None,
    };
    let mut walk = Walk {
        steps,
        known: KnownHeads::new(known),
        frontier: Frontier::new(),
        kept: hashes::Kept::new(),
        rows: HashMap::new(),
        unknown: HashSet::new(),
        versions: HashMap::new(),
        erased: erased::Erased::default(),
    };
    let result = walk
        .leaves(read, size, &root)
        .and_then(|()| walk.head(read, head.as_ref()))
        .and_then(|()| walk.nodes(read))
        .and_then(|()| {
            walk.without_leaf(read, now)
                .map(|pending| verification.pending = pending)
        })
        .and_then(|()| walk.openings())
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
    fn takes(&self, step: Step) -> bool {
        self.steps.has(step)
    }

    /// What a step demands, where it is taken.
    fn demand(
        &self,
        step: Step,
        holds: bool,
        seq: Option<i64>,
        reason: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        if holds || !self.takes(step) {
            Ok(())
        } else {
            bad(seq, reason())
        }
    }

    fn leaves(&mut self, read: &mut Read<'_>, size: i64, root: &[u8]) -> Result<(), Stop> {
        // Leaves without an entry are on no page.
        let (first, last): (Option<i64>, Option<i64>) = read.one(&ENDS, [])?;
        self.demand(
            Step::Numbers,
            first.is_none_or(|first| first >= 0),
            first,
            || "an entry stands before the first: numbers begin with 0".to_owned(),
        )?;
        let mut next: i64 = 0;
        self.known.note(&self.frontier);
        while next < i64::MAX {
            let end = next.saturating_add(NUMBERS);
            let page: Vec<Stored> = read.all(&PAGE, params![next, end])?;
            if page.is_empty() {
                let Some(further) = next_number(read, next)? else {
                    break;
                };
                self.demand(Step::Numbers, false, Some(next), || {
                    format!("entry {next} is missing")
                })?;
                next = further;
            }
            for stored in page {
                let is_next = stored.place == Some(next);
                self.demand(Step::Numbers, is_next, Some(next), || {
                    format!("entry {next} is missing")
                })?;
                let leaf = self.stored(read, Some(next), &stored)?;
                let is_its_leaf = stored.leaf.as_deref() == Some(leaf.as_bytes().as_slice());
                self.demand(Step::Leaf, is_its_leaf, Some(next), || {
                    "the entry's bytes are not those that the leaf was made of".to_owned()
                })?;
                let kept = &mut self.kept;
                self.frontier
                    .push_with(leaf, |node, hash| hashes::note(kept, node, hash));
                next = stored.place.unwrap_or(next) + 1;
                self.known.note(&self.frontier);
            }
        }
        self.demand(Step::Numbers, next == size, Some(next.min(size)), || {
            format!("the head names {size} entries, the leaves are {next}")
        })?;
        let is_last = last.is_none_or(|last| last < size);
        self.demand(Step::Numbers, is_last, last, || {
            format!("a leaf stands behind the {size} entries that the head names")
        })?;
        let gives_root = self.frontier.root().as_bytes() == root;
        self.demand(Step::Root, gives_root, None, || {
            "the leaves do not give the head's root".to_owned()
        })?;
        match self.known.wrong(self.frontier.size()) {
            Some(wrong) if self.takes(Step::Known) => bad(None, wrong),
            _ => Ok(()),
        }
    }

    /// The head is one that the installation's key made, and the sequencer goes on from the right hashes.
    fn head(&self, read: &Read<'_>, head: Option<&Head>) -> Result<(), Stop> {
        let Some(head) = head else {
            return bad(
                None,
                "the head is missing: it was written with the first entry",
            );
        };
        let is_ours = head.is_ours(read.integrity()?, read.scope());
        self.demand(Step::HeadCode, is_ours, None, || {
            "the head was not written by this installation".to_owned()
        })?;
        let is_declared = self.known.epoch() == head.epoch.unsigned_abs();
        self.demand(Step::Numbers, is_declared, None, || {
            let declared = self.known.epoch();
            format!(
                "the head is of epoch {}, and the entries declare {declared}",
                head.epoch
            )
        })?;
        let is_edge = head.frontier == self.frontier.to_bytes();
        self.demand(Step::Edge, is_edge, None, || {
            "the hashes that the sequencer goes on from are not those of the leaves".to_owned()
        })
    }

    /// One entry for itself: its code, its form, its columns, its opening. Gives the hash of its bytes.
    fn stored(&mut self, read: &Read<'_>, seq: Option<i64>, stored: &Stored) -> Result<Hash, Stop> {
        let organisation = read.scope().organisation();
        let is_ours = read
            .integrity()?
            .is_entry(organisation, &stored.canonical, &stored.mac);
        self.demand(Step::EntryCode, is_ours, seq, || {
            format!("entry {} was not written by this installation", stored.id)
        })?;
        let entry = match Canonical::parse(&stored.canonical) {
            Ok(entry) => entry,
            Err(error) => return bad(seq, format!("entry {} does not parse: {error}", stored.id)),
        };
        let is_owned = entry.organisation.to_string() == organisation.to_string();
        self.demand(Step::Owner, is_owned, seq, || {
            "the entry belongs to another organisation".to_owned()
        })?;
        self.demand(Step::Columns, stored.fits(&entry), seq, || {
            "the entry's columns are not what its bytes say".to_owned()
        })?;
        if let Some(rollback) = entry.rollback {
            let number = seq.and_then(|seq| u64::try_from(seq).ok());
            let fits = number.is_some_and(|number| self.known.declare(number, rollback));
            self.demand(Step::Numbers, fits, seq, || {
                "the entry declares a restore that does not fit where it stands".to_owned()
            })?;
        }
        // What waits for its number comes after all that have one.
        let place = (seq.is_none(), stored.place.unwrap_or(i64::MAX));
        self.entry(place, &entry, stored.opening.as_deref())?;
        Ok(leaf_hash(&stored.canonical))
    }

    /// Takes note of what an entry says of objects and rows.
    fn entry(
        &mut self,
        place: Place,
        entry: &Canonical,
        opening: Option<&str>,
    ) -> Result<(), Stop> {
        let seq = number(place);
        self.demand(Step::Opening, opening.is_some(), seq, || {
            "the entry's opening is missing".to_owned()
        })?;
        let opening = opening
            .and_then(|text| serde_json::from_str::<Opening>(text).ok())
            .filter(|opening| opening.is_true(entry));
        self.demand(Step::Opening, opening.is_some(), seq, || {
            "the entry's opening shows values other than those committed to".to_owned()
        })?;
        if let Some(opening) = &opening {
            self.erased.note(place, entry, opening);
        }
        let object = (entry.object_kind.to_string(), entry.object_id.to_string());
        let version = self.versions.entry(object).or_default();
        let before = std::mem::replace(version, entry.object_version);
        let now = entry.object_version;
        self.demand(Step::Versions, before <= now, seq, || {
            format!("version {now} of the object follows version {before}")
        })?;
        let opening = opening.unwrap_or_default();
        for ((table, id), commitment) in &entry.rows {
            let state = RowState {
                seq,
                commitment: *commitment,
                salt: opening.salt(table, id),
            };
            if let Some(former) = rows::former(table.as_str()).filter(|_| commitment.is_none()) {
                // What was said of the row where it was before it was moved ends with it.
                self.rows.remove(&(former.to_owned(), id.to_string()));
            }
            self.rows.insert((table.to_string(), id.to_string()), state);
        }
        Ok(())
    }

    /// What openings lack was erased by a disposal that says so.
    fn openings(&self) -> Result<(), Stop> {
        let lacking = self.erased.without_reason();
        self.demand(Step::Opening, lacking.is_none(), lacking.flatten(), || {
            "the entry's opening lacks what was committed to, and no disposal erased it".to_owned()
        })
    }

    /// Entries without a leaf are few and young, and each is on the sequencer's list; nothing else is.
    fn without_leaf(&mut self, read: &mut Read<'_>, now: Micros) -> Result<usize, Stop> {
        let entries: Vec<Stored> = read.all(&WITHOUT_LEAF, [])?;
        for stored in &entries {
            let id = &stored.id;
            self.demand(Step::Pending, stored.place.is_some(), None, || {
                format!("entry {id} has no leaf and was taken from the sequencer's list")
            })?;
            self.stored(read, None, stored)?;
            // Who keeps entries from their numbers keeps them out of the tree, where none can be taken away.
            let is_young = now.0.saturating_sub(stored.at_us) <= PENDING_MAX_US;
            self.demand(Step::Pending, is_young, None, || {
                format!(
                    "entry {id} has waited for its number for more than five minutes: a running server gives it within seconds"
                )
            })?;
        }
        let odd: Option<(String,)> = read.maybe(&PENDING_FOR_NOTHING, [])?;
        match odd {
            Some((id,)) if self.takes(Step::Pending) => bad(
                None,
                format!("the sequencer's list names {id}, which has its number or is no entry"),
            ),
            _ => Ok(entries.len()),
        }
    }
}
