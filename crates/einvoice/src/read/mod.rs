//! One reader for UBL 2.1 invoices and credit notes, UN/CEFACT CII D16B and ZUGFeRD 1.0.
//!
//! It pulls events, so that a document's size costs no memory beyond its lines and facts. Document types and entities of
//! a document's own are refused; see [`limits`] for what else is.
//!
//! A value that does not parse is a finding and reading goes on. The reader's own rules:
//!
//! | rule | level | meaning |
//! |---|---|---|
//! | `CS-READ-AMOUNT` | fatal where the term is mandatory, else warning | not a decimal number that can be held exactly |
//! | `CS-READ-DATE` | the same | not a day that exists |
//! | `CS-READ-CURRENCY` | the same; a warning on an amount | not three capital letters |
//! | `CS-READ-REPEATED` | warning | a term that may stand once stands twice with different values |
//! | `CS-READ-ENCODING` | warning | the declaration names another encoding than the bytes are in |
//! | `CS-READ-ZUGFERD-1` | warning | the format is older than EN 16931: only what coincides is read |
//! | `CS-READ-MORE` | fatal | there are more findings than are listed |
//!
//! What makes a document unreadable is in [`Cause`].

mod build;
mod cii;
mod counters;
mod currency;
mod encoding;
pub mod limits;
mod slots;
mod source;
mod table;
mod texts;
mod ubl;
mod unreadable;
mod values;
mod walk;
mod xml;

pub use unreadable::{Cause, Unreadable};

pub(crate) use cii::{QDT_NS, RAM_NS, RSM_NS, UDT_NS};
pub(crate) use ubl::{CAC_NS, CBC_NS, CREDIT_NOTE_NS, INVOICE_NS};

use crate::check::{Finding, Level, RuleId};
use crate::facts::Fact;
use crate::model::Invoice;
use crate::profile::Profile;
use build::{Builder, Dialect};
use serde::{Deserialize, Serialize};
use source::Source;
use std::io::Read;
use table::Table;
use walk::Walk;
use xml::{Element, Piece, Xml};

/// The syntax of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Syntax {
    /// OASIS UBL 2.1 Invoice.
    UblInvoice,
    /// OASIS UBL 2.1 CreditNote.
    UblCreditNote,
    /// UN/CEFACT Cross Industry Invoice D16B.
    Cii,
    /// ZUGFeRD 1.0, the `CrossIndustryDocument`.
    #[serde(rename = "zugferd-1")]
    Zugferd1,
}

impl Syntax {
    /// A short name, the same as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Syntax::UblInvoice => "ubl-invoice",
            Syntax::UblCreditNote => "ubl-credit-note",
            Syntax::Cii => "cii",
            Syntax::Zugferd1 => "zugferd-1",
        }
    }

    fn of(namespace: &str, local: &str) -> Option<Syntax> {
        match (namespace, local) {
            (INVOICE_NS, "Invoice") => Some(Syntax::UblInvoice),
            (CREDIT_NOTE_NS, "CreditNote") => Some(Syntax::UblCreditNote),
            (RSM_NS, "CrossIndustryInvoice") => Some(Syntax::Cii),
            (cii::FERD_NS, "CrossIndustryDocument") => Some(Syntax::Zugferd1),
            _ => None,
        }
    }

    fn table(self) -> (&'static Table, Dialect) {
        match self {
            Syntax::UblInvoice => (ubl::invoice(), Dialect::Ubl),
            Syntax::UblCreditNote => (ubl::credit_note(), Dialect::Ubl),
            Syntax::Cii => (cii::cii(), Dialect::Cii),
            Syntax::Zugferd1 => (cii::zugferd_1(), Dialect::Cii),
        }
    }
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub syntax: Syntax,
    pub profile: Profile,
    pub invoice: Invoice,
    /// Every value that was found, in the document's order, with its business term and place.
    pub facts: Vec<Fact>,
    /// What did not parse or is doubtful.
    pub findings: Vec<Finding>,
}

/// Reads a document to its end.
///
/// # Errors
/// [`Unreadable`] when it is no XML that may be trusted or no invoice that is known; it says where and what to do. An
/// error of `document` itself is [`Cause::Io`].
pub fn read(document: impl Read) -> Result<Reading, Unreadable> {
    let (source, contradicts) =
        Source::open(document).map_err(|cause| Unreadable { cause, at: None })?;
    let encoding = source.encoding();
    let mut xml = Xml::new(source);
    let syntax = recognise(&mut xml)?;
    let (table, dialect) = syntax.table();
    let mut built = Walk::new(table, Builder::new(dialect)).run(&mut xml)?;
    built.finish();
    let mut findings = Vec::new();
    findings.extend(contradicts.map(|name| {
        let message = format!(
            "The document says that it is in {}, but its bytes are {}; it was read as that. Ask the sender to correct the \
             declaration.",
            xml::clip(&name),
            encoding.name()
        );
        warning("CS-READ-ENCODING", message)
    }));
    if syntax == Syntax::Zugferd1 {
        let message = "The document is ZUGFeRD 1.0, which is older than the European standard: only what both have in \
                       common was read. Compare with the page image, and ask the sender for a current format.";
        findings.push(warning("CS-READ-ZUGFERD-1", message.to_owned()));
    }
    findings.append(&mut built.findings);
    let profile = built
        .invoice
        .specification
        .as_deref()
        .map_or(Profile::Unknown, Profile::of);
    Ok(Reading {
        syntax,
        profile,
        invoice: built.invoice,
        facts: built.facts,
        findings,
    })
}

fn recognise<R: Read>(xml: &mut Xml<R>) -> Result<Syntax, Unreadable> {
    match xml.next()? {
        Piece::Open(
            Element {
                namespace, local, ..
            },
            at,
        ) => Syntax::of(namespace, local).ok_or_else(|| Unreadable {
            cause: Cause::NotAnInvoice {
                local: xml::clip(local),
                namespace: xml::clip(namespace),
            },
            at: Some(at),
        }),
        _ => Err(Unreadable {
            cause: Cause::NotXml,
            at: None,
        }),
    }
}

fn warning(rule: &'static str, message: String) -> Finding {
    Finding {
        rule: RuleId::of(rule),
        level: Level::Warning,
        position: None,
        term: None,
        message,
    }
}
