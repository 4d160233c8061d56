//! A journal as one file that proves itself: a JSON object a line.
//!
//! ```text
//! {"bundle":"countersign-bundle/v1","key":"NAME+ID+KEY","head":"...","epoch":1,"first":0,"before":[],"after":[]}
//! {"entry":"countersign-journal/v1\norganisation ...","values":[["after.state","<salt, base64>","approved"]]}
//! ```
//!
//! `head` is the newest one, a signed note. The first entry here has the number `first` and stands in `epoch`. `before` has
//! the hashes of the largest complete subtrees over all entries before it, `after` of those from the last entry here up to
//! the head, in base64. `values` stand where some are shown. In an entry newlines alone are escaped: it has no quotes.

use std::io::{BufRead, Read as _};

use base64::prelude::{BASE64_STANDARD as BASE64, Engine as _};
use memchr::memchr;
use serde::{Deserialize, Serialize};

use super::entry::{Rollback, View};
use super::form::{Proven, Refused, check, need, usable};
use super::note::{Head, VerifyingKey, witnessed};
use super::tree::{Frontier, Hash};

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

/// A value that an entry shows of those it commits to: name, salt and value.
pub type Value = (String, String, String);

/// What the person who verifies holds from elsewhere. Without any of it a bundle proves only that it fits together.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Keys of the journal: no other is taken. Without any the bundle's own is taken, and named.
    pub keys: Vec<VerifyingKey>,
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
    pub values: usize,
    /// Restores, each with the entry that declares it.
    pub declared: Vec<(u64, Rollback)>,
    /// The heads that were kept, in the order given, and how each stands to the journal.
    pub held: Vec<(Head, Standing)>,
    /// The witnesses that were asked for: name, and when it signed (seconds since 1970, 0 says no time).
    pub witnessed: Vec<(String, u64)>,
    /// The epoch in which the last entry stands, and its time in microseconds since 1970.
    #[serde(skip)]
    epoch: u64,
    #[serde(skip)]
    last: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All of its entries are there, unchanged and in order.
    Contained,
    /// It was given up by the restore that this entry declares.
    GivenUp(u64),
}

/// Verifies a bundle. `each` sees every entry and the values that it shows; none of it counts unless a report is returned.
pub fn verify(
    mut bundle: impl BufRead,
    known: &Known,
    mut each: impl FnMut(u64, &View<'_>, &[Value]),
) -> Proven<Report> {
    let (mut buffer, mut leaf) = (Vec::new(), vec![0]);
    let start = next(&mut bundle, &mut buffer)?.and_then(|line| serde_json::from_str(line).ok());
    let start = start.filter(|start: &Start| start.bundle == "countersign-bundle/v1");
    let start = need(start, "this is no bundle, or of a newer version")?;
    let (note, own) = (start.head.as_bytes(), [VerifyingKey::parse(&start.key)?]);
    let key_was_known = !known.keys.is_empty();
    let keys = if key_was_known { &known.keys } else { &own[..] };
    let (journal, head, key) = Head::open(note, keys)?;
    let mut report = Report {
        journal,
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
        epoch: start.epoch,
        last: None,
    };
    let (mut held, mut tree, head) = (Vec::new(), Frontier::default(), report.head);
    for note in &known.heads {
        let (journal, head, _) = Head::open(note, std::slice::from_ref(&report.key))?;
        check(journal == report.journal, "you hold another journal's head")?;
        held.push((head, None));
    }
    let fits = subtrees(&mut tree, start.first, &start.before);
    let fits = fits && start.first <= head.size && (start.first > 0 || start.epoch == 1);
    check(fits, "what stands before the first entry does not fit")?;
    loop {
        let reached = held.iter_mut().filter(|(head, _)| head.size == report.end);
        reached.for_each(|(_, root)| *root = Some(tree.root()));
        let line = next(&mut bundle, &mut buffer)?;
        let Some(line) = line else { break };
        let number = report.end;
        let (entry, values) = need(parts(line), "a line of the bundle was cut off or changed")?;
        let wrong = |why| Refused::Unproven(format!("entry {number} is wrong: {why}"));
        leaf.truncate(1);
        let entry = View::parse(entry, "\\n", &mut leaf).map_err(wrong)?;
        report.take(&entry, &values).map_err(wrong)?;
        tree.append(0, Hash::of(&leaf));
        each(number, &entry, &values);
    }
    // An epoch may begin behind the entries that are here.
    let is_later = report.epoch < head.epoch && report.end < head.size;
    let fits = subtrees(&mut tree, head.size, &start.after) && tree.root() == head.root;
    let is_signed = fits && (report.epoch == head.epoch || is_later);
    check(is_signed, "the entries are not those that were signed")?;
    for (held, root) in held {
        let standing = report.standing(&held, root, start.epoch)?;
        report.held.push((held, standing));
    }
    Ok(report)
}

/// The next line, an empty one for what is cut off or no text without controls; none at the end of the file.
fn next<'a>(from: &mut impl BufRead, line: &'a mut Vec<u8>) -> Proven<Option<&'a str>> {
    line.clear();
    let read = usable(from.take(1 << 26).read_until(b'\n', line), "the bundle")?;
    let whole = line.strip_suffix(b"\n").unwrap_or_default();
    let text = std::str::from_utf8(whole).unwrap_or_default();
    let is_odd = text.bytes().fold(false, |odd, byte| odd | (byte < b' '));
    Ok((read > 0).then_some(if is_odd { "" } else { text }))
}

