//! The journal.
mod entry;
use super::error::StoreError;
use super::tx::Conn;
use crate::platform::scope::Caller;
use countersign_sealing::Entropy;
pub use entry::{Change, Entry};
pub(super) fn write(
    _conn: Conn<'_>,
    _caller: &Caller,
    _entropy: &dyn Entropy,
    _entry: Entry,
    _touched: &[(&'static str, String)],
) -> Result<(), StoreError> {
    Ok(())
}
