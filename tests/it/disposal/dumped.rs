//! PostgreSQL's own dumps around a disposal: the general one leaves the key store out, and what it brings back opens nothing.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::{Former, is_destroyed};
use crate::support::postgres::{Cluster, Database, binaries};
use crate::support::stores::{Home, TestStore};
use crate::support::temp::TempDir;

fn client(program: &str) -> Command {
    let binaries = binaries(Path::new("/usr/lib/postgresql")).expect("the cluster has started");
    Command::new(binaries.join(program))
}

pub fn dump(database: &Database, part: &str, to: &Path) {
    let dumped = client("pg_dump")
        .args(["--no-password", part, "--file"])
        .arg(to)
        .arg(format!("--dbname={}", database.url()))
        .output()
        .expect("pg_dump starts");
    let said = String::from_utf8_lossy(&dumped.stderr).into_owned();
    assert!(dumped.status.success(), "{said}");
}

/// A new database with these dumps, one after the other.
pub async fn restored(dumps: &[&Path]) -> TestStore {
    let database = Cluster::shared().empty();
    for dump in dumps {
        let put = client("psql")
            .args([
                "--no-password",
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
            ])
            .arg(format!("--dbname={}", database.url()))
            .arg("--file")
            .arg(dump)
            .output()
            .expect("psql starts");
        let said = String::from_utf8_lossy(&put.stderr).into_owned();
        assert!(put.status.success(), "{said}");
    }
    TestStore::in_database(database).await
}

pub const GENERAL: &str = "--exclude-schema=countersign_keys";
pub const KEYS: &str = "--schema=countersign_keys";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_months_dump_opens_nothing_that_was_destroyed_since() {
    let t = Arc::new(TestStore::grown().await);
    let former = Former::new(&t).await;
    former.archive().await;
    let Home::Grown(database) = &t.home else {
        panic!("PostgreSQL is dumped")
    };
    let dir = TempDir::new("dumps");
    let at = |name: &str| dir.path().join(name);
    let (month, months_keys, keys) = (at("month"), at("months-keys"), at("keys"));
    dump(database, GENERAL, &month);
    dump(database, KEYS, &months_keys);
    former.destroy().await;
    dump(database, KEYS, &keys);

    let back = restored(&[&month, &keys]).await;
    let gone = former.opens_in(&back.store).await;
    assert!(is_destroyed(&gone), "{gone:?}");
    former.is_sound(&back.store).await;
    let again = former.replay(&back.store).await;
    assert_eq!(
        again, 2,
        "the journal is told, and shows no more than it did"
    );
    former.is_sound(&back.store).await;

    // The twin: a dump of everything, which the general backup must not be.
    let careless = restored(&[&month, &months_keys]).await;
    former.opens_in(&careless.store).await.expect("it opens");

    // The key store alone is from before: the replay comes before anybody is served.
    let now = at("now");
    dump(database, GENERAL, &now);
    let raw = restored(&[&now, &months_keys]).await;
    former
        .opens_in(&raw.store)
        .await
        .expect("until then it opens");
    assert_eq!(former.replay(&raw.store).await, 1);
    let gone = former.opens_in(&raw.store).await;
    assert!(is_destroyed(&gone), "{gone:?}");
}
