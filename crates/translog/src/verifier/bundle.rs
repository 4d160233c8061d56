//! A journal as one file that proves itself: a JSON object a line.
//!
//! ```text
//! {"bundle":"countersign-bundle/v1","key":"NAME+ID+KEY","head":"...","epoch":1,"first":0,"before":[],"after":[]}
//! {"entry":"countersign-journal/v1\norganisation ..."}
//! {"entry":"countersign-journal/v1\norganisation ...","values":[["after.state","<salt, base64>","approved"]]}
//! ```
//!
//! `head` is the newest one, a signed note. The first entry here has the number `first` and stands in `epoch`. `before` has
//! the hashes of the largest complete subtrees over all entries before it, `after` of those from the last entry here up to
//! the head, in base64. Values are shown where whoever wrote the file chose to and they were not erased.

use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::entry::{Rollback, View};
use super::form::{Proven, Refused, UtcMicros, check, need};
use super::note::{Head, VerifyingKey, witnessed};
use super::tree::{Frontier, Hash, leaf_hash};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    bundle: String,
    key: String,
    head: String,
    epoch: u64,
    first: u64,
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    entry: String,
    #[serde(default)]
    values: Vec<(String, String, String)>,
}

/// What an entry shows of what it commits to: name, salt and value.
pub type Values = [(String, String, String)];

/// What the person who verifies holds from elsewhere. Without any of it a bundle proves only that it fits together.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Keys of the journal: no other is taken. Without any the bundle's own is taken, and named.
    pub keys: Vec<VerifyingKey>,
    /// Signed heads of this journal that were kept.
    pub heads: Vec<Vec<u8>>,
    /// Keys that must have signed the newest head as well: those of witnesses, or the journal's ML-DSA-44 key.
    pub witnesses: Vec<VerifyingKey>,
}

/// What a bundle proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub journal: String,
    /// The newest head, and the key that signed it.
    pub head: Head,
    pub key: VerifyingKey,
    pub key_was_known: bool,
    /// The first entry's number, and one behind the last's.
    pub first: u64,
    pub end: u64,
    /// The longest time between two neighbouring entries in microseconds, and the entry that ended it.
    pub silence: Option<(i64, u64)>,
    /// How many values are shown, all as committed.
    pub values: usize,
    /// Restores, each with the entry that declares it.
    pub declared: Vec<(u64, Rollback)>,
    /// The heads that were kept, in the order given, and how each stands to the journal.
    pub held: Vec<(Head, Standing)>,
    /// The witnesses that were asked for: name, and when it signed (seconds since 1970, 0 says no time).
    pub witnessed: Vec<(String, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All of its entries are there, unchanged and in order.
    Contained,
    /// It was given up by the restore that this entry declares.
    GivenUp(u64),
}

