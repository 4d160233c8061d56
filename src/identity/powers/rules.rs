//! Which roles carry power, and who may confirm what somebody else proposed.

use super::store::Request;
use crate::identity::access::{Grant, HumanId, Permission, PermissionSet};
use crate::platform::clock::Micros;
use crate::text_enum;

text_enum! {
    /// What is asked for.
    pub enum Kind {
        /// Roles for a person.
        Roles = "roles",
        /// The end of somebody's second factors, which she has lost.
        FactorReset = "factor-reset",
    }
}

text_enum! {
    pub enum State {
        /// Waits for a second administrator.
        Open = "open",
        Confirmed = "confirmed",
        Refused = "refused",
        /// A later request for the same person took its place.
        Replaced = "replaced",
        /// Granted at once: nobody else administered the organisation.
        Alone = "alone",
    }
}

text_enum! {
    /// What a second administrator says.
    pub enum Verdict {
        Confirm = "confirm",
        Refuse = "refuse",
    }
}

/// How long a request can be confirmed. Whoever stopped administering counts as an administrator for as long, so that taking
/// the role from everybody else makes nobody alone at once.
pub(super) const OPEN_US: i64 = 7 * Micros::DAY;

/// What moves money, shows what is sealed, or makes somebody who does.
const POWERS: [Permission; 7] = [
    Permission::BillsDecide,
    Permission::BankAccountsVerify,
    Permission::RunsCountersign,
    Permission::RunsRelease,
    Permission::PeopleAdminister,
    Permission::SettingsEdit,
    Permission::SecretsReveal,
];

/// What of these permissions approves, verifies, releases, reveals or administers.
#[must_use]
pub fn powers_in(permissions: PermissionSet) -> PermissionSet {
    permissions.and(POWERS.iter().copied().collect())
}

/// Whether any of them does.
#[must_use]
pub fn has_power(permissions: PermissionSet) -> bool {
    !powers_in(permissions).is_empty()
}

/// Grants as their row keeps them: each once, in the policy's order.
pub(super) fn text_of(grants: &[Grant]) -> String {
    let mut grants = grants.to_vec();
    grants.sort_unstable();
    grants.dedup();
    let words: Vec<String> = grants.iter().map(ToString::to_string).collect();
    words.join(" ")
}

pub(super) fn grants_of(text: &str) -> Vec<Grant> {
    text.split(' ').filter_map(Grant::parse).collect()
}

/// Why somebody does not confirm a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotOpen,
    Late,
    SameHuman,
    /// Whoever proposed is whoever receives.
    Oneself,
    Receiver,
}

/// The humans whom a confirmation compares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Humans<'a> {
    pub confirms: HumanId,
    pub receives: HumanId,
    /// Which of them are one.
    pub joined: &'a crate::identity::humans::Humans,
    /// Everybody who administers.
    pub administer: &'a [HumanId],
    /// Whether every row that says who administers is the application's own.
    pub are_ours: bool,
}

/// Whether the request can be decided on at this moment.
pub(super) fn is_open(request: &Request, now: Micros) -> Result<(), Refusal> {
    if request.state != State::Open {
        return Err(Refusal::NotOpen);
    }
    if now >= request.expires {
        return Err(Refusal::Late);
    }
    Ok(())
}

/// Whether this human may confirm. Whoever receives the power does so only where nobody else could: two administrators have no
/// third one, and two humans stand behind it all the same.
pub(super) fn may_confirm(request: &Request, humans: Humans<'_>) -> Result<(), Refusal> {
    if humans
        .joined
        .are_one(humans.confirms, request.proposed_human)
    {
        return Err(Refusal::SameHuman);
    }
    // She may have been joined to the receiver after she proposed.
    if humans
        .joined
        .are_one(request.proposed_human, humans.receives)
    {
        return Err(Refusal::Oneself);
    }
    // Another account of one of the two counts as a third here: whoever is joined lowers no guard.
    let concerned = [humans.receives, request.proposed_human];
    let is_third_there = humans
        .administer
        .iter()
        .any(|human| !concerned.contains(human));
    // Nobody ends her own factors by a second account of hers, or by agreement with one other.
    let is_third_needed = request.kind == Kind::FactorReset || is_third_there || !humans.are_ours;
    if humans.joined.are_one(humans.confirms, humans.receives) && is_third_needed {
        return Err(Refusal::Receiver);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access::Role;

    #[test]
    fn roles_with_power_are_those_that_approve_verify_release_reveal_or_administer() {
        let with: Vec<Role> = Role::ALL
            .iter()
            .copied()
            .filter(|role| has_power(PermissionSet::of(*role)))
            .collect();
        assert_eq!(
            with,
            [
                Role::Approver,
                Role::Payer,
                Role::VendorManager,
                Role::Administrator,
                Role::SecurityOfficer
            ]
        );
    }

    #[test]
    fn roles_are_kept_once_and_in_order() {
        let roles = [Role::Payer, Role::Approver, Role::Payer];
        let text = text_of(&roles.map(Grant::everywhere));
        assert_eq!(text, "approver payer");
        assert_eq!(
            grants_of(&text),
            [Role::Approver, Role::Payer].map(Grant::everywhere)
        );
        assert_eq!(grants_of(""), []);
    }
}
