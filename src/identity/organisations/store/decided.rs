//! What an organisation has decided at least once: a row of it that is missing then was taken away behind our back, and what
//! holds without one does not come back by deleting it.

use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::{Entry, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const SINCE: Sql = Sql::read(
    "SELECT id, policy_since_us, rule_since_us, version FROM organisations WHERE org_id = $1 AND id = $1",
);
const POLICY: Sql = Sql::change(
    "organisations",
    "UPDATE organisations SET policy_since_us = $2, version = version + 1 \
     WHERE org_id = $1 AND id = $1 AND policy_since_us IS NULL RETURNING id",
);
const RULE: Sql = Sql::change(
    "organisations",
    "UPDATE organisations SET rule_since_us = $2, version = version + 1 \
     WHERE org_id = $1 AND id = $1 AND rule_since_us IS NULL RETURNING id",
);

row! {
    #[derive(Debug)]
    struct Since {
        id: OrgId,
        policy: Option<Micros>,
        rule: Option<Micros>,
        version: i64,
    }
}

/// What has a row for ever once it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Decided {
    /// The security policy.
    Policy,
    /// Who signs in without an identity provider.
    Rule,
}

impl Decided {
    const fn of(self, since: &Since) -> Option<Micros> {
        match self {
            Self::Policy => since.policy,
            Self::Rule => since.rule,
        }
    }
}

fn since(reads: &mut impl Reads) -> Result<Option<Since>, StoreError> {
    let found: Option<Since> = reads.maybe(&SINCE, [])?;
    if let Some(found) = &found {
        reads.authentic("organisations", found.id)?;
    }
    Ok(found)
}

/// Takes the absence of a row for what it is.
///
/// # Errors
/// `Forged` where the row was there once.
pub(in crate::identity) fn may_be_missing(
    reads: &mut impl Reads,
    what: Decided,
    table: &'static str,
) -> Result<(), StoreError> {
    match since(reads)?.and_then(|found| Some((found.id, what.of(&found)?))) {
        Some((id, _)) => Err(StoreError::Forged {
            table,
            row: id.to_string(),
        }),
        None => Ok(()),
    }
}

/// Notes that a row is there from now on, within the transaction that makes the first one.
pub(in crate::identity) fn is_decided(tx: &mut Tx<'_>, what: Decided) -> Result<(), StoreError> {
    let Some(found) = since(tx)? else {
        return Ok(());
    };
    if what.of(&found).is_some() {
        return Ok(());
    }
    let (sql, decided) = match what {
        Decided::Policy => (&POLICY, "security-policy"),
        Decided::Rule => (&RULE, "sign-in-rule"),
    };
    let now = tx.now();
    tx.change_one(sql, params![now])?;
    tx.journal(
        Entry::new("organisation.decided", "organisation", found.id)
            .version(found.version + 1)
            .fact("about", decided),
    )
}
