//! Where identity providers are the only way to sign in: what must hold before, and who is refused then.

use super::mail::{self, Event};
use super::{NoWayIn, SsoError, account};
use crate::identity::factors;
use crate::identity::forged::unless_forged;
use crate::identity::organisations::{Decided, may_be_missing};
use crate::identity::people::{self, Status};
use crate::identity::powers;
use crate::identity::sessions;
use crate::identity::sso::rules::{About, Configuration, Rule};
use crate::identity::sso::store::identities;
use crate::identity::sso::store::settings::{self, Setting};
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// The rule in force; `Forged` where it is not what two confirmed, or where it is gone.
pub(super) fn in_force(reads: &mut impl Reads) -> Result<Option<(Rule, Setting)>, StoreError> {
    let found = settings::active(reads, About::Rule, "")?;
    if found.is_none() {
        may_be_missing(reads, Decided::Rule, "sso_settings")?;
    }
    Ok(found.and_then(|setting| match &setting.configuration {
        Configuration::Rule { rule } => Some((rule.clone(), setting)),
        _ => None,
    }))
}

/// Whether a configuration may be proposed or put in force: other ways to sign in are refused only where one connection is
/// in force, and somebody marked has an account with a second factor of ours.
pub(super) fn holds(tx: &mut Tx<'_>, configuration: &Configuration) -> Result<(), SsoError> {
    let rule = match configuration {
        Configuration::Rule { rule } => rule,
        Configuration::Account { person, .. } => return account::may_be_taken(tx, *person),
        _ => return Ok(()),
    };
    if !rule.sso_only {
        return Ok(());
    }
    if connections(tx)? == 0 {
        return Err(SsoError::NoWayIn(NoWayIn::Connection));
    }
    for person in &rule.break_glass {
        let is_active = people::find(tx, *person)?.status == Status::Active;
        if is_active && factors::ways(tx, *person)?.count() > 0 {
            return Ok(());
        }
    }
    Err(SsoError::NoWayIn(NoWayIn::BreakGlass))
}

fn connections(tx: &mut Tx<'_>) -> Result<usize, StoreError> {
    let active = settings::all_active(tx)?.into_iter();
    Ok(active
        .filter(|setting| setting.configuration.about() == About::Connection)
        .count())
}

/// The last connection stays while there is no other way to sign in.
pub(super) fn can_end(tx: &mut Tx<'_>, setting: &Setting) -> Result<(), SsoError> {
    if setting.configuration.about() != About::Connection {
        return Ok(());
    }
    let is_only_way = in_force(tx)?.is_some_and(|(rule, _)| rule.sso_only);
    if is_only_way && connections(tx)? <= 1 {
        return Err(SsoError::LastConnection);
    }
    Ok(())
}

/// Whether this person is to sign in through an identity provider alone. A rule that somebody changed behind our back
/// refuses everybody: it was made to lower no guard.
pub(in crate::identity) fn refuses_others(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<bool, StoreError> {
    let rule = match unless_forged(in_force(reads))? {
        Some(Some((rule, _))) => rule,
        Some(None) => return Ok(false),
        None => return Ok(true),
    };
    Ok(rule.sso_only && !rule.break_glass.contains(&person))
}

/// Whether a session of hers goes no further: she is to sign in through an identity provider alone, and it did not begin with one.
pub(in crate::identity) fn refuses_session(
    reads: &mut impl Reads,
    person: PersonId,
    session: CredentialId,
) -> Result<bool, StoreError> {
    Ok(refuses_others(reads, person)? && !is_vouched_for(reads, session)?)
}

/// Whether a session came through a connection. A row that says so and is not ours says nothing.
fn is_vouched_for(reads: &mut impl Reads, session: CredentialId) -> Result<bool, StoreError> {
    let through = unless_forged(identities::session(reads, session))?;
    Ok(through.flatten().is_some())
}

/// Ends what the rule that comes into force would not let begin: the sessions of everybody who is not marked that did not come
/// through a connection.
pub(super) fn end_others(tx: &mut Tx<'_>, rule: &Rule) -> Result<(), StoreError> {
    if !rule.sso_only {
        return Ok(());
    }
    for person in people::everybody(tx)? {
        if rule.break_glass.contains(&person.id) {
            continue;
        }
        for session in sessions::open_of(tx, person.id)? {
            if !is_vouched_for(tx, session)? {
                sessions::end(tx, session, "sso-only")?;
            }
        }
    }
    Ok(())
}

/// Tells all administrators that somebody who is marked signs in without an identity provider, within that transaction.
pub(in crate::identity) fn break_glass_used(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(), StoreError> {
    let Some((rule, setting)) = in_force(tx)? else {
        return Ok(());
    };
    if !rule.sso_only || !rule.break_glass.contains(&person) {
        return Ok(());
    }
    tx.journal(Entry::new("break-glass.used", "account", person))?;
    let to = powers::accounts_of_administrators(tx)?;
    mail::queue_about(tx, Event::BreakGlass, (setting.id, Some(person)), &to)
}
