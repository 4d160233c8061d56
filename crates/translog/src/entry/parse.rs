//! Reading an entry where its bytes lie: one form only, and the first wrong line is named.

use std::iter::Peekable;
use std::str::Split;

use super::{Commitment, HEADING, Id, View, Word};
use crate::epoch::Rollback;
use crate::hash::{Hash, parse_number};
use crate::time::UtcMicros;

/// The bytes are no journal entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} of the journal entry is wrong: {expected}. The entry was changed, or is of a newer version"
)]
pub struct EntryError {
    /// The line, from 1.
    pub line: usize,
    /// What had to stand there.
    pub expected: &'static str,
}

pub(super) fn view(bytes: &[u8]) -> Result<View<'_>, EntryError> {
    let fail = |expected| EntryError { line: 1, expected };
    let text = std::str::from_utf8(bytes).map_err(|_| fail("an entry is UTF-8 text"))?;
    let whole = text
        .strip_suffix('\n')
        .ok_or(fail("every line of an entry ends with a newline"))?;
    let mut lines = Lines {
        lines: whole.split('\n').peekable(),
        line: 0,
    };
    if lines.next() != Some(HEADING) {
        return Err(lines.fail("an entry starts with its version, countersign-journal/v1"));
    }
    let organisation = lines.one("organisation ", Id::parse, "organisation and its id")?;
    let id = lines.one("entry ", Id::parse, "entry and its id")?;
    let time = lines.one(
        "time ",
        UtcMicros::parse,
        "time in UTC with six digits of fraction",
    )?;
    let actor = lines.one("actor ", or_none(Id::parse), "actor and a person's id or -")?;
    let on_behalf_of = lines.one(
        "on-behalf-of ",
        or_none(Id::parse),
        "on-behalf-of and a person's id or -",
    )?;
    let credential = lines.one(
        "credential ",
        or_none(two_words),
        "credential, its kind and id, or -",
    )?;
    let action = lines.one("action ", word, "action and its name")?;
    let (object_kind, object_id) = lines.one("object ", two_words, "object, its kind and id")?;
    let object_version = lines.one(
        "object-version ",
        parse_number,
        "object-version and a number",
    )?;
    let request = lines.one("request ", or_none(word), "request and its id or -")?;
    let rollback = if lines.at("rollback ") {
        Some(lines.one(
            "rollback ",
            Rollback::parse,
            "rollback, the head given up and the size kept",
        )?)
    } else {
        None
    };
    let commits = lines.ascending(
        "commit ",
        commit,
        "commit, a name above the last one's and a hash",
    )?;
    let rows = lines.ascending(
        "row ",
        row,
        "row, table and id above the last one's and a hash or -",
    )?;
    if lines.next().is_some() {
        return Err(lines.fail("nothing follows the rows"));
    }
    Ok(View {
        organisation,
        id,
        time,
        actor,
        on_behalf_of,
        credential,
        action,
        object_kind,
        object_id,
        object_version,
        request,
        rollback,
        commits,
        rows,
    })
}

struct Lines<'a> {
    lines: Peekable<Split<'a, char>>,
    line: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.line += 1;
        self.lines.next()
    }

    fn at(&mut self, label: &str) -> bool {
        self.lines
            .peek()
            .is_some_and(|line| line.starts_with(label))
    }

    fn one<T>(
        &mut self,
        label: &str,
        read: impl Fn(&'a str) -> Option<T>,
        expected: &'static str,
    ) -> Result<T, EntryError> {
        self.next()
            .and_then(|line| line.strip_prefix(label))
            .and_then(read)
            .ok_or(self.fail(expected))
    }

    /// Lines whose keys ascend, so that none comes twice.
    fn ascending<K: Ord, V>(
        &mut self,
        label: &str,
        read: impl Fn(&'a str) -> Option<(K, V)>,
        expected: &'static str,
    ) -> Result<Vec<(K, V)>, EntryError> {
        let mut all: Vec<(K, V)> = Vec::new();
        while self.at(label) {
            let next = self.one(label, &read, expected)?;
            if all.last().is_some_and(|(last, _)| *last >= next.0) {
                return Err(self.fail(expected));
            }
            all.push(next);
        }
        Ok(all)
    }

    fn fail(&self, expected: &'static str) -> EntryError {
        EntryError {
            line: self.line,
            expected,
        }
    }
}

/// Reads `-` as none.
fn or_none<'a, T>(read: impl Fn(&'a str) -> Option<T>) -> impl Fn(&'a str) -> Option<Option<T>> {
    move |text| {
        if text == "-" {
            Some(None)
        } else {
            read(text).map(Some)
        }
    }
}

fn word(text: &str) -> Option<&str> {
    Word::allows(text).then_some(text)
}

fn two_words(text: &str) -> Option<(&str, &str)> {
    let (first, second) = text.split_once(' ')?;
    Some((word(first)?, word(second)?))
}

fn commitment(text: &str) -> Option<Commitment> {
    Hash::from_hex(text).map(Commitment::from_hash)
}

fn commit(text: &str) -> Option<(&str, Commitment)> {
    let (name, hash) = text.split_once(' ')?;
    Some((word(name)?, commitment(hash)?))
}

fn row(text: &str) -> Option<((&str, &str), Option<Commitment>)> {
    let (place, digest) = text.rsplit_once(' ')?;
    Some((two_words(place)?, or_none(commitment)(digest)?))
}