/// Verifies a bundle, calling `each` with every entry and the values that it shows. Nothing that `each` saw counts unless
/// this returns a report.
pub fn verify(
    mut bundle: impl BufRead,
    known: &Known,
    mut each: impl FnMut(u64, &View<'_>, &Values),
) -> Proven<Report> {
    let mut buffer = Vec::new();
    let start: Option<Start> = next(&mut bundle, &mut buffer)?;
    let start = start.filter(|start| start.bundle == "countersign-bundle/v1");
    let start = need(start, "this is no bundle, or of a newer version")?;
    let mut walk = Walk::new(&start, known)?;
    while let Some(line) = next::<Line>(&mut bundle, &mut buffer)? {
        let number = walk.report.end;
        let wrong = |why| Refused::Unproven(format!("entry {number} is wrong: {why}"));
        let entry = walk.take(&line.entry).map_err(wrong)?;
        for value in &line.values {
            check_value(&entry, value).map_err(wrong)?;
        }
        walk.report.values += line.values.len();
        each(number, &entry, &line.values);
    }
    walk.reaches(&start.after)?;
    for at in 0..walk.held.len() {
        let (held, root) = walk.held[at];
        let standing = walk.standing(held, root, start.epoch)?;
        walk.report.held.push((held, standing));
    }
    Ok(walk.report)
}

/// The next line; none at the end of the file.
fn next<T: DeserializeOwned>(from: &mut impl BufRead, line: &mut Vec<u8>) -> Proven<Option<T>> {
    line.clear();
    let read = from.take(1 << 26).read_until(b'\n', line);
    read.map_err(|error| Refused::Unusable(format!("the bundle cannot be read: {error}")))?;
    if line.is_empty() {
        return Ok(None);
    }
    let whole = line.ends_with(b"\n").then_some(line);
    let read = whole.and_then(|line| serde_json::from_slice(line).ok());
    need(read, "a line of the bundle was cut off or changed").map(Some)
}

/// A value is what the entry committed to: SHA-256(salt || length of name || name || value).
fn check_value(entry: &View<'_>, (name, salt, value): &(String, String, String)) -> Proven<()> {
    let salt = STANDARD.decode(salt).unwrap_or_default();
    let length = (name.len() as u64).to_be_bytes();
    let committed = Hash::of(&[&salt, &length, name.as_bytes(), value.as_bytes()]);
    let committed = (name.as_str(), committed.to_string());
    let is_there = entry
        .commits
        .iter()
        .any(|one| *one == (committed.0, &committed.1));
    let fits = salt.len() == 16 && is_there;
    check(fits, "a value is shown that was not committed")
}

/// Appends the leaves up to `size` by subtrees in base64. False where they do not fit.
fn subtrees(tree: &mut Frontier, size: u64, hashes: &[String]) -> bool {
    let hashes: Option<Vec<_>> = hashes.iter().map(|hash| Hash::from_base64(hash)).collect();
    hashes.is_some_and(|hashes| tree.append_subtrees(size, &hashes))
}

/// The walk along the entries.
struct Walk {
    report: Report,
    epoch: u64,
    tree: Frontier,
    /// The heads that were kept, each with the root that the tree has at its size.
    held: Vec<(Head, Option<Hash>)>,
    last: Option<UtcMicros>,
}

impl Walk {
    fn new(start: &Start, known: &Known) -> Proven<Walk> {
        let (note, own) = (start.head.as_bytes(), [VerifyingKey::parse(&start.key)?]);
        let key_was_known = !known.keys.is_empty();
        let keys = if key_was_known { &known.keys } else { &own[..] };
        let (journal, head, key) = Head::open(note, keys)?;
        let mut held = Vec::new();
        for note in &known.heads {
            let (of, head, _) = Head::open(note, std::slice::from_ref(&key))?;
            check(of == journal, "the head you hold is of another journal")?;
            held.push((head, None));
        }
        let mut tree = Frontier::default();
        let fits = subtrees(&mut tree, start.first, &start.before);
        let fits = fits && (start.first > 0 || start.epoch == 1);
        check(fits, "what stands before the first entry does not fit")?;
        let report = Report {
            journal: journal.to_owned(),
            head,
            key,
            key_was_known,
            first: start.first,
            end: start.first,
            silence: None,
            values: 0,
            declared: Vec::new(),
            held: Vec::new(),
            witnessed: witnessed(note, &known.witnesses)?,
        };
        let mut walk = Walk {
            report,
            epoch: start.epoch,
            tree,
            held,
            last: None,
        };
        walk.note_root();
        Ok(walk)
    }

    /// Takes an entry into the tree.
    fn take<'a>(&mut self, canonical: &'a str) -> Proven<View<'a>> {
        let (entry, number) = (View::parse(canonical)?, self.report.end);
        // The organisation whose journal it is ends the journal's name.
        let owner = self.report.journal.rsplit('/').next();
        let is_ours = owner == Some(entry.organisation);
        check(is_ours, "it belongs to another organisation's journal")?;
        for rollback in &entry.rollbacks {
            let follows = rollback.old.epoch >= self.epoch && rollback.kept == number;
            let next = rollback.old.epoch.checked_add(1).filter(|_| follows);
            self.epoch = need(next, "it declares a restore that does not fit here")?;
            self.report.declared.push((number, *rollback));
        }
        if let Some(last) = self.last.replace(entry.time) {
            let silence = Some((entry.time.0 - last.0, number));
            self.report.silence = self.report.silence.max(silence);
        }
        self.tree.append(0, leaf_hash(canonical.as_bytes()));
        self.report.end += 1;
        self.note_root();
        Ok(entry)
    }

    fn note_root(&mut self) {
        let (tree, end) = (&self.tree, self.report.end);
        let reached = self.held.iter_mut().filter(|(head, _)| head.size == end);
        reached.for_each(|(_, root)| *root = Some(tree.root()));
    }

    /// The entries, and what is behind them, give the signed head.
    fn reaches(&mut self, after: &[String]) -> Proven<()> {
        let Report { head, end, .. } = self.report;
        // An epoch may begin behind the entries that are here.
        let epoch_fits = self.epoch == head.epoch || self.epoch < head.epoch && end < head.size;
        let fits = subtrees(&mut self.tree, head.size, after) && self.tree.root() == head.root;
        check(
            epoch_fits && fits,
            "the entries are not those that were signed",
        )
    }

    /// How a head that was kept stands to the entries; `root` is theirs at its size.
    fn standing(&self, held: Head, root: Option<Hash>, first_epoch: u64) -> Proven<Standing> {
        let (head, here) = (self.report.head, self.report.first..self.report.end);
        let rewritten = format!(
            "the journal was rewritten: the head you hold (epoch {}, {} entries) is not in it, and no restore declares that \
             it was given up. Keep both as evidence",
            held.epoch, held.size
        );
        for (number, Rollback { old, kept }) in &self.report.declared {
            if old.epoch >= held.epoch && *kept < held.size {
                let is_older = old.epoch > held.epoch || held.size < old.size;
                let is_same = (held.size, held.root) == (old.size, old.root);
                check(is_older || is_same, rewritten)?;
                return Ok(Standing::GivenUp(*number));
            }
        }
        if root == Some(held.root) && held.epoch <= head.epoch {
            return Ok(Standing::Contained);
        }
        // The restore that gave it up may be declared before the first entry here.
        let is_in_reach = root.is_some() && held.epoch >= first_epoch;
        let is_beyond = held.epoch > head.epoch || held.size > head.size;
        check(!is_in_reach && !is_beyond, rewritten)?;
        let why = "take a bundle that starts at or before it and goes up to the newest head";
        let reach = format!(
            "entries {here:?} cannot be compared with a head at {}",
            held.size
        );
        need(None, format!("{reach}: {why}"))
    }
}
