//! The payment file: generated once, released, fetched for the bank, and settled.

use std::sync::Arc;

use countersign_bankfile::pain001::{Prepared, read, verify};
use data_encoding::HEXLOWER;
use jiff::Timestamp;

use super::{PaymentError, Seen, acting, checked, in_time, may_release, run_within, seen_run};
use crate::identity::access::{Access, Permission, Reach};
use crate::identity::humans;
use crate::payables::bills::rules::Payment as PaymentAxis;
use crate::payables::ids::RunId;
use crate::payables::payments::rules::{PaymentStatus, RunStatus};
use crate::payables::payments::store::check::{Checked, move_bill};
use crate::payables::payments::store::{self, Run, file, seal, untouched};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::documents;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, Reads};

const MEDIA_TYPE: &str = "application/xml";

/// Checks everything of a countersigned run once more, and prepares its file.
fn prepared(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    run: &Run,
    (now, created): (Micros, Timestamp),
) -> Result<(Prepared, Checked), PaymentError> {
    in_time(reads, run, now)?;
    let checked = checked(reads, keys, run, now)?;
    let payments = || checked.payments.iter().map(|(payment, _)| payment);
    if !seal::is_countersigned(keys, run, payments()) {
        return Err(PaymentError::Altered);
    }
    let signer = run.countersigned_human.ok_or(PaymentError::Altered)?;
    if humans::load(reads)?.are_one(signer, run.proposed_human) {
        return Err(PaymentError::SameHuman);
    }
    may_release(&checked, signer)?;
    let prepared = file::prepare(reads, keys, run, &checked, created)?;
    Ok((prepared, checked))
}

/// Writes the file of a countersigned run, reads it back, and fixes its bytes by their hash.
pub async fn generate_file(app: &App, who: &Access, seen: Seen) -> Result<(), PaymentError> {
    let reach = who.reach_of_any(&[Permission::RunsCountersign, Permission::RunsRelease])?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let (now, created) = (who.now(), who.now().timestamp());
    // The bytes must be on the disk before the transaction that names them, so they are made twice: what the second
    // transaction makes is what counts, and it must be what was stored.
    let first = {
        let (keys, reach) = (Arc::clone(&keys), reach.clone());
        app.store
            .read(who.scope(), move |reads| {
                let run = to_be_written(reads, seen, &reach)?;
                let (prepared, _) = prepared(reads, &keys, &run, (now, created))?;
                Ok::<_, PaymentError>(prepared)
            })
            .await?
    };
    let bytes = Arc::new(first.to_bytes());
    verify(&bytes, &first)?;
    let blob = app
        .documents
        .put(&keys, &bytes, app.store.entropy())
        .await?;
    app.store
        .write(who.caller(), move |tx| {
            let run = to_be_written(tx, seen, &reach)?;
            let (prepared, _) = prepared(tx, &keys, &run, (now, created))?;
            verify(&bytes, &prepared)?;
            let name = format!("{}.xml", run.reference);
            let (document, _) = documents::record(tx, &blob, MEDIA_TYPE, &name)?;
            let tag = seal::file_tag(&keys, &run, blob.sha256).ok_or(PaymentError::Altered)?;
            store::set_file(tx, &run, document.id, blob.sha256, tag)
                .map_err(PaymentError::conflict)?;
            let entry = Entry::new("payment-run.file-generated", "payment-run", run.id)
                .version(run.version + 1)
                .change("status", Some(run.status), Some(RunStatus::FileGenerated))
                .fact("sha256", HEXLOWER.encode(&blob.sha256))
                .fact("transfers", prepared.totals().transactions())
                .fact("control-sum", prepared.totals().control_sum());
            Ok(tx.commit(entry, ())?)
        })
        .await
}

fn to_be_written(reads: &mut impl Reads, seen: Seen, reach: &Reach) -> Result<Run, PaymentError> {
    let run = seen_run(reads, seen, reach)?;
    if run.status == RunStatus::Countersigned {
        Ok(run)
    } else {
        Err(PaymentError::NotNow(run.status))
    }
}

