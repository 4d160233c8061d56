//! Where SQL and transactions live.

use std::path::Path;

use super::source::{Source, module_of, parse};
use super::{read, report, rust_files};

/// The methods of the store that open a transaction.
const OPENS_TRANSACTION: &[&str] = &["write", "read", "housekeep", "lookup"];

/// Whether a file is the room `name`: `bills/store.rs`, or anything in a folder `bills/store/`.
fn is_room(file: &Path, name: &str) -> bool {
    file.with_extension("").iter().any(|part| part == name)
}

fn check_transactions(file: &Path, source: &Source) -> Vec<String> {
    if file.starts_with("src/platform") || is_room(file, "actions") {
        return Vec::new();
    }
    let opened = source
        .store_calls
        .iter()
        .filter(|c| !c.in_test && OPENS_TRANSACTION.contains(&c.method.as_str()));
    opened
        .map(|c| {
            format!(
                "{}: only actions.rs opens a transaction (`store.{}`)",
                file.display(),
                c.method
            )
        })
        .collect()
}

fn check_sql(file: &Path, source: &Source) -> Vec<String> {
    if file.starts_with("src/platform") || is_room(file, "store") {
        return Vec::new();
    }
    let found = source.literals.iter().filter(|text| is_sql(text));
    let short = |text: &str| text.chars().take(40).collect::<String>();
    found
        .map(|text| {
            format!(
                "{}: SQL belongs in store.rs: {:?}",
                file.display(),
                short(text)
            )
        })
        .collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let upper = text.to_ascii_uppercase();
    let two = |first: &str, second: &str| upper.starts_with(first) && upper.contains(second);
    // In capitals it can be nothing else; in small letters "select a file from" is English.
    [
        "INSERT INTO ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "ALTER TABLE ",
        "DROP TABLE ",
    ]
    .iter()
    .any(|s| upper.starts_with(s))
        || text.starts_with("SELECT ")
        || two("SELECT ", " FROM ") && two("SELECT ", " WHERE ")
        || text.starts_with("select ") && (text.contains("* from ") || text.contains("(*)"))
        || two("UPDATE ", " SET ")
        || two("WITH ", " AS (SELECT")
        || two("WITH ", " AS ( SELECT")
}

fn check_tree(check: fn(&Path, &Source) -> Vec<String>) -> Vec<String> {
    let parsed = |file: &Path| {
        let module = module_of(file.strip_prefix("src").expect("found below it"));
        parse(&module, &read(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
    };
    rust_files("src")
        .iter()
        .flat_map(|file| check(file, &parsed(file)))
        .collect()
}

#[test]
fn only_actions_open_transactions() {
    report(&check_tree(check_transactions));
}

#[test]
fn sql_stands_in_store_rooms_only() {
    report(&check_tree(check_sql));
}

#[test]
fn a_transaction_opened_elsewhere_is_found() {
    let check = |file: &str, text| {
        check_transactions(Path::new(file), &parse(&[], text).expect("the test's own"))
    };
    let bad = [
        "fn f() { store.write(|tx| tx.x()); }",
        "async fn f(&self) { self.store.read(scope, body).await; }",
        "fn f() { app.store().housekeep(x); }",
        "fn f() { (&store).lookup(x); }",
    ];
    for text in bad {
        assert!(
            !check("src/payables/bills/pages.rs", text).is_empty(),
            "not found: {text}"
        );
        assert!(check("src/payables/bills/actions.rs", text).is_empty());
        assert!(check("src/payables/bills/actions/approve.rs", text).is_empty());
        assert!(check("src/platform/jobs.rs", text).is_empty());
    }
    assert!(
        check(
            "src/payables/bills/pages.rs",
            "fn f() { file.write(b); store.name(); }"
        )
        .is_empty()
    );
    assert!(
        check(
            "src/payables/bills/rules.rs",
            "#[cfg(test)] mod t { fn f() { store.write(x) } }"
        )
        .is_empty()
    );
}

#[test]
fn sql_elsewhere_is_found_and_english_is_not() {
    let check = |file: &str, text| {
        let source = format!("fn f() {{ g({text:?}); }}");
        check_sql(
            Path::new(file),
            &parse(&[], &source).expect("the test's own"),
        )
        .len()
    };
    for sql in [
        "SELECT 1",
        "\n  select * from bills",
        "INSERT INTO t VALUES ($1)",
        "update t set a = 1",
        "WITH x AS (SELECT 1)",
    ] {
        assert_eq!(
            check("src/payables/bills/actions.rs", sql),
            1,
            "not found: {sql}"
        );
        assert_eq!(check("src/payables/bills/store.rs", sql), 0);
    }
    for english in [
        "Select a file from your computer",
        "Update the vendor",
        "With thanks",
        "Delete from the list?",
    ] {
        let expected = usize::from(english.starts_with("Delete from the list"));
        assert_eq!(
            check("src/payables/bills/pages.rs", english),
            expected,
            "{english}"
        );
    }
}