/// The entry of a line, with newlines escaped, and the values that it shows.
fn parts(line: &str) -> Option<(&str, Vec<Value>)> {
    let line = line.strip_prefix(r#"{"entry":""#)?.strip_suffix('}')?;
    let (entry, values) = line.split_at(memchr(b'"', line.as_bytes())?);
    match values.strip_prefix(r#"","values":"#) {
        Some(values) => Some((entry, serde_json::from_str(values).ok()?)),
        None => (values == "\"").then(|| (entry, Vec::new())),
    }
}

/// Appends the leaves up to `size` by subtrees in base64. False where they do not fit.
fn subtrees(tree: &mut Frontier, size: u64, hashes: &[String]) -> bool {
    let hashes: Option<Vec<_>> = hashes.iter().map(|hash| Hash::from_base64(hash)).collect();
    hashes.is_some_and(|hashes| tree.append_subtrees(size, &hashes))
}

impl Report {
    fn take(&mut self, entry: &View<'_>, values: &[Value]) -> Proven<()> {
        // The organisation whose journal it is ends the journal's name.
        let is_ours = self.journal.rsplit('/').next() == Some(entry.organisation);
        check(is_ours, "it belongs to another organisation's journal")?;
        for rollback in &entry.rollbacks {
            let follows = rollback.old.epoch >= self.epoch && rollback.kept == self.end;
            let next = rollback.old.epoch.checked_add(1).filter(|_| follows);
            self.epoch = need(next, "it declares a restore that does not fit here")?;
            self.declared.push((self.end, *rollback));
        }
        for (name, salt, value) in values {
            // What was committed to is SHA-256(salt || length of name || name || value).
            let salt = BASE64.decode(salt).unwrap_or_default();
            let length = (name.len() as u64).to_be_bytes();
            let hash = Hash::of(&[&salt, &length[..], name.as_bytes(), value.as_bytes()].concat());
            let place = entry.commits.binary_search(&(name, &hash.to_string()));
            let fits = salt.len() == 16 && place.is_ok();
            check(fits, "a value is shown that was not committed")?;
            self.values += 1;
        }
        let time = entry.time.0.as_microsecond();
        let silence = self.last.replace(time).map(|last| (time - last, self.end));
        self.silence = self.silence.max(silence);
        self.end += 1;
        Ok(())
    }

    /// How a head that was kept stands to the entries; `root` is theirs at its size.
    fn standing(&self, held: &Head, root: Option<Hash>, first_epoch: u64) -> Proven<Standing> {
        let (head, first, end) = (&self.head, self.first, self.end);
        let Head { epoch, size, .. } = *held;
        let rewritten = format_args!(
            "the journal was rewritten: the head you hold (epoch {epoch}, {size} entries) is not in it, and no restore \
             declares that it was given up. Keep both as evidence"
        );
        let gave_up = |(_, back): &&(u64, Rollback)| back.old.epoch >= epoch && back.kept < size;
        if let Some((number, Rollback { old, .. })) = self.declared.iter().find(gave_up) {
            let is_older = old.epoch > epoch || old.size > size;
            let is_same = (old.size, old.root) == (size, held.root);
            check(is_older || is_same, rewritten)?;
            return Ok(Standing::GivenUp(*number));
        }
        if root == Some(held.root) && epoch <= head.epoch {
            return Ok(Standing::Contained);
        }
        // The restore that gave it up may be declared before the first entry here.
        let is_in_reach = root.is_some() && epoch >= first_epoch;
        let is_beyond = epoch > head.epoch || size > head.size;
        check(!is_in_reach && !is_beyond, rewritten)?;
        let longer = format_args!(
            "entries {first}..{end} cannot be compared with a head at {size}: take a bundle from there up to the newest head"
        );
        need(None, longer)
    }
}
