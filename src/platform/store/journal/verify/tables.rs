//! The tables against the journal.

use countersign_translog::entry::{Commitment, Word};

use super::{Stop, Walk, bad};
use crate::platform::store::Value;
use crate::platform::store::catalogue::TABLES;
use crate::platform::store::journal::rows;
use crate::platform::store::tx::Read;

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
                    self.row(table.name, row)?;
                    checked += 1;
                }
            }
        }
        match self
            .rows
            .iter()
            .find(|(_, state)| state.commitment.is_some())
        {
            Some(((table, id), state)) => bad(
                state.seq,
                format!("row {id} of {table} is gone from the table"),
            ),
            None => Ok(checked),
        }
    }

    fn row(&mut self, table: &'static str, row: Vec<(String, Value)>) -> Result<(), Stop> {
        let id = rows::id_of(&row).unwrap_or_default();
        let forms = rows::forms(table, row).into_iter();
        let known = forms.filter_map(|form| {
            let state = self.rows.remove(&(form.table.to_owned(), id.clone()))?;
            Some((form, state))
        });
        // Of a row that was moved, what is said of it where it is now is newer.
        let Some((form, state)) = known.collect::<Vec<_>>().into_iter().next() else {
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
