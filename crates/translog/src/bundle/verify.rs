//! Proving a bundle: every entry, their order, who signed, and that nothing went missing since a head held elsewhere.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::payment::Values;
use super::read::{BundleError, Reader, Value};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{EntryError, Id, View, Word};
use crate::epoch::{Head, NotAHead, Rollback, origin};
use crate::hash::Hash;
use crate::merkle::{Frontier, leaf_hash, verify_consistency};
use crate::note::{Note, NoteError, VerifyingKey};
use crate::time::UtcMicros;

/// What the person who verifies holds from elsewhere. Without any of it a bundle proves only that it fits together.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Keys of the journal, by whatever name they sign: the bundle's must be one of them. Empty: any is taken, and named.
    pub keys: Vec<VerifyingKey>,
    /// Signed heads of this journal that were kept.
    pub heads: Vec<Vec<u8>>,
    /// Keys that must have signed the newest head beside the journal's: those of witnesses, or its ML-DSA-44 key.
    pub witnesses: Vec<VerifyingKey>,
}

/// Why a bundle proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is no bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// An entry is not in its form.
    #[error("entry {number} is wrong: {why}")]
    Entry {
        /// Its number in the journal, from 0.
        number: u64,
        /// What is wrong.
        why: EntryError,
    },
    /// An entry says something that cannot be.
    #[error("entry {number} is wrong: {why}")]
    Impossible {
        /// Its number in the journal, from 0.
        number: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// The key is none of those that are known.
    #[error(
        "the bundle is signed by {0}, which is none of the keys you hold: somebody else may have made it"
    )]
    UnknownKey(VerifyingKey),
    /// One that had to sign the newest head beside the journal did not.
    #[error(
        "the newest head was not signed by {0}: it may not have seen this journal as it is here"
    )]
    NotWitnessed(String),
    /// The newest head is not signed by the bundle's key.
    #[error("the bundle's own head is refused: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A head is none of this journal.
    #[error("{0}")]
    Head(#[from] NotAHead),
    /// The entries do not give the signed root.
    #[error(
        "the entries are not those that were signed: one was changed, added, removed or moved, or the proof behind them \
         is not of this journal"
    )]
    Root,
    /// A head that is held was not signed by the bundle's key.
    #[error("the head you hold was not signed by the key of this bundle: {0}")]
    HeldBySomebodyElse(NoteError),
    /// The journal does not contain a head that is held.
    #[error(
        "the journal was rewritten: the head you hold (epoch {epoch}, {size} entries) is not in it, and no restore \
         declares that it was given up. Keep both as evidence"
    )]
    Rewritten {
        /// The held head's epoch.
        epoch: u64,
        /// Its size.
        size: u64,
    },
    /// The bundle does not reach a head that is held.
    #[error(
        "this bundle cannot be compared with the head you hold: it has entries from {first} up to {end}, the head stands \
         at {size}. Ask for a bundle that starts at or before it and goes up to the newest head"
    )]
    OutOfReach {
        /// The first entry here.
        first: u64,
        /// One behind the last.
        end: u64,
        /// Where the held head stands.
        size: u64,
    },
}

/// What a bundle proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The journal's name.
    pub journal: String,
    /// The newest head.
    pub head: Head,
    /// The key that signed it.
    pub key: VerifyingKey,
    /// Whether the key is one that was known.
    pub key_was_known: bool,
    /// The first entry's number.
    pub first: u64,
    /// One behind the last entry's number.
    pub end: u64,
    /// The longest time between two neighbouring entries here, in microseconds, and the number of the entry that ended it.
    pub silence: Option<(i64, u64)>,
    /// Values that are shown, all as committed.
    pub values: u64,
    /// Restores that the entries declare.
    pub declared: Vec<Declared>,
    /// The held heads, in the order given.
    pub held: Vec<(Head, Standing)>,
    /// The witnesses that were asked for, in the order given: name, and when it signed (seconds since 1970; 0 says no time).
    pub witnessed: Vec<(String, u64)>,
}

/// A restore that the journal declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The number of the entry that declares it.
    pub number: u64,
    /// What was given up.
    pub rollback: Rollback,
}

/// How a held head stands to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All of its entries are there, unchanged and in order.
    Contained,
    /// It was given up by the restore that this entry declares.
    GivenUp(u64),
}

