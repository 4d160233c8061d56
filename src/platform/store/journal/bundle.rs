//! A journal read for taking home: the signed head, what fits a part of it under that head, and the entries.
//!
//! Leaves are only ever added, so what is read page by page belongs to the head that was read first.

use countersign_translog::Hash;
use countersign_translog::bundle::{Heading, Shown, entry, heading};
use countersign_translog::entry::View;
use countersign_translog::merkle::{Frontier, range_nodes};

use super::checkpoint::{SignedHead, signed_head};
use super::nodes::Nodes;
use super::opening::Opening;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads as _};

const ENTRIES: Sql = Sql::read(
    "SELECT l.seq, e.canonical, o.opening FROM journal_leaves l \
     JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     LEFT JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE l.org_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq",
);
const FIRST_FROM: Sql = Sql::read(
    "SELECT MIN(l.seq) FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND e.at_us >= $2",
);
const LAST_BEFORE: Sql = Sql::read(
    "SELECT MAX(l.seq) FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND e.at_us < $2",
);

/// Numbers that are read at once.
const NUMBERS: u64 = 500;

/// An end of the part that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// An entry's number.
    Number(u64),
    /// A moment.
    At(Micros),
}

/// The part of a journal that a bundle has, and all that stands before its entries.
#[derive(Debug, Clone)]
pub struct Planned {
    signed: SignedHead,
    epoch: u64,
    before: Vec<Hash>,
    after: Vec<Hash>,
    /// The first entry's number.
    pub first: u64,
    /// One behind the last entry's number.
    pub end: u64,
}

impl Planned {
    /// How many entries the journal has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.signed.head.size
    }

    /// The bundle up to its first entry.
    #[must_use]
    pub fn heading(&self) -> Vec<u8> {
        heading(&Heading {
            key: &self.signed.key,
            checkpoint: &self.signed.note,
            epoch: self.epoch,
            first: self.first,
            before: &self.before,
            after: &self.after,
        })
    }
}

/// Plans a bundle of the entries `from` (inclusive) to `to` (exclusive); without them, of all. None before the first entry
/// has its number, or where nothing lies between them.
pub fn plan(
    read: &mut Read<'_>,
    from: Option<End>,
    to: Option<End>,
) -> Result<Option<Planned>, StoreError> {
    let Some(signed) = signed_head(read)? else {
        return Ok(None);
    };
    let size = signed.head.size;
    let first = match from {
        None => 0,
        Some(End::Number(number)) => number,
        Some(End::At(moment)) => number(read, &FIRST_FROM, moment)?.unwrap_or(size),
    };
    let end = match to {
        None => size,
        Some(End::Number(number)) => number.min(size),
        Some(End::At(moment)) => {
            number(read, &LAST_BEFORE, moment)?.map_or(0, |last| (last + 1).min(size))
        }
    };
    if first >= end {
        return Ok(None);
    }
    let (before, after) = around(read, &signed, first, end)?;
    let epoch = epoch_at(read, signed.head.epoch, first)?;
    Ok(Some(Planned {
        signed,
        epoch,
        before,
        after,
        first,
        end,
    }))
}

fn number(read: &mut Read<'_>, sql: &Sql, moment: Micros) -> Result<Option<u64>, StoreError> {
    let found: Option<(Option<i64>,)> = read.maybe(sql, params![moment])?;
    Ok(found.and_then(|(number,)| number).map(i64::unsigned_abs))
}

/// The subtrees before `first`, and those from `end` up to the head. All are made from the kept hashes of subtrees, which nobody
/// vouches for: they are held against the signed root before they go out.
fn around(
    read: &mut Read<'_>,
    signed: &SignedHead,
    first: u64,
    end: u64,
) -> Result<(Vec<Hash>, Vec<Hash>), StoreError> {
    let size = signed.head.size;
    let mut nodes = Nodes::of(read, size);
    let before = subtrees(&mut nodes, 0, first)?;
    let after = subtrees(&mut nodes, end, size)?;
    if before.is_empty() && after.is_empty() {
        // The whole journal goes out, and no kept hash with it.
        return Ok((before, after));
    }
    let here = subtrees(&mut nodes, first, end)?;
    let mut tree = Frontier::new();
    let fits = tree.append_subtrees(first, &before)
        && tree.append_subtrees(end, &here)
        && tree.append_subtrees(size, &after);
    if fits && tree.root() == signed.head.root {
        Ok((before, after))
    } else {
        Err(StoreError::Head("the hashes below it do not give its root"))
    }
}

