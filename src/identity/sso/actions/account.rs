//! An account that was made by hand, and that a directory takes over: permitted by two, for one directory and one person, once.
//! Whoever holds a directory's token can suspend whom it reaches, so that nobody with power is within its reach by a permission.

use super::SsoError;
use super::propose::leaves;
use crate::identity::people::{self, Status};
use crate::identity::powers;
use crate::identity::provisioning::DirectoryId;
use crate::identity::sessions;
use crate::identity::sso::rules::{About, State, account_id};
use crate::identity::sso::store::settings;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, StoreError, Tx};

/// Whether the account is a person's who uses it, and who approves, verifies, releases and administers nothing.
pub(super) fn may_be_taken(reads: &mut impl Reads, person: PersonId) -> Result<(), SsoError> {
    if is_free(reads, person)? {
        Ok(())
    } else {
        Err(SsoError::Powerful)
    }
}

/// Of somebody who is invited the address could still be changed, and with it who she is.
fn is_free(reads: &mut impl Reads, person: PersonId) -> Result<bool, StoreError> {
    let found = people::find(reads, person)?;
    reads.authentic("people", person)?;
    let rights = sessions::rights_of(reads, person)?;
    let has_power = rights.iter().any(|right| powers::has_power(right.gives));
    Ok(found.status == Status::Active && !found.is_service() && !has_power)
}

/// Uses a permission up, if there is one that still may be used: false where the account stays what it is.
pub(in crate::identity) fn take_account(
    tx: &mut Tx<'_>,
    directory: DirectoryId,
    person: PersonId,
) -> Result<bool, StoreError> {
    let permitted = settings::active(tx, About::Account, &account_id(directory, person))?;
    let Some(setting) = permitted else {
        return Ok(false);
    };
    if !is_free(tx, person)? {
        return Ok(false);
    }
    leaves(tx, &setting, State::Ended, "sign-in-setting.used")?;
    Ok(true)
}
