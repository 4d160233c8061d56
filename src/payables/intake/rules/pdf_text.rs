//! The plain text of a PDF's pages, for search and for the eyes of a coder; never for amounts that are paid.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use serde::{Deserialize, Serialize};

use super::sniff::{FileKind, sniff};
use crate::platform::workers::child::TaskError;

/// Pages read at most.
pub const MAX_TEXT_PAGES: usize = 50;
/// Text returned at most, in bytes.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// What the pages say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfText {
    /// Text by page; empty for a page without text or one that cannot be read.
    pub pages: Vec<String>,
    /// Numbers (from 1) of pages whose text cannot be read.
    pub unreadable: Vec<u32>,
    /// There is more than [`MAX_TEXT_PAGES`] or [`MAX_TEXT_BYTES`] allow.
    pub cut: bool,
}

impl PdfText {
    /// Reads a worker's answer; `None` if it is none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// The handler of `reading::PDF_TEXT`.
///
/// # Errors
/// If the file is no readable PDF. A single page that cannot be read is listed instead.
pub fn pdf_text(_options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError> {
    let kind = sniff(input);
    if kind != FileKind::Pdf {
        return Err(TaskError(format!(
            "the file is {}, not a PDF",
            kind.described()
        )));
    }
    let damaged =
        "the text of the PDF cannot be read: the file is damaged. Ask the sender for it again";
    let mut document = Document::load_mem(input).map_err(|_| TaskError(damaged.to_owned()))?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(TaskError(
            "the PDF is encrypted. Ask the sender for a copy without a password".to_owned(),
        ));
    }
    let text = read_pages(&document);
    Ok(serde_json::to_vec(&text).expect("strings and numbers always serialise"))
}

fn read_pages(document: &Document) -> PdfText {
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    let mut text = PdfText {
        cut: numbers.len() > MAX_TEXT_PAGES,
        ..PdfText::default()
    };
    let mut left_bytes = MAX_TEXT_BYTES;
    for number in numbers.into_iter().take(MAX_TEXT_PAGES) {
        let mut page = read_page(document, number).unwrap_or_else(|| {
            text.unreadable.push(number);
            String::new()
        });
        if page.len() > left_bytes {
            page.truncate(page.floor_char_boundary(left_bytes));
            text.cut = true;
        }
        left_bytes -= page.len();
        text.pages.push(page);
    }
    text
}

/// The text reader panics on fonts that it does not know; one such page must not cost the others.
fn read_page(document: &Document, number: u32) -> Option<String> {
    let attempt = || {
        let mut page = String::new();
        let mut output = PlainTextOutput::new(&mut page);
        output_doc_page(document, &mut output, number).ok()?;
        Some(page)
    };
    catch_unwind(AssertUnwindSafe(attempt)).ok().flatten()
}
