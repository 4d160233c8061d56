//! The passwords' SQL.

use crate::identity::expiries;
use crate::identity::policy::PCI_DAYS;
use crate::params;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Entry, Reads, Sql, StoreError, Tx};

use super::actions::Hashed;

const FIND: Sql =
    Sql::read("SELECT id, phc, disowned_us FROM passwords WHERE org_id = $1 AND person_id = $2");
const CHOSEN: Sql =
    Sql::read("SELECT id, changed_us FROM passwords WHERE org_id = $1 AND person_id = $2");
const FORMER: Sql = Sql::read(
    "SELECT id, phc, version FROM former_passwords WHERE org_id = $1 AND person_id = $2 AND phc <> '' ORDER BY id DESC",
);
const KEEP_FORMER: Sql = Sql::change(
    "former_passwords",
    "INSERT INTO former_passwords (org_id, id, person_id, phc, replaced_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const EMPTY_FORMER: Sql = Sql::change(
    "former_passwords",
    "UPDATE former_passwords SET phc = '', version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const REHASH: Sql = Sql::change(
    "passwords",
    "UPDATE passwords SET phc = $3, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
);
const VERSION: Sql =
    Sql::read("SELECT version FROM passwords WHERE org_id = $1 AND person_id = $2");
const INSERT: Sql = Sql::change(
    "passwords",
    "INSERT INTO passwords (org_id, id, person_id, phc, changed_us, version) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
);
const REPLACE: Sql = Sql::change(
    "passwords",
    "UPDATE passwords SET phc = $3, changed_us = $4, disowned_us = NULL, version = version + 1 \
     WHERE org_id = $1 AND person_id = $2 RETURNING id",
);
const DISOWN: Sql = Sql::change(
    "passwords",
    "UPDATE passwords SET disowned_us = $3, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
);

/// A person's password, and since when it lets nobody in, where it does not; `Forged` where its row is not ours.
fn held(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<(Hashed, Option<Micros>)>, StoreError> {
    let row: Option<(CredentialId, String, Option<Micros>)> =
        reads.maybe(&FIND, params![person])?;
    let Some((id, phc, disowned)) = row else {
        return Ok(None);
    };
    reads.authentic("passwords", id)?;
    Ok(Some((Hashed(phc), disowned)))
}

/// The PHC string of a person's password, whether or not it lets anybody in; `Forged` where its row is not ours.
pub(in crate::identity) fn find(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Hashed>, StoreError> {
    Ok(held(reads, person)?.map(|(hashed, _)| hashed))
}

/// Whether her password lets nobody in until it is replaced; `Forged` where its row is not ours.
pub(in crate::identity) fn is_disowned(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<bool, StoreError> {
    Ok(held(reads, person)?.is_some_and(|(_, disowned)| disowned.is_some()))
}

/// Her password, if it lets her in.
pub(in crate::identity) fn that_signs_in(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Hashed>, StoreError> {
    let held = held(reads, person)?.filter(|(_, disowned)| disowned.is_none());
    Ok(held.map(|(hashed, _)| hashed))
}

/// Lets her password let nobody in any more until it is replaced; false where she has none.
pub(in crate::identity) fn disown(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.change(&DISOWN, params![person, now])? == 1)
}

pub(in crate::identity) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashed: &Hashed,
) -> Result<(), StoreError> {
    let (id, now): (CredentialId, _) = (tx.id(), tx.now());
    tx.change_one(&INSERT, params![id, person, &hashed.0, now])?;
    remind_of_end(tx, person)
}

/// Whether the profile that ends it is in force is asked when the time has come.
fn remind_of_end(tx: &mut Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    let ends = tx.now().plus_us(PCI_DAYS * Micros::DAY);
    expiries::remind(tx, expiries::What::Password, person, ends)
}

pub(in crate::identity) fn replace(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashed: &Hashed,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&REPLACE, params![person, &hashed.0, now])?;
    remind_of_end(tx, person)
}

/// Another hash of the same password: it is as old as it was.
pub(in crate::identity) fn rehash(
    tx: &mut Tx<'_>,
    person: PersonId,
    hashed: &Hashed,
) -> Result<(), StoreError> {
    tx.change_one(&REHASH, params![person, &hashed.0])
}

/// When a person chose her password; `Forged` where its row is not ours.
pub(in crate::identity) fn chosen(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Micros, StoreError> {
    let (id, chosen): (CredentialId, Micros) = reads.one(&CHOSEN, params![person])?;
    reads.authentic("passwords", id)?;
    Ok(chosen)
}

/// The hashes of at most so many passwords that she had before, the newest first.
pub(in crate::identity) fn former(
    reads: &mut impl Reads,
    person: PersonId,
    most: usize,
) -> Result<Vec<Hashed>, StoreError> {
    let rows: Vec<(CredentialId, String, i64)> = reads.all(&FORMER, params![person])?;
    let mut former = Vec::new();
    for (id, phc, _) in rows.into_iter().take(most) {
        reads.authentic("former_passwords", id)?;
        former.push(Hashed(phc));
    }
    Ok(former)
}

/// Keeps the hash of her present password beside at most `most - 1` former ones; those before them are emptied.
pub(in crate::identity) fn keep_former(
    tx: &mut Tx<'_>,
    person: PersonId,
    most: usize,
) -> Result<(), StoreError> {
    let Some(present) = find(tx, person)? else {
        return Ok(());
    };
    let earlier: Vec<(CredentialId, String, i64)> = tx.all(&FORMER, params![person])?;
    let (id, now): (CredentialId, _) = (tx.id(), tx.now());
    tx.change_one(&KEEP_FORMER, params![id, person, &present.0, now])?;
    tx.journal(Entry::new("password.kept", "former-password", id).fact("person", person))?;
    for (id, _, version) in earlier.into_iter().skip(most.saturating_sub(1)) {
        tx.change_one(&EMPTY_FORMER, params![id])?;
        let entry = Entry::new("password.emptied", "former-password", id);
        tx.journal(entry.version(version + 1))?;
    }
    Ok(())
}

pub(in crate::identity) fn version(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<i64, StoreError> {
    let (version,): (i64,) = reads.one(&VERSION, params![person])?;
    Ok(version)
}
