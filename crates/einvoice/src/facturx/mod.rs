//! Factur-X and ZUGFeRD: a PDF that carries its invoice as XML beside the pages.
//!
//! [`extract`] finds the XML in a PDF of any origin, [`embed`] writes a PDF/A-3b file of our own around an XML
//! (used by tests and by the sample data). Sources: Factur-X 1.07 (2024), chapter 6; ISO 19005-3 (PDF/A-3);
//! ISO 32000-1, 7.11 (file specifications) and 7.9.6 (name trees).
//!
//! Invariants:
//! - any bytes give a value or a [`FacturXError`], never a panic and never an endless walk;
//! - nothing is decompressed beyond a stated limit;
//! - two different invoices under one file name are refused, not chosen between: a person and a machine would
//!   otherwise read different bills in the same document.

mod attachments;
mod embed;
mod extract;
mod glyphs;
mod icc;
mod inflate;
mod pdf_writer;
mod xmp;

pub use attachments::AttachmentInfo;
pub use embed::{EmbedError, EmbedOptions, Profile, embed};
pub use extract::{Embedded, FacturXError, INVOICE_FILE_NAMES, MAX_INVOICE_BYTES, extract};
pub use xmp::XmpProfile;
