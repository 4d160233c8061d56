//! What happens before the tenant is known: the closed list of invariant 3.

use super::catalogue;
use super::conn::Conn;
use super::error::StoreError;
use super::sql::{Kind, Sql};
use super::tx::Reads;
use super::value::{FromRow, Row, Value};

/// Before the tenant is known: session, token, link, sign-in name, job, throttle. Parameters start at `$1`.
pub struct Lookup<'a> {
    pub(super) conn: Conn<'a>,
    pub(super) writes: bool,
}

impl Lookup<'_> {
    /// Changes a lease or a counter.
    pub fn claim<T: FromRow>(
        &mut self,
        sql: &Sql,
        params: impl AsRef<[Value]>,
    ) -> Result<Vec<T>, StoreError> {
        match sql.kind {
            Kind::Claim(table)
                if self.writes && catalogue::find(table).is_some_and(|t| t.claims) =>
            {
                let rows = self.conn.query(sql.text, params.as_ref())?;
                rows.into_iter()
                    .map(|mut row| T::from_row(&mut row).map_err(StoreError::from))
                    .collect()
            }
            _ => Err(StoreError::Misuse("only claims run here")),
        }
    }
}

impl Reads for Lookup<'_> {
    fn authentic(&mut self, _: &'static str, _: impl std::fmt::Display) -> Result<(), StoreError> {
        Err(StoreError::Misuse(
            "rows are checked within their organisation",
        ))
    }

    fn rows(&mut self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match sql.kind {
            Kind::Lookup => self.conn.query(sql.text, params),
            _ => Err(StoreError::Misuse("only look-ups run here")),
        }
    }
}

impl std::fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookup").finish_non_exhaustive()
    }
}
