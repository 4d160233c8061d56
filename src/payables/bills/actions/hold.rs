//! Holding a bill by hand, and releasing a hold with a reason.

use super::{BillError, reason, seen};
use crate::identity::access::{Access, Permission};
use crate::payables::bills::holds::{self, Hold, HoldKind, Named};
use crate::payables::bills::store::{self as bills, Bill};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::store::{Entry, Tx};

/// Whoever works on bills may stop one.
pub const MAY_HOLD: [Permission; 4] = [
    Permission::BillsEnter,
    Permission::BillsCode,
    Permission::BillsDecide,
    Permission::RunsPropose,
];

/// Holds a bill by hand.
///
/// # Errors
/// [`BillError::AlreadyHeld`] where somebody did so before.
pub async fn place_hold(app: &App, who: &Access, bill: BillId, why: &str) -> Result<(), BillError> {
    let reach = who.reach_of_any(&MAY_HOLD)?;
    let why = reason(why)?;
    app.store
        .write(who.caller(), move |tx| {
            let found = bills::within(tx, bill, &reach)?;
            if !holds::place(tx, bill, HoldKind::Manual, &why)? {
                return Err(BillError::AlreadyHeld);
            }
            let entry = Entry::new("bill.held", "bill", bill)
                .version(found.version)
                .fact("hold", HoldKind::Manual)
                .fact("reason", &why);
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// Releases a hold of the bill in the version that the person saw.
///
/// # Errors
/// [`BillError::NotReleasable`] where the hold ends by putting right what it says, [`BillError::NotOpen`] where it has ended,
/// [`BillError::SaysElse`] where it does not say any more what the person saw.
pub async fn release_hold(
    app: &App,
    who: &Access,
    (bill, version): (BillId, i64),
    hold: impl Into<Named>,
    why: &str,
) -> Result<(), BillError> {
    let reach = who.reach(Permission::HoldsRelease)?;
    let (why, hold) = (reason(why)?, hold.into());
    app.store
        .write(who.caller(), move |tx| {
            let found = seen(tx, (bill, version), &reach)?;
            let held = named(tx, &found, &hold)?;
            holds::release(tx, held.id, &why)?;
            let entry = Entry::new("hold.released", "bill", bill)
                .version(found.version)
                .fact("hold", held.kind)
                .fact("detail", &held.detail)
                .fact("reason", &why);
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// The open hold that is named, with a row to release.
fn named(tx: &mut Tx<'_>, bill: &Bill, hold: &Named) -> Result<Hold, BillError> {
    let held = match hold {
        Named::Row(id) => holds::find(tx, *id)?,
        // Before anything is placed: what only the rows can end is not written down by somebody who tries to release it.
        Named::Figures { kind, .. } if !kind.may_be_released() => {
            return Err(BillError::NotReleasable);
        }
        Named::Figures { kind, detail } => {
            let held = holds::placed(tx, bill, *kind)?.ok_or(BillError::NotOpen)?;
            if held.detail != *detail {
                return Err(BillError::SaysElse);
            }
            held
        }
    };
    if held.bill_id != bill.id || !held.is_open() {
        return Err(BillError::NotOpen);
    }
    if !held.kind.may_be_released() {
        return Err(BillError::NotReleasable);
    }
    Ok(held)
}
