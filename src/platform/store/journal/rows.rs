//! A row's digest: all its columns in one canonical form, the same on both engines.

use std::collections::HashMap;

use countersign_translog::entry::{Commitment, Salt, Word};

use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Before;
use crate::platform::store::tx::Read;
use crate::platform::store::value::Value;

/// The canonical bytes of a row: for each column that has a value, in the order of names, name, type and value, each
/// length-prefixed. A column without a value is left out, so that a migration may add one: it must be nullable and may not
/// be filled for old rows, and no column is ever renamed.
pub(super) fn canonical(mut columns: Vec<(String, Value)>) -> Vec<u8> {
    columns.sort_by(|a, b| a.0.cmp(&b.0));
    let mut out = Vec::with_capacity(columns.len() * 48);
    for (name, value) in columns {
        if value == Value::Null {
            continue;
        }
        part(&mut out, b'n', name.as_bytes());
        match value {
            Value::Null => {}
            Value::Int(int) => part(&mut out, b'i', &int.to_be_bytes()),
            Value::Text(text) => part(&mut out, b't', text.as_bytes()),
            Value::Bytes(bytes) => part(&mut out, b'b', &bytes),
        }
    }
    out
}

fn part(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// A form in which an entry may have committed to a row.
pub(super) struct Form {
    pub(super) table: &'static str,
    pub(super) content: Vec<u8>,
}

/// The table that a migration moved rows from, ids and all.
pub(super) fn former(table: &str) -> Option<&'static str> {
    (table == "subject_keys").then_some("data_keys")
}

/// The forms of a row that a table has now: as it is, and that of the table which it was moved from by a migration.
pub(super) fn forms(table: &'static str, columns: Vec<(String, Value)>) -> Vec<Form> {
    let former = former(table).map(|former| {
        let mut columns = columns.clone();
        columns.push(("hierarchy".to_owned(), Value::from("field")));
        columns.push(("purpose".to_owned(), Value::from("subject")));
        Form {
            table: former,
            content: canonical(columns),
        }
    });
    let form = Form {
        table,
        content: canonical(columns),
    };
    std::iter::once(form).chain(former).collect()
}

/// The row's id, which every table of the catalogue that is journaled has.
pub(super) fn id_of(row: &[(String, Value)]) -> Option<String> {
    row.iter().find_map(|(name, value)| match value {
        Value::Text(text) if name == "id" => Some(text.clone()),
        _ => None,
    })
}

/// Selects one row of a table of the catalogue. The name is a constant of ours.
pub(super) fn select_one(table: &str) -> String {
    format!("SELECT * FROM {table} WHERE org_id = $1 AND id = $2")
}

/// Selects a page of a table's rows, by id, each with its authentication code as the last column.
fn select_page(table: &str) -> String {
    let code = Before::CODE;
    format!(
        "SELECT {table}.*, (SELECT c.tag FROM row_tags c WHERE c.org_id = $1 AND c.table_name = '{table}' \
         AND c.row_id = {table}.id) AS {code} FROM {table} \
         WHERE org_id = $1 AND (CAST($2 AS TEXT) IS NULL OR id > $2) ORDER BY id LIMIT 500"
    )
}

/// Gives every row of a table of the catalogue to `take`, by id, each with its authentication code as the last column.
pub(super) fn each<E: From<StoreError>>(
    read: &mut Read<'_>,
    table: &str,
    mut take: impl FnMut(&Read<'_>, Vec<(String, Value)>) -> Result<(), E>,
) -> Result<(), E> {
    let (page, mut after) = (select_page(table), Value::Null);
    loop {
        let found = read.named(&page, std::slice::from_ref(&after))?;
        let Some(last) = found.last().and_then(|row| id_of(row)) else {
            return Ok(());
        };
        after = Value::Text(last);
        for row in found {
            take(read, row)?;
        }
    }
}

/// Takes out what is said of a row in any of its forms. Of one that was moved, what is said of it where it is now is newer.
pub(super) fn take<'a, T>(
    said: &mut HashMap<(String, String), T>,
    forms: &'a [Form],
    id: &str,
) -> Option<(&'a Form, T)> {
    let mut known = None;
    for form in forms {
        let newest = said.remove(&(form.table.to_owned(), id.to_owned()));
        if known.is_none() {
            known = newest.map(|newest| (form, newest));
        }
    }
    known
}

/// What an entry that says this of a row commits to.
pub(super) fn commitment(salt: &Salt, table: &str, id: &str, content: &[u8]) -> Option<Commitment> {
    let (table, id) = (Word::new(table).ok()?, Word::new(id).ok()?);
    Some(Commitment::of_row(salt, &table, &id, content))
}

/// Selects the id of a row that has an authentication code and is not in the table.
pub(super) fn select_code_of_nothing(table: &str) -> String {
    format!(
        "SELECT c.row_id AS id FROM row_tags c LEFT JOIN {table} t ON t.org_id = $1 AND t.id = c.row_id \
         WHERE c.org_id = $1 AND c.table_name = '{table}' AND t.id IS NULL LIMIT 1"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_share_a_form() {
        let row = |pairs: &[(&str, Value)]| {
            canonical(
                pairs
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect(),
            )
        };
        let one = row(&[("a", Value::from("x")), ("b", Value::Int(1))]);
        assert_eq!(
            one,
            row(&[("b", Value::Int(1)), ("a", Value::from("x"))]),
            "order of columns is no content"
        );
        assert_ne!(
            one,
            row(&[("a", Value::from("x")), ("b", Value::from("1"))])
        );
        assert_ne!(one, row(&[("a", Value::from("xb")), ("", Value::Int(1))]));
        assert_ne!(row(&[("a", Value::Null)]), row(&[("a", Value::from(""))]));
        assert_eq!(
            one,
            row(&[
                ("a", Value::from("x")),
                ("b", Value::Int(1)),
                ("new", Value::Null)
            ]),
            "an added column"
        );
    }
}
