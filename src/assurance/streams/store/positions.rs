//! How far streams are. Every change names the lease's holder and what the position was: a node that was too slow changes nothing.

use crate::assurance::streams::StreamId;
use crate::assurance::streams::rules::Trouble;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::{FromRow as _, Housekeeping, Lookup, Reads, Row, Sql, StoreError, Tx};
use crate::{params, row};

const DUE: Sql = Sql::lookup(
    "SELECT p.org_id, p.stream_id, p.epoch, p.next_seq, p.attempts, h.epoch, h.size FROM stream_positions p \
     JOIN journal_heads h ON h.org_id = p.org_id WHERE p.due_us <= $1 AND (p.lease_until_us < $1 OR p.lease_holder = $2) \
     AND (p.safe_seq <> h.size OR p.epoch <> h.epoch) ORDER BY p.due_us, p.stream_id LIMIT 500",
);
const POSITION: Sql = Sql::read(
    "SELECT stream_id, epoch, next_seq, safe_seq, attempts, due_us, last_success_us, last_error, failing_since_us \
     FROM stream_positions WHERE org_id = $1 AND stream_id = $2",
);
const POSITIONS: Sql = Sql::read(
    "SELECT stream_id, epoch, next_seq, safe_seq, attempts, due_us, last_success_us, last_error, failing_since_us \
     FROM stream_positions WHERE org_id = $1",
);
const BEGIN: Sql = Sql::housekeeping(
    "stream_positions",
    "INSERT INTO stream_positions (org_id, stream_id, epoch, next_seq, safe_seq, batch_end, due_us, attempts, lease_until_us) \
     VALUES ($1, $2, $3, $4, $4, $4, $5, 0, 0) RETURNING stream_id",
);
const CLAIM: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET lease_holder = $3, lease_until_us = $4 WHERE org_id = $1 AND stream_id = $2 \
     AND (lease_until_us < $5 OR lease_holder = $3) RETURNING epoch, next_seq, safe_seq, batch_end, attempts, told_us",
);
const MARK: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET batch_end = $4, lease_until_us = $5 WHERE org_id = $1 AND stream_id = $2 AND lease_holder = $3 \
     AND epoch = $6 AND next_seq = $7 RETURNING stream_id",
);
const ADVANCE: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET next_seq = $4, safe_seq = $5, batch_end = $4, last_success_us = $6, due_us = $6, lease_until_us = $7, \
     attempts = 0, last_error = NULL, failing_since_us = NULL \
     WHERE org_id = $1 AND stream_id = $2 AND lease_holder = $3 AND epoch = $8 AND next_seq = $9 RETURNING stream_id",
);
const RENEW: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET safe_seq = $4, lease_until_us = $5 WHERE org_id = $1 AND stream_id = $2 AND lease_holder = $3 \
     AND epoch = $6 AND next_seq = $7 RETURNING stream_id",
);
const MOVE: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET epoch = $4, next_seq = $5, safe_seq = $5, batch_end = $5 WHERE org_id = $1 AND stream_id = $2 \
     AND lease_holder = $3 AND epoch = $6 AND next_seq = $7 RETURNING stream_id",
);
const FAIL: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET attempts = attempts + 1, last_error = $4, failing_since_us = COALESCE(failing_since_us, $5), \
     due_us = $6, next_seq = safe_seq, lease_until_us = 0 WHERE org_id = $1 AND stream_id = $2 AND lease_holder = $3 \
     RETURNING failing_since_us, told_us",
);
const HALT: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET due_us = $3, lease_holder = NULL, lease_until_us = 0, last_error = NULL, failing_since_us = NULL, \
     told_us = NULL WHERE org_id = $1 AND stream_id = $2 RETURNING stream_id",
);
const DUE_NOW: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET due_us = $3 WHERE org_id = $1 AND stream_id = $2 RETURNING stream_id",
);
const TOLD: Sql = Sql::housekeeping(
    "stream_positions",
    "UPDATE stream_positions SET told_us = $3 WHERE org_id = $1 AND stream_id = $2 RETURNING stream_id",
);

row! {
    /// A stream that has something to do, by what its row and its journal's head said a moment ago.
    #[derive(Debug, Clone)]
    pub struct Due {
        pub organisation: OrgId,
        pub stream: StreamId,
        pub epoch: i64,
        pub next: i64,
        pub attempts: i64,
        pub head_epoch: i64,
        pub size: i64,
    }
}

row! {
    /// How far a stream is, for people.
    #[derive(Debug, Clone)]
    pub struct Position {
        pub stream: StreamId,
        pub epoch: i64,
        /// The number of the entry to be sent next.
        pub next: i64,
        /// All below it has arrived, as far as anybody can know.
        pub safe: i64,
        /// Failures in a row.
        pub attempts: i64,
        /// When it is tried next.
        pub due: Micros,
        pub last_success: Option<Micros>,
        pub last_error: Option<Trouble>,
        pub failing_since: Option<Micros>,
    }
}

row! {
    /// A position that this node holds.
    #[derive(Debug, Clone)]
    pub struct Claimed {
        pub epoch: i64,
        pub next: i64,
        pub safe: i64,
        pub batch_end: i64,
        pub attempts: i64,
        /// When administrators were told that it fails.
        pub told: Option<Micros>,
    }
}

