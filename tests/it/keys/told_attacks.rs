//! Somebody who writes the files and has no root wants a start to tell the journal of what she did to keys.

use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, Level};

use super::backed_up::rotates;
use super::told::{CHANGED, Cut, tell};
use crate::disposal::copy;
use crate::support::stores::without_triggers;
use crate::support::temp::TempDir;

/// What makes an older copy of the key store readable beside the one in use.
fn attached(kept: &TempDir) -> String {
    let keys = kept.path().join("keys.db").display().to_string();
    let hex = "08".repeat(32);
    format!("ATTACH DATABASE '{keys}' AS older KEY \"x'{hex}'\";")
}

/// She takes the entries away by which a version was put to use and destroyed, puts the version back, and the entries back when the
/// start has looked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_lacks_entries_is_told_of_nothing() {
    let cut = Cut::new().await;
    let live = TempDir::new("live");
    rotates(&cut.house.t, cut.scope, Level::Values).await;
    copy(cut.home().path(), live.path(), "keys.db");
    rotates(&cut.house.t, cut.scope, Level::Values).await;
    assert_eq!(cut.reason(&cut.house.t.app).await, None);
    cut.keeps_database();
    cut.keeps_key_store();
    let put_back = format!(
        "{} UPDATE countersign_keys.data_keys SET destroyed_us = NULL, activated_us = activated_us + 1, \
         wrapped = (SELECT o.wrapped FROM older.data_keys o WHERE o.id = data_keys.id) WHERE purpose = 'values' AND version = 2;",
        attached(&live)
    );
    let taken = "SELECT entry_id FROM journal_leaves JOIN journal_entries ON id = entry_id \
                 WHERE action IN ('keys.activated', 'keys.destroyed')";
    let ways = [
        format!("DELETE FROM journal_leaves WHERE entry_id IN ({taken});"),
        format!("UPDATE journal_leaves SET seq = -seq WHERE entry_id IN ({taken});"),
        format!("UPDATE journal_entries SET mac = x'00' WHERE id IN ({taken});"),
    ];
    for way in ways {
        let hers = cut.copied("hers");
        without_triggers(
            &hers,
            &format!(
                "{put_back} CREATE TABLE leaves AS SELECT * FROM journal_leaves; CREATE TABLE codes AS SELECT id, mac FROM journal_entries; {way}"
            ),
        );
        let app = cut.opened_in(&hers);
        app.keys.has_to_tell();
        assert_eq!(tell(&app).await, 0, "{way}");
        assert!(app.keys.is_told(None), "others do not wait for it");
        without_triggers(
            &hers,
            "DELETE FROM journal_leaves WHERE entry_id IN (SELECT entry_id FROM leaves); \
             INSERT INTO journal_leaves SELECT * FROM leaves; DROP TABLE leaves; \
             UPDATE journal_entries SET mac = (SELECT c.mac FROM codes c WHERE c.id = journal_entries.id) \
             WHERE id IN (SELECT id FROM codes); DROP TABLE codes;",
        );
        let reason = cut.reason(&app).await.expect("an alarm");
        assert!(reason.contains(CHANGED), "{way}: {reason}");
    }
}

/// Somebody who writes the files and has no root adds to what a kill left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_change_of_ours_explains_stays_an_alarm() {
    let cut = Cut::new().await;
    let (oldest, older) = (TempDir::new("oldest"), TempDir::new("older"));
    for (level, kept) in [(Level::Values, &oldest), (Level::Subjects, &older)] {
        copy(cut.home().path(), kept.path(), "keys.db");
        rotates(&cut.house.t, cut.scope, level).await;
    }
    cut.order(Level::Values).await;
    cut.keeps_database();
    cut.goes_on(ANNOUNCED_US).await;
    cut.keeps_key_store();
    // Without an addition all of it is told.
    let sound = cut.copied("sound");
    let app = cut.opened_in(&sound);
    cut.is_told_by_a_start(&app, CHANGED).await;

    let row = "(SELECT MIN(id) FROM countersign_keys.subject_keys)";
    let mine = [
        // A version of a subject's key that was taken away, as it was wrapped under a key that is still there.
        format!(
            "{} INSERT INTO countersign_keys.subject_keys SELECT * FROM older.subject_keys ORDER BY id LIMIT 1;",
            attached(&older)
        ),
        // The same under an id that no entry names, and in the row of somebody else's key.
        format!(
            "{} INSERT INTO countersign_keys.subject_keys SELECT o.* FROM older.subject_keys o WHERE o.id NOT IN \
             (SELECT k.id FROM countersign_keys.subject_keys k) AND EXISTS (SELECT 1 FROM countersign_keys.subject_keys n \
             WHERE n.subject_id = o.subject_id AND n.version > o.version) ORDER BY o.id LIMIT 1; \
             UPDATE countersign_keys.subject_keys SET id = 'f' || substr(id, 2) WHERE id IN (SELECT id FROM older.subject_keys);",
            attached(&older)
        ),
        format!(
            "{} UPDATE countersign_keys.subject_keys SET (subject_id, version, wrapped, parent_version) = \
             (SELECT subject_id, version, wrapped, parent_version FROM older.subject_keys ORDER BY id LIMIT 1) \
             WHERE id = (SELECT MIN(k.id) FROM countersign_keys.subject_keys k WHERE k.subject_id <> \
             (SELECT subject_id FROM older.subject_keys ORDER BY id LIMIT 1));",
            attached(&older)
        ),
        // A version of the organisation's key that was destroyed, as the root wrapped it.
        format!(
            "{} UPDATE countersign_keys.data_keys SET destroyed_us = NULL, wrapped = (SELECT o.wrapped FROM older.data_keys o \
             WHERE o.id = data_keys.id) WHERE purpose = 'values' AND version = 1;",
            attached(&oldest)
        ),
        format!(
            "UPDATE countersign_keys.subject_keys SET wrapped = zeroblob(length(wrapped)) WHERE id = {row};"
        ),
        // It opens, and is said to be younger than it is.
        format!(
            "UPDATE countersign_keys.subject_keys SET created_us = created_us + 9000000 WHERE id = {row};"
        ),
        // The only key of somebody.
        format!("DELETE FROM countersign_keys.subject_keys WHERE id = {row};"),
        // The same, and a line of the ledger that no entry tells of.
        format!(
            "INSERT INTO countersign_keys.key_disposals (org_id, id, subject_kind, subject_id, key_ids, destroyed_us, complete_us) \
             SELECT org_id, id, 'vendor', subject_id, '', 1, 1 FROM countersign_keys.subject_keys WHERE id = {row}; \
             DELETE FROM countersign_keys.subject_keys WHERE id = {row};"
        ),
        // A version that is in use, by every row that it wraps, and the one before it.
        "UPDATE countersign_keys.data_keys SET wrapped = x'', destroyed_us = 1 WHERE purpose = 'values' AND version = 3;"
            .to_owned(),
    ];
    for sql in mine {
        let hers = cut.copied("hers");
        without_triggers(&hers, &sql);
        let app = cut.opened_in(&hers);
        tell(&app).await;
        let reason = cut.reason(&app).await;
        assert!(reason.is_some(), "{sql}");
    }
}
