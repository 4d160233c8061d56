//! The tasks that worker processes perform on documents, and what they answer.
//!
//! All of it is pure: bytes in, bytes out. A reader that panics, loops or wants all memory ends its worker, and the
//! caller gets a `WorkerError` whose text is a finding; so nothing here has to survive everything.

use countersign_einvoice::facturx::{self, FacturXError};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use serde::{Deserialize, Serialize};

use super::sniff::{FileKind, sniff};
use super::{einvoice, pdf_page, pdf_text};
use crate::platform::workers::child::{Handler, TaskError};

/// Task: what a PDF is and the invoice inside it; answers [`PdfFacts`].
pub const PDF_FACTS: &str = "pdf-facts";
/// Task: the text of the pages; answers [`pdf_text::PdfText`].
pub const PDF_TEXT: &str = "pdf-text";
/// Task: one page as an image; takes [`pdf_page::PageOptions`], answers the bytes of a PNG.
pub const PDF_PAGE: &str = "pdf-page";

/// The table for `platform::workers::child::run`.
pub const HANDLERS: &[(&str, Handler)] = &[
    (PDF_FACTS, pdf_facts),
    (PDF_TEXT, pdf_text::pdf_text),
    (PDF_PAGE, pdf_page::pdf_page),
    (einvoice::READ_DOCUMENT, einvoice::read_document),
    (einvoice::CHECK_DOCUMENT, einvoice::check_document),
];

/// What is known of a file that was sent in as a PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfFacts {
    /// What the file is by its bytes.
    pub kind: FileKind,
    /// Pages, if it is a PDF that opens.
    pub pages: Option<usize>,
    /// It cannot be opened without a password.
    pub encrypted: bool,
    /// The embedded invoice; its bytes are in [`PdfFacts::xml`].
    pub invoice: Option<EmbeddedInvoice>,
    /// Names of all attached files.
    pub attachments: Vec<String>,
    /// What is wrong and what to do, for the user.
    pub finding: Option<String>,
    /// The embedded invoice, byte for byte; empty without one.
    #[serde(skip)]
    pub xml: Vec<u8>,
}

/// How the invoice is embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedInvoice {
    /// File name in the PDF, for example `factur-x.xml`.
    pub name: String,
    /// `AFRelationship`, for example `Alternative`.
    pub relationship: Option<String>,
    /// `fx:ConformanceLevel` that the PDF claims, for example `EN 16931`.
    pub conformance_level: Option<String>,
}

impl PdfFacts {
    /// Length of the JSON (4 bytes, little-endian), the JSON, the XML.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).expect("strings and numbers always serialise");
        let length =
            u32::try_from(json.len()).expect("facts are bounded by the number of attachments");
        [&length.to_le_bytes()[..], &json, &self.xml].concat()
    }

    /// Reads what [`PdfFacts::to_bytes`] wrote; `None` for anything else, since the writer is not trusted.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (json, xml) =
            rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        let mut facts: Self = serde_json::from_slice(json).ok()?;
        facts.xml = xml.to_vec();
        Some(facts)
    }
}

/// The handler of [`PDF_FACTS`].
///
/// # Errors
/// None: what is wrong with the file is [`PdfFacts::finding`].
pub fn pdf_facts(_options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError> {
    let kind = sniff(input);
    let mut facts = PdfFacts {
        kind,
        pages: None,
        encrypted: false,
        invoice: None,
        attachments: Vec::new(),
        finding: None,
        xml: Vec::new(),
    };
    if kind == FileKind::Pdf {
        facts.pages = open(input).ok().map(|pdf| pdf.pages().len());
        add_invoice(&mut facts, facturx::extract(input));
    } else {
        facts.finding = Some(format!(
            "the file is {}, not a PDF, whatever its name says. Ask the sender for the bill as PDF or XML",
            kind.described()
        ));
    }
    Ok(facts.to_bytes())
}

fn add_invoice(facts: &mut PdfFacts, result: Result<facturx::Embedded, FacturXError>) {
    let names =
        |files: Vec<facturx::AttachmentInfo>| files.into_iter().map(|file| file.name).collect();
    match result {
        Ok(found) => {
            facts.invoice = Some(EmbeddedInvoice {
                name: found.name,
                relationship: found.relationship,
                conformance_level: found
                    .xmp_profile
                    .and_then(|profile| profile.conformance_level),
            });
            facts.attachments = names(found.attachments);
            facts.xml = found.xml;
        }
        // A plain PDF is no fault: it is read by people.
        Err(FacturXError::NoInvoice { attachments }) => facts.attachments = names(attachments),
        Err(error) => {
            facts.encrypted = matches!(error, FacturXError::Encrypted { .. });
            facts.finding = Some(error.to_string());
        }
    }
}

/// Opens a PDF for rendering or counting.
///
/// # Errors
/// A [`TaskError`] that says what the file is, or that it is damaged or encrypted.
pub(super) fn open(input: &[u8]) -> Result<Pdf, TaskError> {
    let kind = sniff(input);
    if kind != FileKind::Pdf {
        return Err(TaskError(format!(
            "the file is {}, not a PDF",
            kind.described()
        )));
    }
    Pdf::new(input.to_vec()).map_err(|error| {
        let text = match error {
            LoadPdfError::Invalid => {
                "the PDF is damaged and cannot be opened. Ask the sender for the file again"
            }
            LoadPdfError::Decryption(_) => {
                "the PDF is encrypted. Ask the sender for a copy without a password"
            }
        };
        TaskError(text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{FileKind, PdfFacts, pdf_facts};

    #[test]
    fn a_text_file_is_reported_as_what_it_is() {
        let facts = PdfFacts::from_bytes(&pdf_facts(b"", b"Dear Sirs").unwrap()).unwrap();
        assert_eq!(facts.kind, FileKind::Text);
        assert!(
            facts
                .finding
                .unwrap()
                .starts_with("the file is a text file, not a PDF")
        );
    }

    #[test]
    fn an_answer_that_lies_about_lengths_is_refused() {
        assert_eq!(PdfFacts::from_bytes(b"\xFF\xFF\xFF\xFF{}"), None);
        assert_eq!(PdfFacts::from_bytes(b"\x02\0\0\0{}"), None);
        assert_eq!(PdfFacts::from_bytes(b""), None);
    }
}
