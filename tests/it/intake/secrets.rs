//! What thieves want stands nowhere in plain text: not in the database's files, not in the documents folder.

use std::path::Path;

use super::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::{Home, on_both};

/// The files below `folder` in which `canary` stands in plain text.
fn found_in(folder: &Path, canary: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("it reads").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(canary.len()).any(|w| w == canary.as_bytes()))
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn an_iban_and_a_vat_id_in_a_document_are_nowhere_in_plain_text() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl(
            "CANARY-471102",
            "Canary Verpackungen GmbH",
            "119.00",
            IBAN,
            VAT_ID,
        );
        let taken = desk.send("a.xml", &bytes).await.expect("taken");
        let documents = desk.world.roots.path();
        for canary in [IBAN, VAT_ID, "CANARY-471102", "Canary Verpackungen"] {
            assert_eq!(found_in(documents, canary), [""; 0], "{canary}");
            if let Home::Embedded(folder) = &t.home {
                assert_eq!(found_in(folder.path(), canary), [""; 0], "{canary}");
            }
        }
        if let Home::Grown(database) = &t.home {
            for (table, column) in columns(database) {
                for canary in [IBAN, VAT_ID] {
                    let sql = format!(
                        "SELECT CAST(COUNT(*) AS TEXT) FROM {table} WHERE POSITION('{canary}' IN CAST({column} AS TEXT)) > 0 OR POSITION(encode('{canary}'::bytea, 'hex') IN CAST({column} AS TEXT)) > 0"
                    );
                    let count =
                        tokio::task::block_in_place(|| database.query(&sql)).expect("it runs");
                    assert!(
                        format!("{count:?}").contains("\"0\""),
                        "{canary} in {table}.{column}: {count:?}"
                    );
                }
            }
        }
        assert!(desk.stored(taken.bill).await.bill.number.contains("CANARY"));
    });
}

fn columns(database: &crate::support::postgres::Database) -> Vec<(String, String)> {
    let sql = "SELECT table_name || ' ' || column_name FROM information_schema.columns WHERE table_schema = 'public'";
    let rows = tokio::task::block_in_place(|| database.query(sql)).expect("it runs");
    let rows = format!("{rows:?}");
    let pairs: Vec<_> = rows
        .split('"')
        .filter_map(|text| text.split_once(' '))
        .filter(|(table, column)| {
            [table, column].iter().all(|n| {
                !n.is_empty()
                    && n.bytes()
                        .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
            })
        })
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    assert!(pairs.len() > 100, "{rows}");
    pairs
}
