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
                .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(canary))
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
            // One statement for all of them: a connection for each would take minutes.
            let places: Vec<String> = tables(database)
                .iter()
                .flat_map(|table| {
                    [IBAN, VAT_ID].map(|canary| {
                        format!(
                            "SELECT '{canary} in {table}' FROM {table} t WHERE POSITION('{canary}' IN CAST(t.* AS TEXT)) > 0 \
                             OR POSITION(encode('{canary}'::bytea, 'hex') IN CAST(t.* AS TEXT)) > 0"
                        )
                    })
                })
                .collect();
            let sql = places.join(" UNION ALL ");
            let found = tokio::task::block_in_place(|| database.query(&sql)).expect("it runs");
            assert!(found.is_empty(), "{found:?}");
            // The same way finds what stands there in clear.
            let sql = sql.replace(VAT_ID, "CANARY-471102");
            let found = tokio::task::block_in_place(|| database.query(&sql)).expect("it runs");
            assert!(!found.is_empty(), "a bill's number is not sealed");
        }
        assert!(desk.stored(taken.bill).await.bill.number.contains("CANARY"));
    });
}

fn tables(database: &crate::support::postgres::Database) -> Vec<String> {
    let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
    let rows = tokio::task::block_in_place(|| database.query(sql)).expect("it runs");
    let tables: Vec<String> = rows.into_iter().flatten().flatten().collect();
    assert!(tables.len() > 50, "{tables:?}");
    tables
}
