//! Who may do what: roles are sets of permissions, and the policy of those that are built in is the one `match` in [`rules`].
//!
//! Invariants
//! - Every action takes an [`Access`] and names the [`Permission`] it needs.
//! - A role may be held in one legal entity. [`Access::require`] and [`Access::may`] ask for the whole organisation, so that an
//!   action that does not think of entities refuses whoever has less; one that does asks for the [`Reach`].
//! - What somebody may not see answers as if it were not there: whoever only looks is not told which permission it takes
//!   ([`Access::lacks`]).
//! - A service account does nothing that takes a human, whatever roles it has.
//! - Duties are compared by the human behind the account (invariant 5), never by the account.
//! - What moves money or gives power needs a factor that its person showed a moment ago ([`Access::require_fresh`]). A token
//!   shows none.

mod rules;
mod views;

pub(in crate::identity) use rules::digest_of;
pub use rules::{
    Extent, Grant, Permission, PermissionSet, Reach, Right, Role, allows, allows_service, extent,
    holds, mark, printed_matrix, reach,
};
pub use views::choice;

use axum::http::StatusCode;
use jiff::civil::Date;

use crate::identity::delegations::DelegationId;
use crate::identity::organisations::EntityId;
use crate::ids;
use crate::msg;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::web::Problem;

ids! {
    /// The human behind one or several accounts.
    HumanId,
    /// A role that an organisation has made.
    CustomRoleId,
}

/// On whose behalf somebody decides on bills, by a delegation that stood when she asked, and where.
#[derive(Debug, Clone)]
pub struct Mandate {
    pub delegation: DelegationId,
    pub principal: PersonId,
    pub human: HumanId,
    pub name: String,
    pub reach: Reach,
    /// The last day on which she does.
    pub until: Date,
}

/// Somebody who has shown who they are, within one organisation.
#[derive(Debug, Clone)]
pub struct Access {
    caller: Caller,
    person: PersonId,
    human: HumanId,
    rights: Vec<Right>,
    /// What a token is limited to; none for a session.
    limited_to: Option<Vec<Permission>>,
    /// Whether a program acts, by a service account.
    is_service: bool,
    /// Whether the request changes nothing, so that a refusal says no more than that nothing is there.
    only_looks: bool,
    /// What others delegated to her.
    mandates: Vec<Mandate>,
    /// When the person last showed a second factor.
    factor_at: Option<Micros>,
    /// How long a factor counts as shown a moment ago.
    fresh_us: i64,
}

/// How long a factor counts as shown a moment ago, where the organisation's security policy says nothing else.
pub const FRESH_US: i64 = 10 * Micros::MINUTE;

/// The code of the problem that a factor was not shown a moment ago.
pub const STEP_UP: &str = msg!("error-step-up");

/// Why this person may not do this, or not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("this needs the permission {}", .0.as_str())]
    Lacks(Permission),
    #[error("this is not hers to see")]
    Unseen,
    #[error("this needs a second factor that was shown a moment ago")]
    NotFresh,
}

impl Access {
    /// Made by sessions and tokens alone, after they have verified the credential.
    #[must_use]
    pub(in crate::identity) fn new(
        caller: Caller,
        person: PersonId,
        human: HumanId,
        rights: Vec<Right>,
        limited_to: Option<Vec<Permission>>,
        factor_at: Option<Micros>,
    ) -> Self {
        Self {
            caller,
            person,
            human,
            rights,
            limited_to,
            is_service: false,
            only_looks: false,
            mandates: Vec::new(),
            factor_at,
            fresh_us: FRESH_US,
        }
    }

    /// The same, with another time for which a factor counts.
    #[must_use]
    pub fn fresh_for(self, fresh_us: i64) -> Self {
        Self { fresh_us, ..self }
    }

    /// The same for a service account: what takes a human is not there, whatever its roles give.
    #[must_use]
    pub(in crate::identity) fn of_service(self) -> Self {
        Self {
            is_service: true,
            ..self
        }
    }

    /// The same by a request that only looks, if it does.
    #[must_use]
    pub(in crate::identity) fn looking(self, only_looks: bool) -> Self {
        Self { only_looks, ..self }
    }

    /// The same with what others delegated to her.
    #[must_use]
    pub(in crate::identity) fn acting_for(self, mandates: Vec<Mandate>) -> Self {
        Self { mandates, ..self }
    }

    /// On whose behalf she may decide on bills. None of it is in her own reach.
    #[must_use]
    pub fn mandates(&self) -> &[Mandate] {
        &self.mandates
    }