/// The hashes of the largest complete subtrees over the entries from `start` up to `end`.
fn subtrees(nodes: &mut Nodes<'_, '_>, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
    let wanted = range_nodes(start, end).into_iter();
    wanted.map(|node| nodes.hash(node)).collect()
}

/// The epoch in which entry `first` stands: each restore before it began a new one.
fn epoch_at(read: &mut Read<'_>, newest: u64, first: u64) -> Result<u64, StoreError> {
    let mut epoch = 1;
    let mut next = 0;
    // Without a restore there is nothing to look for.
    while newest > 1 && next < first {
        let page = page(read, next, first)?;
        next += page.len() as u64;
        for (canonical, _) in page {
            let view = std::str::from_utf8(&canonical).ok();
            let view = view.and_then(|text| View::of(text).ok());
            let view = view.ok_or(StoreError::Head("an entry before it does not parse"))?;
            if let Some(rollback) = view.rollbacks.first() {
                epoch = rollback.old().epoch + 1;
            }
        }
    }
    Ok(epoch)
}

/// Up to which number the journal is still what it was in an epoch: the first entry behind a restore declares it, and stands where the
/// restored journal ended. None where no entry declares a restore since.
///
/// # Errors
/// Where an entry that the journal counts is missing, or does not read.
pub fn kept_since(read: &mut Read<'_>, epoch: i64, size: i64) -> Result<Option<i64>, StoreError> {
    let (mut end, mut kept) = (size.unsigned_abs(), None);
    while end > 0 {
        let first = end.saturating_sub(NUMBERS);
        let stored = page(read, first, end)?;
        for (number, (canonical, _)) in (first..).zip(stored).collect::<Vec<_>>().into_iter().rev()
        {
            let view = std::str::from_utf8(&canonical).ok();
            let view = view.and_then(|text| View::of(text).ok());
            let view = view.ok_or(StoreError::Head("an entry of it does not parse"))?;
            let Some(rollback) = view.rollbacks.first() else {
                continue;
            };
            let given_up = i64::try_from(rollback.old().epoch).unwrap_or(i64::MAX);
            if given_up >= epoch {
                kept = i64::try_from(number).ok();
            }
            // Epochs ascend with the numbers: what stands before this entry is of an older one.
            if given_up <= epoch {
                return Ok(kept);
            }
        }
        end = first;
    }
    Ok(kept)
}

/// An entry's canonical bytes, and its opening as it is stored.
type Stored = (Vec<u8>, Option<String>);

/// Some entries from number `next` on, before number `end`, which the head counts; none where there are no more.
fn page(read: &mut Read<'_>, next: u64, end: u64) -> Result<Vec<Stored>, StoreError> {
    let wanted = next..end.min(next.saturating_add(NUMBERS));
    let [from, to] = [next, wanted.end].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let rows: Vec<(i64, Vec<u8>, Option<String>)> = read.all(&ENTRIES, params![from, to])?;
    let numbers = rows.iter().map(|(number, ..)| number.unsigned_abs());
    if !numbers.eq(wanted) {
        return Err(StoreError::Head("an entry that it counts is missing"));
    }
    let page = rows.into_iter();
    Ok(page
        .map(|(_, canonical, opening)| (canonical, opening))
        .collect())
}

/// The next entries of a bundle as they stand in it, and how many they are; with `values`, what their commitments hide as
/// far as it is still there.
pub fn pieces(
    read: &mut Read<'_>,
    next: u64,
    end: u64,
    values: bool,
) -> Result<(Vec<u8>, u64), StoreError> {
    let page = page(read, next, end)?;
    let count = page.len() as u64;
    let mut bytes = Vec::new();
    for (canonical, opening) in page {
        let opening = opening
            .filter(|_| values)
            .and_then(|text| serde_json::from_str::<Opening>(&text).ok())
            .unwrap_or_default();
        let shown: Vec<Shown<'_>> = opening
            .values
            .iter()
            .map(|opened| Shown {
                name: &opened.name,
                salt: &opened.salt,
                value: &opened.value,
            })
            .collect();
        bytes.extend(entry(&canonical, &shown));
    }
    Ok((bytes, count))
}
