//! Electronic invoices: bytes in, checked values out.
//!
//! One model by the business terms of EN 16931-1:2017 ([`model`]), one reader for the syntaxes that
//! carry it ([`read`]), writers for the same ([`write`]), Factur-X PDFs around it ([`facturx`]), rows for people ([`plain`]), the forms of
//! VAT ids ([`vat_id`]) and the shape of a check's result ([`check`]). The crate is pure: no files, no network, no clock, no database.
//!
//! # Invariants
//! - The document's own values rule: nothing is recalculated, decimals keep the digits that the
//!   document wrote.
//! - Whatever is read says where it stood: see [`facts`].
//! - Bad input never panics. It is [`read::Unreadable`] with a reason, a line and what to do, or it
//!   is read as far as it goes, with a [`check::Finding`] for each value that did not parse.
//! - Embedded attachments are never held in memory: the model keeps where they stand.

pub mod check;
pub mod facts;
pub mod facturx;
pub mod model;
pub mod plain;
pub mod profile;
pub mod read;
pub mod terms;
pub mod vat_id;
pub mod write;
