//! Bills and credit notes: what a vendor asks for, with its document, its facts and their sources.

pub mod views;

#[cfg(test)]
mod render_test;
#[cfg(test)]
pub(crate) mod samples;
