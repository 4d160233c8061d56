//! Why a document cannot be read at all, where, and what to do.

use super::limits;
use crate::check::{Finding, Level, RuleId};
use crate::facts::Position;

/// A document that no reader understands. The bytes are for the caller to keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{cause} {}", place(.at), .cause.advice())]
pub struct Unreadable {
    pub cause: Cause,
    /// Where reading stopped; `None` when it never began.
    pub at: Option<Position>,
}

fn place(at: &Option<Position>) -> String {
    at.map(|at| format!("In {at}: ")).unwrap_or_default()
}

/// The reason. Each has its own rule id (see [`Cause::rule`]).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    #[error("the document could not be fetched to its end ({0}).")]
    Io(String),
    #[error("the document is empty.")]
    Empty,
    #[error("this is not XML.")]
    NotXml,
    #[error(
        "the document says that it is in the encoding “{0}”, which no invoice reader here knows."
    )]
    UnknownEncoding(String),
    #[error("these bytes are not text in {0}.")]
    NotText(&'static str),
    #[error("a control character (code {0}) stands where only text may.")]
    Control(u8),
    #[error("the document declares a document type (DOCTYPE).")]
    DocumentType,
    #[error("the text refers to an entity of its own, “&{0};”.")]
    Entity(String),
    #[error("the XML is broken: {0}.")]
    Broken(String),
    #[error("the document ends before its last element is closed.")]
    Truncated,
    #[error("elements are nested more than {} deep.", limits::MAX_DEPTH)]
    TooDeep,
    #[error("an element has more than {} attributes.", limits::MAX_ATTRIBUTES)]
    TooManyAttributes,
    #[error(
        "one tag, comment or text is longer than {} bytes.",
        limits::MAX_PIECE_BYTES
    )]
    TooLong,
    #[error("the document is larger than {} MB.", limits::MAX_DOCUMENT_BYTES >> 20)]
    TooLarge,
    #[error(
        "there are more than {} invoice lines or other repetitions.",
        limits::MAX_REPEATS
    )]
    TooMany,
    #[error(
        "the outermost element is “{local}” of the namespace “{namespace}”, which is no invoice that is known here."
    )]
    NotAnInvoice { local: String, namespace: String },
}

impl Cause {
    /// The reader's own rule for this reason.
    pub const fn rule(&self) -> RuleId {
        RuleId::of(match self {
            Cause::Io(_) => "CS-READ-IO",
            Cause::Empty => "CS-READ-EMPTY",
            Cause::NotXml => "CS-READ-NOT-XML",
            Cause::UnknownEncoding(_) | Cause::NotText(_) | Cause::Control(_) => "CS-READ-ENCODING",
            Cause::DocumentType => "CS-READ-DTD",
            Cause::Entity(_) => "CS-READ-ENTITY",
            Cause::Broken(_) | Cause::Truncated => "CS-READ-BROKEN",
            Cause::TooDeep
            | Cause::TooManyAttributes
            | Cause::TooLong
            | Cause::TooLarge
            | Cause::TooMany => "CS-READ-LIMIT",
            Cause::NotAnInvoice { .. } => "CS-READ-SYNTAX",
        })
    }

    /// What the user can do.
    pub const fn advice(&self) -> &'static str {
        match self {
            Cause::Io(_) => "Send it again.",
            Cause::Empty => "Ask the sender for the document again.",
            Cause::NotXml => "Send an UBL or CII invoice, or type the bill from the document.",
            Cause::UnknownEncoding(_) => "Ask the sender to write UTF-8.",
            Cause::NotText(_) | Cause::Control(_) => {
                "The file was damaged or its encoding is named wrongly: ask the sender for it again, in UTF-8."
            }
            Cause::DocumentType => {
                "An electronic invoice has none and attacks use it, so it is refused: ask the sender to leave it out."
            }
            Cause::Entity(_) => {
                "Attacks use such entities, so they are refused: ask the sender to write the text itself."
            }
            Cause::Broken(_) => "Ask the sender to correct the file at this place.",
            Cause::Truncated => "The file was cut off on its way: ask the sender for it again.",
            Cause::TooDeep | Cause::TooManyAttributes | Cause::TooLong | Cause::TooMany => {
                "No real invoice needs so much: ask the sender to check the file."
            }
            Cause::TooLarge => "Ask the sender to send the attachments apart.",
            Cause::NotAnInvoice { .. } => {
                "Send an UBL Invoice, an UBL CreditNote or a CII CrossIndustryInvoice, or type the bill from the document."
            }
        }
    }
}

impl Unreadable {
    /// The same as a finding, fatal.
    pub fn finding(&self) -> Finding {
        Finding {
            rule: self.cause.rule(),
            level: Level::Fatal,
            position: self.at,
            term: None,
            message: self.to_string(),
        }
    }
}
