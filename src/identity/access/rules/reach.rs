//! How far a permission reaches: everywhere, or in some legal entities. Pure.

use std::collections::BTreeSet;

use aws_lc_rs::digest;

use super::{Permission, PermissionSet, Role};
use crate::identity::access::Mandate;
use crate::identity::organisations::EntityId;
use crate::platform::store::{StoreError, Value};

/// A role that somebody holds: in the whole organisation, or in one legal entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    pub role: Role,
    /// None for the whole organisation.
    pub entity: Option<EntityId>,
}

impl Grant {
    #[must_use]
    pub const fn everywhere(role: Role) -> Self {
        Self { role, entity: None }
    }
}

impl From<Role> for Grant {
    fn from(role: Role) -> Self {
        Self::everywhere(role)
    }
}

/// `approver` or `approver@` and the entity's id, as requests keep it and forms send it.
impl std::fmt::Display for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entity {
            None => self.role.fmt(f),
            Some(entity) => write!(f, "{}@{entity}", self.role),
        }
    }
}

impl Grant {
    /// From its text; none for a role or an entity's id that is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('@') {
            None => Role::parse(text).map(Self::everywhere),
            Some((role, entity)) => Some(Self {
                role: Role::parse(role)?,
                entity: Some(entity.parse().ok()?),
            }),
        }
    }
}

/// A grant with what it gives: what the policy says of its role, or the row of the organisation's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    pub grant: Grant,
    pub gives: PermissionSet,
}

impl Right {
    /// Of a role that is built in.
    #[must_use]
    pub fn built_in(grant: Grant) -> Self {
        Self {
            grant,
            gives: PermissionSet::of(grant.role),
        }
    }
}

/// What somebody may do and where, for herself and for others, as SHA-256: two of them are equal where neither gives what the other
/// does not.
#[must_use]
pub fn mark(rights: &[Right], mandates: &[Mandate]) -> Vec<u8> {
    let given = rights.iter().flat_map(|right| {
        let place = right.grant.entity.map(|entity| entity.to_string());
        let place = place.unwrap_or_default();
        right.gives.iter().map(move |one| format!("{one}@{place}"))
    });
    let handed_on = mandates.iter().map(|mandate| {
        let places: Vec<String> = match &mandate.reach {
            Reach::Everything => Vec::new(),
            Reach::Entities(entities) => entities.iter().map(ToString::to_string).collect(),
        };
        format!("for {}@{}", mandate.principal, places.join(","))
    });
    digest_of(given.chain(handed_on)).to_vec()
}

/// SHA-256 of lines, whatever their order and however often one is there.
pub(in crate::identity) fn digest_of(lines: impl Iterator<Item = String>) -> [u8; 32] {
    let lines: BTreeSet<String> = lines.collect();
    let text: Vec<String> = lines.into_iter().collect();
    let digest = digest::digest(&digest::SHA256, text.join("\n").as_bytes());
    let mut found = [0; 32];
    found.copy_from_slice(digest.as_ref());
    found
}

/// What a permission is about, and so what is left of it where its role is held in one legal entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Bills, runs, accounts to pay from: of one legal entity each.
    Entity,
    /// Read by all entities alike: it is given in full.
    Shared,
    /// Of the organisation: a role in one entity does not give it.
    Organisation,
}

/// What each permission is about. Vendors serve all entities: everybody who works with them reads them, but whoever changes one
/// or its bank account changes whom all entities pay, so that this takes a role in the whole organisation.
#[must_use]
pub const fn extent(permission: Permission) -> Extent {
    use Permission as P;
    match permission {
        P::BillsRead
        | P::BillsEnter
        | P::BillsCode
        | P::BillsDecide
        | P::HoldsRelease
        | P::RunsRead
        | P::RunsPropose
        | P::RunsCountersign
        | P::RunsRelease
        | P::SettingsEdit => Extent::Entity,
        P::VendorsRead | P::OwnTokens => Extent::Shared,
        P::VendorsEdit
        | P::BankAccountsEnter
        | P::BankAccountsVerify
        | P::PeopleRead
        | P::PeopleAdminister
        | P::JournalRead
        | P::SecretsReveal => Extent::Organisation,
    }
}

