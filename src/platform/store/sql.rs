//! A statement is a constant with a kind, so that what it may touch is known before it runs and tests can list them all.

use super::error::StoreError;

/// What a statement does, and to which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads within the scope; `$1` is the organisation.
    Read,
    /// Changes one business table within the scope, `RETURNING id`: the rows it touched go into the journal entry.
    Change(&'static str),
    /// Adds a row to one of the journal's own tables; `$1` is the organisation. Nothing but the journal's writer runs it.
    Append(&'static str),
    /// Changes one housekeeping table within the scope; `$1` is the organisation.
    Housekeeping(&'static str),
    /// Reads before the tenant is known: session, token, link, sign-in name, job. The scope is not bound.
    Lookup,
    /// Changes a housekeeping table before the tenant is known: leases and throttle counters.
    Claim(&'static str),
}

/// One SQL text for both engines.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    pub text: &'static str,
    pub kind: Kind,
}

impl Sql {
    #[must_use]
    pub const fn read(text: &'static str) -> Self {
        Self {
            text,
            kind: Kind::Read,
        }
    }

    #[must_use]
    pub const fn change(table: &'static str, text: &'static str) -> Self {
        Self {
            text,
            kind: Kind::Change(table),
        }
    }

    #[must_use]
    pub const fn append(table: &'static str, text: &'static str) -> Self {
        Self {
            text,
            kind: Kind::Append(table),
        }
    }

    #[must_use]
    pub const fn housekeeping(table: &'static str, text: &'static str) -> Self {
        Self {
            text,
            kind: Kind::Housekeeping(table),
        }
    }

    #[must_use]
    pub const fn lookup(text: &'static str) -> Self {
        Self {
            text,
            kind: Kind::Lookup,
        }
    }

    #[must_use]
    pub const fn claim(table: &'static str, text: &'static str) -> Self {
        Self {
            text,
            kind: Kind::Claim(table),
        }
    }

    /// How to read what this statement is about to change; none for a statement that updates nothing.
    ///
    /// # Errors
    /// Where a changing text has another shape than `UPDATE table SET … WHERE … RETURNING id`, or may change a row that
    /// it meant to insert: nobody could tell which rows it touches.
    pub fn before(&self) -> Result<Option<Before>, StoreError> {
        const SHAPE: StoreError = StoreError::Misuse(
            "a change is an INSERT that updates nothing, or UPDATE table SET … WHERE … RETURNING id",
        );
        let Kind::Change(table) = self.kind else {
            return Ok(None);
        };
        if self.text.starts_with("DELETE FROM ") {
            // The engines refuse it; what is gone gets no new code either.
            return Ok(None);
        }
        if self.text.starts_with("INSERT INTO ") {
            let updates = self.text.contains(" DO UPDATE ");
            return if updates { Err(SHAPE) } else { Ok(None) };
        }
        let mut parts = self
            .text
            .strip_prefix("UPDATE ")
            .and_then(|rest| rest.strip_prefix(table))
            .and_then(|rest| rest.strip_prefix(" SET "))
            .and_then(|rest| rest.strip_suffix(" RETURNING id"))
            .ok_or(SHAPE)?
            .split(" WHERE ");
        match (parts.next(), parts.next(), parts.next()) {
            (Some(_), Some(condition), None) => Ok(Some(Before::of(table, condition))),
            _ => Err(SHAPE),
        }
    }

    /// How this statement is run without asking for the id that it is given: none unless it inserts one row whose id is a
    /// parameter.
    pub(super) fn insertion(&self) -> Option<Insertion> {
        let Kind::Change(table) = self.kind else {
            return None;
        };
        let text = self.text.strip_suffix(" RETURNING id")?;
        let rest = text.strip_prefix("INSERT INTO ")?.strip_prefix(table)?;
        let (columns, values) = rest.strip_prefix(" (")?.split_once(") VALUES (")?;
        let at = columns.split(", ").position(|column| column == "id")?;
        let mut values = values.split(", ");
        // A value with a comma of its own would move those behind it.
        let is_plain = |value: &str| !value.contains(['(', ')', '\'']);
        if !values.by_ref().take(at).all(is_plain) {
            return None;
        }
        let id = values.next()?.strip_prefix('$')?.parse().ok();
        let id = id.filter(|id| *id > 0)?;
        let is_one_row = !values.any(|value| value.starts_with('('));
        is_one_row.then_some(Insertion { text, id })
    }

    /// Whether `$1` is the organisation.
    #[must_use]
    pub const fn is_scoped(&self) -> bool {
        !matches!(self.kind, Kind::Lookup | Kind::Claim(_))
    }
}

/// An INSERT of one row that does not give the row's id back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Insertion {
    pub(super) text: &'static str,
    /// The number of the parameter that the id is.
    pub(super) id: usize,
}

/// The rows that an UPDATE is about to touch, each with its authentication code as [`Before::CODE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub text: String,
    /// Which of the UPDATE's parameters this statement takes, in its own order: an engine refuses those it does not name.
    pub parameters: Vec<usize>,
}

