//! The factors' SQL.

use countersign_sealing::Sealed;

use super::rules::Seed;
use crate::identity::{passkeys, people};
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const CONFIRMED: Sql = Sql::read(
    "SELECT id, seed_sealed, last_step, version FROM totp_factors \
     WHERE org_id = $1 AND person_id = $2 AND confirmed_us IS NOT NULL AND removed_us IS NULL ORDER BY id",
);
const PENDING: Sql = Sql::read(
    "SELECT id, seed_sealed, last_step, version FROM totp_factors \
     WHERE org_id = $1 AND person_id = $2 AND session_id = $3 AND confirmed_us IS NULL AND removed_us IS NULL ORDER BY id DESC",
);
const ALL_OF: Sql = Sql::read(
    "SELECT id, confirmed_us, removed_us, version FROM totp_factors WHERE org_id = $1 AND person_id = $2 ORDER BY id",
);
const FIND_CODE: Sql = Sql::read(
    "SELECT id FROM recovery_codes \
     WHERE org_id = $1 AND person_id = $2 AND code_hash = $3 AND used_us IS NULL AND replaced_us IS NULL ORDER BY id",
);
const INSERT: Sql = Sql::change(
    "totp_factors",
    "INSERT INTO totp_factors (org_id, id, person_id, session_id, seed_sealed, last_step, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, 0, $6, 1) RETURNING id",
);
const CONFIRM: Sql = Sql::change(
    "totp_factors",
    "UPDATE totp_factors SET confirmed_us = $3, last_step = $4, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND confirmed_us IS NULL AND removed_us IS NULL RETURNING id",
);
const ADVANCE: Sql = Sql::change(
    "totp_factors",
    "UPDATE totp_factors SET last_step = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND last_step < $3 AND confirmed_us IS NOT NULL AND removed_us IS NULL RETURNING id",
);
const REMOVE: Sql = Sql::change(
    "totp_factors",
    "UPDATE totp_factors SET removed_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND removed_us IS NULL RETURNING id",
);
const INSERT_CODE: Sql = Sql::change(
    "recovery_codes",
    "INSERT INTO recovery_codes (org_id, id, person_id, code_hash, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const REPLACE_CODES: Sql = Sql::change(
    "recovery_codes",
    "UPDATE recovery_codes SET replaced_us = $3, version = version + 1 \
     WHERE org_id = $1 AND person_id = $2 AND used_us IS NULL AND replaced_us IS NULL RETURNING id",
);
const USE_CODE: Sql = Sql::change(
    "recovery_codes",
    "UPDATE recovery_codes SET used_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND used_us IS NULL AND replaced_us IS NULL RETURNING id",
);

row! {
    /// A time-based factor.
    #[derive(Debug)]
    pub(super) struct Factor {
        pub id: CredentialId,
        pub seed: Sealed<Seed>,
        pub last_step: i64,
        pub version: i64,
    }
}

pub(super) fn confirmed(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Factor>, StoreError> {
    let factor: Option<Factor> = reads.maybe(&CONFIRMED, params![person])?;
    checked(reads, factor)
}

/// What was prepared in this session: whoever has another one may not be who sets it up.
pub(super) fn pending(
    reads: &mut impl Reads,
    (person, session): (PersonId, CredentialId),
) -> Result<Option<Factor>, StoreError> {
    let factor: Option<Factor> = reads.maybe(&PENDING, params![person, session])?;
    checked(reads, factor)
}

fn checked(reads: &mut impl Reads, factor: Option<Factor>) -> Result<Option<Factor>, StoreError> {
    if let Some(factor) = &factor {
        reads.authentic("totp_factors", factor.id)?;
    }
    Ok(factor)
}

/// What a person can be asked for beside her password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) struct Ways {
    /// Whether an app of hers gives codes.
    pub app: bool,
    /// How many passkeys she has.
    pub passkeys: usize,
    /// Whether we ended the last one that she had: somebody reset her factors, and only the link that was mailed to her lets her
    /// set up others.
    pub were_reset: bool,
}

