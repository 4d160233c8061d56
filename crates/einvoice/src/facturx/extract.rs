//! Finding the invoice inside a PDF.

use std::sync::Arc;

use hayro_syntax::{LoadPdfError, Pdf};

use super::attachments::{self, Attachment, AttachmentInfo};
use super::inflate::{self, InflateError};
use super::xmp::{self, XmpProfile};

/// Upper limit of the decompressed invoice, in bytes. The largest real invoices are tens of megabytes.
pub const MAX_INVOICE_BYTES: usize = 64 * 1024 * 1024;

/// The file names under which an invoice is embedded, best first, compared without regard to case:
/// Factur-X 1.x and ZUGFeRD 2.1+, the XRechnung profile, ZUGFeRD 2.0 and ZUGFeRD 1.0.
pub const INVOICE_FILE_NAMES: [&str; 3] = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"];

/// How far into a file the `%PDF-` mark may stand (what readers have accepted since Acrobat 4).
const HEADER_WINDOW_BYTES: usize = 1024;

/// An invoice found in a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// File name as the PDF spells it, for example `factur-x.xml`.
    pub name: String,
    /// `AFRelationship` of the file specification: `Alternative`, `Data` or `Source`; absent in older files.
    pub relationship: Option<String>,
    /// The XML, byte for byte as it was embedded.
    pub xml: Vec<u8>,
    /// What the document's XMP metadata claims about the invoice; a claim, never a proof.
    pub xmp_profile: Option<XmpProfile>,
    /// Every file attached to the document, the invoice included, in the order found.
    pub attachments: Vec<AttachmentInfo>,
}

/// Why no invoice was read from a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FacturXError {
    /// The bytes do not begin like a PDF.
    #[error("the file is not a PDF: it does not begin with %PDF-. Check what the file really is")]
    NotPdf,
    /// It begins like a PDF, but its structure cannot be read.
    #[error(
        "the PDF is damaged: no document structure can be read from it. Ask the sender for the file again"
    )]
    Broken,
    /// The PDF needs a password or uses a protection we cannot open.
    #[error("the PDF is encrypted ({reason}). Ask the sender for a copy without a password")]
    Encrypted {
        /// What exactly stands in the way.
        reason: &'static str,
    },
    /// A readable PDF without an embedded invoice.
    #[error(
        "the PDF carries no embedded invoice (no attached factur-x.xml, xrechnung.xml or zugferd-invoice.xml)"
    )]
    NoInvoice {
        /// Every file that is attached to the document.
        attachments: Vec<AttachmentInfo>,
    },
    /// Two different files are attached under one invoice name.
    #[error(
        "the PDF carries two different files named {name}, so nobody can tell which one is the invoice. Ask the sender"
    )]
    Ambiguous {
        /// The name that occurs more than once.
        name: String,
    },
    /// The embedded invoice is longer than [`MAX_INVOICE_BYTES`].
    #[error(
        "the embedded file {name} is larger than {limit_bytes} bytes when unpacked, which no invoice is"
    )]
    TooLarge {
        /// Name of the embedded file.
        name: String,
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// The embedded invoice is packed in a way we do not unpack.
    #[error(
        "the embedded file {name} is packed with {filter}, which is not supported. Ask the sender for the XML itself"
    )]
    Packing {
        /// Name of the embedded file.
        name: String,
        /// The PDF filter, for example `LZWDecode`.
        filter: String,
    },
    /// The embedded invoice's bytes cannot be unpacked.
    #[error(
        "the embedded file {name} is damaged and cannot be unpacked. Ask the sender for the file again"
    )]
    Damaged {
        /// Name of the embedded file.
        name: String,
    },
}

/// Finds and unpacks the invoice embedded in `pdf`.
///
/// Looks in the catalog's `/EmbeddedFiles` name tree and `/AF` array, and in each page's `/AF` and file attachment
/// annotations. Files that open without a password are read even when they are encrypted.
///
/// # Errors
/// See [`FacturXError`]; each variant says what is wrong and what to do.
pub fn extract(pdf: &[u8]) -> Result<Embedded, FacturXError> {
    let document = open(pdf)?;
    let found = attachments::collect(&document);
    let infos: Vec<AttachmentInfo> = found.iter().map(Attachment::info).collect();
    let Some(chosen) = choose(&found) else {
        return Err(FacturXError::NoInvoice { attachments: infos });
    };
    let xml = unpack(chosen)?;
    refuse_a_second_one(chosen, &xml, &found)?;
    Ok(Embedded {
        name: chosen.name.clone(),
        relationship: chosen.relationship.clone(),
        xml,
        xmp_profile: xmp::read_profile(&document),
        attachments: infos,
    })
}

fn open(pdf: &[u8]) -> Result<Pdf, FacturXError> {
    let window = &pdf[..pdf.len().min(HEADER_WINDOW_BYTES)];
    if !window.windows(5).any(|five| five == b"%PDF-") {
        return Err(FacturXError::NotPdf);
    }
    Pdf::new(Arc::new(pdf.to_vec())).map_err(|error| match error {
        LoadPdfError::Invalid => FacturXError::Broken,
        LoadPdfError::Decryption(reason) => FacturXError::Encrypted {
            reason: why_encrypted(reason),
        },
    })
}

const fn why_encrypted(error: hayro_syntax::DecryptionError) -> &'static str {
    use hayro_syntax::DecryptionError as D;
    match error {
        D::PasswordProtected => "a password is needed to open it",
        D::UnsupportedAlgorithm => "its encryption method is not one we know",
        D::MissingIDEntry | D::InvalidEncryption => "its encryption data is invalid",
    }
}

/// The best invoice name wins; among attachments of one name, the first found.
fn choose<'a, 'b>(found: &'b [Attachment<'a>]) -> Option<&'b Attachment<'a>> {
    INVOICE_FILE_NAMES.iter().find_map(|wanted| {
        found
            .iter()
            .find(|file| file.name.eq_ignore_ascii_case(wanted))
    })
}

fn unpack(file: &Attachment<'_>) -> Result<Vec<u8>, FacturXError> {
    let name = file.name.clone();
    inflate::unpack(&file.stream, MAX_INVOICE_BYTES).map_err(|error| match error {
        InflateError::TooLarge => FacturXError::TooLarge {
            name,
            limit_bytes: MAX_INVOICE_BYTES,
        },
        InflateError::Unsupported(filter) => FacturXError::Packing { name, filter },
        InflateError::Damaged => FacturXError::Damaged { name },
    })
}

/// One name, two contents: the attack in which people and programs are shown different invoices.
fn refuse_a_second_one(
    chosen: &Attachment<'_>,
    xml: &[u8],
    found: &[Attachment<'_>],
) -> Result<(), FacturXError> {
    let rivals = found
        .iter()
        .filter(|file| file.id != chosen.id && file.name.eq_ignore_ascii_case(&chosen.name));
    for rival in rivals {
        if unpack(rival)? != xml {
            return Err(FacturXError::Ambiguous {
                name: chosen.name.clone(),
            });
        }
    }
    Ok(())
}
