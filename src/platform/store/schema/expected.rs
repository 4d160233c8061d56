//! The schema that this program makes, from its migrations and its table catalogue.

use std::fmt::Write as _;

use rusqlite::Connection;

use super::{Parts, found, plain};
use crate::platform::store::catalogue::{TABLES, Table, renewed};
use crate::platform::store::dialect::{
    KEY_SCHEMA, REFUSE_BODY, SERVER_ROLE, but, grants_of, migrations_policies, policies_of,
    refused_verbs,
};
use crate::platform::store::error::StoreError;
use crate::platform::store::migrate::{self, Lost};
use crate::platform::store::sqlite::{from_sqlite, query};

const MIGRATIONS: &str = "schema_migrations";
/// The database's schema and the key store's, on a connection for changes of the schema.
const SCHEMAS: [&str; 2] = ["main", KEY_SCHEMA];
/// Of PostgreSQL's `tgtype`: for each row, before it.
const BEFORE_EACH_ROW: i32 = 1 | 2;

pub(super) fn parts(is_embedded: bool) -> Result<Parts, StoreError> {
    let scratch = Connection::open_in_memory().map_err(from_sqlite)?;
    scratch
        .execute_batch(&format!("ATTACH DATABASE ':memory:' AS {KEY_SCHEMA}"))
        .map_err(from_sqlite)?;
    migrate::sqlite(&scratch, Lost::Refused)?;
    if is_embedded {
        return found::sqlite(|text| query(&scratch, text, &[]), SCHEMAS);
    }
    let mut parts = Parts::new();
    for schema in SCHEMAS {
        tables(&scratch, schema, &mut parts)?;
        references(&scratch, schema, &mut parts)?;
        unique(&scratch, schema, &mut parts)?;
        let indexes = format!(
            "SELECT name, sql FROM {schema}.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        );
        for mut row in query(&scratch, &indexes, &[])? {
            let (name, sql): (String, String) = (row.take()?, row.take()?);
            parts.insert(format!("index {name}"), plain(&sql));
        }
    }
    guards(&mut parts);
    Ok(parts)
}

fn tables(scratch: &Connection, schema: &str, parts: &mut Parts) -> Result<(), StoreError> {
    let mut drawn = Vec::new();
    let texts = format!(
        "SELECT name, sql FROM {schema}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    );
    for mut row in query(scratch, &texts, &[])? {
        let (name, sql): (String, String) = (row.take()?, row.take()?);
        parts.insert(format!("table {name}"), "r secured forced owned".to_owned());
        for check in checks(&sql) {
            parts.insert(
                plain(&format!("check of {name}: CHECK {check}")),
                String::new(),
            );
        }
        if sql.contains("AUTOINCREMENT") {
            drawn.push(name);
        }
    }
    let mut keys = std::collections::BTreeMap::<String, String>::new();
    let columns = format!(
        "SELECT t.name, c.name, c.type, c.\"notnull\", c.pk FROM {schema}.sqlite_schema t, pragma_table_info(t.name, '{schema}') c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.pk"
    );
    for mut row in query(scratch, &columns, &[])? {
        let (table, column, kind): (String, String, String) =
            (row.take()?, row.take()?, row.take()?);
        let (not_null, key): (i64, i64) = (row.take()?, row.take()?);
        let mut what = match kind.as_str() {
            "INTEGER" => "bigint",
            "BLOB" => "bytea",
            _ => "text C",
        }
        .to_owned();
        if not_null > 0 || key > 0 {
            what += " not null";
        }
        if key > 0 {
            let columns = keys.entry(table.clone()).or_default();
            let comma = if columns.is_empty() { "" } else { ", " };
            let _ = write!(columns, "{comma}{column}");
            if drawn.contains(&table) {
                what += " identity";
            }
        }
        parts.insert(format!("column {table}.{column}"), what);
    }
    for (table, columns) in keys {
        let name = format!("key of {table}: PRIMARY KEY ({columns})");
        parts.insert(plain(&name), String::new());
    }
    Ok(())
}

/// The texts of the checks of a table, each up to the parenthesis that closes it.
fn checks(sql: &str) -> Vec<&str> {
    let mut checks = Vec::new();
    for (at, word) in sql.match_indices("CHECK ") {
        let text = &sql[at + word.len()..];
        let mut depth = 0_u32;
        let end = text.find(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        checks.push(&text[..end.unwrap_or(text.len())]);
    }
    checks
}

/// What a table's own text says is there once.
fn unique(scratch: &Connection, schema: &str, parts: &mut Parts) -> Result<(), StoreError> {
    let text = format!(
        "SELECT t.name, i.name, c.name FROM {schema}.sqlite_schema t, pragma_index_list(t.name, '{schema}') i, \
         pragma_index_info(i.name, '{schema}') c WHERE t.type = 'table' AND i.origin = 'u' ORDER BY t.name, i.name, c.seqno"
    );
    let mut all = std::collections::BTreeMap::<(String, String), Vec<String>>::new();
    for mut row in query(scratch, &text, &[])? {
        let index = (row.take()?, row.take()?);
        all.entry(index).or_default().push(row.take()?);
    }
    for ((table, _), columns) in all {
        let name = format!("key of {table}: UNIQUE ({})", columns.join(", "));
        parts.insert(plain(&name), String::new());
    }
    Ok(())
}

fn references(scratch: &Connection, schema: &str, parts: &mut Parts) -> Result<(), StoreError> {
    let text = format!(
        "SELECT t.name, f.id, f.\"table\", f.\"from\", f.\"to\" \
         FROM {schema}.sqlite_schema t, pragma_foreign_key_list(t.name, '{schema}') f WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq"
    );
    let mut all =
        std::collections::BTreeMap::<(String, i64), (String, Vec<String>, Vec<String>)>::new();
    for mut row in query(scratch, &text, &[])? {
        let (table, id, other): (String, i64, String) = (row.take()?, row.take()?, row.take()?);
        let (from, to): (String, String) = (row.take()?, row.take()?);
        let reference = all.entry((table, id)).or_default();
        reference.0 = other;
        reference.1.push(from);
        reference.2.push(to);
    }
    for ((table, _), (other, from, to)) in all {
        let (from, to) = (from.join(", "), to.join(", "));
        let name = format!("reference of {table}: FOREIGN KEY ({from}) REFERENCES {other} ({to})");
        parts.insert(plain(&name), String::new());
    }
    Ok(())
}

/// Policies, triggers and grants, as the catalogue says.
fn guards(parts: &mut Parts) {
    for policy in migrations_policies() {
        parts.insert(policy.name_on(MIGRATIONS), plain(&policy.described()));
    }
    let server = |table: &str| format!("grant on {table} to {SERVER_ROLE}");
    parts.insert(server(MIGRATIONS), "SELECT".to_owned());
    for table in TABLES {
        for policy in policies_of(table) {
            parts.insert(policy.name_on(table.name), plain(&policy.described()));
        }
        let mut grants: Vec<&str> = grants_of(table).split(", ").collect();
        grants.sort_unstable();
        parts.insert(server(table.name), grants.join(", "));
        for column in renewed(table) {
            let grant = server(&format!("{}.{column}", table.name));
            parts.insert(grant, "UPDATE".to_owned());
        }
        triggers(table, parts);
    }
    parts.insert(
        "function countersign_refuse".to_owned(),
        plain(&format!("plpgsql {REFUSE_BODY}")),
    );
    parts.insert(format!("role {SERVER_ROLE}"), "bound".to_owned());
}

fn triggers(table: &Table, parts: &mut Parts) {
    for verb in refused_verbs(table) {
        let event = if *verb == "DELETE" { 8 } else { 16 };
        let name = format!(
            "trigger {table}_no_{verb} on {table}",
            table = table.name,
            verb = verb.to_lowercase()
        );
        let renewed = renewed(table);
        let when = match *verb == "UPDATE" && !renewed.is_empty() {
            true => format!(
                " WHEN (to_jsonb(old.*) {but} IS DISTINCT FROM to_jsonb(new.*) {but})",
                but = but(&renewed)
            ),
            false => String::new(),
        };
        parts.insert(
            name,
            plain(&format!(
                "{} countersign_refuse{when}",
                BEFORE_EACH_ROW | event
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_have_every_table_of_the_catalogue() {
        for is_embedded in [true, false] {
            let parts = parts(is_embedded).expect("the migrations apply");
            for table in TABLES {
                let name = format!("table {}", table.name);
                assert!(parts.keys().any(|part| part.starts_with(&name)), "{name}");
            }
        }
    }

    #[test]
    fn a_check_ends_where_its_parenthesis_does() {
        let sql = "CREATE TABLE t (a TEXT CHECK (a <> ''), CHECK ((a = b) OR (b = c)), d TEXT)";
        assert_eq!(checks(sql), ["(a <> ''", "((a = b) OR (b = c)"]);
    }
}
