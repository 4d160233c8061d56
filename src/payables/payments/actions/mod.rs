//! What people do with payment runs: one transaction each.

mod error;
mod file;
mod look;
mod propose;
mod returned;
mod step;

pub use error::{Offending, PaymentError, pair, word};
pub use file::{Download, download_file, generate_file, release_run, settle_run};
pub use look::{ProposalView, RunView, list_runs, paying_accounts, view_proposal, view_run};
pub use propose::{NewRun, propose_run};
pub use returned::return_payment;
pub use step::{
    countersign_run, is_at_bank, remove_from_open_runs, remove_payment,
    remove_vendor_from_open_runs, void_run,
};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::identity::access::{Access, HumanId, Reach};
use crate::identity::organisations::name_and_zone;
use crate::payables::ids::RunId;
use crate::payables::payments::store::check::Checked;
use crate::payables::payments::store::{self, Run, seal};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Reads, StoreError};

/// Which run, as it was seen: its version, and the digest of its payments.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub run: RunId,
    pub version: i64,
    pub digest: [u8; 32],
}

/// One run, within the reach of who asks.
fn run_within(reads: &mut impl Reads, run: RunId, reach: &Reach) -> Result<Run, PaymentError> {
    let run = store::find(reads, run).map_err(PaymentError::missing)?;
    reach.check(run.entity).map_err(PaymentError::missing)?;
    Ok(run)
}

/// The run within reach, if it is the version that was seen, with the payments that were seen.
fn seen_run(reads: &mut impl Reads, seen: Seen, reach: &Reach) -> Result<Run, PaymentError> {
    let run = run_within(reads, seen.run, reach)?;
    let payments = store::payments(reads, run.id)?;
    if run.version == seen.version && seal::digest(run.id, &payments) == seen.digest {
        Ok(run)
    } else {
        Err(PaymentError::Conflict)
    }
}

/// Today where the organisation is.
fn today(reads: &mut impl Reads, now: Micros) -> Result<Date, StoreError> {
    let (_, zone) = name_and_zone(reads)?;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    Ok(now.timestamp().to_zoned(zone).date())
}

/// Whether the bank can still pay the run on the day that was countersigned.
fn in_time(reads: &mut impl Reads, run: &Run, now: Micros) -> Result<(), PaymentError> {
    if run.execution_date < today(reads, now)? {
        Err(PaymentError::DayPast)
    } else {
        Ok(())
    }
}

/// The run's payments, each checked now, or all that is wrong with them.
fn checked(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    run: &Run,
    now: Micros,
) -> Result<Checked, PaymentError> {
    let checked = store::check::run(reads, keys, run, now)?;
    if !checked.troubles.is_empty() {
        return Err(PaymentError::troubles(&checked.troubles));
    }
    if checked.payments.is_empty() {
        return Err(PaymentError::Nothing);
    }
    Ok(checked)
}

/// The human has had no other duty in any payment of the run.
fn may_release(checked: &Checked, human: HumanId) -> Result<(), PaymentError> {
    let conflicts = checked.conflicts_of(human);
    if conflicts.is_empty() {
        return Ok(());
    }
    let offending = conflicts
        .into_iter()
        .map(|(number, pairs)| Offending {
            number,
            why: pairs.into_iter().map(pair).collect(),
        })
        .collect();
    Err(PaymentError::Duties(offending))
}

/// The account that acts, and the human behind it.
fn acting(who: &Access) -> (PersonId, HumanId) {
    (who.person(), who.human())
}
