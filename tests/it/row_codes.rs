//! An UPDATE renews the code of each row that it touches, so it touches none that somebody changed before: tried with every
//! UPDATE of the program, on both engines.

use std::collections::HashMap;
use std::sync::Arc;

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Nature, Reads as _, Sql, StoreError, Value, find_table};

use super::sql_texts::{Text, all};
use super::support::stores::{Home, START, TestStore, caller, id, on_both};

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const RENAME: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const NAME_ALL: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $3 WHERE org_id = $1 AND name <> $3 AND code <> $2 RETURNING id",
);
const NAMES: Sql = Sql::read("SELECT name FROM gl_accounts WHERE org_id = $1 ORDER BY code");

async fn run(
    t: &TestStore,
    organisation: OrgId,
    sql: Sql,
    params: Vec<Value>,
) -> Result<usize, StoreError> {
    t.store
        .write(caller(organisation, START), move |tx| {
            let count = tx.change(&sql, &params)?;
            tx.commit(Entry::new("row.changed", "row", "x"), count)
        })
        .await
}

async fn names(t: &TestStore, organisation: OrgId) -> Vec<String> {
    let names: Vec<(String,)> = t
        .store
        .read::<_, StoreError, _>(Scope::of(organisation), |read| read.all(&NAMES, []))
        .await
        .expect("it reads");
    names.into_iter().map(|(name,)| name).collect()
}

#[test]
fn an_honest_update_of_a_row_that_was_tampered_with_is_refused() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        for code in ["1", "2"] {
            let added = run(
                &t,
                organisation,
                INSERT,
                params![code, code, "Travel"].to_vec(),
            );
            assert_eq!(added.await.expect("added"), 1);
        }
        let rename = |id: &str| run(&t, organisation, RENAME, params![id, "Rent"].to_vec());
        assert_eq!(rename("1").await.expect("ours"), 1);
        let tamper = format!(
            "UPDATE gl_accounts SET code = '9' WHERE org_id = '{organisation}' AND id = '2'"
        );
        t.behind_the_back(&tamper).await;
        let refused = rename("2").await;
        assert!(
            matches!(&refused, Err(StoreError::Forged { table: "gl_accounts", row }) if row == "2"),
            "{refused:?}"
        );
        // One row among several is enough; parameters that stand in no order find the same rows as the UPDATE.
        let refused = run(&t, organisation, NAME_ALL, params!["8", "Food"].to_vec()).await;
        assert!(
            matches!(refused, Err(StoreError::Forged { .. })),
            "{refused:?}"
        );
        assert_eq!(
            names(&t, organisation).await,
            ["Rent", "Travel"],
            "nothing was done"
        );
        let spared = run(&t, organisation, NAME_ALL, params!["9", "Food"].to_vec()).await;
        assert_eq!(spared.expect("what it does not touch does not matter"), 1);
    });
}

#[test]
fn a_transaction_may_change_what_it_wrote_itself() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), |tx| {
                tx.change_one(&INSERT, params!["1", "1", "Travel"])?;
                tx.change_one(&RENAME, params!["1", "Rent"])?;
                tx.change_one(&RENAME, params!["1", "Food"])?;
                tx.journal(Entry::new("row.changed", "row", "1"))?;
                tx.change_one(&RENAME, params!["1", "Wine"])?;
                tx.commit(Entry::new("row.changed", "row", "1"), ())
            })
            .await
            .expect("written");
        assert_eq!(names(&t, organisation).await, ["Wine"]);
    });
}

/// A column of a table, and what a row that meets an UPDATE's condition holds there.
struct Column {
    name: String,
    value: Value,
}

