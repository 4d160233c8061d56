//! Every SQL text of the program, found in its sources: each prepares on both engines, stays in its tenant, and touches only
//! the table that its kind names.

mod finder;

use countersign::platform::store::{Nature, TABLES, Table, find_table};
pub use finder::{Text, all};

use super::support::stores::{Home, TestStore, embedded};

fn words(sql: &str) -> Vec<String> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The table that a changing text changes.
fn target(sql: &str) -> Option<String> {
    let words = words(sql);
    let at = match words.first()?.as_str() {
        "INSERT" | "DELETE" => 2,
        "UPDATE" => 1,
        _ => return None,
    };
    words.get(at).cloned()
}

/// What is wrong with one text.
fn complaints(text: &Text) -> Vec<String> {
    let mut wrong = Vec::new();
    let upper = text.sql.to_uppercase();
    let table: Option<&Table> = text.table.as_deref().and_then(find_table);
    let changes = ["change", "append", "housekeeping", "claim"].contains(&text.kind.as_str());
    if changes {
        if target(&text.sql) != text.table {
            wrong.push(format!(
                "changes {:?}, but is declared for {:?}",
                target(&text.sql),
                text.table
            ));
        }
        let business = table.is_some_and(|table| !table.nature.is_housekeeping());
        let appends = text.kind == "append";
        let journal = ["journal_entries", "journal_openings"];
        if appends
            && !(upper.starts_with("INSERT ")
                && table.is_some_and(|table| journal.contains(&table.name)))
        {
            wrong.push("only the journal's own tables are appended to".to_owned());
        }
        if text.kind != "change" && !appends && business {
            wrong.push("housekeeping may not change a business table".to_owned());
        }
        if text.kind == "change" && !business {
            wrong.push("a housekeeping table is changed as if it were business".to_owned());
        }
        if text.kind == "change"
            && !upper.trim_end().ends_with("RETURNING ID")
            && !upper.ends_with(" AS ID")
        {
            wrong.push(
                "a change must end in RETURNING id, or its rows are not journaled".to_owned(),
            );
        }
        let may_go = table
            .is_some_and(|table| table.nature == Nature::Keys || table.name == "journal_openings");
        if text.kind == "change" && upper.starts_with("DELETE") && !may_go {
            wrong.push("business rows are never deleted".to_owned());
        }
    } else if target(&text.sql).is_some() {
        wrong.push("a reading text changes something".to_owned());
    }
    if ["read", "change", "append", "housekeeping"].contains(&text.kind.as_str()) {
        wrong.extend(unscoped(&text.sql));
    } else {
        for table in TABLES
            .iter()
            .filter(|table| words(&text.sql).iter().any(|word| word == table.name))
        {
            if !table.lookup {
                wrong.push(format!(
                    "{} may not be read before the tenant is known",
                    table.name
                ));
            }
        }
    }
    for banned in [
        " LIKE ",
        " ILIKE ",
        "FOR UPDATE",
        " TRUE",
        " FALSE",
        "BOOLEAN",
        "DATETIME(",
        "NOW(",
    ] {
        if upper.contains(banned) {
            wrong.push(format!("{banned} differs between the engines"));
        }
    }
    wrong
}

/// Each mention of a tenant's table comes with its own condition on the organisation.
fn unscoped(sql: &str) -> Option<String> {
    let words = words(sql);
    let is_table = |word: &String| TABLES.iter().any(|table| table.name == word);
    let before = ["FROM", "JOIN", "INTO", "UPDATE"];
    let mentions = words
        .windows(2)
        .filter(|pair| before.contains(&pair[0].as_str()) && is_table(&pair[1]))
        .count();
    let scopes = words
        .windows(2)
        .filter(|pair| pair[0] == "org_id" && pair[1] == "$1")
        .count();
    let inserts = usize::from(
        words.first().is_some_and(|word| word == "INSERT")
            && sql.contains("(org_id")
            && (sql.contains("VALUES ($1") || sql.contains("SELECT $1")),
    );
    let joined = words
        .windows(2)
        .filter(|pair| pair[0] == "org_id" && pair[1] != "$1")
        .count();
    (scopes == 0 && inserts == 0 || mentions > scopes + inserts + joined).then(|| {
        format!(
            "names {mentions} tables, but binds the organisation {} times",
            scopes + inserts
        )
    })
}