row! {
    /// A factor of an app, whether or not it stands.
    #[derive(Debug, Clone, Copy)]
    pub(super) struct Kept {
        pub id: CredentialId,
        pub confirmed: Option<Micros>,
        pub removed: Option<Micros>,
        pub version: i64,
    }
}

impl Ways {
    pub(in crate::identity) const fn count(self) -> usize {
        self.passkeys + self.app as usize
    }
}

/// What the person can be asked for. Every factor she ever had must be ours, and her own row remembers that
/// she had one: a factor that was changed or taken away behind our back would let her password alone set up another.
pub(in crate::identity) fn ways(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Ways, StoreError> {
    let all = all_of(reads, person)?;
    for kept in &all {
        reads.authentic("totp_factors", kept.id)?;
    }
    let is_marked = people::has_factor_mark(reads, person)?;
    let keys = passkeys::counted(reads, person)?;
    let had_app = |kept: &Kept| kept.confirmed.is_some() && kept.removed.is_some();
    let mut ways = Ways {
        app: confirmed(reads, person)?.is_some(),
        passkeys: keys.standing,
        were_reset: false,
    };
    ways.were_reset =
        is_marked && ways.count() == 0 && (keys.removed > 0 || all.iter().any(had_app));
    if is_marked && ways.count() == 0 && !ways.were_reset {
        return Err(StoreError::Forged {
            table: "totp_factors",
            row: format!("of person {person}"),
        });
    }
    Ok(ways)
}

/// Every factor of an app that she ever had.
pub(super) fn all_of(reads: &mut impl Reads, person: PersonId) -> Result<Vec<Kept>, StoreError> {
    reads.all(&ALL_OF, params![person])
}

/// Since when her app gives the codes that are asked for; none where she has none.
pub(in crate::identity) fn app_since(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Micros>, StoreError> {
    let all = all_of(reads, person)?.into_iter();
    Ok(all
        .filter(|kept| kept.removed.is_none())
        .filter_map(|kept| kept.confirmed)
        .max())
}

/// Ends a factor; `Stale` where it had ended before.
pub(super) fn remove(tx: &mut Tx<'_>, id: CredentialId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REMOVE, params![id, now])
}

/// Ends all recovery codes.
pub(super) fn end_codes(tx: &mut Tx<'_>, person: PersonId) -> Result<usize, StoreError> {
    let now = tx.now();
    tx.change(&REPLACE_CODES, params![person, now])
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: CredentialId,
    (person, session): (PersonId, CredentialId),
    seed: Sealed<Seed>,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&INSERT, params![id, person, session, seed, now])
}

/// Confirms a factor; `Missing` where it was confirmed before.
pub(super) fn confirm(tx: &mut Tx<'_>, id: CredentialId, step: i64) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&CONFIRM, params![id, now, step])
}

/// Moves the newest accepted step forward; `Missing` where it is there already.
pub(super) fn advance(tx: &mut Tx<'_>, id: CredentialId, step: i64) -> Result<(), StoreError> {
    tx.change_one(&ADVANCE, params![id, step])
}

pub(super) fn replace_codes(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    end_codes(tx, person)?;
    for hash in hashes {
        let id: CredentialId = tx.id();
        tx.change_one(&INSERT_CODE, params![id, person, hash.clone()])?;
    }
    Ok(())
}

/// Uses a code up; `Missing` where there is none or somebody was faster.
pub(super) fn use_code(tx: &mut Tx<'_>, person: PersonId, hash: &[u8]) -> Result<(), StoreError> {
    let now = tx.now();
    let (id,): (CredentialId,) = tx.one(&FIND_CODE, params![person, hash.to_vec()])?;
    tx.authentic("recovery_codes", id)?;
    tx.change_one(&USE_CODE, params![id, now])
}
