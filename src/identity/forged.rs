//! Rows that were changed behind the application's back let nobody in.

use crate::platform::store::StoreError;

/// None where a row that was about to let somebody in is not what the application wrote: she is as one who is unknown.
/// The operator reads of it in the log; whoever did it learns nothing.
pub(in crate::identity) fn unless_forged<T>(
    result: Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_forged(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the error tells of a forged row, which is then logged.
pub(in crate::identity) fn is_forged(error: &StoreError) -> bool {
    let StoreError::Forged { table, row } = error else {
        return false;
    };
    tracing::error!(
        table,
        %row,
        "a row of the database was changed outside of Countersign; whoever relies on it is refused"
    );
    true
}
