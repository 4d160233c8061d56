//! Whose keys can be destroyed, and what a receipt says of them.

use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::list;
use countersign::platform::keys::fields;

use super::Former;
use crate::support::app::disposables;
use crate::support::stores::{TestStore, on_both};

/// A rotation leaves a subject two versions of its key for a while.
#[test]
fn a_subject_whose_key_has_two_versions_is_offered_once() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        let vendor = former.vendor.to_string();
        t.behind_the_back(&format!(
            "INSERT INTO countersign_keys.subject_keys (id, org_id, subject_id, version, wrapped, created_us) \
             SELECT id || '-2', org_id, subject_id, 2, wrapped, created_us FROM countersign_keys.subject_keys \
             WHERE subject_id = '{vendor}';"
        ))
        .await;
        let by = former.asks.access().await;
        let (_, candidates) = list(&former.world().app, &by).await.expect("listed");
        let offered = candidates.iter().flat_map(|kind| &kind.all);
        let offered = offered.filter(|(id, _)| *id == vendor).count();
        assert_eq!(offered, 1);
    });
}

/// A receipt names columns that exist, all that its subject's key seals, and nothing sealed by it among what stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_name_what_the_schema_has() {
    let columns: Vec<String> = TestStore::embedded()
        .await
        .columns()
        .await
        .into_iter()
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    for of in disposables() {
        let stays = of.stays.iter().flat_map(|stays| stays.columns);
        for column in stays.clone().chain(of.destroys) {
            assert!(columns.iter().any(|one| one == column), "{column}");
        }
        for column in of.destroys {
            assert!(!stays.clone().any(|one| one == column), "{column} stays");
        }
    }
    let destroyed: Vec<&str> = disposables()
        .iter()
        .flat_map(|of| of.destroys.iter().copied())
        .collect();
    for field in fields::ALL {
        let name = format!("{}.{}", field.table, field.column);
        let of_these = ["vendors", "vendor_bank_accounts", "totp_factors"].contains(&field.table);
        assert_eq!(destroyed.contains(&name.as_str()), of_these, "{name}");
    }
}
