//! Counting a question about a tax number before it is answered.

use crate::identity::access::HumanId;
use crate::payables::vendors::VendorError;
use crate::payables::vendors::rules::questions::{Asking, minutes_left};
use crate::payables::vendors::store::questions;
use crate::platform::app::App;
use crate::platform::scope::Scope;
use crate::platform::store::StoreError;

/// Counts that a human asks whether a tax number is known. It is counted in a transaction of its own, so that a question whose answer
/// is then refused is counted too.
///
/// # Errors
/// [`VendorError::Asked`] where the hour has no room; the question is to be left unanswered then.
pub async fn ask_about_number(
    app: &App,
    scope: Scope,
    human: HumanId,
    asking: Asking,
) -> Result<(), VendorError> {
    let now = app.now();
    let has_room = app
        .store
        .housekeep::<_, StoreError, _>(scope, move |tx| {
            let of = (human, asking);
            let (own, all) = questions::asked(tx, of, now.hour())?;
            let has_room = asking.bound().has_room(own, all);
            if has_room {
                questions::count(tx, of, now.hour())?;
            }
            Ok(has_room)
        })
        .await?;
    if has_room {
        Ok(())
    } else {
        Err(VendorError::Asked {
            minutes: minutes_left(now),
        })
    }
}
