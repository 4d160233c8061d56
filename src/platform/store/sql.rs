//! A statement is a constant with a kind, so that what it may touch is known before it runs and tests can list them all.

/// What a statement does, and to which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads within the scope; `$1` is the organisation.
    Read,
    /// Changes one business table within the scope, `RETURNING id`: the rows it touched go into the journal entry.
    Change(&'static str),
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

    /// Whether `$1` is the organisation.
    #[must_use]
    pub const fn is_scoped(&self) -> bool {
        !matches!(self.kind, Kind::Lookup | Kind::Claim(_))
    }
}
