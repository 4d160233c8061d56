//! Transactions as the fields see them. Bodies are plain functions over these types: they cannot wait for anything but
//! the database, and may run twice.

use std::sync::Arc;

use countersign_sealing::Entropy;

use super::catalogue;
use super::conn::Conn;
use super::error::StoreError;
use super::integrity::Integrity;
use super::journal::{self, Entry};
use super::sql::{Kind, Sql};
use super::value::{FromRow, Row, Value};
use crate::platform::clock::Micros;
use crate::platform::ids::{Id, uuid_v7};
use crate::platform::scope::{Caller, Scope};

/// What can be read within a scope. `$1` of every statement is the scope's organisation; `params` start at `$2`.
pub trait Reads {
    /// Refuses a row that somebody is about to act on if it is not what the application wrote: its authentication code
    /// does not fit, or is missing. Whoever decides, pays or lets somebody in asks this of every row it relies on.
    fn authentic(
        &mut self,
        table: &'static str,
        id: impl std::fmt::Display,
    ) -> Result<(), StoreError>;

    #[doc(hidden)]
    fn rows(&mut self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// All rows.
    fn all<T: FromRow>(
        &mut self,
        sql: &Sql,
        params: impl AsRef<[Value]>,
    ) -> Result<Vec<T>, StoreError>
    where
        Self: Sized,
    {
        let rows = self.rows(sql, params.as_ref())?;
        rows.into_iter()
            .map(|mut row| T::from_row(&mut row).map_err(StoreError::from))
            .collect()
    }

    /// The first row, if there is one.
    fn maybe<T: FromRow>(
        &mut self,
        sql: &Sql,
        params: impl AsRef<[Value]>,
    ) -> Result<Option<T>, StoreError>
    where
        Self: Sized,
    {
        let row = self.rows(sql, params.as_ref())?.into_iter().next();
        row.map(|mut row| T::from_row(&mut row).map_err(StoreError::from))
            .transpose()
    }

    /// The first row; `Missing` where there is none.
    fn one<T: FromRow>(&mut self, sql: &Sql, params: impl AsRef<[Value]>) -> Result<T, StoreError>
    where
        Self: Sized,
    {
        self.maybe(sql, params)?.ok_or(StoreError::Missing)
    }
}

macro_rules! opaque {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
opaque!(Read, Tx, Housekeeping);

pub(super) const NO_INTEGRITY: StoreError =
    StoreError::Misuse("the store has no integrity key yet: Store::with_integrity comes first");

pub(super) const NO_STANDING: StoreError = StoreError::Misuse(
    "the store cannot ask yet what people act by: Store::with_standing comes first",
);

fn scoped(scope: Scope, params: &[Value]) -> Vec<Value> {
    let mut all = Vec::with_capacity(params.len() + 1);
    all.push(Value::from(scope.organisation()));
    all.extend_from_slice(params);
    all
}

/// A consistent snapshot of one organisation.
pub struct Read<'a> {
    pub(super) conn: Conn<'a>,
    pub(super) scope: Scope,
    pub(super) integrity: Option<&'a Integrity>,
}

impl Read<'_> {
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The installation's key, for the verifier.
    pub(super) fn integrity(&self) -> Result<&Integrity, StoreError> {
        self.integrity.ok_or(NO_INTEGRITY)
    }

    /// Statements that are made from the catalogue, not written by hand: the reconciler's and the tests'.
    pub(super) fn named(
        &mut self,
        text: &str,
        params: &[Value],
    ) -> Result<Vec<Vec<(String, Value)>>, StoreError> {
        self.conn.query_named(text, &scoped(self.scope, params))
    }
}

impl Reads for Read<'_> {
    fn authentic(
        &mut self,
        table: &'static str,
        id: impl std::fmt::Display,
    ) -> Result<(), StoreError> {
        let integrity = self.integrity.ok_or(NO_INTEGRITY)?;
        journal::check_row(self.conn, integrity, self.scope, table, &id.to_string())
    }

    fn rows(&mut self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match sql.kind {
            Kind::Read => self.conn.query(sql.text, &scoped(self.scope, params)),
            _ => Err(StoreError::Misuse("only reading statements run here")),
        }
    }
}

