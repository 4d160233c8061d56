//! Authentication codes of rows: written with the entry that commits to the row, checked before somebody acts on it or
//! changes it.

use super::rows;
use crate::platform::scope::Scope;
use crate::platform::store::conn::Conn;
use crate::platform::store::error::StoreError;
use crate::platform::store::integrity::Integrity;
use crate::platform::store::sql::{Before, Sql};
use crate::platform::store::value::Value;

const PUT: Sql = Sql::housekeeping(
    "row_tags",
    "INSERT INTO row_tags (org_id, table_name, row_id, tag) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (org_id, table_name, row_id) DO UPDATE SET tag = excluded.tag",
);
const FIND: Sql =
    Sql::read("SELECT tag FROM row_tags WHERE org_id = $1 AND table_name = $2 AND row_id = $3");

/// Renews a row's code; `content` is its canonical form after the change.
pub(super) fn put(
    conn: Conn<'_>,
    integrity: &Integrity,
    scope: Scope,
    table: &'static str,
    id: &str,
    content: &[u8],
) -> Result<(), StoreError> {
    let organisation = scope.organisation();
    let tag = integrity.row(organisation, table, id, content);
    let params = [
        Value::from(organisation),
        Value::from(table),
        Value::from(id),
        Value::from(tag),
    ];
    conn.query(PUT.text, &params).map(|_| ())
}

/// Whether the row is what the application wrote last.
pub(in crate::platform::store) fn check_row(
    conn: Conn<'_>,
    integrity: &Integrity,
    scope: Scope,
    table: &'static str,
    id: &str,
) -> Result<(), StoreError> {
    let organisation = scope.organisation();
    let key = [Value::from(organisation), Value::from(id)];
    let row = conn
        .query_named(&rows::select_one(table), &key)?
        .into_iter()
        .next()
        .ok_or(StoreError::Missing)?;
    let params = [
        Value::from(organisation),
        Value::from(table),
        Value::from(id),
    ];
    let stored: Option<Vec<u8>> = conn
        .query(FIND.text, &params)?
        .into_iter()
        .next()
        .map(|mut row| row.take())
        .transpose()?;
    fits(integrity, scope, (table, id), row, stored)
}

/// Whether a row with the code that was stored for it is what the application wrote last.
fn fits(
    integrity: &Integrity,
    scope: Scope,
    (table, id): (&'static str, &str),
    row: Vec<(String, Value)>,
    stored: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    let content = rows::canonical(row);
    if is_code(integrity, scope, (table, id), &content, stored.as_deref()) {
        Ok(())
    } else {
        Err(StoreError::Forged {
            table,
            row: id.to_owned(),
        })
    }
}

/// Whether `stored` is the code that the application wrote with a row of this content.
pub(super) fn is_code(
    integrity: &Integrity,
    scope: Scope,
    (table, id): (&'static str, &str),
    content: &[u8],
    stored: Option<&[u8]>,
) -> bool {
    let expected = integrity.row(scope.organisation(), table, id, content);
    stored.is_some_and(|stored| {
        aws_lc_rs::constant_time::verify_slices_are_equal(stored, &expected).is_ok()
    })
}

/// Checks the rows that an UPDATE is about to touch, and gives their ids. The UPDATE renews their codes: a row that
/// somebody changed before would become one of ours by it. `is_own` names rows that this transaction wrote itself and
/// that have no code yet.
pub(in crate::platform::store) fn check_before(
    conn: Conn<'_>,
    integrity: &Integrity,
    scope: Scope,
    table: &'static str,
    (before, params): (&Before, &[Value]),
    is_own: impl Fn(&str) -> bool,
) -> Result<Vec<String>, StoreError> {
    let mut ids = Vec::new();
    for mut row in conn.query_named(&before.text, params)? {
        let stored = match row.pop() {
            Some((name, Value::Bytes(code))) if name == Before::CODE => Some(code),
            _ => None,
        };
        let id = rows::id_of(&row).ok_or(StoreError::Misuse("a row without an id"))?;
        if !is_own(&id) {
            fits(integrity, scope, (table, &id), row, stored)?;
        }
        ids.push(id);
    }
    Ok(ids)
}
