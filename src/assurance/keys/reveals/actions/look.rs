//! What waits, and what was decided.

use super::RevealError;
use crate::assurance::keys::reveals::RevealId;
use crate::assurance::keys::reveals::rules::{Masked, State};
use crate::assurance::keys::reveals::store::values::{self, Vendor};
use crate::assurance::keys::reveals::store::{self, Reveal};
use crate::identity::access::{Access, Permission};
use crate::identity::{humans, people};
use crate::platform::app::App;
use crate::platform::store::{Reads, StoreError};

/// Batches that a page tells of.
pub(super) const TOLD: i64 = 100;
/// Vendors to choose from on one page.
const VENDORS: i64 = 100;

/// A batch with the names that it speaks of.
#[derive(Debug, Clone)]
pub struct Listed {
    pub reveal: Reveal,
    pub asked_by: String,
    pub decided_by: Option<String>,
    /// Whether the reader is the human who asked.
    pub is_own: bool,
    /// Whether the reader may open it, by the account that asked.
    pub can_open: bool,
    /// Whether the reader may approve or refuse it.
    pub can_decide: bool,
}

fn listed(reads: &mut impl Reads, by: &Access, reveal: Reveal) -> Result<Listed, StoreError> {
    let decided_by = match reveal.decided_by {
        Some(person) => Some(people::find(reads, person)?.name),
        None => None,
    };
    let is_own = humans::load(reads)?.are_one(by.human(), reveal.asked_human);
    let is_in_time = by.now() < reveal.expires && by.may(Permission::SecretsReveal);
    Ok(Listed {
        asked_by: people::find(reads, reveal.asked_by)?.name,
        decided_by,
        is_own,
        can_open: is_in_time && reveal.state == State::Approved && reveal.asked_by == by.person(),
        can_decide: is_in_time && reveal.state == State::Open && !is_own,
        reveal,
    })
}

/// The newest batches, for those who reveal and for those who read the journal.
pub async fn list(app: &App, who: &Access) -> Result<Vec<Listed>, RevealError> {
    who.reach_of_any(&[Permission::JournalRead, Permission::SecretsReveal])?;
    let by = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let mut all = Vec::new();
            for reveal in store::newest(read, TOLD)? {
                all.push(listed(read, &by, reveal)?);
            }
            Ok(all)
        })
        .await
}

/// One batch with its values, masked.
pub async fn view(
    app: &App,
    who: &Access,
    id: RevealId,
) -> Result<(Listed, Vec<Masked>), RevealError> {
    who.reach_of_any(&[Permission::JournalRead, Permission::SecretsReveal])?;
    let by = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let reveal = store::find(read, id)?;
            let mut masked = Vec::new();
            for value in store::values(read, id)? {
                masked.push(values::masked(read, value)?);
            }
            Ok((listed(read, &by, reveal)?, masked))
        })
        .await
}

/// Vendors with accounts, to ask for all of several at once.
pub async fn vendors(app: &App, who: &Access, from: &str) -> Result<Vec<Vendor>, RevealError> {
    who.require(Permission::SecretsReveal)?;
    let from = from.trim().to_lowercase();
    app.store
        .read(who.scope(), move |read| {
            Ok(values::vendors(read, &from, VENDORS)?)
        })
        .await
}
