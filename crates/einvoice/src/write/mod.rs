//! Writers: from the model to UBL 2.1 and CII D16B, in the order of their schemas. Tests and sample data use them.
//!
//! What the model does not hold, the content of attachments, is given beside it as base64: one text for each of
//! [`crate::model::Invoice::supporting_documents`], in their order; a missing one is written as an empty file.

mod cii;
mod cii_line;
mod out;
mod ubl;
mod ubl_line;
mod ubl_party;

pub use cii::cii;
pub use ubl::{ubl_credit_note, ubl_invoice};

use crate::model::Sensitive;
use jiff::civil::Date;

/// A model that no XML can hold.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// XML 1.0 allows no other control characters than tab and line ends.
    #[error("a text holds the control character {0:#04x}, which XML cannot hold: remove it")]
    Character(u32),
    #[error("the document could not be written")]
    Io(#[from] std::io::Error),
}

/// The text, if XML can hold it.
fn allowed(text: &str) -> Result<&str, Unwritable> {
    let wrong = |c: &char| {
        (*c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars()
        .find(wrong)
        .map_or(Ok(text), |c| Err(Unwritable::Character(c.into())))
}

fn exposed(text: &Option<Sensitive>) -> Option<&str> {
    text.as_ref().map(Sensitive::expose)
}

fn iso(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn format_102(date: Option<Date>) -> Option<String> {
    date.map(|date| date.strftime("%Y%m%d").to_string())
}