impl Before {
    pub const CODE: &str = "row_code";

    fn of(table: &str, condition: &str) -> Self {
        let mut parameters = vec![1];
        let mut renumbered = String::with_capacity(condition.len());
        let mut pieces = condition.split('$');
        renumbered.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = piece.split_at(digits);
            // A dollar without a number is none of ours; the engines refuse it.
            let number: usize = number.parse().unwrap_or(0);
            let at = parameters
                .iter()
                .position(|known| *known == number)
                .unwrap_or_else(|| {
                    parameters.push(number);
                    parameters.len() - 1
                });
            renumbered.push('$');
            renumbered.push_str(&(at + 1).to_string());
            renumbered.push_str(rest);
        }
        let code = Self::CODE;
        let text = format!(
            "SELECT {table}.*, (SELECT c.tag FROM row_tags c WHERE c.org_id = $1 AND c.table_name = '{table}' \
             AND c.row_id = {table}.id) AS {code} FROM {table} WHERE {renumbered}"
        );
        Self { text, parameters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_update_touches_is_read_by_its_own_condition() {
        let update = Sql::change(
            "bills",
            "UPDATE bills SET payment = $4 WHERE org_id = $1 AND id = $5 AND payment = $3 AND id <> $5 RETURNING id",
        );
        let before = update
            .before()
            .expect("a shape that is known")
            .expect("an UPDATE");
        assert!(
            before.text.ends_with(
                "FROM bills WHERE org_id = $1 AND id = $2 AND payment = $3 AND id <> $2"
            ),
            "{}",
            before.text
        );
        assert_eq!(before.parameters, [1, 5, 3]);
    }

    #[test]
    fn an_insertion_of_one_row_is_known_by_its_parameter() {
        let insertion = |text| Sql::change("bills", text).insertion();
        let found = |text, id| insertion(text).is_some_and(|found| found.id == id);
        assert!(found(
            "INSERT INTO bills (org_id, id, payment) VALUES ($1, $3, COALESCE($2, 'none')) RETURNING id",
            3
        ));
        assert!(found(
            "INSERT INTO bills (id, org_id) VALUES ($2, $1) ON CONFLICT (org_id, id) DO NOTHING RETURNING id",
            2
        ));
        let one = insertion("INSERT INTO bills (org_id, id, n) VALUES ($1, $2, 0) RETURNING id");
        let text = "INSERT INTO bills (org_id, id, n) VALUES ($1, $2, 0)";
        assert_eq!(one, Some(Insertion { text, id: 2 }));
        for text in [
            "INSERT INTO bills (org_id, n, id) VALUES ($1, COALESCE($3, 0), $2) RETURNING id",
            "INSERT INTO bills (org_id, n, id) VALUES ($1, 'x, $3, y', $2) RETURNING id",
            "INSERT INTO bills (org_id, id) VALUES ($1, $2), ($1, $3) RETURNING id",
            "INSERT INTO bills (org_id, id, n) VALUES ($1, $2, 0), ($1, $3, 0) RETURNING id",
            "INSERT INTO bills (org_id, id) SELECT $1, $2 RETURNING id",
            "INSERT INTO bills (org_id, id, n) VALUES ($1, 'fixed', 0) RETURNING id",
            "INSERT INTO vendors (org_id, id, n) VALUES ($1, $2, 0) RETURNING id",
            "UPDATE bills SET payment = $2 WHERE org_id = $1 RETURNING id",
        ] {
            assert_eq!(insertion(text), None, "{text}");
        }
        let read = Sql::read("INSERT INTO bills (org_id, id, n) VALUES ($1, $2, 0) RETURNING id");
        assert_eq!(read.insertion(), None);
    }

    #[test]
    fn a_change_whose_rows_cannot_be_told_is_refused() {
        for text in [
            "UPDATE bills SET payment = $2 RETURNING id",
            "UPDATE bills SET payment = (SELECT x FROM y WHERE z = $2) WHERE org_id = $1 RETURNING id",
            "UPDATE bills SET payment = $2 WHERE org_id = $1",
            "UPDATE vendors SET payment = $2 WHERE org_id = $1 RETURNING id",
            "INSERT INTO bills (org_id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET payment = 'paid' RETURNING id",
            "WITH x AS (SELECT 1) UPDATE bills SET payment = $2 WHERE org_id = $1 RETURNING id",
        ] {
            assert!(Sql::change("bills", text).before().is_err(), "{text}");
        }
        let insert = Sql::change(
            "bills",
            "INSERT INTO bills (org_id, id) VALUES ($1, $2) RETURNING id",
        );
        assert_eq!(insert.before().expect("it updates nothing"), None);
    }
}
