//! What a journal shows of its tree to whoever may see it: tiles (C2SP tlog-tiles), bundles of entries, and the proof of one
//! entry (C2SP tlog-proof).

use countersign_translog::Hash;
use countersign_translog::merkle::{Tile, consistency_plan, inclusion_plan};
use countersign_translog::proof::Proof;

use super::checkpoint::{SignedHead, signed_head};
use super::nodes::{Nodes, row};
use crate::params;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads as _};

/// Levels that a level of tiles stands above the one below: a tile of 256 hashes is one hash there (C2SP tlog-tiles).
const LEVELS: u8 = 8;

const SIZE: Sql = Sql::read("SELECT size FROM journal_heads WHERE org_id = $1");
const ENTRIES: Sql = Sql::read(
    "SELECT e.canonical FROM journal_leaves l JOIN journal_entries e ON e.org_id = $1 AND e.id = l.entry_id \
     WHERE l.org_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq",
);

/// What a tile or a bundle of entries is asked for as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Hashes of the tree.
    Hashes(Tile),
    /// The entries under a tile of level 0.
    Entries(Tile),
}

impl Wanted {
    /// Reads a path below the log's address: `tile/...`. None where it names nothing.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        match path.strip_prefix("tile/entries/") {
            Some(index) => Tile::parse(&format!("tile/0/{index}"))
                .ok()
                .map(Self::Entries),
            None => Tile::parse(path).ok().map(Self::Hashes),
        }
    }
}

/// The bytes of a tile, or of a bundle of entries. None where the tree is not that large yet, or where an entry is longer
/// than the two bytes of its length can say.
pub fn tile(read: &mut Read<'_>, wanted: Wanted) -> Result<Option<Vec<u8>>, StoreError> {
    let (Wanted::Hashes(tile) | Wanted::Entries(tile)) = wanted;
    let size: Option<(i64,)> = read.maybe(&SIZE, [])?;
    let size = size.map_or(0, |(size,)| size.unsigned_abs());
    let level = tile.level() * LEVELS;
    let start = tile.index().checked_mul(u64::from(Tile::FULL_WIDTH));
    let Some((start, end)) = start.and_then(|start| {
        let end = start.checked_add(u64::from(tile.width()))?;
        (end <= size >> level).then_some((start, end))
    }) else {
        return Ok(None);
    };
    if let Wanted::Hashes(_) = wanted {
        let hashes = row(read, level, start, end - start)?;
        return Ok(Some(
            hashes.iter().flat_map(|hash| *hash.as_bytes()).collect(),
        ));
    }
    let numbers = [start, end].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let entries: Vec<(Vec<u8>,)> = read.all(&ENTRIES, params![numbers[0], numbers[1]])?;
    if entries.len() as u64 != end - start {
        return Err(StoreError::Head("an entry that it counts is missing"));
    }
    let mut bytes = Vec::new();
    for (entry,) in entries {
        let Ok(length) = u16::try_from(entry.len()) else {
            return Ok(None);
        };
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry);
    }
    Ok(Some(bytes))
}

/// The proof that entry `number` is in the journal, under its newest head. None where there is no such entry.
///
/// # Errors
/// [`StoreError::Head`] where what is stored proves nothing any more.
pub fn proof(read: &mut Read<'_>, number: u64) -> Result<Option<Proof>, StoreError> {
    let Some(signed) = signed_head(read)? else {
        return Ok(None);
    };
    let Ok(plan) = inclusion_plan(number, signed.head.size) else {
        return Ok(None);
    };
    let mut nodes = Nodes::of(read, signed.head.size);
    let hashes = plan.build(|wanted| nodes.hash(wanted))?;
    let at = i64::try_from(number).unwrap_or(i64::MAX);
    let entry: Option<(Vec<u8>,)> = read.maybe(&ENTRIES, params![at, at.saturating_add(1)])?;
    let (entry,) = entry.ok_or(StoreError::Head("an entry that it counts is missing"))?;
    let proof = Proof {
        extra: Some(entry),
        index: number,
        hashes,
        checkpoint: signed.note,
    };
    // A hash that was changed where it is kept would only show at whoever takes the proof.
    match proof.verify(None, &[signed.key]) {
        Ok(_) => Ok(Some(proof)),
        Err(_) => Err(StoreError::Head("the hashes below it do not give its root")),
    }
}

/// The newest head, and what proves that it only appended to the tree of `from` entries. No hashes where that is the empty
/// tree, or larger than this one.
pub fn growth(
    read: &mut Read<'_>,
    from: u64,
) -> Result<Option<(SignedHead, Vec<Hash>)>, StoreError> {
    let Some(signed) = signed_head(read)? else {
        return Ok(None);
    };
    let hashes = match consistency_plan(from, signed.head.size) {
        Ok(plan) => {
            let mut nodes = Nodes::of(read, signed.head.size);
            plan.build(|wanted| nodes.hash(wanted))?
        }
        Err(_) => Vec::new(),
    };
    Ok(Some((signed, hashes)))
}
