//! The tasks that read a whole document in a worker process: what it is, the invoice in it, what is wrong with it.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use countersign_einvoice::check::{CheckReport, Finding, Level, RuleId};
use countersign_einvoice::facturx::{self, FacturXError};
use countersign_einvoice::model::Invoice;
use countersign_einvoice::profile::Profile;
use countersign_einvoice::read::{Cause, Reading, Syntax, Unreadable, read};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::reading::open;
use super::sniff::{FileKind, sniff};
use crate::platform::workers::child::TaskError;

/// Task: reads a document of any kind; answers [`DocumentReading`] as JSON.
pub const READ_DOCUMENT: &str = "einvoice-read";
/// Task: checks a document of any kind; answers [`CheckReport`] as JSON.
pub const CHECK_DOCUMENT: &str = "einvoice-check";

/// What a document says.
#[derive(Clone, Serialize, Deserialize)]
pub struct DocumentReading {
    pub kind: FileKind,
    /// Pages of a PDF that opens.
    pub pages: Option<usize>,
    /// The invoice, where a reader understands one.
    pub read: Option<ReadInvoice>,
    /// What is wrong, and what to do.
    pub findings: Vec<Finding>,
}

/// Prints nothing of the document: it holds bank accounts and tax numbers.
impl fmt::Debug for DocumentReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentReading")
            .field("kind", &self.kind)
            .field("is_read", &self.read.is_some())
            .finish_non_exhaustive()
    }
}

/// An invoice that was read, without the places of its facts: those are for checks.
#[derive(Clone, Serialize, Deserialize)]
pub struct ReadInvoice {
    pub syntax: Syntax,
    pub profile: Profile,
    pub invoice: Invoice,
}

impl fmt::Debug for ReadInvoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadInvoice({})", self.syntax.name())
    }
}

impl DocumentReading {
    /// Reads a worker's answer; none for anything else, since the writer is not trusted.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// A document of which no worker could tell more than what went wrong.
    #[must_use]
    pub fn of_failure(input: &[u8], reason: &str) -> Self {
        Self {
            kind: sniff(input),
            pages: None,
            read: None,
            findings: vec![fatal("CS-INTAKE-WORKER", reason)],
        }
    }
}

fn fatal(rule: &'static str, message: impl Into<String>) -> Finding {
    Finding {
        rule: RuleId::of(rule),
        level: Level::Fatal,
        position: None,
        term: None,
        message: message.into(),
    }
}

/// What a document holds: an invoice's reading, or why there is none. A plain PDF is no fault: people read it.
enum Content {
    Invoice(Box<Reading>),
    Plain,
    Unreadable(Finding),
}

fn content(kind: FileKind, input: &[u8]) -> Content {
    let read_all = |xml: &[u8]| match read(xml) {
        Ok(reading) => Content::Invoice(Box::new(reading)),
        Err(unreadable) => Content::Unreadable(unreadable.finding()),
    };
    match kind {
        FileKind::Xml => read_all(input),
        FileKind::Pdf => match facturx::extract(input) {
            Ok(found) => read_all(&found.xml),
            Err(FacturXError::NoInvoice { .. }) => Content::Plain,
            Err(error) => Content::Unreadable(fatal("CS-INTAKE-PDF", error.to_string())),
        },
        FileKind::Png | FileKind::Jpeg | FileKind::Tiff | FileKind::Gif | FileKind::Webp => {
            Content::Plain
        }
        FileKind::Empty => Content::Unreadable(
            Unreadable {
                cause: Cause::Empty,
                at: None,
            }
            .finding(),
        ),
        FileKind::Html | FileKind::Zip | FileKind::Text | FileKind::Unknown => {
            let message = format!(
                "The file is {}, whatever its name says, and no reader here understands it. Ask the sender for the \
                 bill as XML or PDF, or type it.",
                kind.described()
            );
            Content::Unreadable(fatal("CS-INTAKE-KIND", message))
        }
    }
}

