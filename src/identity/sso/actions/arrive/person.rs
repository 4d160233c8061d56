//! Which person a subject is: the one it was linked to, or the one whom a verified address names.

use crate::identity::sso::actions::propose::leaves;
use std::sync::Arc;

use super::{ArriveError, Found};
use crate::identity::links;
use crate::identity::organisations::NAME_CHARS;
use crate::identity::people::{self, Status};
use crate::identity::sso::rules::{About, Arrival, Reason, State, domain_of, link_id};
use crate::identity::sso::store::{identities, settings};
use crate::identity::sso::{Confirmed, SsoIdentityId};
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::SSO_SUBJECT;
use crate::platform::store::{Entry, Reads as _, StoreError, Tx};

pub(super) fn of(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    confirmed: &Confirmed,
    arrival: &Arrival,
) -> Result<Found, ArriveError> {
    let index = keys.blind_index(SSO_SUBJECT, &confirmed.own(&arrival.subject.value));
    if let Some(identity) = identities::find(tx, confirmed.id, index)? {
        joined(tx, identity.person, arrival)?;
        return Ok(Found {
            person: identity.person,
            identity: identity.id,
            is_new: false,
        });
    }
    let email = verified_email(tx, arrival)?;
    let (person, is_new) = match identities::person_of(tx, &email)? {
        Some(person) => existing(tx, confirmed, (person, arrival))?,
        None if confirmed.connection.just_in_time => (made(tx, keys, (&email, arrival))?, true),
        None => return Err(ArriveError::Refused(Reason::Unknown)),
    };
    let identity: SsoIdentityId = tx.id();
    let subject = serde_json::json!(arrival.subject).to_string();
    let own = keys.own(tx)?;
    let sealed = own.seal(SSO_SUBJECT, *identity.as_bytes(), &subject, tx.entropy());
    identities::insert(tx, (identity, confirmed.id), (index, sealed), person)?;
    tx.journal(
        Entry::new("identity.linked", "sso-identity", identity)
            .fact("person", person)
            .fact("connection", confirmed.id),
    )?;
    Ok(Found {
        person,
        identity,
        is_new,
    })
}

/// The address by which somebody is found: one alone, of a domain that two administrators said is the organisation's. Plain
/// letters only: two that look or fold alike must not be one account.
fn verified_email(tx: &mut Tx<'_>, arrival: &Arrival) -> Result<String, ArriveError> {
    let typed = arrival.email.as_deref().unwrap_or_default();
    let email = people::email(typed).filter(|email| email.is_ascii());
    let no_email = ArriveError::Refused(Reason::NoEmail);
    let (Some(email), Some(domain)) = (email, domain_of(typed)) else {
        return Err(no_email);
    };
    match settings::active(tx, About::Domain, &domain)? {
        Some(_) => Ok(email),
        None => Err(ArriveError::Refused(Reason::Domain)),
    }
}

/// Somebody with an account. One who has an identity already gets a second one only by a permission of two, which is used
/// up: else whoever can name an address at one provider is everybody whom another one knows.
fn existing(
    tx: &mut Tx<'_>,
    confirmed: &Confirmed,
    (id, arrival): (PersonId, &Arrival),
) -> Result<(PersonId, bool), ArriveError> {
    tx.authentic("people", id)?;
    let person = people::find(tx, id)?;
    if person.status == Status::Suspended {
        return Err(ArriveError::Refused(Reason::Suspended));
    }
    if !identities::of_person(tx, id)?.is_empty() {
        let permitted = settings::active(tx, About::Link, &link_id(confirmed.id, id))?;
        let Some(setting) = permitted else {
            return Err(ArriveError::Refused(Reason::LinkedElsewhere));
        };
        leaves(tx, &setting, State::Ended, "sign-in-setting.used")?;
    }
    Ok((id, joined(tx, id, arrival)?))
}

/// Whoever is invited needs no password: she has come. Says whether she was.
fn joined(tx: &mut Tx<'_>, id: PersonId, arrival: &Arrival) -> Result<bool, StoreError> {
    tx.authentic("people", id)?;
    let person = people::find(tx, id)?;
    if person.status != Status::Invited {
        return Ok(false);
    }
    people::join(tx, &person, &named(arrival, &person.name))?;
    for link in links::open_of_person(tx, id)? {
        links::void(tx, link)?;
    }
    Ok(true)
}

/// Her name as the identity provider writes it, as far as it is one.
fn named(arrival: &Arrival, otherwise: &str) -> String {
    let said = arrival.name.as_deref().unwrap_or(otherwise);
    let plain = said.chars().filter(|c| !c.is_control());
    plain.take(NAME_CHARS).collect()
}

/// Just in time: an account without roles; the mapping gives them.
fn made(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    (email, arrival): (&str, &Arrival),
) -> Result<PersonId, ArriveError> {
    let id: PersonId = tx.id();
    keys.create_subject(tx, id)?;
    let local = email.split('@').next().unwrap_or(email);
    create(tx, id, (&named(arrival, local), email))?;
    Ok(id)
}

fn create(tx: &mut Tx<'_>, id: PersonId, who: (&str, &str)) -> Result<(), StoreError> {
    people::create(tx, id, who, Status::Active, None, &[])
}
