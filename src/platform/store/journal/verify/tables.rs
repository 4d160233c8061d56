//! The reconciler: every row of every journaled table is what the newest entry about it committed to, and bears the code
//! that the application wrote with it.

use std::collections::HashSet;

use countersign_translog::entry::{Commitment, Salt};

use super::steps::Step;
use super::{Stop, Walk, bad};
use crate::params;
use crate::platform::store::catalogue::{Nature, TABLES, Table, find, journaled};
use crate::platform::store::journal::{rows, tags};
use crate::platform::store::sql::{Before, Sql};
use crate::platform::store::tx::{Read, Reads as _};
use crate::platform::store::{StoreError, Value};

const YOUNGER: Sql = Sql::read(
    "SELECT n.id FROM subject_keys k JOIN subject_keys n ON n.org_id = $1 AND n.subject_id = k.subject_id \
     AND n.version > k.version WHERE k.org_id = $1 AND k.id = $2",
);
const DESTROYED: Sql = Sql::read("SELECT subject_id, key_ids FROM key_disposals WHERE org_id = $1");

/// What the newest entry about a row committed to.
pub(super) struct RowState {
    pub(super) seq: Option<i64>,
    pub(super) commitment: Option<Commitment>,
    pub(super) salt: Option<Salt>,
}

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
    /// Gives how many rows were compared.
    pub(super) fn tables(&mut self, read: &mut Read<'_>) -> Result<usize, Stop> {
        let mut checked = 0;
        for table in journaled() {
            rows::each(read, table.name, |read, row| {
                checked += 1;
                self.row(read, table, row)
            })?;
        }
        self.older_ones(read)?;
        let destroyed = Destroyed::read(read)?;
        let gone = self
            .rows
            .iter()
            .find(|((table, id), state)| state.commitment.is_some() && !destroyed.names(table, id));
        if let Some(((table, id), state)) = gone.filter(|_| self.takes(Step::Rows)) {
            return bad(
                state.seq,
                format!("row {id} of {table} is gone from the table"),
            );
        }
        self.codes_of_nothing(read)?;
        Ok(checked)
    }

    fn row(
        &mut self,
        read: &Read<'_>,
        table: &'static Table,
        mut row: Vec<(String, Value)>,
    ) -> Result<(), Stop> {
        let code = match row.pop() {
            Some((name, Value::Bytes(code))) if name == Before::CODE => Some(code),
            _ => None,
        };
        let id = rows::id_of(&row).unwrap_or_default();
        let forms = rows::forms(table.name, row);
        self.committed(table, &id, &forms)?;
        // A wrapped key authenticates itself.
        let Some(form) = forms.first().filter(|_| table.nature.is_coded()) else {
            return Ok(());
        };
        let table = table.name;
        // A row whose code is gone or another's is refused wherever somebody is about to act on it.
        let is_ours = tags::is_code(
            read.integrity()?,
            read.scope(),
            (table, &id),
            &form.content,
            code.as_deref(),
        );
        self.demand(Step::RowCodes, is_ours, None, || {
            format!("row {id} of {table} has not the authentication code that was written with it")
        })
    }

    fn committed(&mut self, table: &Table, id: &str, forms: &[rows::Form]) -> Result<(), Stop> {
        let known = rows::take(&mut self.rows, forms, id);
        if !self.takes(Step::Rows) {
            return Ok(());
        }
        let (table, nature) = (table.name, table.nature);
        let Some((form, state)) = known else {
            if nature == Nature::Keys {
                // A crash between the commits of two files, or an older database beside a newer key store: it opens nothing, if
                // it is the youngest of its subject.
                if table == "subject_keys" {
                    self.unknown.insert(id.to_owned());
                }
                return Ok(());
            }
            return bad(
                None,
                format!("row {id} of {table} was written without a journal entry"),
            );
        };
        let salt = state.salt;
        let now = salt.and_then(|salt| rows::commitment(&salt, form.table, id, &form.content));
        let Some(now) = now else {
            return bad(
                state.seq,
                format!("the salt of row {id} of {table} is missing from the entry's opening"),
            );
        };
        if state.commitment != Some(now) {
            return bad(
                state.seq,
                format!("row {id} of {table} was changed behind the journal"),
            );
        }
        Ok(())
    }

    /// A version of a subject's key that no entry tells of was left by a killed server, or by an older database beside a newer key
    /// store, if it is the youngest of its subject. An older one was put back after a rotation took it away.
    fn older_ones(&self, read: &mut Read<'_>) -> Result<(), Stop> {
        for id in &self.unknown {
            let younger: Option<(String,)> = read.maybe(&YOUNGER, params![id])?;
            self.demand(Step::Rows, younger.is_none(), None, || {
                format!("row {id} of subject_keys is of an older version, and no entry tells of it")
            })?;
        }
        Ok(())
    }

    /// A code for a row that is not there waits for that row to be put back.
    fn codes_of_nothing(&self, read: &mut Read<'_>) -> Result<(), Stop> {
        for table in TABLES.iter().filter(|table| table.nature.is_coded()) {
            let table = table.name;
            let odd = read.named(&rows::select_code_of_nothing(table), &[])?;
            let id = odd.first().and_then(|row| rows::id_of(row));
            self.demand(Step::RowCodes, id.is_none(), None, || {
                let id = id.as_deref().unwrap_or_default();
                format!("there is an authentication code for row {id} of {table}, and no such row")
            })?;
        }
        Ok(())
    }
}