/// The handler of [`READ_DOCUMENT`].
///
/// # Errors
/// None: what is wrong with the document is among its findings.
pub fn read_document(_options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError> {
    let kind = sniff(input);
    let pages = (kind == FileKind::Pdf)
        .then(|| open(input).ok().map(|pdf| pdf.pages().len()))
        .flatten();
    let (read, findings) = match content(kind, input) {
        Content::Invoice(reading) => {
            let reading = *reading;
            let read = ReadInvoice {
                syntax: reading.syntax,
                profile: reading.profile,
                invoice: reading.invoice,
            };
            (Some(read), reading.findings)
        }
        Content::Plain => (None, vec![to_be_typed(kind, pages)]),
        Content::Unreadable(finding) => (None, vec![finding]),
    };
    let answer = DocumentReading {
        kind,
        pages,
        read,
        findings,
    };
    serde_json::to_vec(&answer).map_err(|error| TaskError(error.to_string()))
}

/// What to do with a document that people read, or would read if it were whole.
fn to_be_typed(kind: FileKind, pages: Option<usize>) -> Finding {
    let described = kind.described();
    match (kind, pages) {
        (FileKind::Pdf, None | Some(0)) => Finding {
            level: Level::Warning,
            ..fatal(
                "CS-INTAKE-DAMAGED",
                format!(
                    "The file is {described}, but it is damaged: no electronic invoice and no page can be read from it. \
                     Ask the sender for another copy, or type the bill from what you have."
                ),
            )
        },
        _ => Finding {
            level: Level::Information,
            ..fatal(
                "CS-INTAKE-PLAIN",
                format!(
                    "The file is {described} without an electronic invoice in it. Type what it shows."
                ),
            )
        },
    }
}

/// The handler of [`CHECK_DOCUMENT`]: the report's `sha256` is that of the input, the file as it arrived.
///
/// # Errors
/// None: a document that no reader understands has the verdict `unreadable`.
pub fn check_document(_options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError> {
    let sha256 = HEXLOWER.encode(digest(&SHA256, input).as_ref());
    let kind = sniff(input);
    let report = match content(kind, input) {
        Content::Invoice(reading) => CheckReport::of_reading(&sha256, &reading, &[], &[]),
        Content::Plain => {
            let message = format!(
                "The file is {} without an electronic invoice in it: there is nothing that could be checked.",
                kind.described()
            );
            unreadable(sha256, fatal("CS-INTAKE-PLAIN", message))
        }
        Content::Unreadable(finding) => unreadable(sha256, finding),
    };
    serde_json::to_vec(&report).map_err(|error| TaskError(error.to_string()))
}

/// The report of a document that no reader understands, by one finding.
#[must_use]
pub fn unreadable(sha256: impl Into<Option<String>>, finding: Finding) -> CheckReport {
    let cause = Unreadable {
        cause: Cause::NotXml,
        at: None,
    };
    let mut report = CheckReport::of_unreadable(sha256.into(), &cause);
    report.fatal = vec![finding.rule.clone()];
    report.findings = vec![finding];
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(input: &[u8]) -> DocumentReading {
        DocumentReading::from_bytes(&read_document(b"", input).expect("no error")).expect("JSON")
    }

    #[test]
    fn what_no_reader_understands_says_what_it_is_and_what_to_do() {
        for (input, rule) in [
            (&b""[..], "CS-READ-EMPTY"),
            (b"Dear Sirs", "CS-INTAKE-KIND"),
            (b"PK\x03\x04....", "CS-INTAKE-KIND"),
            (b"<a/>", "CS-READ-SYNTAX"),
            (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "CS-READ-DTD"),
            (b"%PDF-1.7 cut", "CS-INTAKE-PDF"),
        ] {
            let found = reading(input);
            assert!(found.read.is_none());
            assert_eq!(
                found.findings[0].rule.as_str(),
                rule,
                "{}",
                input.escape_ascii()
            );
            assert!(found.findings[0].message.len() > 20);
        }
        let picture = reading(b"\x89PNG\r\n\x1A\n");
        let found = &picture.findings[0];
        assert_eq!(
            (found.rule.as_str(), found.level),
            ("CS-INTAKE-PLAIN", Level::Information)
        );
        for pages in [None, Some(0)] {
            let damaged = to_be_typed(FileKind::Pdf, pages);
            assert_eq!(damaged.rule.as_str(), "CS-INTAKE-DAMAGED");
        }
        assert_eq!(
            to_be_typed(FileKind::Pdf, Some(1)).rule.as_str(),
            "CS-INTAKE-PLAIN"
        );
    }

    #[test]
    fn a_worker_that_lies_is_not_believed() {
        assert!(DocumentReading::from_bytes(b"{}").is_none());
        assert!(DocumentReading::from_bytes(b"\xFF").is_none());
    }
}