/// What is due for a node that calls itself `holder`.
pub(in crate::assurance::streams) fn due(
    lookup: &mut Lookup<'_>,
    holder: &str,
    now: Micros,
) -> Result<Vec<Due>, StoreError> {
    lookup.all(&DUE, params![now, holder])
}

pub(in crate::assurance::streams) fn position(
    reads: &mut impl Reads,
    stream: StreamId,
) -> Result<Option<Position>, StoreError> {
    reads.maybe(&POSITION, params![stream])
}

pub(in crate::assurance::streams) fn all_positions(
    reads: &mut impl Reads,
) -> Result<Vec<Position>, StoreError> {
    reads.all(&POSITIONS, [])
}

/// Begins a stream at a number of an epoch.
pub(in crate::assurance::streams) fn begin(
    tx: &mut Tx<'_>,
    stream: StreamId,
    (epoch, next): (i64, i64),
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.housekeep(&BEGIN, params![stream, epoch, next, now])
        .map(drop)
}

/// Nobody sends until it is due again, and whoever sends now loses the lease.
pub(in crate::assurance::streams) fn halt(
    tx: &mut Tx<'_>,
    stream: StreamId,
) -> Result<(), StoreError> {
    tx.housekeep(&HALT, params![stream, i64::MAX]).map(drop)
}

pub(in crate::assurance::streams) fn due_now(
    tx: &mut Tx<'_>,
    stream: StreamId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.housekeep(&DUE_NOW, params![stream, now]).map(drop)
}

/// Keeps when administrators were told that it fails; none where it does not any more.
pub(in crate::assurance::streams) fn told(
    tx: &mut Tx<'_>,
    stream: StreamId,
    at: Option<Micros>,
) -> Result<(), StoreError> {
    tx.housekeep(&TOLD, params![stream, at]).map(drop)
}

/// Takes the lease, or more of it; none where another node has it.
pub(in crate::assurance::streams) fn claim(
    tx: &mut Housekeeping<'_>,
    stream: StreamId,
    holder: &str,
    (until, now): (Micros, Micros),
) -> Result<Option<Claimed>, StoreError> {
    let rows = tx.run(&CLAIM, params![stream, holder, until, now])?;
    first(rows)
}

fn first(rows: Vec<Row>) -> Result<Option<Claimed>, StoreError> {
    let row = rows.into_iter().next();
    let read = row.map(|mut row| Claimed::from_row(&mut row));
    Ok(read.transpose()?)
}

/// Where a change is made: whose lease it is, and what the position was.
#[derive(Debug, Clone)]
pub struct Held {
    pub stream: StreamId,
    pub holder: String,
    pub epoch: i64,
    pub next: i64,
}

/// Whether the row was still what the holder knew.
fn is_ours(rows: &[Row]) -> bool {
    !rows.is_empty()
}

/// Keeps where the batch ends that is about to be sent.
pub(in crate::assurance::streams) fn mark(
    tx: &mut Housekeeping<'_>,
    held: &Held,
    (end, until): (i64, Micros),
) -> Result<bool, StoreError> {
    let params = params![held.stream, &held.holder, end, until, held.epoch, held.next];
    Ok(is_ours(&tx.run(&MARK, params)?))
}

/// Keeps that entries before `next` were sent, and those before `safe` have arrived.
pub(in crate::assurance::streams) fn advance(
    tx: &mut Housekeeping<'_>,
    held: &Held,
    (next, safe): (i64, i64),
    (now, until): (Micros, Micros),
) -> Result<bool, StoreError> {
    let params = params![
        held.stream,
        &held.holder,
        next,
        safe,
        now,
        until,
        held.epoch,
        held.next
    ];
    Ok(is_ours(&tx.run(&ADVANCE, params)?))
}

/// Keeps what has arrived meanwhile, and the lease.
pub(in crate::assurance::streams) fn renew(
    tx: &mut Housekeeping<'_>,
    held: &Held,
    (safe, until): (i64, Micros),
) -> Result<bool, StoreError> {
    let params = params![
        held.stream,
        &held.holder,
        safe,
        until,
        held.epoch,
        held.next
    ];
    Ok(is_ours(&tx.run(&RENEW, params)?))
}

/// Goes on elsewhere: from a number that was sent before, or in another epoch.
pub(in crate::assurance::streams) fn move_to(
    tx: &mut Housekeeping<'_>,
    held: &Held,
    (epoch, next): (i64, i64),
) -> Result<bool, StoreError> {
    let params = params![
        held.stream,
        &held.holder,
        epoch,
        next,
        held.epoch,
        held.next
    ];
    Ok(is_ours(&tx.run(&MOVE, params)?))
}

/// Keeps what went wrong and when it is tried again, and gives the lease back. Gives since when it fails and whether that was told; none
/// where the lease is another's.
pub(in crate::assurance::streams) fn fail(
    tx: &mut Housekeeping<'_>,
    (stream, holder): (StreamId, &str),
    trouble: Trouble,
    (now, due): (Micros, Micros),
) -> Result<Option<(Micros, Option<Micros>)>, StoreError> {
    let rows = tx.run(&FAIL, params![stream, holder, trouble, now, due])?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some((row.take()?, row.take()?)))
}