    /// Whether she decides on bills of this entity, for herself or on somebody's behalf.
    #[must_use]
    pub fn decides_in(&self, entity: EntityId) -> bool {
        let is_within = |mandate: &Mandate| mandate.reach.includes(entity);
        self.may_in(Permission::BillsDecide, entity) || self.mandates.iter().any(is_within)
    }

    /// Whether she decides on any bills.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.may_anywhere(Permission::BillsDecide) || !self.mandates.is_empty()
    }

    /// The permission is there in the whole organisation, or the action ends here.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(self.lacks(permission))
        }
    }

    /// Why the action ends where the permission is not there: whoever would change something is told which one it takes, and
    /// whoever only looks is told that nothing is there.
    #[must_use]
    pub fn lacks(&self, permission: Permission) -> Denied {
        if self.only_looks {
            Denied::Unseen
        } else {
            Denied::Lacks(permission)
        }
    }

    /// The person has shown a second factor a moment ago, in the session by which she asks, or the action ends here.
    pub fn require_fresh(&self) -> Result<(), Denied> {
        if self.is_fresh() {
            Ok(())
        } else {
            Err(Denied::NotFresh)
        }
    }

    /// The same for what tokens do as well, by the permissions that they name: they show none, and a factor was shown when they were
    /// made. A session goes as far as its cookie, which may be somebody else's by now.
    pub fn require_fresh_session(&self) -> Result<(), Denied> {
        match self.caller.actor.credential {
            CredentialKind::Token => Ok(()),
            _ => self.require_fresh(),
        }
    }

    /// Whether a second factor was shown a moment ago. A moment that has not come yet was not written by us.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let is_person = self.caller.actor.credential == CredentialKind::Session;
        let ago_us = self.factor_at.map(|shown| self.now().since(shown));
        is_person && ago_us.is_some_and(|ago_us| (0..self.fresh_us).contains(&ago_us))
    }

    /// Where the permission is there, or the action ends here. The action checks each thing that it shows or touches.
    pub fn reach(&self, permission: Permission) -> Result<Reach, Denied> {
        self.reaches(permission)
            .ok_or_else(|| self.lacks(permission))
    }

    /// Where any of the permissions is there.
    ///
    /// # Errors
    /// Names the first one where none is.
    pub fn reach_of_any(&self, permissions: &[Permission]) -> Result<Reach, Denied> {
        let reaches = permissions.iter().filter_map(|one| self.reaches(*one));
        let first = permissions.first().copied();
        // No permission named is none held: reading is refused as if nothing were there.
        let denied = self.lacks(first.unwrap_or(Permission::BillsRead));
        reaches.reduce(Reach::or).ok_or(denied)
    }

    /// Where the permission is there, for what is shown beside something else: a reach of nothing where it is not there at all.
    #[must_use]
    pub fn sight(&self, permission: Permission) -> Reach {
        let nothing = || Reach::Entities(std::collections::BTreeSet::new());
        self.reaches(permission).unwrap_or_else(nothing)
    }

    /// Whether the permission is there in the whole organisation.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.reaches(permission) == Some(Reach::Everything)
    }

    /// Whether the permission is there in one entity at least.
    #[must_use]
    pub fn may_anywhere(&self, permission: Permission) -> bool {
        self.reaches(permission).is_some()
    }

    /// Whether the permission is there in this entity.
    #[must_use]
    pub fn may_in(&self, permission: Permission, entity: EntityId) -> bool {
        self.reaches(permission)
            .is_some_and(|reach| reach.includes(entity))
    }

    fn reaches(&self, permission: Permission) -> Option<Reach> {
        let is_limited = |limits: &Vec<Permission>| !limits.contains(&permission);
        let takes_a_human = self.is_service && !allows_service(permission);
        if takes_a_human || self.limited_to.as_ref().is_some_and(is_limited) {
            return None;
        }
        reach(&self.rights, permission)
    }

    #[must_use]
    pub fn caller(&self) -> Caller {
        self.caller
    }

    #[must_use]
    pub fn scope(&self) -> Scope {
        self.caller.scope
    }

    #[must_use]
    pub fn now(&self) -> Micros {
        self.caller.now
    }

    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    #[must_use]
    pub fn human(&self) -> HumanId {
        self.human
    }

    /// When the person last showed a second factor; none for tokens and sessions without one.
    #[must_use]
    pub fn factor_at(&self) -> Option<Micros> {
        self.factor_at
    }
}

impl From<Denied> for Problem {
    /// What may not be seen is not there; what may be seen but not done says so.
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unseen => Self::not_found(),
            Denied::Lacks(permission) if permission.is_reading() => Self::not_found(),
            Denied::Lacks(permission) => Self::forbidden().arg("permission", permission.as_str()),
            Denied::NotFresh => Self::new(StatusCode::FORBIDDEN, STEP_UP),
        }
    }
}