/// The columns of each table with a value of their types.
fn schema(home: &Home) -> HashMap<String, Vec<Column>> {
    let Home::Embedded(dir) = home else {
        panic!("the embedded engine's tables are asked")
    };
    let connection = rusqlite::Connection::open(dir.path().join("t.db")).expect("it opens");
    let key: String = [7u8; 32].iter().map(|byte| format!("{byte:02x}")).collect();
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
        .expect("the key");
    let mut statement = connection
        .prepare("SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
        .expect("the schema reads");
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("the schema reads");
    let mut tables: HashMap<String, Vec<Column>> = HashMap::new();
    for row in rows {
        let (table, name, kind): (String, String, String) = row.expect("a column");
        let value = match kind.as_str() {
            "INTEGER" => Value::Int(5),
            "BLOB" => Value::from(vec![1u8]),
            _ => Value::from("x"),
        };
        tables
            .entry(table)
            .or_default()
            .push(Column { name, value });
    }
    tables
}

/// A row that the UPDATE's condition meets, and the UPDATE's parameters from `$2` on.
fn bait(
    text: &Text,
    columns: &[Column],
    organisation: OrgId,
) -> (HashMap<String, Value>, Vec<Value>) {
    let mut row: HashMap<String, Value> = columns
        .iter()
        .map(|column| {
            // Unique among all that is planted.
            let value = match &column.value {
                Value::Text(_) => Value::from(organisation),
                Value::Bytes(_) => Value::from(organisation.as_bytes().to_vec()),
                other => other.clone(),
            };
            (column.name.clone(), value)
        })
        .collect();
    row.insert("org_id".to_owned(), Value::from(organisation));
    let words: Vec<String> = text
        .sql
        .split([' ', ',', '(', ')'])
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let condition = words
        .iter()
        .position(|word| word == "WHERE")
        .expect("a condition");
    let mut params: HashMap<usize, Value> = HashMap::new();
    for (at, pair) in words.windows(3).enumerate() {
        let [column, operator, operand] = pair else {
            continue;
        };
        let number = operand
            .strip_prefix('$')
            .and_then(|n| n.parse::<usize>().ok());
        match (operator.as_str(), operand.as_str(), number) {
            ("=", _, Some(number)) => {
                let value = if number == 1 {
                    Value::from(organisation)
                } else {
                    row[column].clone()
                };
                params.entry(number).or_insert(value);
            }
            ("<", _, Some(number)) => drop(params.insert(number, Value::Int(6))),
            (">", _, Some(number)) => drop(params.insert(number, Value::Int(4))),
            ("=", literal, None) if at >= condition && literal.starts_with('\'') => {
                row.insert(column.clone(), Value::from(literal.trim_matches('\'')));
            }
            ("IS", "NULL", None) if at >= condition => {
                drop(row.insert(column.clone(), Value::Null))
            }
            _ => {}
        }
    }
    let highest = text
        .sql
        .split('$')
        .skip(1)
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_digit())
                .next()?
                .parse()
                .ok()
        })
        .max()
        .unwrap_or(1);
    // What stands in no comparison is a moment within COALESCE.
    let params = (2..=highest)
        .map(|number| params.remove(&number).unwrap_or(Value::Int(6)))
        .collect();
    (row, params)
}

fn literal(home: &Home, value: &Value) -> String {
    match (value, home) {
        (Value::Null, _) => "NULL".to_owned(),
        (Value::Int(int), _) => int.to_string(),
        (Value::Text(text), _) => format!("'{text}'"),
        (Value::Bytes(bytes), _) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            match home {
                Home::Embedded(_) => format!("x'{hex}'"),
                Home::Grown(_) => format!("'\\x{hex}'"),
            }
        }
    }
}

/// Whether an UPDATE sets one column, and that is a sealed one or the version that sealed a document.
fn only_renews(sql: &str) -> bool {
    let set = sql
        .split(" SET ")
        .nth(1)
        .and_then(|rest| rest.split(" WHERE ").next());
    let column = set
        .and_then(|set| set.split(" = ").next())
        .unwrap_or_default();
    let is_one = set.is_some_and(|set| set.matches(" = ").count() == 1);
    is_one && (column.ends_with("_sealed") || column == "key_version")
}

#[test]
fn no_update_of_the_program_makes_a_planted_row_its_own() {
    on_both(|t: Arc<TestStore>| async move {
        let tables = schema(&TestStore::embedded().await.home);
        let updates: Vec<Text> = all()
            .into_iter()
            .filter(|text| text.kind == "change" && text.sql.starts_with("UPDATE"))
            // What wraps a key anew is told by the key itself: it opens in its own place alone.
            .filter(|text| {
                let table = text.table.as_deref().and_then(find_table);
                table.is_none_or(|table| table.nature != Nature::Keys)
            })
            .collect();
        assert!(
            updates.len() > 35,
            "the finder finds them: {}",
            updates.len()
        );
        // The planted rows refer to nothing that is there.
        let lift = match t.home {
            Home::Embedded(_) => "PRAGMA foreign_keys = OFF;",
            Home::Grown(_) => "SET session_replication_role = replica;",
        };
        for text in updates {
            let table: &'static str = find_table(text.table.as_deref().expect("a table"))
                .filter(|table| table.nature == Nature::Business || only_renews(text.sql.as_str()))
                .expect("of a table that is inserted only, what a rotation renews is updated alone")
                .name;
            let organisation = id::<OrgId>();
            let (row, params) = bait(&text, &tables[table], organisation);
            let (names, values): (Vec<&str>, Vec<String>) = row
                .iter()
                .map(|(name, value)| (name.as_str(), literal(&t.home, value)))
                .unzip();
            t.behind_the_back(&format!(
                "{lift} INSERT INTO {table} ({}) VALUES ({})",
                names.join(", "),
                values.join(", ")
            ))
            .await;
            let sql = Sql::change(table, text.sql.clone().leak());
            let refused = run(&t, organisation, sql, params).await;
            assert!(
                matches!(&refused, Err(StoreError::Forged { row, .. }) if *row == organisation.to_string()),
                "{refused:?}: {}",
                text.sql
            );
        }
    });
}
