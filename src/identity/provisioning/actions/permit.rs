//! Permitting a directory to take over an account that it did not make.

use super::ProvisioningError;
use crate::identity::access::{Access, Permission};
use crate::identity::people;
use crate::identity::provisioning::DirectoryId;
use crate::identity::sso::{self, Configuration};
use crate::platform::app::App;
use crate::platform::ids::PersonId;

/// Proposes it for whoever has the address; in force once another human who administers confirms it.
pub async fn permit(
    app: &App,
    access: &Access,
    directory: DirectoryId,
    email: &str,
) -> Result<PersonId, ProvisioningError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let name = people::sign_in_name(email);
    let everybody = app
        .store
        .read(access.scope(), |read| people::everybody(read));
    let mut people = everybody.await?.into_iter();
    let found = people.find(|person| people::sign_in_name(&person.email) == name);
    let person = found.ok_or(ProvisioningError::Nobody)?.id;
    let configuration = Configuration::Account { directory, person };
    sso::propose(app, access, configuration, None).await?;
    Ok(person)
}