/// Where somebody may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Everything,
    Entities(BTreeSet<EntityId>),
}

impl Reach {
    #[must_use]
    pub fn includes(&self, entity: EntityId) -> bool {
        match self {
            Self::Everything => true,
            Self::Entities(entities) => entities.contains(&entity),
        }
    }

    /// What lies outside of the reach is not there.
    ///
    /// # Errors
    /// `Missing` outside.
    pub fn check(&self, entity: EntityId) -> Result<(), StoreError> {
        if self.includes(entity) {
            Ok(())
        } else {
            Err(StoreError::Missing)
        }
    }

    /// Where either of two reaches.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Entities(mut one), Self::Entities(other)) => {
                one.extend(other);
                Self::Entities(one)
            }
            _ => Self::Everything,
        }
    }
}

/// As statements ask for it: `($n = '' OR REPLACE($n, entity_id, '') <> $n)`. Ids are of one
/// length and stand apart, so that one is never found in another or across two.
impl From<&Reach> for Value {
    fn from(reach: &Reach) -> Self {
        match reach {
            Reach::Everything => Self::from(""),
            Reach::Entities(entities) => {
                let ids: Vec<String> = entities.iter().map(ToString::to_string).collect();
                // A reach of no entity must not read as one of all.
                Self::from(format!("|{}|", ids.join("|")))
            }
        }
    }
}

/// Whether these rights give a permission in the whole organisation.
#[must_use]
pub fn holds(rights: &[Right], permission: Permission) -> bool {
    reach(rights, permission) == Some(Reach::Everything)
}

/// Where these rights give a permission; none where they do not give it at all.
#[must_use]
pub fn reach(rights: &[Right], permission: Permission) -> Option<Reach> {
    rights
        .iter()
        .filter(|right| right.gives.contains(permission))
        .filter_map(|right| match (right.grant.entity, extent(permission)) {
            (None, _) | (Some(_), Extent::Shared) => Some(Reach::Everything),
            (Some(entity), Extent::Entity) => Some(Reach::Entities(BTreeSet::from([entity]))),
            (Some(_), Extent::Organisation) => None,
        })
        .reduce(Reach::or)
}

#[cfg(test)]
mod tests {
    use countersign_sealing::SeededEntropy;
    use uuid::Uuid;

    use super::*;
    use crate::identity::access::HumanId;
    use crate::identity::delegations::DelegationId;
    use crate::platform::clock::Micros;
    use crate::platform::ids::{Id as _, PersonId, uuid_v7};

    fn entities() -> [EntityId; 2] {
        let entropy = SeededEntropy::new(3);
        [1, 2].map(|at| EntityId::from_uuid(uuid_v7(Micros(at), &entropy)))
    }

    const fn within(role: Role, entity: EntityId) -> Grant {
        Grant {
            role,
            entity: Some(entity),
        }
    }

    fn reach(grants: &[Grant], permission: Permission) -> Option<Reach> {
        let rights: Vec<Right> = grants.iter().copied().map(Right::built_in).collect();
        super::reach(&rights, permission)
    }

    #[test]
    fn a_role_in_one_entity_reaches_that_entity_and_what_all_share() {
        let [here, there] = entities();
        let grants = [within(Role::Clerk, here)];
        let bills = reach(&grants, Permission::BillsEnter).expect("there");
        assert!(bills.includes(here) && !bills.includes(there));
        assert!(bills.check(there).is_err());
        assert_eq!(
            reach(&grants, Permission::VendorsRead),
            Some(Reach::Everything)
        );
        assert_eq!(reach(&grants, Permission::VendorsEdit), None);
        assert_eq!(reach(&grants, Permission::BillsDecide), None);
    }

