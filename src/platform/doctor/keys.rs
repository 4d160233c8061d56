//! Keys of organisations that are in use for longer than their cryptoperiods.

use super::{Check, Context};
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::config::Cryptoperiods;
use crate::platform::ids::OrgId;
use crate::platform::keys::subjects::oldest;
use crate::platform::keys::versions::{DOCUMENTS, StoredKey, VALUES, stored};
use crate::platform::keys::{RootInUse, roots_in_use};
use crate::platform::scope::Scope;
use crate::platform::store::{Reads as _, Sql, Store, StoreError};

const ID: &str = "key-age";
const ORGANISATIONS: Sql =
    Sql::lookup("SELECT id, slug FROM organisations WHERE slug > $1 ORDER BY slug LIMIT 500");

/// Which keys are due, in every organisation.
pub(super) async fn age(context: &Context<'_>, store: &Store) -> Result<Check, StoreError> {
    let (mut due, mut after) = (Vec::new(), String::new());
    loop {
        let from = after.clone();
        let page: Vec<(OrgId, String)> = store
            .lookup::<_, StoreError, _>(move |lookup| lookup.all(&ORGANISATIONS, params![&from]))
            .await?;
        let Some((_, last)) = page.last() else {
            break;
        };
        after.clone_from(last);
        for (organisation, name) in page {
            let read = store.read::<_, StoreError, _>(Scope::of(organisation), |read| {
                Ok((stored(read)?, oldest(read)?))
            });
            let (stored, oldest) = read.await?;
            let levels = overdue(&stored, oldest, context.config.keys.periods, context.now);
            due.extend(levels.into_iter().map(|level| format!("{name} ({level})")));
        }
    }
    let roots = store.read::<_, StoreError, _>(Scope::SYSTEM, |read| roots_in_use(read));
    due.extend(overdue_roots(
        &roots.await?,
        context.config.keys.periods.root_days,
        context.now,
    ));
    if due.is_empty() {
        return Ok(Check::ok(ID, "no key is older than its cryptoperiod"));
    }
    let what = format!(
        "keys are older than their cryptoperiods: {}",
        due.join(", ")
    );
    let mend = "replace them with `countersign keys rotate`, or on the page Keys (/settings/keys); docs/keys.md says what that does, and how a root is replaced";
    Ok(Check::warn(ID, what, mend))
}

/// The levels of one organisation whose keys are due.
fn overdue(
    stored: &[StoredKey],
    oldest_subject: Option<Micros>,
    periods: Cryptoperiods,
    now: Micros,
) -> Vec<&'static str> {
    let newest = |purpose: &str| {
        let active = stored
            .iter()
            .filter(|key| key.purpose == purpose && key.is_active());
        active
            .max_by_key(|key| key.version)
            .map(StoredKey::in_use_since)
    };
    let levels = [
        (VALUES, newest(VALUES), periods.values_days),
        (DOCUMENTS, newest(DOCUMENTS), periods.documents_days),
        ("subjects", oldest_subject, periods.subjects_days),
    ];
    let is_due = |(_, since, days): &(&str, Option<Micros>, u32)| {
        since.is_some_and(|since| now.since(since) >= i64::from(*days) * Micros::DAY)
    };
    let due = levels.into_iter().filter(is_due);
    due.map(|(level, _, _)| level).collect()
}

/// The roots that are due, by name.
fn overdue_roots(roots: &[RootInUse], days: u32, now: Micros) -> impl Iterator<Item = String> + '_ {
    let is_due = move |root: &&RootInUse| root.due(days).is_some_and(|due| due <= now);
    let due = roots.iter().filter(is_due);
    due.map(|root| format!("the {}", root.name().replace('-', " ")))
}

#[cfg(test)]
mod tests {
    use countersign_sealing::Hierarchy;

    use super::*;

    #[test]
    fn a_root_is_due_at_the_end_of_its_period_and_one_that_is_not_known_is_not() {
        let since = |hierarchy, since: Option<i64>| RootInUse {
            hierarchy,
            since: since.map(Micros),
        };
        let roots = [
            since(Hierarchy::Storage, Some(0)),
            since(Hierarchy::Field, None),
        ];
        let end = 30 * Micros::DAY;
        let due = |now: i64| overdue_roots(&roots, 30, Micros(now)).collect::<Vec<_>>();
        assert!(due(end - 1).is_empty());
        assert_eq!(due(end), ["the storage root"]);
    }

    #[test]
    fn a_key_is_due_at_the_end_of_its_period_and_its_replacement_is_not() {
        let key = |version: i64, activated: Option<i64>| StoredKey {
            id: version.to_string(),
            hierarchy: "storage".to_owned(),
            purpose: DOCUMENTS.to_owned(),
            version,
            wrapped: Vec::new(),
            created: Micros(0),
            activated: activated.map(Micros),
        };
        let periods = Cryptoperiods::STANDARD;
        let end = Micros(i64::from(periods.documents_days) * Micros::DAY);
        let first = [key(1, None)];
        assert!(overdue(&first, None, periods, Micros(end.0 - 1)).is_empty());
        assert_eq!(overdue(&first, None, periods, end), [DOCUMENTS]);
        let announced = [key(1, None), key(2, None)];
        assert_eq!(overdue(&announced, None, periods, end), [DOCUMENTS]);
        let replaced = [key(1, None), key(2, Some(end.0))];
        assert!(overdue(&replaced, None, periods, end).is_empty());
        let subjects = Micros(i64::from(periods.subjects_days) * Micros::DAY);
        assert_eq!(
            overdue(&[], Some(Micros(0)), periods, subjects),
            ["subjects"]
        );
    }
}
