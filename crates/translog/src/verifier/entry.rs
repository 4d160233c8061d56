//! A journal entry's canonical bytes: what a leaf of the tree is the hash of.
//! Lines stand in the order of [`View::parse`], each with a newline; `-` is none (the system as actor, a row that is gone).
//! A declared restore says which head it gives up (epoch, size, root, time) and how many entries it keeps. Commits ascend by
//! name, rows by table and id. No value that a user typed stands here: ids, words of the program, salted hashes only.

use memchr::memchr;
use serde::Serialize;

use super::form::{Proven, UtcMicros, check, need, number};
use super::note::Head;
use super::tree::Hash;

/// An entry that lies in its canonical bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View<'a> {
    pub organisation: &'a str,
    pub id: &'a str,
    pub time: UtcMicros,
    pub actor: Option<&'a str>,
    pub on_behalf_of: Option<&'a str>,
    pub credential: Option<&'a str>,
    pub action: &'a str,
    pub object: (&'a str, &'a str),
    pub object_version: u64,
    pub request: Option<&'a str>,
    pub rollbacks: Vec<Rollback>,
    pub commits: Vec<(&'a str, &'a str)>,
    pub rows: Vec<(&'a str, &'a str)>,
}

/// What a restore gives up: the entries from `kept` up to the old head's size. One in an entry at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rollback {
    pub(crate) old: Head,
    pub(crate) kept: u64,
}

impl<'a> View<'a> {
    /// Reads an entry whose lines end with `end` (in JSON `\n`), and appends its canonical bytes to `leaf`.
    pub fn parse(text: &'a str, end: &'a str, leaf: &mut Vec<u8>) -> Proven<View<'a>> {
        let mut lines = Lines {
            text,
            end,
            leaf,
            line: 0,
        };
        let or_none = |text| Some(Some(text).filter(|text| *text != "-"));
        let version = lines.read("countersign-journal/", Some)?;
        check(version == "v1", "it is of a newer version")?;
        let view = View {
            organisation: lines.read("organisation ", Some)?,
            id: lines.read("entry ", Some)?,
            time: lines.read("time ", UtcMicros::parse)?,
            actor: lines.read("actor ", or_none)?,
            on_behalf_of: lines.read("on-behalf-of ", or_none)?,
            credential: lines.read("credential ", or_none)?,
            action: lines.read("action ", Some)?,
            object: lines.read("object ", |text| text.split_once(' '))?,
            object_version: lines.read("object-version ", number)?,
            request: lines.read("request ", or_none)?,
            rollbacks: lines.all("rollback ", rollback)?,
            commits: lines.all("commit ", |text| text.split_once(' '))?,
            rows: lines.all("row ", |text| text.rsplit_once(' '))?,
        };
        check(lines.text.is_empty(), "something follows its last line")?;
        let ascend = |all: &[(&str, &str)]| all.is_sorted_by(|one, next| one.0 < next.0);
        let in_order = ascend(&view.commits) && ascend(&view.rows) && view.rollbacks.len() < 2;
        check(in_order, "its lines are out of order, or twice there")?;
        Ok(view)
    }
}

struct Lines<'a, 'b> {
    text: &'a str,
    end: &'a str,
    leaf: &'b mut Vec<u8>,
    line: usize,
}

impl<'a> Lines<'a, '_> {
    fn read<T>(&mut self, label: &str, read: fn(&'a str) -> Option<T>) -> Proven<T> {
        self.line += 1;
        let mut value = || {
            let at = memchr(self.end.as_bytes()[0], self.text.as_bytes())?;
            let (line, rest) = self.text.split_at(at);
            self.text = rest.strip_prefix(self.end)?;
            self.leaf.extend_from_slice(line.as_bytes());
            self.leaf.push(b'\n');
            read(line.strip_prefix(label)?)
        };
        let why = format_args!("line {} had to be `{label}` and its value", self.line);
        need(value(), why)
    }

    fn all<T>(&mut self, label: &str, read: fn(&'a str) -> Option<T>) -> Proven<Vec<T>> {
        let mut all = Vec::new();
        while self.text.starts_with(label) {
            all.push(self.read(label, read)?);
        }
        Ok(all)
    }
}

fn rollback(text: &str) -> Option<Rollback> {
    let parts: Vec<&str> = text.split(' ').collect();
    let [epoch, size, root, time, kept] = parts.try_into().ok()?;
    let old = Head::of(epoch, size, Hash::from_hex(root), time)?;
    let kept = number(kept)?;
    (kept <= old.size).then_some(Rollback { old, kept })
}
