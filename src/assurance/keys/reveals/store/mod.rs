//! The SQL of reveals.

pub mod objects;
pub mod values;

use super::rules::{Masked, Named, Purpose, Revealable, State};
use super::{RevealId, RevealValueId, SealedRowId};
use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "reveals",
    "INSERT INTO reveals (org_id, id, purpose, reason, item_count, set_digest, state, asked_by_id, asked_human_id, asked_us, \
     expires_us, opened_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1) RETURNING id",
);
const INSERT_VALUE: Sql = Sql::change(
    "reveal_values",
    "INSERT INTO reveal_values (org_id, id, reveal_id, what, row_id, owner_id) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT id, purpose, reason, item_count, set_digest, state, asked_by_id, asked_human_id, asked_us, expires_us, decided_by_id, \
     decided_human_id, decided_us, opened_us, tag, version FROM reveals WHERE org_id = $1 AND id = $2",
);
const NEWEST: Sql = Sql::read(
    "SELECT id, purpose, reason, item_count, set_digest, state, asked_by_id, asked_human_id, asked_us, expires_us, decided_by_id, \
     decided_human_id, decided_us, opened_us, tag, version FROM reveals WHERE org_id = $1 ORDER BY id DESC LIMIT $2",
);
const OF_OBJECT: Sql = Sql::read(
    "SELECT r.id, r.purpose, r.reason, r.item_count, r.set_digest, r.state, r.asked_by_id, r.asked_human_id, r.asked_us, \
     r.expires_us, r.decided_by_id, r.decided_human_id, r.decided_us, r.opened_us, r.tag, r.version FROM reveals r \
     WHERE r.org_id = $1 AND r.state = 'opened' AND EXISTS (SELECT 1 FROM reveal_values v \
     WHERE v.org_id = $1 AND v.reveal_id = r.id AND (v.row_id = $2 OR v.owner_id = $2)) ORDER BY r.id DESC LIMIT $3",
);
const BY_PERSON: Sql = Sql::read(
    "SELECT id, purpose, reason, item_count, set_digest, state, asked_by_id, asked_human_id, asked_us, expires_us, decided_by_id, \
     decided_human_id, decided_us, opened_us, tag, version FROM reveals \
     WHERE org_id = $1 AND state = 'opened' AND asked_by_id = $2 ORDER BY id DESC LIMIT $3",
);
const VALUES: Sql = Sql::read(
    "SELECT id, what, row_id FROM reveal_values WHERE org_id = $1 AND reveal_id = $2 ORDER BY what, row_id",
);
const SINCE: Sql = Sql::read(
    "SELECT id, purpose, reason, item_count, set_digest, state, asked_by_id, asked_human_id, asked_us, expires_us, decided_by_id, \
     decided_human_id, decided_us, opened_us, tag, version FROM reveals WHERE org_id = $1 AND id > $2 ORDER BY id",
);
const APPROVE: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = $3, decided_by_id = $4, decided_human_id = $5, decided_us = $6, expires_us = $7, tag = $8, \
     version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $9 RETURNING id",
);
const REFUSE: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = $3, decided_by_id = $4, decided_human_id = $5, decided_us = $6, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $7 RETURNING id",
);
const WITHDRAW: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $4 RETURNING id",
);
const OPEN: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = $3, opened_us = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $5 RETURNING id",
);

row! {
    /// A batch as it is kept.
    #[derive(Debug, Clone)]
    pub struct Reveal {
        pub id: RevealId,
        pub purpose: Purpose,
        pub reason: String,
        pub count: i64,
        pub set_digest: Vec<u8>,
        pub state: State,
        pub asked_by: PersonId,
        pub asked_human: HumanId,
        pub asked: Micros,
        pub expires: Micros,
        pub decided_by: Option<PersonId>,
        pub decided_human: Option<HumanId>,
        pub decided: Option<Micros>,
        pub opened: Option<Micros>,
        pub tag: Option<Vec<u8>>,
        pub version: i64,
    }
}

row! {
    #[derive(Debug)]
    struct KeptValue {
        id: RevealValueId,
        what: Revealable,
        row: SealedRowId,
    }
}

/// A batch to be kept.
#[derive(Debug)]
pub struct New<'a> {
    pub id: RevealId,
    pub purpose: Purpose,
    pub reason: &'a str,
    pub values: &'a [Masked],
    pub set_digest: [u8; 32],
    pub state: State,
    pub by: (PersonId, HumanId),
    pub expires: Micros,
}

pub fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    let opened = (new.state == State::Opened).then_some(now);
    let count = i64::try_from(new.values.len()).unwrap_or(i64::MAX);
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.purpose,
            new.reason,
            count,
            new.set_digest,
            new.state,
            new.by.0,
            new.by.1,
            now,
            new.expires,
            opened
        ],
    )?;
    for value in new.values {
        let id: RevealValueId = tx.id();
        let (what, row) = (value.named.what, value.named.row);
        tx.change_one(&INSERT_VALUE, params![id, new.id, what, row, value.owner])?;
    }
    Ok(())
}

