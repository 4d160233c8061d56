//! Filters of lists, as programs send them.

use super::problem::Problem;
use crate::msg;

/// A filter's value; one that makes no sense is refused, since a list of everything would be taken for its answer.
pub fn known<T>(
    text: Option<String>,
    name: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let refused = || {
        Problem::invalid(msg!("error-bad-filter"))
            .arg("name", name)
            .field(name)
    };
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => read(&text).map(Some).ok_or_else(refused),
    }
}
