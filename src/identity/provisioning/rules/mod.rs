//! What a directory may say, and what it means. Pure.

pub mod address;
mod fault;
mod filter;
mod patch;
mod path;
pub mod resource;
mod schema;
mod select;
mod token;
mod values;

#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use filter::Filter;
pub use patch::{member, patched};
pub use schema::{GROUPS, KINDS, Kind, Object, USERS};
pub use select::{Asked, MOST, Page, Selection};
pub use token::{DirectoryToken, LONGEST_DAYS, OPEN_US, PREFIX};
pub use values::resource as sent;
