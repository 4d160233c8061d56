//! The tables against the journal.

use std::collections::HashSet;

use countersign_translog::entry::{Commitment, Word};

use super::{Stop, Walk, bad};
use crate::platform::store::catalogue::{Nature, TABLES, Table, find};
use crate::platform::store::journal::rows;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::{Read, Reads as _};
use crate::platform::store::{StoreError, Value};

const DESTROYED: Sql = Sql::read("SELECT subject_id, key_ids FROM key_disposals WHERE org_id = $1");

/// The rows of keys that the disposal ledger says are gone. An older journal, put back, knows nothing of it.
struct Destroyed {
    all: bool,
    keys: HashSet<String>,
}

impl Destroyed {
    fn read(read: &mut Read<'_>) -> Result<Self, StoreError> {
        let lines: Vec<(String, String)> = read.all(&DESTROYED, [])?;
        Ok(Self {
            all: lines.iter().any(|(subject, _)| subject.is_empty()),
            keys: lines
                .iter()
                .flat_map(|(_, keys)| keys.split(' ').map(str::to_owned))
                .collect(),
        })
    }

    fn names(&self, table: &str, id: &str) -> bool {
        let is_key = find(table).is_some_and(|table| table.nature == Nature::Keys);
        is_key && (self.all || self.keys.contains(id))
    }
}

impl Walk {
    /// Every row of every journaled table is what the newest entry about it committed to.
    pub(super) fn tables(&mut self, read: &mut Read<'_>) -> Result<usize, Stop> {
        let mut checked = 0;
        for table in TABLES.iter().filter(|table| table.nature.is_journaled()) {
            let (page, mut after) = (rows::select_page(table.name), Value::Null);
            loop {
                let found = read.named(&page, std::slice::from_ref(&after))?;
                let Some(last) = found.last().and_then(|row| rows::id_of(row)) else {
                    break;
                };
                after = Value::Text(last);
                for row in found {
                    self.row(table, row)?;
                    checked += 1;
                }
            }
        }
        let destroyed = Destroyed::read(read)?;
        match self
            .rows
            .iter()
            .find(|((table, id), state)| state.commitment.is_some() && !destroyed.names(table, id))
        {
            Some(((table, id), state)) => bad(
                state.seq,
                format!("row {id} of {table} is gone from the table"),
            ),
            None => Ok(checked),
        }
    }

    fn row(&mut self, table: &'static Table, row: Vec<(String, Value)>) -> Result<(), Stop> {
        let id = rows::id_of(&row).unwrap_or_default();
        let forms = rows::forms(table.name, row).into_iter();
        let known = forms.filter_map(|form| {
            let state = self.rows.remove(&(form.table.to_owned(), id.clone()))?;
            Some((form, state))
        });
        // Of a row that was moved, what is said of it where it is now is newer.
        let known = known.collect::<Vec<_>>().into_iter().next();
        let (table, nature) = (table.name, table.nature);
        let Some((form, state)) = known else {
            if nature == Nature::Keys {
                // A crash between the commits of two files, or an older database beside a newer key store: it opens nothing.
                return Ok(());
            }
            return bad(
                None,
                format!("row {id} of {table} was written without a journal entry"),
            );
        };
        let words = (Word::new(form.table), Word::new(id.as_str()));
        let (Some(salt), (Ok(table_word), Ok(id_word))) = (state.salt, words) else {
            return bad(
                state.seq,
                format!("the salt of row {id} of {table} is missing from the entry's opening"),
            );
        };
        let now = Commitment::of_row(&salt, &table_word, &id_word, &form.content);
        if state.commitment != Some(now) {
            return bad(
                state.seq,
                format!("row {id} of {table} was changed behind the journal"),
            );
        }
        Ok(())
    }
}
