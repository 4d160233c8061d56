//! What a directory does to accounts, within its own transactions.

use super::PeopleError;
use super::again;
use super::roles;
use crate::identity::access::Grant;
use crate::identity::people::rules::Status;
use crate::identity::people::store::{self, Person};
use crate::identity::provisioning::DirectoryId;
use crate::identity::{devices, links, sessions, tokens};
use crate::platform::ids::PersonId;
use crate::platform::store::{Entry, StoreError, Tx};

/// Gives an account another name.
pub(in crate::identity) fn rename(
    tx: &mut Tx<'_>,
    person: &Person,
    name: &str,
) -> Result<(), StoreError> {
    store::rename(tx, person, name)?;
    tx.journal(
        Entry::new("person.renamed", "person", person.id)
            .version(person.version + 1)
            .change("name", Some(&person.name), Some(name)),
    )
}

/// Gives an account that nobody has used yet another address; links that went to the old one end.
///
/// # Errors
/// `Stale` where somebody has used it: whoever changes such an address could have the mail that replaces its password.
pub(in crate::identity) fn readdress(
    tx: &mut Tx<'_>,
    person: &Person,
    email: &str,
) -> Result<(), StoreError> {
    store::readdress(tx, person, email)?;
    tx.journal(
        Entry::new("person.readdressed", "person", person.id)
            .version(person.version + 1)
            .change("email", Some(&person.email), Some(email)),
    )?;
    void_links(tx, person.id)
}

fn void_links(tx: &mut Tx<'_>, id: PersonId) -> Result<(), StoreError> {
    for link in links::open_of_person(tx, id)? {
        links::void(tx, link)?;
    }
    Ok(())
}

/// Suspends an account whose person has left: whatever she could still act by ends, and stays ended if she comes back.
///
/// # Errors
/// [`PeopleError::LastAdministrator`] where nobody else could let anybody in again.
pub(in crate::identity) fn leave(
    tx: &mut Tx<'_>,
    person: &Person,
    by: DirectoryId,
) -> Result<(), PeopleError> {
    if person.status == Status::Active {
        roles::stays_administered(tx, person.id)?;
    }
    let suspended = (Status::Suspended, Some(by));
    move_on(tx, person, suspended, "person.suspended")?;
    Ok(end_ways_in(tx, person.id)?)
}

/// Ends whatever somebody could still act by who has left, whoever suspended her account: nothing of it counts again where an
/// administrator lets her in later.
pub(in crate::identity) fn end_ways_in(tx: &mut Tx<'_>, id: PersonId) -> Result<(), StoreError> {
    sessions::end_all_of(tx, id, None, "suspended")?;
    tokens::revoke_all_of(tx, id)?;
    devices::end_all_of(tx, id, None)?;
    void_links(tx, id)
}

/// Lets somebody in again whom this directory had suspended; whether it had is for the caller to ask.
pub(in crate::identity) fn come_back(tx: &mut Tx<'_>, person: &Person) -> Result<(), StoreError> {
    let status = again::resumed(tx, person.id)?;
    move_on(tx, person, (status, None), "person.resumed")
}

fn move_on(
    tx: &mut Tx<'_>,
    person: &Person,
    (status, by): (Status, Option<DirectoryId>),
    action: &'static str,
) -> Result<(), StoreError> {
    store::set_status(tx, person, (status, by))?;
    tx.journal(
        Entry::new(action, "person", person.id)
            .version(person.version + 1)
            .change("status", Some(person.status), Some(status))
            .change("suspended-by", person.suspended_by, by),
    )
}

/// Takes roles from a person; her sessions end with them.
///
/// # Errors
/// [`PeopleError::LastAdministrator`] where nobody else administers.
pub(in crate::identity) fn take_roles(
    tx: &mut Tx<'_>,
    person: &Person,
    taken: Vec<Grant>,
) -> Result<(), PeopleError> {
    roles::take(tx, person.id, taken, person.version)
}

/// Takes every role that a person has; what she comes back to is given anew.
pub(in crate::identity) fn take_every_role(
    tx: &mut Tx<'_>,
    person: &Person,
) -> Result<(), PeopleError> {
    let has = sessions::grants_of(tx, person.id)?;
    take_roles(tx, person, has)
}
