//! A customer's own witness (C2SP tlog-witness): it is asked to cosign the newest head of each journal, and cosigns only what
//! appends to all that it cosigned before. So it notices what the server by itself cannot: that an older database was put back.
//!
//! - The newest head is asked for, with the proof from what the witness has; nothing is queued, so nothing is lost.
//! - What it answers is believed where its signature is the configured key's, and nowhere else; no other address is followed.
//! - It is told a name, a size, hashes and a time. No entry leaves the house.

mod protocol;

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, header};
use countersign_translog::note::VerifyingKey;
use url::Url;

use self::protocol::{Answer, judge, request};
use super::clock::Micros;
use super::ids::OrgId;
use super::outgoing::{Outgoing, send};
use super::scope::Scope;
use super::store::journal::proofs::growth;
use super::store::journal::witnessed::{self, Refusal};
use super::store::{Read, Store, StoreError};

pub use self::protocol::{NoWitness, parse};

/// For everything: resolving, connecting, and the last byte.
const TIME: Duration = Duration::from_secs(10);
/// No answer of the protocol is longer: an ML-DSA-44 signature line has 3,300 characters.
const ANSWER_MAX: usize = 16 * 1024;

/// Who cosigns.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The address below which `add-checkpoint` stands.
    pub url: Url,
    pub key: VerifyingKey,
}

/// What asking came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The witness has cosigned the newest head already.
    Nothing,
    Cosigned,
    Refused(Refusal),
}

/// Asks the witness about every journal; gives those that it refused, for the log.
///
/// # Errors
/// Where a journal cannot be read. The others were asked about before it, or are by the next round.
pub async fn round(
    store: &Store,
    outgoing: &Outgoing,
    witness: &Witness,
    now: Micros,
) -> Result<Vec<(OrgId, Refusal)>, StoreError> {
    let (mut refused, mut after) = (Vec::new(), String::new());
    loop {
        let from = after.clone();
        let page = store
            .lookup(move |lookup| witnessed::begun(lookup, &from))
            .await?;
        let Some((last,)) = page.last() else {
            return Ok(refused);
        };
        after = last.to_string();
        for (organisation,) in page {
            match ask(store, outgoing, witness, organisation, now).await {
                Ok(Asked::Refused(refusal)) => refused.push((organisation, refusal)),
                Ok(Asked::Nothing | Asked::Cosigned) => {}
                // A damaged journal keeps no other from its witness; its own sequencer says what is wrong.
                Err(StoreError::Head(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Asks the witness to cosign the newest head of one journal.
///
/// # Errors
/// Where the journal cannot be read. That the witness refuses is none.
pub async fn ask(
    store: &Store,
    outgoing: &Outgoing,
    witness: &Witness,
    organisation: OrgId,
    now: Micros,
) -> Result<Asked, StoreError> {
    let scope = Scope::of(organisation);
    let name = witness.key.name().to_owned();
    let known = name.clone();
    let standing = store
        .read(scope, move |read| witnessed::standing(read, &known))
        .await?;
    let mut from = None;
    // Once more where the witness names the size that it has: it may have been asked by another server, or set up anew.
    for _ in 0..2 {
        let known = standing
            .as_ref()
            .map(|had| (had.epoch, had.size, had.refusal));
        let Some(asked) = store
            .read(scope, move |read| next(read, known, from))
            .await?
        else {
            return Ok(Asked::Nothing);
        };
        let answer = post(outgoing, witness, &asked.body).await;
        let refusal = match judge(answer, &asked.note, &witness.key) {
            Answer::Cosigned(lines) => {
                let head = (asked.epoch, asked.size);
                store
                    .housekeep(scope, move |tx| {
                        witnessed::cosigned(tx, &name, head, &lines)
                    })
                    .await?;
                return Ok(Asked::Cosigned);
            }
            Answer::Has(theirs) if theirs > asked.size => Refusal::RolledBack,
            Answer::Has(theirs) if theirs == asked.from && theirs == asked.size => {
                Refusal::Rewritten
            }
            Answer::Has(theirs) if from.is_none() && theirs != asked.from => {
                from = Some(theirs);
                continue;
            }
            Answer::Has(_) => Refusal::WrongAnswer,
            Answer::Refused(refusal) => refusal,
        };
        return keep_refusal(store, scope, name, refusal, now).await;
    }
    keep_refusal(store, scope, name, Refusal::WrongAnswer, now).await
}

async fn keep_refusal(
    store: &Store,
    scope: Scope,
    witness: String,
    refusal: Refusal,
    now: Micros,
) -> Result<Asked, StoreError> {
    store
        .housekeep(scope, move |tx| {
            witnessed::refused(tx, &witness, refusal, now)
        })
        .await?;
    Ok(Asked::Refused(refusal))
}

/// What a request is made of.
struct Asking {
    epoch: u64,
    size: u64,
    from: u64,
    note: String,
    body: String,
}

/// The request for the newest head; none where the witness has cosigned it. `from` is the size that the witness named.
fn next(
    read: &mut Read<'_>,
    standing: Option<(i64, i64, Option<Refusal>)>,
    from: Option<u64>,
) -> Result<Option<Asking>, StoreError> {
    let Some((signed, _)) = growth(read, 0)? else {
        return Ok(None);
    };
    let head = signed.head;
    let had = standing
        .filter(|(epoch, ..)| u64::try_from(*epoch) == Ok(head.epoch))
        .map_or(0, |(_, size, _)| size.unsigned_abs());
    let is_refused = standing.is_some_and(|(.., refusal)| refusal.is_some());
    if had == head.size && from.is_none() && !is_refused {
        return Ok(None);
    }
    // A smaller head than the one that was cosigned is sent all the same: the witness says that it has a larger one.
    let from = from.unwrap_or(had).min(head.size);
    let proof = match growth(read, from)? {
        Some((_, proof)) => proof,
        None => return Ok(None),
    };
    Ok(Some(Asking {
        epoch: head.epoch,
        size: head.size,
        from,
        body: request(from, &proof, &signed.note),
        note: signed.note,
    }))
}

async fn post(outgoing: &Outgoing, witness: &Witness, body: &str) -> Option<(u16, Vec<u8>)> {
    let mut url = witness.url.clone();
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .push("add-checkpoint");
    let request = Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(Bytes::from(body.to_owned()))
        .ok()?;
    let answered = send(outgoing, &url, request, ANSWER_MAX, TIME).await;
    match answered {
        Ok((status, body)) => Some((status.as_u16(), body.to_vec())),
        Err(error) => {
            tracing::debug!(%error, "the witness gave no answer");
            None
        }
    }
}