/// A batch, to tell of it.
pub fn find(reads: &mut impl Reads, id: RevealId) -> Result<Reveal, StoreError> {
    reads.one(&FIND, params![id])
}

/// A batch that somebody is about to act on; `Forged` where its row is not ours.
pub fn authentic(reads: &mut impl Reads, id: RevealId) -> Result<Reveal, StoreError> {
    let reveal = find(reads, id)?;
    reads.authentic("reveals", id)?;
    Ok(reveal)
}

/// The values of a batch, to tell of them.
pub fn values(reads: &mut impl Reads, id: RevealId) -> Result<Vec<Named>, StoreError> {
    let rows: Vec<KeptValue> = reads.all(&VALUES, params![id])?;
    let named = |kept: &KeptValue| Named {
        what: kept.what,
        row: kept.row,
    };
    Ok(rows.iter().map(named).collect())
}

/// The values of a batch that somebody is about to act on; `Forged` where one of their rows is not ours.
pub fn authentic_values(reads: &mut impl Reads, id: RevealId) -> Result<Vec<Named>, StoreError> {
    let rows: Vec<KeptValue> = reads.all(&VALUES, params![id])?;
    for kept in &rows {
        reads.authentic("reveal_values", kept.id)?;
    }
    values(reads, id)
}

/// The newest batches.
pub fn newest(reads: &mut impl Reads, limit: i64) -> Result<Vec<Reveal>, StoreError> {
    reads.all(&NEWEST, params![limit])
}

/// Who saw a value of this row or owner, the latest first.
pub fn of_object(reads: &mut impl Reads, id: &str, limit: i64) -> Result<Vec<Reveal>, StoreError> {
    reads.all(&OF_OBJECT, params![id, limit])
}

/// What a person saw, the latest first.
pub fn by_person(
    reads: &mut impl Reads,
    person: PersonId,
    limit: i64,
) -> Result<Vec<Reveal>, StoreError> {
    reads.all(&BY_PERSON, params![person, limit])
}

/// How many values a human saw alone since a moment.
///
/// # Errors
/// `Forged` where a row of that time is not ours: the count lets somebody see more, so that it believes no column that its code does
/// not cover. That is why it goes by the ids, which begin with their time, and not by the columns.
pub fn seen_alone(
    reads: &mut impl Reads,
    human: (&Humans, HumanId),
    since: Micros,
) -> Result<usize, StoreError> {
    let recent: Vec<Reveal> = reads.all(&SINCE, params![first_id_of(since)])?;
    let mut count = 0;
    for reveal in &recent {
        reads.authentic("reveals", reveal.id)?;
        let is_alone = reveal.state == State::Opened && reveal.decided.is_none();
        let is_recent = reveal.opened.is_some_and(|at| at > since);
        if is_alone && is_recent && human.0.are_one(human.1, reveal.asked_human) {
            count += 1;
        }
    }
    Ok(count)
}

/// What sorts before every id that was made from this moment on (RFC 9562, 5.7: 48 bits of milliseconds).
fn first_id_of(moment: Micros) -> String {
    let hex = format!("{:012x}", moment.0.max(0) / 1_000);
    format!("{}-{}-7", &hex[..8], &hex[8..12])
}

/// An approval by this person, with its code; `Stale` where somebody was faster.
pub fn approve(
    tx: &mut Tx<'_>,
    reveal: &Reveal,
    (by, human): (PersonId, HumanId),
    (expires, tag): (Micros, [u8; 32]),
) -> Result<(), StoreError> {
    let (now, state) = (tx.now(), State::Approved);
    let params = params![
        reveal.id,
        state,
        by,
        human,
        now,
        expires,
        tag,
        reveal.version
    ];
    tx.change_one(&APPROVE, params)
}

pub fn refuse(
    tx: &mut Tx<'_>,
    reveal: &Reveal,
    (by, human): (PersonId, HumanId),
) -> Result<(), StoreError> {
    let (now, state) = (tx.now(), State::Refused);
    let params = params![reveal.id, state, by, human, now, reveal.version];
    tx.change_one(&REFUSE, params)
}

pub fn withdraw(tx: &mut Tx<'_>, reveal: &Reveal) -> Result<(), StoreError> {
    tx.change_one(
        &WITHDRAW,
        params![reveal.id, State::Withdrawn, reveal.version],
    )
}

/// It was shown; `Stale` where it was in the meantime.
pub fn opened(tx: &mut Tx<'_>, reveal: &Reveal) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &OPEN,
        params![reveal.id, State::Opened, now, reveal.version],
    )
}