    #[test]
    fn a_mark_changes_with_what_somebody_may_do_and_with_nothing_else() {
        let [here, there] = entities();
        let of = |grants: &[Grant]| {
            let rights: Vec<Right> = grants.iter().copied().map(Right::built_in).collect();
            mark(&rights, &[])
        };
        let clerk = Grant::everywhere(Role::Clerk);
        let approver = Grant::everywhere(Role::Approver);
        assert_eq!(of(&[clerk, approver]), of(&[approver, clerk, clerk]));
        assert_ne!(of(&[clerk]), of(&[clerk, approver]));
        assert_ne!(of(&[within(Role::Clerk, here)]), of(&[clerk]));
        let both = [within(Role::Clerk, here), within(Role::Clerk, there)];
        assert_ne!(of(&both[..1]), of(&both));
        // A role of the organisation's own that was widened: the grant is the same.
        let widened = Right {
            grant: clerk,
            gives: PermissionSet::of(Role::Approver),
        };
        assert_ne!(mark(&[widened], &[]), of(&[clerk]));
        assert_ne!(of(&[]), of(&[clerk]));
    }

    #[test]
    fn a_mark_changes_with_what_others_let_her_do() {
        let [here, there] = entities();
        let id = |n| Uuid::from_u128(n);
        let mandate = |principal: u128, reach| Mandate {
            delegation: DelegationId::from_uuid(id(principal + 100)),
            principal: PersonId::from_uuid(id(principal)),
            human: HumanId::from_uuid(id(principal)),
            name: String::new(),
            reach,
            until: jiff::civil::date(2026, 1, 5),
        };
        let within = |entity| Reach::Entities(BTreeSet::from([entity]));
        let of = |mandates: &[Mandate]| mark(&[], mandates);
        assert_ne!(of(&[]), of(&[mandate(1, Reach::Everything)]));
        assert_ne!(
            of(&[mandate(1, within(here))]),
            of(&[mandate(1, within(there))])
        );
        assert_ne!(
            of(&[mandate(1, within(here))]),
            of(&[mandate(2, within(here))])
        );
        // Another delegation that lets her do the same.
        let anew = Mandate {
            delegation: DelegationId::from_uuid(id(7)),
            ..mandate(1, within(here))
        };
        assert_eq!(of(&[mandate(1, within(here))]), of(&[anew]));
    }

    #[test]
    fn a_grant_is_read_back_from_its_text() {
        let [here, _] = entities();
        for grant in [Grant::everywhere(Role::Payer), within(Role::Payer, here)] {
            assert_eq!(Grant::parse(&grant.to_string()), Some(grant));
        }
        for wrong in ["", "king", "payer@", "payer@here", "@"] {
            assert_eq!(Grant::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reaches_add_up_and_everything_wins() {
        let [here, there] = entities();
        let both = [within(Role::Approver, here), within(Role::Approver, there)];
        let reach_of = |grants: &[Grant]| reach(grants, Permission::BillsDecide);
        let both = reach_of(&both).expect("there");
        assert!(both.includes(here) && both.includes(there));
        assert_ne!(both, Reach::Everything);
        let all = [
            within(Role::Approver, here),
            Grant::everywhere(Role::Approver),
        ];
        assert_eq!(reach_of(&all), Some(Reach::Everything));
    }

    #[test]
    fn what_a_statement_gets_names_each_entity_and_is_empty_for_everything_alone() {
        let mut pair = entities();
        pair.sort_unstable();
        let [here, there] = pair;
        assert_eq!(Value::from(&Reach::Everything), Value::from(""));
        let both = Reach::Entities(BTreeSet::from([here, there]));
        assert_eq!(Value::from(&both), Value::from(format!("|{here}|{there}|")));
        assert_ne!(
            Value::from(&Reach::Entities(BTreeSet::new())),
            Value::from("")
        );
    }
}
