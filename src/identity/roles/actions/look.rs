//! The organisation's roles, who holds them, and what waits to widen them.

use super::RoleError;
use crate::identity::access::{Access, CustomRoleId, Permission};
use crate::identity::people;
use crate::identity::roles::store::{self, CustomRole, RoleChange};
use crate::platform::app::App;
use crate::platform::ids::PersonId;

/// Somebody who has a role.
#[derive(Debug, Clone)]
pub struct Holder {
    pub role: CustomRoleId,
    pub person: PersonId,
    pub name: String,
    /// The legal entity where she has it; none for the whole organisation.
    pub entity: Option<String>,
}

/// A change that waits, with the names that it speaks of.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub change: RoleChange,
    pub role: String,
    pub proposed_by: String,
}

/// What the pages show.
#[derive(Debug, Clone)]
pub struct Sight {
    pub roles: Vec<CustomRole>,
    pub holders: Vec<Holder>,
    pub waiting: Vec<Waiting>,
}

impl Sight {
    #[must_use]
    pub fn role(&self, id: CustomRoleId) -> Option<&CustomRole> {
        self.roles.iter().find(|role| role.id == id)
    }

    pub fn holders_of(&self, id: CustomRoleId) -> impl Iterator<Item = &Holder> {
        self.holders.iter().filter(move |one| one.role == id)
    }
}

/// All roles that the organisation has made.
pub async fn list(app: &App, access: &Access) -> Result<Sight, RoleError> {
    access.require(Permission::PeopleRead)?;
    let now = app.now();
    app.store
        .read(access.scope(), move |read| {
            let roles = store::load(read)?;
            let people = people::everybody(read)?;
            let name_of = |id: PersonId| people.iter().find(|one| one.id == id);
            let mut holders = Vec::new();
            for (person, held) in people::grants(read)? {
                let Some((role, found)) = held.grant.role.custom().zip(name_of(person)) else {
                    continue;
                };
                holders.push(Holder {
                    role,
                    person,
                    name: found.name.clone(),
                    entity: held.entity,
                });
            }
            let mut waiting = Vec::new();
            for change in store::open(read, now)? {
                let role = roles.all().iter().find(|one| one.id == change.role);
                waiting.push(Waiting {
                    role: role.map(|role| role.name.clone()).unwrap_or_default(),
                    proposed_by: people::find(read, change.proposed_by)?.name,
                    change,
                });
            }
            Ok(Sight {
                roles: roles.all().to_vec(),
                holders,
                waiting,
            })
        })
        .await
}