/// A payment file on its way to the bank.
#[derive(Debug)]
pub struct Download {
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// Gives out the file of a released run: to the human who released it, or to another who could have, as long as the bank
/// has not paid. Whoever has it can have it paid, so the journal tells who had it.
pub async fn download_file(app: &App, who: &Access, run: RunId) -> Result<Download, PaymentError> {
    let reach = who.reach(Permission::RunsRelease)?;
    who.require_fresh()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let ((person, human), now) = (acting(who), who.now());
    let keys_within = Arc::clone(&keys);
    let (sha256, file_name) = app
        .store
        .write(who.caller(), move |tx| {
            let run = run_within(tx, run, &reach)?;
            if !run.status.gives_file() {
                return Err(PaymentError::NotNow(run.status));
            }
            // A row that says released behind the application's back gives out nothing.
            tx.authentic("payment_runs", run.id)?;
            let sha256 = seal::authentic_file(&keys_within, &run).ok_or(PaymentError::Altered)?;
            if run.released_by != Some(person) {
                if run.status != RunStatus::Released {
                    return Err(PaymentError::NotNow(run.status));
                }
                may_release(&checked(tx, &keys_within, &run, now)?, human)?;
            }
            let entry = Entry::new("payment-run.file-fetched", "payment-run", run.id)
                .version(run.version)
                .fact("sha256", HEXLOWER.encode(&sha256));
            Ok(tx.commit(entry, (sha256, format!("{}.xml", run.reference)))?)
        })
        .await?;
    let bytes = app.documents.get(&keys, sha256).await?;
    Ok(Download { file_name, bytes })
}

/// Releases the file to the bank, after everything was checked a last time: the payments, their bills and accounts, the
/// countersignature, and that the stored bytes hold exactly these payments. Whoever releases gets the file.
pub async fn release_run(app: &App, who: &Access, seen: Seen) -> Result<(), PaymentError> {
    let reach = who.reach(Permission::RunsRelease)?;
    who.require_fresh()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let ((person, human), now) = (acting(who), who.now());
    let sha256 = {
        let (keys, reach) = (Arc::clone(&keys), reach.clone());
        app.store
            .read(who.scope(), move |reads| {
                let run = run_within(reads, seen.run, &reach)?;
                if run.status != RunStatus::FileGenerated {
                    return Err(PaymentError::NotNow(run.status));
                }
                seal::authentic_file(&keys, &run).ok_or(PaymentError::Altered)
            })
            .await?
    };
    let bytes = Arc::new(app.documents.get(&keys, sha256).await?);
    let created = read(&bytes)
        .map_err(|error| PaymentError::Verify(error.into()))?
        .created;
    app.store
        .write(who.caller(), move |tx| {
            let run = seen_run(tx, seen, &reach)?;
            if run.status != RunStatus::FileGenerated {
                return Err(PaymentError::NotNow(run.status));
            }
            if seal::authentic_file(&keys, &run) != Some(sha256) {
                return Err(PaymentError::Altered);
            }
            let (prepared, checked) = prepared(tx, &keys, &run, (now, created))?;
            verify(&bytes, &prepared)?;
            may_release(&checked, human)?;
            store::release(tx, &run, person).map_err(PaymentError::conflict)?;
            store::set_status(tx, run.id, PaymentStatus::Released)?;
            let entry = Entry::new("payment-run.released", "payment-run", run.id)
                .version(run.version + 1)
                .change("status", Some(run.status), Some(RunStatus::Released))
                .fact("sha256", HEXLOWER.encode(&sha256));
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// Notes that the bank has paid: the bills are paid, but for those whose payment came back.
pub async fn settle_run(app: &App, who: &Access, seen: Seen) -> Result<(), PaymentError> {
    let reach = who.reach(Permission::RunsRelease)?;
    app.store
        .write(who.caller(), move |tx| {
            let run = seen_run(tx, seen, &reach)?;
            if run.status != RunStatus::Released {
                return Err(PaymentError::NotNow(run.status));
            }
            untouched::ours(tx, run.id)?;
            for payment in store::payments(tx, run.id)? {
                move_bill(tx, payment.bill, PaymentAxis::Scheduled, PaymentAxis::Paid)
                    .map_err(PaymentError::conflict)?;
            }
            let came_back = store::removed(tx, run.id)?
                .iter()
                .any(|removed| removed.status == PaymentStatus::Returned);
            let to = if came_back {
                RunStatus::PartlyReturned
            } else {
                RunStatus::Settled
            };
            store::settle(tx, &run, to).map_err(PaymentError::conflict)?;
            store::set_status(tx, run.id, PaymentStatus::Settled)?;
            let entry = Entry::new("payment-run.settled", "payment-run", run.id)
                .version(run.version + 1)
                .change("status", Some(run.status), Some(to));
            Ok(tx.commit(entry, ())?)
        })
        .await
}
