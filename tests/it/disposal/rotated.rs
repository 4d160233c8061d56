//! A rotation that was ordered before its organisation was disposed of.

use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::dispose_organisation;
use countersign::assurance::keys::rotation::actions::{ROTATION_JOB, ordered, standing_of, work};
use countersign::assurance::keys::rotation::rules::Level;
use countersign::platform::clock::Micros;
use countersign::platform::jobs::{self, Job};
use countersign::platform::scope::Scope;

use super::{Former, is_destroyed};
use crate::support::stores::{TestStore, on_both};

#[test]
fn a_rotation_of_an_organisation_that_was_disposed_of_ends() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let (app, scope) = (
            Arc::clone(&former.world().app),
            Scope::of(former.world().organisation),
        );
        for level in [Level::Values, Level::Documents, Level::Subjects] {
            ordered(&app, former.world().caller(), level)
                .await
                .expect("none is under way");
        }
        dispose_organisation(&app, scope.organisation())
            .await
            .expect("it has keys");
        // What a rotation needs is not there any more: its job would fail for ever.
        let keys = app.keys.organisation(&app.store, scope).await;
        assert!(is_destroyed(&keys), "{keys:?}");

        t.clock.advance(Micros::MINUTE);
        let its = Arc::clone(&app);
        let handler = move |job: Job| {
            let app = Arc::clone(&its);
            Box::pin(async move {
                if job.kind == ROTATION_JOB {
                    work(&app, &job).await.expect("it ends without an error");
                }
                Ok(())
            }) as std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>
        };
        while jobs::run_one(&app.store, "node", app.now(), &handler)
            .await
            .expect("the queue reads")
        {}
        let levels = standing_of(&app, scope).await.expect("it reads");
        let finished = levels
            .iter()
            .filter(|one| one.rotation.is_some() && one.under_way().is_none());
        assert_eq!(finished.count(), 3);
        former.is_sound(&app.store).await;
    });
}
