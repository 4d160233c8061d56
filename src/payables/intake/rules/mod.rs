//! The pure part of intake: what a file is and what its bytes say. Runs in worker processes.

pub mod draft;
pub mod einvoice;
pub mod pdf_page;
pub mod pdf_text;
pub mod reading;
pub mod sniff;
