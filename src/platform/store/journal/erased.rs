//! Openings show less once a subject was disposed of. The tree stays as it is: entry and commitments are not touched.

use super::opening::{Opened, Opening};
use super::write::INSERT_OPENING;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::scope::Scope;
use crate::platform::store::catalogue;
use crate::platform::store::conn::Conn;
use crate::platform::store::error::StoreError;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Reads, Tx};
use crate::platform::store::value::Value;

const SHOWN: Sql = Sql::read(
    "SELECT e.id, o.opening FROM journal_entries e \
     JOIN journal_openings o ON o.org_id = $1 AND o.entry_id = e.id \
     WHERE e.org_id = $1 AND e.object_kind = $2 AND e.object_id = $3 AND e.at_us <= $4 ORDER BY e.id",
);
const TAKE_AWAY: Sql = Sql::change(
    "journal_openings",
    "DELETE FROM journal_openings WHERE org_id = $1 AND entry_id = $2 RETURNING entry_id AS id",
);

/// An object whose openings are erased: kind and id.
pub type Object = (String, String);

/// What is erased: these fields' values of entries up to a moment.
#[derive(Debug, Clone, Copy)]
pub struct Erasure<'a> {
    pub objects: &'a [Object],
    pub fields: &'a [&'a str],
    pub until: Micros,
}

/// Whether openings still show what an erasure takes away.
///
/// # Errors
/// The store's.
pub fn is_shown(reads: &mut impl Reads, erasure: Erasure<'_>) -> Result<bool, StoreError> {
    for (kind, id) in erasure.objects {
        let shown: Vec<(String, String)> = reads.all(&SHOWN, params![kind, id, erasure.until])?;
        // What is no opening is not what the application wrote, and `journal verify` names it.
        let mut openings = shown
            .iter()
            .filter_map(|(_, text)| serde_json::from_str::<Opening>(text).ok());
        if openings.any(|opening| opening.values.iter().any(|one| erasure.hides(one))) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Tx<'_> {
    /// Takes values out of the journal's openings; gives how many openings show less now. The next entry commits anew to the
    /// rows whose salts went with them, and has to say what was erased: `journal verify` takes nothing else for a reason.
    ///
    /// # Errors
    /// `Forged` where one of those rows is not what the application wrote.
    pub fn erase(&mut self, erasure: Erasure<'_>) -> Result<usize, StoreError> {
        let erased = take_away(self.conn, self.caller.scope, erasure)?;
        for (name, id) in erased.rows {
            let Some(table) = catalogue::find(&name) else {
                continue;
            };
            if table.nature.is_coded() {
                self.authentic(table.name, &id)?;
            }
            let row = (table.name, id);
            if !self.touched.contains(&row) {
                self.touched.push(row);
            }
        }
        Ok(erased.openings)
    }
}

impl Erasure<'_> {
    fn hides(&self, value: &Opened) -> bool {
        self.fields.contains(&value.field())
    }
}

/// What was taken away.
#[derive(Debug, Default)]
struct Erased {
    openings: usize,
    /// The rows whose salts went with it, by table and id: the next entry commits to them anew.
    rows: Vec<(String, String)>,
}

/// Takes the values out of the openings, and the salts of rows with them: by a salt, what a row was could be guessed.
fn take_away(conn: Conn<'_>, scope: Scope, erasure: Erasure<'_>) -> Result<Erased, StoreError> {
    let organisation = Value::from(scope.organisation());
    let mut erased = Erased::default();
    for (kind, id) in erasure.objects {
        let mut params = vec![organisation.clone()];
        params.extend(params![kind, id, erasure.until]);
        for mut row in conn.query(SHOWN.text, &params)? {
            let (entry, text): (String, String) = (row.take()?, row.take()?);
            let forged = || StoreError::Forged {
                table: "journal_openings",
                row: entry.clone(),
            };
            let mut opening: Opening = serde_json::from_str(&text).map_err(|_| forged())?;
            let shown = opening.values.len();
            opening.values.retain(|one| !erasure.hides(one));
            if opening.values.len() == shown {
                continue;
            }
            let rows = std::mem::take(&mut opening.rows);
            erased
                .rows
                .extend(rows.into_iter().map(|row| (row.table, row.id)));
            let text = serde_json::to_string(&opening)
                .map_err(|_| StoreError::Misuse("an opening is not JSON"))?;
            let key = [organisation.clone(), Value::from(entry.as_str())];
            conn.query(TAKE_AWAY.text, &key)?;
            let [organisation, entry] = key;
            conn.query(
                INSERT_OPENING.text,
                &[organisation, entry, Value::from(text)],
            )?;
            erased.openings += 1;
        }
    }
    Ok(erased)
}
