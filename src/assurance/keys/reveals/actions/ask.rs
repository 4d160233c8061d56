//! Asking to see values.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;

use super::RevealError;
use super::open::{Shown, ShownValue, revealed};
use crate::assurance::keys::reveals::rules::{
    COUNTED_US, MOST, Masked, Named, OPEN_US, Purpose, REASON_CHARS, State, set_digest, set_of,
    takes_two,
};
use crate::assurance::keys::reveals::store::{self, New, values};
use crate::assurance::keys::reveals::{OwnerId, RevealId};
use crate::identity::access::{Access, Permission};
use crate::identity::notices::{self, News};
use crate::identity::{humans, people, policy};
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// What somebody wants to see.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub values: Vec<Named>,
    /// All of these vendors' accounts as well.
    pub vendors: Vec<OwnerId>,
    pub purpose: Option<Purpose>,
    pub reason: String,
}

impl Wanted {
    fn said(&self) -> Result<(Purpose, String), RevealError> {
        let purpose = self.purpose.ok_or(RevealError::Purpose)?;
        let reason = self.reason.trim();
        if !REASON_CHARS.contains(&reason.chars().count()) {
            return Err(RevealError::Reason);
        }
        Ok((purpose, reason.to_owned()))
    }

    fn masked(&self, reads: &mut impl Reads) -> Result<Vec<Masked>, RevealError> {
        let mut named = set_of(self.values.clone());
        let vendors: BTreeSet<_> = self.vendors.iter().collect();
        // Before anything is asked of the database: names are made up faster than they are looked for.
        if named.len() + vendors.len() > MOST {
            return Err(RevealError::Count);
        }
        for vendor in vendors {
            named.extend(values::accounts_of(reads, *vendor)?);
            if named.len() > MOST {
                return Err(RevealError::Count);
            }
        }
        let named = set_of(named);
        if named.is_empty() || named.len() > MOST {
            return Err(RevealError::Count);
        }
        let masked = named
            .into_iter()
            .map(|value| values::masked(reads, value))
            .collect::<Result<_, _>>()?;
        Ok(masked)
    }
}

/// What asking came to.
#[derive(Debug)]
pub enum Asked {
    Shown(Box<Shown>),
    /// A second human has to approve it.
    Waits(RevealId),
}

/// What is asked for, as the form shows it, and whether a second human has to approve it.
pub async fn choosable(
    app: &App,
    who: &Access,
    wanted: Wanted,
) -> Result<(Vec<Masked>, bool), RevealError> {
    who.require(Permission::SecretsReveal)?;
    let by = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let masked = wanted.masked(read)?;
            let is_for_two = needs_second(read, &by, masked.len())?;
            Ok((masked, is_for_two))
        })
        .await
}

fn needs_second(reads: &mut impl Reads, by: &Access, count: usize) -> Result<bool, StoreError> {
    // Several take two whatever was seen before: a forged row of the last hour keeps nobody from asking for them.
    if count != 1 {
        return Ok(true);
    }
    let joined = humans::load(reads)?;
    let since = by.now().plus_us(-COUNTED_US);
    let alone = store::seen_alone(reads, (&joined, by.human()), since)?;
    Ok(takes_two(count, alone, policy::reveals_per_hour(reads)?))
}

/// Shows one value, or asks a second human where one is not enough.
pub async fn ask(app: &App, who: &Access, wanted: Wanted) -> Result<Asked, RevealError> {
    who.require(Permission::SecretsReveal)?;
    who.require_fresh()?;
    let (purpose, reason) = wanted.said()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let masked = wanted.masked(tx)?;
            if needs_second(tx, &by, masked.len())? {
                let id = wait(tx, &by, &masked, (purpose, &reason))?;
                return Ok(tx.done(Asked::Waits(id))?);
            }
            let new = new_of(tx, &by, &masked, (purpose, &reason), State::Opened);
            store::insert(tx, &new)?;
            let reveal = store::find(tx, new.id)?;
            let mut shown = Vec::new();
            for value in &masked {
                let (masked, secret) = values::open(tx, &keys, value.named)?;
                shown.push(ShownValue { masked, secret });
            }
            let shown = Shown {
                reveal,
                values: shown,
            };
            tx.journal(revealed(&shown.reveal, 1))?;
            Ok(tx.done(Asked::Shown(Box::new(shown)))?)
        })
        .await
}

/// Asks a second human, whatever is asked for: nothing is shown to whoever asks so, and a program may on its person's behalf.
pub async fn ask_for_later(
    app: &App,
    who: &Access,
    wanted: Wanted,
) -> Result<RevealId, RevealError> {
    who.require(Permission::SecretsReveal)?;
    let (purpose, reason) = wanted.said()?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let masked = wanted.masked(tx)?;
            let id = wait(tx, &by, &masked, (purpose, &reason))?;
            Ok(tx.done(id)?)
        })
        .await
}

fn new_of<'a>(
    tx: &Tx<'_>,
    by: &Access,
    values: &'a [Masked],
    (purpose, reason): (Purpose, &'a str),
    state: State,
) -> New<'a> {
    let named: Vec<Named> = values.iter().map(|value| value.named).collect();
    let open_us = if state == State::Open { OPEN_US } else { 0 };
    New {
        id: tx.id(),
        purpose,
        reason,
        values,
        set_digest: set_digest(&named),
        state,
        by: (by.person(), by.human()),
        expires: tx.now().plus_us(open_us),
    }
}

fn wait(
    tx: &mut Tx<'_>,
    by: &Access,
    values: &[Masked],
    (purpose, reason): (Purpose, &str),
) -> Result<RevealId, RevealError> {
    let approvers = approvers(tx, by)?;
    if approvers.is_empty() {
        return Err(RevealError::NobodyApproves);
    }
    let new = new_of(tx, by, values, (purpose, reason), State::Open);
    store::insert(tx, &new)?;
    tx.journal(
        Entry::new("reveal.asked", "reveal", new.id)
            .fact("purpose", purpose)
            .fact("reason", reason)
            .fact("count", values.len())
            .fact("set", HEXLOWER.encode(&new.set_digest)),
    )?;
    let news = (News::RevealAsked, new.id.to_string());
    notices::tell(tx, news, by.person(), &approvers)?;
    Ok(new.id)
}

/// The accounts of other humans who could approve what this one asks for.
fn approvers(reads: &mut impl Reads, by: &Access) -> Result<Vec<PersonId>, StoreError> {
    let joined = humans::load(reads)?;
    let mut people = people::accounts_with(reads, Permission::SecretsReveal)?;
    people.retain(|person| !joined.are_one(person.human, by.human()));
    Ok(people.into_iter().map(|person| person.id).collect())
}
