//! The chart's lists and the distributions of lines.

use super::rules::{Chart, List, Part};
use crate::payables::bills::store::{Distribution, lines};
use crate::payables::ids::{BillId, DistributionId, LineId, VendorId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{ids, params, row};

ids! {
    /// A general ledger account or a cost centre of the chart.
    ChartEntryId,
}

/// The statements of one list; both tables have the same shape.
struct Statements {
    all: Sql,
    find: Sql,
    insert: Sql,
    rename: Sql,
    retire: Sql,
}

const GL_ACCOUNTS: Statements = Statements {
    all: Sql::read(
        "SELECT id, code, name, retired_us, version FROM gl_accounts WHERE org_id = $1 ORDER BY code",
    ),
    find: Sql::read(
        "SELECT id, code, name, retired_us, version FROM gl_accounts WHERE org_id = $1 AND id = $2",
    ),
    insert: Sql::change(
        "gl_accounts",
        "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
    ),
    rename: Sql::change(
        "gl_accounts",
        "UPDATE gl_accounts SET name = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
    ),
    retire: Sql::change(
        "gl_accounts",
        "UPDATE gl_accounts SET retired_us = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 \
         RETURNING id",
    ),
};
const COST_CENTRES: Statements = Statements {
    all: Sql::read(
        "SELECT id, code, name, retired_us, version FROM cost_centres WHERE org_id = $1 ORDER BY code",
    ),
    find: Sql::read(
        "SELECT id, code, name, retired_us, version FROM cost_centres WHERE org_id = $1 AND id = $2",
    ),
    insert: Sql::change(
        "cost_centres",
        "INSERT INTO cost_centres (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
    ),
    rename: Sql::change(
        "cost_centres",
        "UPDATE cost_centres SET name = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
    ),
    retire: Sql::change(
        "cost_centres",
        "UPDATE cost_centres SET retired_us = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 \
         RETURNING id",
    ),
};

const fn of(list: List) -> &'static Statements {
    match list {
        List::GlAccounts => &GL_ACCOUNTS,
        List::CostCentres => &COST_CENTRES,
    }
}

row! {
    /// One code of the chart.
    #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
    pub struct ChartEntry {
        pub id: ChartEntryId,
        pub code: String,
        pub name: String,
        /// When it was taken out of use, UTC microseconds.
        pub retired_us: Option<i64>,
        pub version: i64,
    }
}

/// A list, by code, retired ones included.
pub fn entries(reads: &mut impl Reads, list: List) -> Result<Vec<ChartEntry>, StoreError> {
    reads.all(&of(list).all, [])
}

pub fn entry(
    reads: &mut impl Reads,
    list: List,
    id: ChartEntryId,
) -> Result<ChartEntry, StoreError> {
    reads.one(&of(list).find, params![id])
}

/// The codes in use.
pub fn chart(reads: &mut impl Reads) -> Result<Chart, StoreError> {
    let mut in_use = |list| -> Result<_, StoreError> {
        Ok(entries(reads, list)?
            .into_iter()
            .filter(|entry| entry.retired_us.is_none())
            .map(|entry| (entry.code, entry.name))
            .collect())
    };
    Ok(Chart {
        gl_accounts: in_use(List::GlAccounts)?,
        cost_centres: in_use(List::CostCentres)?,
    })
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    list: List,
    code: &str,
    name: &str,
) -> Result<ChartEntryId, StoreError> {
    let id: ChartEntryId = tx.id();
    tx.change_one(&of(list).insert, params![id, code, name])?;
    Ok(id)
}

pub(super) fn rename(
    tx: &mut Tx<'_>,
    list: List,
    entry: &ChartEntry,
    name: &str,
) -> Result<(), StoreError> {
    tx.change_one(&of(list).rename, params![entry.id, entry.version, name])
}

/// Takes a code out of use, or (`in_use`) back into it.
pub(super) fn retire(
    tx: &mut Tx<'_>,
    list: List,
    entry: &ChartEntry,
    in_use: bool,
) -> Result<(), StoreError> {
    let retired = (!in_use).then_some(tx.now());
    tx.change_one(&of(list).retire, params![entry.id, entry.version, retired])
}

const DEFAULTS: Sql = Sql::read(
    "SELECT default_gl_account, default_cost_centre FROM vendors WHERE org_id = $1 AND id = $2",
);
const INSERT_DISTRIBUTION: Sql = Sql::change(
    "distributions",
    "INSERT INTO distributions (org_id, id, bill_id, line_id, position, gl_account, cost_centre, amount_minor, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) RETURNING id",
);
const REMOVE_DISTRIBUTION: Sql = Sql::change(
    "distributions",
    "UPDATE distributions SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND removed_us IS NULL RETURNING id",
);

/// The GL account and cost centre that a vendor's lines usually go to.
pub fn vendor_defaults(
    reads: &mut impl Reads,
    vendor: VendorId,
) -> Result<(Option<String>, Option<String>), StoreError> {
    Ok(reads.maybe(&DEFAULTS, params![vendor])?.unwrap_or_default())
}

/// A distribution as a part of its line.
#[must_use]
pub fn part(distribution: &Distribution) -> Part {
    Part {
        gl_account: distribution.gl_account.clone(),
        cost_centre: distribution.cost_centre.clone(),
        amount_minor: distribution.amount_minor,
    }
}

/// Whether a line has other parts than these.
pub(super) fn differs(before: &[&Distribution], parts: &[Part]) -> bool {
    !before.iter().map(|old| part(old)).eq(parts.iter().cloned())
}

/// Puts `parts` in the place of what a line had. Nothing is touched where it has them already.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    bill: BillId,
    line: LineId,
    before: &[&Distribution],
    parts: &[Part],
) -> Result<bool, StoreError> {
    if !differs(before, parts) {
        return Ok(false);
    }
    let now = tx.now();
    for old in before {
        tx.change_one(&REMOVE_DISTRIBUTION, params![old.id, now])?;
    }
    for (position, part) in (1i64..).zip(parts) {
        let id: DistributionId = tx.id();
        tx.change_one(
            &INSERT_DISTRIBUTION,
            params![
                id,
                bill,
                line,
                position,
                &part.gl_account,
                &part.cost_centre,
                part.amount_minor
            ],
        )?;
    }
    Ok(true)
}

/// Whether every line's parts sum exactly to it. What is wrong otherwise: the position of the first line that is not
/// coded, or none where the bill has no lines.
pub fn check_coded(
    reads: &mut impl Reads,
    bill: BillId,
) -> Result<Result<(), Option<i64>>, StoreError> {
    let (lines, parts) = (
        lines::of_bill(reads, bill)?,
        lines::distributions_of_bill(reads, bill)?,
    );
    if lines.is_empty() {
        return Ok(Err(None));
    }
    let uncoded = lines.iter().find(|line| {
        let own: Vec<i64> = parts
            .iter()
            .filter(|part| part.line_id == line.id)
            .map(|part| part.amount_minor)
            .collect();
        let sum = own
            .iter()
            .try_fold(0i64, |sum, amount| sum.checked_add(*amount));
        line.net_minor.is_none()
            || sum != line.net_minor
            || own.is_empty() && line.net_minor != Some(0)
    });
    Ok(uncoded.map_or(Ok(()), |line| Err(Some(line.position))))
}
