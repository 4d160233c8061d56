//! What signs a webhook's requests.

use countersign_sealing::Sealed;

use crate::assurance::streams::rules::webhook::{OVERLAP_US, Secret};
use crate::assurance::streams::{StreamId, StreamSecretId};
use crate::platform::clock::Micros;
use crate::platform::keys::fields::STREAM_SECRET;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const SIGNING: Sql = Sql::read(
    "SELECT id, secret_sealed, ends_us, version FROM stream_secrets WHERE org_id = $1 AND stream_id = $2 \
     AND (ends_us IS NULL OR ends_us > $3) ORDER BY id DESC",
);
const INSERT: Sql = Sql::change(
    "stream_secrets",
    "INSERT INTO stream_secrets (org_id, id, stream_id, secret_sealed, created_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const END: Sql = Sql::change(
    "stream_secrets",
    "UPDATE stream_secrets SET ends_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $4 RETURNING id",
);

row! {
    struct Stored {
        id: StreamSecretId,
        sealed: Sealed<Vec<u8>>,
        ends: Option<Micros>,
        version: i64,
    }
}

/// Those that sign now; first the one that was not replaced.
fn stored(
    reads: &mut impl Reads,
    stream: StreamId,
    now: Micros,
) -> Result<Vec<Stored>, StoreError> {
    let mut found: Vec<Stored> = reads.all(&SIGNING, params![stream, now])?;
    found.sort_by_key(|secret| secret.ends.is_some());
    for secret in &found {
        reads.authentic("stream_secrets", secret.id)?;
    }
    Ok(found)
}

/// The secrets that sign now, the newest first.
pub(in crate::assurance::streams) fn signing(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    stream: StreamId,
    now: Micros,
) -> Result<Vec<Secret>, KeyError> {
    let mut secrets = Vec::new();
    for stored in stored(reads, stream, now)? {
        let opened = keys.open(STREAM_SECRET, *stored.id.as_bytes(), &stored.sealed)?;
        secrets.push(Secret::of(opened.expose()));
    }
    Ok(secrets)
}

/// Makes a secret. It is to be shown once, by whoever commits.
pub(in crate::assurance::streams) fn make(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    stream: StreamId,
) -> Result<Secret, KeyError> {
    let (id, now): (StreamSecretId, _) = (tx.id(), tx.now());
    let own = keys.own(tx)?;
    let secret = Secret::generate(tx.entropy());
    let sealed = own.seal(STREAM_SECRET, *id.as_bytes(), secret.bytes(), tx.entropy());
    tx.change_one(&INSERT, params![id, stream, sealed, now])?;
    Ok(secret)
}

/// Makes a secret in the place of those that sign, which do so for a while longer.
pub(in crate::assurance::streams) fn rotate(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    stream: StreamId,
) -> Result<Secret, KeyError> {
    let now = tx.now();
    let ends = now.plus_us(OVERLAP_US);
    for old in stored(tx, stream, now)? {
        if old.ends.is_none() {
            tx.change_one(&END, params![old.id, ends, old.version])?;
        }
    }
    make(tx, keys, stream)
}