/// Verifies a bundle, calling `each` with every entry whose form holds and the values that it shows. Nothing that `each` saw counts unless this
/// returns a report.
///
/// # Errors
/// [`Refused`] says what does not hold, the first of it.
pub fn verify(
    bundle: impl BufRead,
    known: &Known,
    mut each: impl FnMut(u64, &View<'_>, &Values),
) -> Result<Report, Refused> {
    let mut reader = Reader::new(bundle);
    let top = reader.head()?;
    let owner = owner(&top.journal)
        .ok_or(reader.fail("a journal's name that ends with its organisation's id"))?;
    let checkpoint = Checkpoint::open(&top.checkpoint, std::slice::from_ref(&top.key))?;
    let head = Head::from_checkpoint(&top.journal, &checkpoint)?;
    let witnessed = witnessed(&top.checkpoint, &known.witnesses)?;
    let key_was_known = known.keys.iter().any(|key| key.is_same_key(&top.key));
    if !known.keys.is_empty() && !key_was_known {
        return Err(Refused::UnknownKey(top.key));
    }
    if top.before.size() == 0 && top.epoch != 1 {
        return Err(reader.fail("epoch 1 before the first entry").into());
    }
    let held = held(&top.journal, &top.key, &known.heads)?;
    let mut walk = Walk::new(owner, top.epoch, top.before, &held);
    let first = walk.tree.size();
    let mut canonical = Vec::new();
    let (mut values, mut shown) = (0, Vec::new());
    for _ in 0..top.entries {
        let count = reader.entry(&mut canonical)?;
        let entry = walk.take(&canonical)?;
        shown.clear();
        for _ in 0..count {
            let Value { name, salt, value } = reader.value()?;
            let fits = Word::new(name.as_str()).is_ok_and(|word| {
                let commitment = entry.commitment(&name);
                commitment.is_some_and(|commitment| commitment.opens_to(&salt, &word, &value))
            });
            if !fits {
                return Err(Refused::Impossible {
                    number: walk.tree.size() - 1,
                    why: "a value that is shown is not the one that was committed",
                });
            }
            shown.push((name, value));
            values += 1;
        }
        each(walk.tree.size() - 1, &entry, &shown);
    }
    reader.end()?;
    walk.reaches(&head, &top.rest)?;
    let held = held
        .into_iter()
        .map(|held| Ok((held, walk.standing(&held, &head, first)?)))
        .collect::<Result<_, Refused>>()?;
    Ok(Report {
        journal: top.journal,
        head,
        key: top.key,
        key_was_known,
        first,
        end: walk.tree.size(),
        silence: walk.silence,
        values,
        declared: walk.declared,
        held,
        witnessed,
    })
}

/// When each of the witnesses signed the head: name, and seconds since 1970.
///
/// # Errors
/// [`Refused::NotWitnessed`] names the first that did not.
pub fn witnessed(note: &[u8], witnesses: &[VerifyingKey]) -> Result<Vec<(String, u64)>, Refused> {
    let note = Note::parse(note).map_err(CheckpointError::Note)?;
    let signed = |key: &VerifyingKey| {
        let time = note.signed_at(key);
        let time = time.ok_or_else(|| Refused::NotWitnessed(key.name().to_owned()))?;
        Ok((key.name().to_owned(), time))
    };
    witnesses.iter().map(signed).collect()
}

/// The organisation whose journal it is: its id ends the name.
fn owner(journal: &str) -> Option<Id> {
    journal.rsplit('/').next().and_then(Id::parse)
}

/// The heads that are held, each signed by the bundle's key under its own epoch's name.
fn held(journal: &str, key: &VerifyingKey, notes: &[Vec<u8>]) -> Result<Vec<Head>, Refused> {
    let open = |note: &Vec<u8>| {
        let unverified = Note::parse(note).map_err(Refused::HeldBySomebodyElse)?;
        let claimed = Checkpoint::parse_text(unverified.unverified_text())?;
        let epoch = Head::from_checkpoint(journal, &claimed)?.epoch;
        let key = key
            .named(&origin(journal, epoch))
            .map_err(Refused::HeldBySomebodyElse)?;
        match Checkpoint::open(note, &[key]) {
            Ok(checkpoint) => Ok(Head::from_checkpoint(journal, &checkpoint)?),
            Err(CheckpointError::Note(error)) => Err(Refused::HeldBySomebodyElse(error)),
            Err(error) => Err(Refused::Checkpoint(error)),
        }
    };
    notes.iter().map(open).collect()
}

/// The walk along the entries.
struct Walk {
    owner: Id,
    first_epoch: u64,
    epoch: u64,
    tree: Frontier,
    /// The roots at the sizes that are asked for.
    roots: BTreeMap<u64, Option<Hash>>,
    declared: Vec<Declared>,
    last: Option<UtcMicros>,
    silence: Option<(i64, u64)>,
}

impl Walk {
    fn new(owner: Id, epoch: u64, tree: Frontier, held: &[Head]) -> Self {
        let mut walk = Self {
            owner,
            first_epoch: epoch,
            epoch,
            tree,
            roots: held.iter().map(|head| (head.size, None)).collect(),
            declared: Vec::new(),
            last: None,
            silence: None,
        };
        walk.note_root();
        walk
    }

    fn take<'a>(&mut self, canonical: &'a [u8]) -> Result<View<'a>, Refused> {
        let number = self.tree.size();
        let entry = View::parse(canonical).map_err(|why| Refused::Entry { number, why })?;
        if entry.organisation != self.owner {
            return Err(self.impossible("it belongs to another organisation's journal"));
        }
        if let Some(rollback) = entry.rollback {
            let follows = rollback.old().epoch >= self.epoch && rollback.lost().start == number;
            self.epoch = match rollback.old().epoch.checked_add(1) {
                Some(next) if follows => next,
                _ => {
                    return Err(
                        self.impossible("it declares a restore that does not fit where it stands")
                    );
                }
            };
            self.declared.push(Declared { number, rollback });
        }
        if let Some(last) = self.last.replace(entry.time) {
            // Entries of one moment may get their numbers in another order.
            let silence = entry.time.micros() - last.micros();
            if self.silence.is_none_or(|(longest, _)| longest < silence) {
                self.silence = Some((silence, number));
            }
        }
        self.tree.push(leaf_hash(canonical));
        self.note_root();
        Ok(entry)
    }

    fn note_root(&mut self) {
        if let Some(wanted) = self.roots.get_mut(&self.tree.size()) {
            *wanted = Some(self.tree.root());
        }
    }

    fn impossible(&self, why: &'static str) -> Refused {
        Refused::Impossible {
            number: self.tree.size(),
            why,
        }
    }

    /// The entries and the proof behind them give the signed head.
    fn reaches(&self, head: &Head, rest: &[Hash]) -> Result<(), Refused> {
        let (size, root) = (self.tree.size(), self.tree.root());
        // An epoch may begin behind the entries that are here.
        let is_whole = size == head.size;
        if (is_whole && self.epoch != head.epoch) || self.epoch > head.epoch {
            return Err(Refused::Root);
        }
        verify_consistency(size, head.size, &root, &head.root, rest).map_err(|_| Refused::Root)
    }

    fn standing(&self, held: &Head, head: &Head, first: u64) -> Result<Standing, Refused> {
        let rewritten = Refused::Rewritten {
            epoch: held.epoch,
            size: held.size,
        };
        let gave_up = |declared: &&Declared| {
            declared.rollback.old().epoch >= held.epoch
                && declared.rollback.lost().start < held.size
        };
        if let Some(declared) = self.declared.iter().find(gave_up) {
            let old = declared.rollback.old();
            let fits = old.epoch > held.epoch
                || held.size < old.size
                || (held.size == old.size && held.root == old.root);
            return if fits {
                Ok(Standing::GivenUp(declared.number))
            } else {
                Err(rewritten)
            };
        }
        if held.epoch > head.epoch || held.size > head.size {
            return Err(rewritten);
        }
        match self.roots.get(&held.size) {
            Some(Some(root)) if *root == held.root => Ok(Standing::Contained),
            // The restore that gave it up may be declared before the first entry here.
            Some(Some(_)) if held.epoch >= self.first_epoch => Err(rewritten),
            _ => Err(Refused::OutOfReach {
                first,
                end: self.tree.size(),
                size: held.size,
            }),
        }
    }
}
