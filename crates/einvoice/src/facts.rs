//! Each fact of an invoice with where it came from.

use crate::terms::{Occurs, Term};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where something stands in the document as it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// Byte offset in the bytes as they arrived (before any change of encoding), counted from 0.
    pub offset: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Which of the repeated groups a fact stands in, for example `BG-25[3]/BT-131`.
///
/// At most two groups on the way to a term repeat in EN 16931. Numbers count from 1; 0 says that the syntax gives the
/// value outside of any one repetition (the mandate reference of CII, for example).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TermPath {
    pub term: Term,
    /// Number of the outer repeated group (or of the term itself, where only it repeats).
    pub outer: u32,
    /// Number of the inner repeated group or term.
    pub inner: u32,
}

impl TermPath {
    /// A path to a term that stands in no repeated group.
    pub const fn once(term: Term) -> Self {
        TermPath {
            term,
            outer: 0,
            inner: 0,
        }
    }
}

impl fmt::Display for TermPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut way = vec![self.term];
        while let Some(parent) = way
            .last()
            .map(|term| term.parent())
            .filter(|p| *p != Term::Document)
        {
            way.push(parent);
        }
        let mut numbers = [self.outer, self.inner].into_iter();
        for (depth, step) in way.iter().rev().enumerate() {
            if depth > 0 {
                f.write_str("/")?;
            }
            f.write_str(step.id())?;
            if step.occurs() == Occurs::Many {
                match numbers.next() {
                    None | Some(0) => {}
                    Some(number) => write!(f, "[{number}]")?,
                }
            }
        }
        Ok(())
    }
}

impl From<TermPath> for String {
    fn from(path: TermPath) -> String {
        path.to_string()
    }
}

/// A text that is no path of terms.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not a path of business terms such as BG-25[3]/BT-131")]
pub struct NoTermPath(String);

impl TryFrom<String> for TermPath {
    type Error = NoTermPath;

    fn try_from(text: String) -> Result<Self, NoTermPath> {
        let wrong = || NoTermPath(text.clone());
        let mut numbers = Vec::new();
        let mut last = None;
        for step in text.split('/') {
            let (id, number) = match step.split_once('[') {
                Some((id, rest)) => {
                    let digits = rest.strip_suffix(']').ok_or_else(wrong)?;
                    (id, digits.parse().map_err(|_| wrong())?)
                }
                None => (step, 0),
            };
            let term = Term::from_id(id).ok_or_else(wrong)?;
            if term.occurs() == Occurs::Many {
                numbers.push(number);
            }
            last = Some(term);
        }
        let term = last.ok_or_else(wrong)?;
        let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
        Ok(TermPath {
            term,
            outer: at(0),
            inner: at(1),
        })
    }
}

/// One fact: a business term, the text that the document gave it, and where that text stands.
///
/// `raw` is the document's own text (trimmed), also where it did not parse. For an embedded file (BT-125) it is empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub path: TermPath,
    pub raw: Box<str>,
    pub at: Position,
}

impl Fact {
    /// The business term.
    pub fn term(&self) -> Term {
        self.path.term
    }
}

/// Prints no text of the document: facts hold bank accounts and tax numbers.
impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fact({}, {})", self.path, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_as_it_was_written() {
        for (path, text) in [
            (TermPath::once(Term::Bt112), "BG-22/BT-112"),
            (
                TermPath {
                    term: Term::Bt131,
                    outer: 3,
                    inner: 0,
                },
                "BG-25[3]/BT-131",
            ),
            (
                TermPath {
                    term: Term::Bt160,
                    outer: 3,
                    inner: 2,
                },
                "BG-25[3]/BG-31/BG-32[2]/BT-160",
            ),
            (
                TermPath {
                    term: Term::Bt89,
                    outer: 0,
                    inner: 0,
                },
                "BG-16/BG-19/BT-89",
            ),
            (
                TermPath {
                    term: Term::Bt29,
                    outer: 2,
                    inner: 0,
                },
                "BG-4/BT-29[2]",
            ),
        ] {
            assert_eq!(path.to_string(), text);
            assert_eq!(TermPath::try_from(text.to_owned()).unwrap(), path);
        }
        for wrong in ["", "BT-0", "BG-25[x]/BT-131", "BG-25[3/BT-131"] {
            assert!(TermPath::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn debug_shows_no_text_of_the_document() {
        let at = Position {
            line: 1,
            column: 1,
            offset: 0,
        };
        let fact = Fact {
            path: TermPath::once(Term::Bt84),
            raw: "DE75512108001245126199".into(),
            at,
        };
        assert!(!format!("{fact:?}").contains("DE75"));
    }
}
