//! Which role a group gives: proposed by one administrator, in force once another human has confirmed it.

use super::ProvisioningError;
use super::accounts::follow_groups;
use super::mail::{self, Event};
use super::tokens::confirms;
use crate::identity::access::{Access, Permission, Role};
use crate::identity::people;
use crate::identity::powers::{self, Verdict};
use crate::identity::provisioning::rules::OPEN_US;
use crate::identity::provisioning::store::groups;
use crate::identity::provisioning::store::mappings::{self as store, Mapping};
use crate::identity::provisioning::store::tokens::State;
use crate::identity::provisioning::{DirectoryId, GroupId, MappingId};
use crate::identity::roles;
use crate::platform::app::App;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// A mapping as the page shows it.
#[derive(Debug, Clone)]
pub struct MappingSight {
    pub mapping: Mapping,
    pub group: String,
    pub proposed_by: String,
}

type Sights = (Vec<(GroupId, String)>, Vec<MappingSight>);

/// A directory's groups by name, and what they give or shall give.
pub(super) fn sights(reads: &mut impl Reads, directory: DirectoryId) -> Result<Sights, StoreError> {
    let groups = groups::all(reads, directory)?;
    let mut names: Vec<(GroupId, String)> = groups
        .into_iter()
        .map(|group| (group.id, group.name))
        .collect();
    names.sort_by(|a, b| a.1.cmp(&b.1));
    let mut sights = Vec::new();
    for mapping in store::all(reads)? {
        let Some((_, group)) = names.iter().find(|(id, _)| *id == mapping.group) else {
            continue;
        };
        if mapping.works() || mapping.state == State::Open {
            sights.push(MappingSight {
                group: group.clone(),
                proposed_by: people::find(reads, mapping.proposed_by)?.name,
                mapping,
            });
        }
    }
    Ok((names, sights))
}

/// Asks that a group gives a role; it does at once where nobody else administers.
pub async fn map(
    app: &App,
    access: &Access,
    group: GroupId,
    role: Role,
) -> Result<(), ProvisioningError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let (_, name) = store::directory_of(tx, group)?;
            if !roles::load(tx)?.is_given(role) {
                return Err(StoreError::Missing.into());
            }
            let now = tx.now();
            let is_there = |other: &Mapping| {
                other.group == group && other.role == role && (other.works() || other.is_open(now))
            };
            if store::all(tx)?.iter().any(is_there) {
                return Err(ProvisioningError::Known);
            }
            let is_alone = powers::is_alone(tx, &by)?;
            let mapping = Mapping {
                id: tx.id(),
                group,
                role,
                state: if is_alone { State::Alone } else { State::Open },
                proposed_by: by.person(),
                proposed_human: by.human(),
                created: tx.now(),
                confirm_until: tx.now().plus_us(OPEN_US),
                version: 1,
            };
            store::insert(tx, &mapping)?;
            let action = if is_alone {
                "directory-mapping.made-alone"
            } else {
                "directory-mapping.proposed"
            };
            tx.journal(
                Entry::new(action, "directory-mapping", mapping.id)
                    .fact("group", group)
                    .fact("name", name)
                    .fact("role", role),
            )?;
            let (event, to) = if is_alone {
                (Event::MappingAlone, powers::with_role(tx)?)
            } else {
                (
                    Event::MappingProposed,
                    powers::accounts_of_administrators(tx)?,
                )
            };
            mail::queue(tx, event, mapping.id, &to)?;
            if is_alone {
                everybody_follows(tx, group)?;
            }
            Ok(tx.done(())?)
        })
        .await
}

/// Confirms or refuses a mapping that waits.
pub async fn decide_mapping(
    app: &App,
    access: &Access,
    id: MappingId,
    verdict: Verdict,
) -> Result<(), ProvisioningError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let mapping = store::authentic(tx, id)?;
            if mapping.state != State::Open {
                return Err(ProvisioningError::NotOpen);
            }
            if !mapping.is_open(tx.now()) {
                return Err(ProvisioningError::Late);
            }
            match verdict {
                Verdict::Confirm => {
                    confirms(tx, &by, (mapping.proposed_by, mapping.proposed_human))?;
                    store::directory_of(tx, mapping.group)?;
                    let to = (State::Confirmed, "directory-mapping.confirmed");
                    move_on(tx, &mapping, to)?;
                    everybody_follows(tx, mapping.group)?;
                }
                Verdict::Refuse => {
                    move_on(tx, &mapping, (State::Refused, "directory-mapping.refused"))?;
                }
            }
            Ok(tx.done(())?)
        })
        .await
}

fn move_on(
    tx: &mut Tx<'_>,
    mapping: &Mapping,
    (state, action): (State, &'static str),
) -> Result<(), StoreError> {
    store::decide(tx, mapping, state)?;
    tx.journal(
        Entry::new(action, "directory-mapping", mapping.id)
            .version(mapping.version + 1)
            .fact("group", mapping.group)
            .fact("role", mapping.role)
            .fact("proposed-by", mapping.proposed_by),
    )
}

/// Ends a mapping: the roles that it gave are taken, and sessions end with them. One administrator is enough.
pub async fn end_mapping(
    app: &App,
    access: &Access,
    id: MappingId,
) -> Result<(), ProvisioningError> {
    access.require(Permission::PeopleAdminister)?;
    app.store
        .write(access.caller(), move |tx| {
            let mapping = store::authentic(tx, id)?;
            if !mapping.works() {
                return Err(ProvisioningError::NotOpen);
            }
            move_on(tx, &mapping, (State::Revoked, "directory-mapping.ended"))?;
            everybody_follows(tx, mapping.group)?;
            Ok(tx.done(())?)
        })
        .await
}

fn everybody_follows(tx: &mut Tx<'_>, group: GroupId) -> Result<(), ProvisioningError> {
    for person in store::people_in(tx, group)? {
        follow_groups(tx, person)?;
    }
    Ok(())
}