#[test]
fn every_text_keeps_the_rules() {
    let wrong: Vec<String> = all()
        .iter()
        .flat_map(|text| {
            complaints(text)
                .into_iter()
                .map(move |what| format!("{}: {what}: {}", text.file, text.sql))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_finds_a_bad_text() {
    let text = |kind: &str, table: Option<&str>, sql: &str| Text {
        kind: kind.to_owned(),
        table: table.map(str::to_owned),
        sql: sql.to_owned(),
        file: "sample".to_owned(),
    };
    let bad = [
        text("read", None, "SELECT name FROM vendors WHERE id = $2"),
        text(
            "read",
            None,
            "SELECT v.name FROM vendors v JOIN bills b ON b.vendor_id = v.id WHERE v.org_id = $1",
        ),
        text(
            "read",
            None,
            "UPDATE vendors SET name = $2 WHERE org_id = $1 RETURNING id",
        ),
        text(
            "housekeeping",
            Some("vendors"),
            "UPDATE vendors SET name = $2 WHERE org_id = $1",
        ),
        text(
            "change",
            Some("vendors"),
            "UPDATE bills SET number = $2 WHERE org_id = $1 RETURNING id",
        ),
        text(
            "change",
            Some("vendors"),
            "UPDATE vendors SET name = $2 WHERE org_id = $1",
        ),
        text(
            "change",
            Some("vendors"),
            "DELETE FROM vendors WHERE org_id = $1 RETURNING id",
        ),
        text(
            "append",
            Some("vendors"),
            "INSERT INTO vendors (org_id, name) VALUES ($1, $2)",
        ),
        text(
            "append",
            Some("journal_openings"),
            "DELETE FROM journal_openings WHERE org_id = $1",
        ),
        text("lookup", None, "SELECT name FROM vendors WHERE name = $1"),
        text(
            "read",
            None,
            "SELECT name FROM vendors WHERE org_id = $1 AND name LIKE $2",
        ),
    ];
    for text in bad {
        assert!(!complaints(&text).is_empty(), "{}", text.sql);
    }
    let good = text(
        "change",
        Some("vendors"),
        "UPDATE vendors SET name = $2 WHERE org_id = $1 AND id = $3 RETURNING id",
    );
    assert_eq!(complaints(&good), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_prepares_on_both_engines() {
    let (sqlite, grown) = (TestStore::embedded().await, TestStore::grown().await);
    let (Home::Embedded(dir), Home::Grown(database)) = (&sqlite.home, &grown.home) else {
        panic!("one of each");
    };
    let texts = all();
    let connection = embedded(dir);
    let mut failures: Vec<String> = texts
        .iter()
        .filter_map(|text| {
            let error = connection.prepare(&text.sql).err()?;
            Some(format!("embedded: {error}: {}", text.sql))
        })
        .collect();
    let prepare = |texts: &[Text]| {
        let mut sql =
            "SET ROLE countersign_server; SET search_path = public, countersign_keys;".to_owned();
        for (at, text) in texts.iter().enumerate() {
            sql += &format!("PREPARE text_{at} AS {};", text.sql);
        }
        tokio::task::block_in_place(|| database.query(&sql))
    };
    // A connection for many of them; alone each says which it was.
    for texts in texts.chunks(100) {
        if prepare(texts).is_err() {
            let alone = texts.chunks(1).filter_map(|text| {
                let error = prepare(text).err()?;
                Some(format!("postgresql: {error}: {}", text[0].sql))
            });
            failures.extend(alone);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