/// What a transaction's body must return: proof that what it changed has its journal entry (invariant 1).
#[derive(Debug)]
pub struct Committed<T>(T);

impl<T> Committed<T> {
    pub(super) fn into_inner(self) -> T {
        self.0
    }
}

/// A change in one organisation, by one actor.
pub struct Tx<'a> {
    pub(super) conn: Conn<'a>,
    pub(super) caller: Caller,
    pub(super) entropy: &'a Arc<dyn Entropy>,
    pub(super) integrity: &'a Integrity,
    /// Rows changed since the last journal entry.
    pub(super) touched: Vec<(&'static str, String)>,
}

impl Tx<'_> {
    #[must_use]
    pub fn now(&self) -> Micros {
        self.caller.now
    }

    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    #[must_use]
    pub fn scope(&self) -> Scope {
        self.caller.scope
    }

    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }

    /// A new id, ordered by time.
    #[must_use]
    pub fn id<T: Id>(&self) -> T {
        T::from_uuid(uuid_v7(self.caller.now, self.entropy.as_ref()))
    }

    /// Runs a changing statement; returns how many rows it touched. Each of them will be committed to by the next entry.
    ///
    /// # Errors
    /// `Forged` where a row that it would update is not what the application wrote: nothing is changed then.
    pub fn change(&mut self, sql: &Sql, params: impl AsRef<[Value]>) -> Result<usize, StoreError> {
        let Kind::Change(table) = sql.kind else {
            return Err(StoreError::Misuse("only changing statements run here"));
        };
        let params = scoped(self.caller.scope, params.as_ref());
        let checked = self.before(sql, table, &params)?;
        let ids = self.conn.change(sql, &params)?;
        let count = ids.len();
        for id in ids {
            if checked.as_ref().is_some_and(|ids| !ids.contains(&id)) {
                return Err(StoreError::Misuse(
                    "an UPDATE touched a row that was not checked before",
                ));
            }
            if !self.touched.iter().any(|(t, i)| *t == table && *i == id) {
                self.touched.push((table, id));
            }
        }
        Ok(count)
    }

    /// Checks what an UPDATE is about to touch. The transaction's snapshot (or the one writer) keeps the rows as they
    /// were read until the UPDATE has them.
    fn before(
        &self,
        sql: &Sql,
        table: &'static str,
        params: &[Value],
    ) -> Result<Option<Vec<String>>, StoreError> {
        // The journal's own tables have codes of another kind, and refuse every UPDATE.
        if !catalogue::find(table).is_some_and(|table| table.nature.is_coded()) {
            return Ok(None);
        }
        let Some(before) = sql.before()? else {
            return Ok(None);
        };
        let params: Option<Vec<Value>> = before
            .parameters
            .iter()
            .map(|number| params.get(number.checked_sub(1)?).cloned())
            .collect();
        let params = params.ok_or(StoreError::Misuse(
            "as many parameters as the statement names",
        ))?;
        let is_own = |id: &str| self.touched.iter().any(|(t, i)| *t == table && i == id);
        journal::check_before(
            self.conn,
            self.integrity,
            self.caller.scope,
            table,
            (&before, &params),
            is_own,
        )
        .map(Some)
    }

    /// Runs a changing statement that must touch exactly one row: another count is `Stale`.
    pub fn change_one(&mut self, sql: &Sql, params: impl AsRef<[Value]>) -> Result<(), StoreError> {
        match self.change(sql, params)? {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    /// Runs a housekeeping statement within the same transaction, such as queueing a job.
    pub fn housekeep(
        &mut self,
        sql: &Sql,
        params: impl AsRef<[Value]>,
    ) -> Result<Vec<Row>, StoreError> {
        housekeeping(self.conn, self.caller.scope, sql, params.as_ref())
    }

    /// Begins the journal of a new organisation: its head, with no entry yet. The transaction that writes the
    /// organisation's first entry does this before, and no other one: a head that is missing later stays missing.
    pub fn begin_journal(&mut self) -> Result<(), StoreError> {
        journal::begin(
            self.conn,
            self.caller.scope,
            self.integrity,
            self.caller.now,
        )
    }

    /// Journals what was changed so far, and goes on.
    pub fn journal(&mut self, entry: Entry) -> Result<(), StoreError> {
        let touched = std::mem::take(&mut self.touched);
        let with = journal::With {
            conn: self.conn,
            caller: &self.caller,
            entropy: self.entropy.as_ref(),
            integrity: self.integrity,
        };
        journal::write(&with, entry, &touched)
    }

    /// Journals what was changed and ends the body.
    pub fn commit<T>(&mut self, entry: Entry, value: T) -> Result<Committed<T>, StoreError> {
        self.journal(entry)?;
        Ok(Committed(value))
    }

    /// Ends a body whose changes have all been journaled, or that changed nothing.
    pub fn done<T>(&mut self, value: T) -> Result<Committed<T>, StoreError> {
        if self.touched.is_empty() {
            Ok(Committed(value))
        } else {
            Err(StoreError::Misuse("a change without its journal entry"))
        }
    }
}

impl Reads for Tx<'_> {
    fn authentic(
        &mut self,
        table: &'static str,
        id: impl std::fmt::Display,
    ) -> Result<(), StoreError> {
        let id = id.to_string();
        // What this transaction changed itself gets its code when it commits.
        if self.touched.iter().any(|(t, i)| *t == table && *i == id) {
            return Ok(());
        }
        journal::check_row(self.conn, self.integrity, self.caller.scope, table, &id)
    }

    fn rows(&mut self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match sql.kind {
            Kind::Read => self
                .conn
                .query(sql.text, &scoped(self.caller.scope, params)),
            _ => Err(StoreError::Misuse("only reading statements run here")),
        }
    }
}

