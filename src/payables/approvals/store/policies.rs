//! The versions of the policy. A version never changes.

use countersign_money::Currency;

use super::super::rules::{Policy, PolicyError};
use super::tags;
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{ids, params, row};

ids! {
    /// A version of the approval policy.
    PolicyId,
}

const VERSIONS: Sql = Sql::read(
    "SELECT p.id, p.policy_version, p.bands, p.tag, q.name, p.created_us FROM approval_policies p \
     LEFT JOIN people q ON q.org_id = $1 AND q.id = p.created_by_id \
     WHERE p.org_id = $1 ORDER BY p.policy_version DESC LIMIT $2",
);
const CURRENCIES: Sql =
    Sql::read("SELECT DISTINCT currency FROM legal_entities WHERE org_id = $1 ORDER BY currency");
const NEWEST_POLICY: Sql = Sql::read(
    "SELECT id, policy_version, bands, tag FROM approval_policies WHERE org_id = $1 ORDER BY policy_version DESC LIMIT 1",
);
const POLICY: Sql = Sql::read(
    "SELECT id, policy_version, bands, tag FROM approval_policies WHERE org_id = $1 AND policy_version = $2",
);
const INSERT_POLICY: Sql = Sql::change(
    "approval_policies",
    "INSERT INTO approval_policies (org_id, id, policy_version, bands, created_by_id, created_us, tag) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
);

row! {
    struct PolicyRow {
        id: PolicyId,
        version: i64,
        bands: String,
        tag: Vec<u8>,
    }
}

row! {
    struct VersionRow {
        id: PolicyId,
        version: i64,
        bands: String,
        tag: Vec<u8>,
        set_by: Option<String>,
        set: Micros,
    }
}

/// A version with who set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    pub policy: Policy,
    /// None: the program, when it made the organisation.
    pub set_by: Option<String>,
    pub set: Micros,
}

/// Why a policy cannot be gone by.
#[derive(Debug, thiserror::Error)]
pub enum PolicyTrouble {
    #[error("there is no approval policy")]
    Missing,
    #[error("the stored approval policy was not written by this program")]
    Forged,
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn checked(keys: &OrgKeys, row: Option<PolicyRow>) -> Result<Policy, PolicyTrouble> {
    let row = row.ok_or(PolicyTrouble::Missing)?;
    if !tags::is_policy(keys, row.id, row.version, &row.bands, &row.tag) {
        return Err(PolicyTrouble::Forged);
    }
    Ok(Policy::parse(row.version, &row.bands)?)
}

/// The policy that new requests go by.
pub fn newest_policy(reads: &mut impl Reads, keys: &OrgKeys) -> Result<Policy, PolicyTrouble> {
    let row = reads.maybe(&NEWEST_POLICY, [])?;
    checked(keys, row)
}

/// A version that an earlier request went by.
pub fn policy(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    version: i64,
) -> Result<Policy, PolicyTrouble> {
    let row = reads.maybe(&POLICY, params![version])?;
    checked(keys, row)
}

pub(in crate::payables::approvals) fn insert_policy(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    policy: &Policy,
) -> Result<(), StoreError> {
    let (id, now, person): (PolicyId, _, _) = (tx.id(), tx.now(), tx.caller().actor.person);
    let bands = policy.stored();
    let tag = tags::policy(keys, id, policy.version, &bands);
    tx.change_one(
        &INSERT_POLICY,
        params![id, policy.version, bands, person, now, tag],
    )
}

/// The newest versions, the one in force first. Each is checked, with who set it and when.
pub fn versions(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    limit: i64,
) -> Result<Vec<PolicyVersion>, PolicyTrouble> {
    let rows: Vec<VersionRow> = reads.all(&VERSIONS, params![limit])?;
    let mut versions = Vec::with_capacity(rows.len());
    for row in rows {
        // The tag binds the bands; the row's code binds the name and the moment as well.
        reads.authentic("approval_policies", row.id)?;
        let (id, version, bands, tag) = (row.id, row.version, row.bands, row.tag);
        let stored = PolicyRow {
            id,
            version,
            bands,
            tag,
        };
        versions.push(PolicyVersion {
            policy: checked(keys, Some(stored))?,
            set_by: row.set_by,
            set: row.set,
        });
    }
    Ok(versions)
}

/// The currencies in which the organisation's legal entities count.
pub fn currencies(reads: &mut impl Reads) -> Result<Vec<Currency>, StoreError> {
    let rows: Vec<(Currency,)> = reads.all(&CURRENCIES, [])?;
    Ok(rows.into_iter().map(|(currency,)| currency).collect())
}
