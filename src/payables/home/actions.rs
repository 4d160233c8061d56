//! Collecting what waits.

use jiff::civil::Date;

use super::rules::QueueKind;
use super::store::{self, QueueItem};
use crate::identity::access::{Access, Permission, Reach};
use crate::identity::humans;
use crate::platform::app::App;
use crate::platform::store::StoreError;

/// Rows of a queue that the first page shows.
const SHOWN: i64 = 5;

/// The queues in which something waits for this person, the most urgent kind first.
pub async fn waiting(
    app: &App,
    who: &Access,
) -> Result<Vec<(QueueKind, Vec<QueueItem>)>, StoreError> {
    let kinds: Vec<(QueueKind, Reach)> = QueueKind::ALL
        .iter()
        .filter_map(|kind| Some((*kind, who.reach_of_any(kind.needs()).ok()?)))
        .collect();
    let (human, now) = (who.human(), who.now());
    app.store
        .read(who.scope(), move |read| {
            let mut queues = Vec::new();
            let acting = humans::load(read)?.listed(&[human]);
            for (kind, reach) in &kinds {
                let items = store::queue(read, *kind, (&acting, reach), (SHOWN, now))?;
                if !items.is_empty() {
                    queues.push((*kind, items));
                }
            }
            Ok(queues)
        })
        .await
}

/// What waits for this person on somebody else's behalf.
#[derive(Debug)]
pub struct ForAnother {
    pub name: String,
    /// The last day on which she acts for her.
    pub until: Date,
    pub items: Vec<QueueItem>,
}

/// The bills that wait for those for whom this person decides now, each principal's apart.
pub async fn waiting_for_others(app: &App, who: &Access) -> Result<Vec<ForAnother>, StoreError> {
    if who.mandates().is_empty() {
        return Ok(Vec::new());
    }
    let (human, own) = (who.human(), who.sight(Permission::BillsDecide));
    let mandates = who.mandates().to_vec();
    app.store
        .read(who.scope(), move |read| {
            let humans = humans::load(read)?;
            let mut others = Vec::new();
            for mandate in &mandates {
                let acting = humans.listed(&[human, mandate.human]);
                let items = store::queue_for(read, acting, (&mandate.reach, &own), SHOWN)?;
                if !items.is_empty() {
                    others.push(ForAnother {
                        name: mandate.name.clone(),
                        until: mandate.until,
                        items,
                    });
                }
            }
            Ok(others)
        })
        .await
}
