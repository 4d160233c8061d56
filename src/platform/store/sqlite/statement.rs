//! Statements on one connection: parameters by name, rows as values, violated indexes by name.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, ffi};

use crate::platform::store::error::StoreError;
use crate::platform::store::value::{Row, Value};

/// `$1`, `$2` ... are names to SQLite: they are bound by name, so that a text may repeat or reorder them.
const NAMES: [&str; 40] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28",
    "$29", "$30", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38", "$39", "$40",
];

pub(in crate::platform::store) fn query(
    connection: &Connection,
    text: &str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    let mut statement = bound(connection, text, params)?;
    let mut rows = Vec::new();
    for_each_row(connection, &mut statement, |values| {
        rows.push(Row::new(values))
    })?;
    Ok(rows)
}

/// Runs a statement that gives no rows back; returns how many it touched.
pub(in crate::platform::store) fn execute(
    connection: &Connection,
    text: &str,
    params: &[Value],
) -> Result<usize, StoreError> {
    bound(connection, text, params)?
        .raw_execute()
        .map_err(|error| explain_constraint(connection, error))
}

/// Rows with their columns' names.
pub(in crate::platform::store) fn query_named(
    connection: &Connection,
    text: &str,
    params: &[Value],
) -> Result<Vec<Vec<(String, Value)>>, StoreError> {
    let mut statement = bound(connection, text, params)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for_each_row(connection, &mut statement, |values| {
        rows.push(names.iter().cloned().zip(values).collect())
    })?;
    Ok(rows)
}

/// A statement with its parameters, ready to run.
fn bound<'a>(
    connection: &'a Connection,
    text: &str,
    params: &[Value],
) -> Result<CachedStatement<'a>, StoreError> {
    let explain = |error| explain_constraint(connection, error);
    let mut statement = connection.prepare_cached(text).map_err(explain)?;
    if statement.parameter_count() != params.len() {
        return Err(StoreError::Misuse(
            "as many parameters as the statement names",
        ));
    }
    for (name, value) in NAMES.iter().zip(params) {
        let index = statement
            .parameter_index(name)
            .map_err(explain)?
            .ok_or(StoreError::Misuse(
                "a parameter that the statement does not name",
            ))?;
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Value::Int(int) => statement.raw_bind_parameter(index, int),
            Value::Text(text) => statement.raw_bind_parameter(index, text),
            Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
        }
        .map_err(explain)?;
    }
    Ok(statement)
}

fn for_each_row(
    connection: &Connection,
    statement: &mut CachedStatement<'_>,
    mut each: impl FnMut(Vec<Value>),
) -> Result<(), StoreError> {
    let explain = |error| explain_constraint(connection, error);
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(explain)? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            use rusqlite::types::ValueRef;
            values.push(match row.get_ref(column).map_err(explain)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(int) => Value::Int(int),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(_) => {
                    return Err(StoreError::Misuse(
                        "floating point has no place in the store",
                    ));
                }
            });
        }
        each(values);
    }
    Ok(())
}

pub(in crate::platform::store) fn from_sqlite(error: rusqlite::Error) -> StoreError {
    match &error {
        rusqlite::Error::SqliteFailure(failure, message)
            if failure.code == ffi::ErrorCode::ConstraintViolation =>
        {
            StoreError::Constraint {
                constraint: message.clone().unwrap_or_default(),
            }
        }
        _ => StoreError::Sqlite(error),
    }
}

/// SQLite names the columns of a violated unique index, PostgreSQL the index: the fields are told the index on both.
fn explain_constraint(connection: &Connection, error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, Some(message)) = &error else {
        return from_sqlite(error);
    };
    let unique = [
        ffi::SQLITE_CONSTRAINT_UNIQUE,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ]
    .contains(&failure.extended_code);
    let Some(columns) = message
        .strip_prefix("UNIQUE constraint failed: ")
        .filter(|_| unique)
    else {
        return from_sqlite(error);
    };
    let index = unique_index_of(connection, columns).unwrap_or_else(|| columns.to_owned());
    StoreError::Unique { index }
}

fn unique_index_of(connection: &Connection, columns: &str) -> Option<String> {
    let wanted: Vec<&str> = columns
        .split(", ")
        .filter_map(|column| column.split_once('.'))
        .map(|(_, name)| name)
        .collect();
    let table = columns.split('.').next()?;
    let mut indexes: HashMap<String, Vec<String>> = HashMap::new();
    let mut statement = connection
        .prepare(
            "SELECT l.name, i.name FROM pragma_index_list(?1) AS l, pragma_index_info(l.name) AS i \
             WHERE l.\"unique\" = 1 ORDER BY l.name, i.seqno",
        )
        .ok()?;
    let mut rows = statement.query([table]).ok()?;
    while let Ok(Some(row)) = rows.next() {
        indexes
            .entry(row.get(0).ok()?)
            .or_default()
            .push(row.get(1).ok()?);
    }
    indexes
        .into_iter()
        .find(|(_, have)| *have == wanted)
        .map(|(name, _)| name)
}
