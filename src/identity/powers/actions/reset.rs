//! Proposing that somebody's second factors end, since she has lost them.

use super::mail::{self, Event};
use super::propose::replace;
use super::{PowerError, counted_since};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::lost_factors;
use crate::identity::people::{self, Status};
use crate::identity::powers::PowerRequestId;
use crate::identity::powers::rules::{Kind, OPEN_US, State};
use crate::identity::powers::store::{self, New};
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, Reads as _, StoreError};

/// Asks a second administrator to end somebody's factors. Where nobody could confirm it, nothing is proposed: the operator of
/// the server does it.
pub async fn propose_reset(app: &App, access: &Access, person: PersonId) -> Result<(), PowerError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let receiver = match people::find(tx, person) {
                Err(StoreError::Missing) => return Err(PowerError::Missing),
                other => other?,
            };
            tx.authentic("people", person)?;
            let joined = humans::load(tx)?;
            if joined.are_one(receiver.human, by.human()) {
                return Err(PowerError::Oneself);
            }
            if receiver.status != Status::Active {
                return Err(PowerError::ReceiverGone);
            }
            let concerned = [receiver.human, by.human()];
            let is_third_there = store::administrators(tx, counted_since(tx.now()))?
                .iter()
                .any(|one| one.is_active && !joined.is_among(one.human, &concerned));
            if !is_third_there {
                return Err(PowerError::NobodyConfirms);
            }
            replace(tx, person, Kind::FactorReset)?;
            let id: PowerRequestId = tx.id();
            let new = New {
                id,
                person,
                kind: Kind::FactorReset,
                roles: "",
                state: State::Open,
                by: (by.person(), by.human()),
                expires: tx.now().plus_us(OPEN_US),
            };
            store::insert(tx, &new)?;
            let entry = Entry::new("power.proposed", "power-request", id);
            tx.journal(entry.fact("person", person).fact("kind", Kind::FactorReset))?;
            let to = store::accounts_of_administrators(tx)?;
            mail::queue(tx, Event::Proposed, id, &to)?;
            lost_factors::tell_of_proposal(tx, person)?;
            Ok(tx.done(())?)
        })
        .await
}
