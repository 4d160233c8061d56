//! What somebody who owns the database does to its schema is found and named, on both engines; and each kind of part is
//! needed for that.

use std::sync::Arc;

use countersign::platform::store::schema::{compare, compare_but};

use super::support::stores::{Home, TestStore, on_both};

/// What is done, how it is undone, what is named, and the kinds of parts without which nothing is.
type Attack = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const EMBEDDED: &[Attack] = &[
    (
        "CREATE TRIGGER thief AFTER INSERT ON payments BEGIN UPDATE payments SET amount_minor = 1 WHERE id = NEW.id; END",
        "DROP TRIGGER thief",
        "trigger thief on payments is not of this program",
        &["trigger"],
    ),
    (
        "DROP TRIGGER journal_entries_no_update",
        "CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries BEGIN SELECT RAISE(ABORT, 'journal_entries refuses UPDATE'); END",
        "trigger journal_entries_no_update on journal_entries is missing",
        &["trigger"],
    ),
    (
        "CREATE VIEW shadow AS SELECT * FROM payments",
        "DROP VIEW shadow",
        "view shadow on shadow is not of this program",
        &["view"],
    ),
    (
        "CREATE TABLE shadow (n INTEGER)",
        "DROP TABLE shadow",
        "table shadow on shadow is not of this program",
        &["table"],
    ),
    (
        "DROP INDEX payments_bill_once",
        "CREATE UNIQUE INDEX payments_bill_once ON payments (org_id, bill_id) WHERE removed_us IS NULL",
        "index payments_bill_once on payments is missing",
        &["index"],
    ),
    (
        "DROP TRIGGER bills_no_delete; CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills BEGIN SELECT 1; END",
        "",
        "trigger bills_no_delete on bills is `CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills BEGIN SELECT 1; END`",
        &["trigger"],
    ),
];

const GROWN: &[Attack] = &[
    (
        "CREATE FUNCTION thief() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.amount_minor := 1; RETURN NEW; END $$; \
         CREATE TRIGGER thief BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION thief()",
        "DROP TRIGGER thief ON payments; DROP FUNCTION thief()",
        "trigger thief on payments is not of this program",
        &["trigger", "function"],
    ),
    (
        "ALTER TABLE journal_entries DISABLE TRIGGER journal_entries_no_update",
        "ALTER TABLE journal_entries ENABLE TRIGGER journal_entries_no_update",
        "trigger journal_entries_no_update on journal_entries is `19 countersign_refuse disabled`",
        &["trigger"],
    ),
    (
        "ALTER TABLE payments DISABLE TRIGGER ALL",
        "ALTER TABLE payments ENABLE TRIGGER ALL",
        "reference triggers on payments is not of this program",
        &["trigger", "reference"],
    ),
    (
        "DROP TRIGGER bills_no_delete ON bills",
        "CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills FOR EACH ROW EXECUTE FUNCTION countersign_refuse()",
        "trigger bills_no_delete on bills is missing",
        &["trigger"],
    ),
    (
        "CREATE OR REPLACE FUNCTION countersign_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
        "CREATE OR REPLACE FUNCTION countersign_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION '% refuses %', TG_TABLE_NAME, TG_OP; END $$",
        "function countersign_refuse is `plpgsql BEGIN RETURN OLD; END`",
        &["function"],
    ),
    (
        "ALTER POLICY tenant ON bills USING (true)",
        "ALTER POLICY tenant ON bills USING (org_id = current_setting('countersign.organisation', true))",
        "policy tenant on bills is `* using true",
        &["policy"],
    ),
    (
        "CREATE POLICY more ON bills USING (true)",
        "DROP POLICY more ON bills",
        "policy more on bills is not of this program",
        &["policy"],
    ),
    (
        "ALTER TABLE bills DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE bills ENABLE ROW LEVEL SECURITY",
        "table bills is `r open forced owned`",
        &["table"],
    ),
    (
        "ALTER TABLE bills NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE bills FORCE ROW LEVEL SECURITY",
        "table bills is `r secured unforced owned`",
        &["table"],
    ),
    (
        "GRANT DELETE ON journal_entries TO countersign_server",
        "REVOKE DELETE ON journal_entries FROM countersign_server",
        "grant on journal_entries to countersign_server is `DELETE, INSERT, SELECT`",
        &["grant"],
    ),
    (
        "GRANT UPDATE (canonical) ON journal_entries TO countersign_server",
        "REVOKE UPDATE (canonical) ON journal_entries FROM countersign_server",
        "grant on journal_entries.canonical to countersign_server is not of this program",
        &["grant"],
    ),
    (
        "GRANT SELECT ON bills TO PUBLIC",
        "REVOKE SELECT ON bills FROM PUBLIC",
        "grant on bills to everybody is not of this program",
        &["grant"],
    ),
    (
        "CREATE RULE quiet AS ON DELETE TO holds DO INSTEAD NOTHING",
        "DROP RULE quiet ON holds",
        "rule quiet on holds is not of this program",
        &["rule"],
    ),
    (
        "DROP INDEX payments_bill_once",
        "CREATE UNIQUE INDEX payments_bill_once ON payments (org_id, bill_id) WHERE removed_us IS NULL",
        "index payments_bill_once is missing",
        &["index"],
    ),
    (
        "ALTER TABLE bills ALTER COLUMN number SET DEFAULT 'x'",
        "ALTER TABLE bills ALTER COLUMN number DROP DEFAULT",
        "column bills.number is",
        &["column"],
    ),
    (
        "CREATE TABLE shadow (n BIGINT)",
        "DROP TABLE shadow",
        "table shadow is not of this program",
        &["table", "column"],
    ),
    (
        "ALTER TABLE organisations DROP CONSTRAINT organisations_check",
        "ALTER TABLE organisations ADD CONSTRAINT organisations_check CHECK (id = org_id)",
        "check of organisations: CHECK id = org_id is missing",
        &["check"],
    ),
];

async fn wrong(t: &TestStore, left_out: &'static [&'static str]) -> Vec<String> {
    let comparison = compare_but(&t.store, left_out).await.expect("it answers");
    assert_eq!(
        comparison.wrong.is_empty(),
        comparison.expected == comparison.found,
        "the hash says what the names say"
    );
    comparison.wrong
}

#[test]
fn the_schema_that_the_migrations_make_is_the_expected_one() {
    on_both(|t: Arc<TestStore>| async move {
        let comparison = compare(&t.store).await.expect("it answers");
        assert_eq!(comparison.wrong, [""; 0]);
        assert_eq!(comparison.found, comparison.expected);
        assert_eq!(comparison.found.len(), 64);
    });
}

#[test]
fn what_is_changed_in_the_schema_is_found_and_named() {
    on_both(|t: Arc<TestStore>| async move {
        let attacks = match t.home {
            Home::Embedded(_) => EMBEDDED,
            Home::Grown(_) => GROWN,
        };
        for (attack, undo, named, kinds) in attacks {
            t.behind_the_back(attack).await;
            let found = wrong(&t, &[]).await;
            assert!(
                found.iter().any(|one| one.starts_with(named)),
                "{attack}: {found:?}"
            );
            // Without the guard nobody would see it.
            assert_eq!(wrong(&t, kinds).await, [""; 0], "{attack}: found by more");
            if !undo.is_empty() {
                t.behind_the_back(undo).await;
                assert_eq!(wrong(&t, &[]).await, [""; 0], "{undo}");
            }
        }
    });
}