fn housekeeping(
    conn: Conn<'_>,
    scope: Scope,
    sql: &Sql,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    match sql.kind {
        Kind::Housekeeping(table)
            if catalogue::find(table).is_some_and(|t| t.nature.is_housekeeping()) =>
        {
            conn.query(sql.text, &scoped(scope, params))
        }
        _ => Err(StoreError::Misuse("only housekeeping statements run here")),
    }
}

/// Changes of housekeeping tables alone: needs no journal entry.
pub struct Housekeeping<'a> {
    pub(super) conn: Conn<'a>,
    pub(super) scope: Scope,
    pub(super) integrity: Option<&'a Integrity>,
}

impl Housekeeping<'_> {
    /// The installation's key, for the sequencer.
    pub(super) fn integrity(&self) -> Result<&Integrity, StoreError> {
        self.integrity.ok_or(NO_INTEGRITY)
    }

    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    /// Begins the system's own journal, with the key that is being made in the same transaction.
    pub fn begin_journal(&mut self, integrity: &Integrity, now: Micros) -> Result<(), StoreError> {
        journal::begin(self.conn, self.scope, integrity, now)
    }

    pub fn run(&mut self, sql: &Sql, params: impl AsRef<[Value]>) -> Result<Vec<Row>, StoreError> {
        housekeeping(self.conn, self.scope, sql, params.as_ref())
    }
}

impl Reads for Housekeeping<'_> {
    fn authentic(
        &mut self,
        table: &'static str,
        id: impl std::fmt::Display,
    ) -> Result<(), StoreError> {
        let integrity = self.integrity.ok_or(NO_INTEGRITY)?;
        journal::check_row(self.conn, integrity, self.scope, table, &id.to_string())
    }

    fn rows(&mut self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match sql.kind {
            Kind::Read => self.conn.query(sql.text, &scoped(self.scope, params)),
            _ => Err(StoreError::Misuse("only reading statements run here")),
        }
    }
}
