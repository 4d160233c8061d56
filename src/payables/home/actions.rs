//! Collecting what waits.

use super::rules::QueueKind;
use super::store::{self, QueueItem};
use crate::identity::access::{Access, Reach};
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
    let human = who.human();
    app.store
        .read(who.scope(), move |read| {
            let mut queues = Vec::new();
            let acting = humans::load(read)?.listed(&[human]);
            for (kind, reach) in &kinds {
                let items = store::queue(read, *kind, (&acting, reach), SHOWN)?;
                if !items.is_empty() {
                    queues.push((*kind, items));
                }
            }
            Ok(queues)
        })
        .await
}
