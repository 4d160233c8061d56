//! A rotation that was ordered before its organisation was disposed of.

use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::dispose_organisation;
use countersign::assurance::keys::rotation::actions::{ROTATION_JOB, ordered, standing_of, work};
use countersign::assurance::keys::rotation::rules::Level;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::jobs::{self, Job};
use countersign::platform::scope::Scope;

use super::{Former, is_destroyed};
use crate::support::stores::{TestStore, on_both};
use crate::support::temp::TempDir;

/// Does what is due of rotations.
async fn rotates(app: &Arc<App>) {
    let its = Arc::clone(app);
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
}

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
        rotates(&app).await;
        let levels = standing_of(&app, scope).await.expect("it reads");
        let finished = levels
            .iter()
            .filter(|one| one.rotation.is_some() && one.under_way().is_none());
        assert_eq!(finished.count(), 3);
        former.is_sound(&app.store).await;
    });
}

/// What a rotation replaced is not put back beside what took its place, and whoever restores is told.
#[test]
fn a_restore_says_how_many_keys_it_left_out() {
    on_both(|t: Arc<TestStore>| async move {
        let (former, to) = (Former::new(&t).await, TempDir::new("key-backups"));
        let app = Arc::clone(&former.world().app);
        t.clock.advance(Micros::SECOND);
        let made = former.back_up(&to, 30).await;
        assert_eq!(former.restore(&made.path).await.left_out, 0);
        for level in [Level::Values, Level::Subjects] {
            t.clock.advance(Micros::SECOND);
            ordered(&app, former.world().caller(), level)
                .await
                .expect("none is under way");
            for _ in 0..3 {
                t.clock.advance(Micros::MINUTE);
                rotates(&app).await;
            }
        }
        let restored = former.restore(&made.path).await;
        // The key for documents was not rotated.
        assert_eq!(
            (restored.keys, restored.left_out),
            (0, made.keys - 1),
            "{restored:?}"
        );
    });
}
