//! Roles as forms show and send them.

use crate::identity::access::{Grant, Role};
use crate::identity::organisations::{Entity, EntityId};
use crate::identity::people::actions::Offered;
use crate::identity::people::store::Held;
use crate::identity::people::views::{EntityRoles, RoleChoice};
use crate::identity::roles::{CustomRoles, words};
use crate::msg;
use crate::platform::web::page::Page;

/// The name of a role: that of one of the organisation's own is in no language.
pub(in crate::identity) fn role_label(page: &Page, roles: &CustomRoles, role: Role) -> String {
    match roles.find(role) {
        Some(own) => own.name.clone(),
        None => built_in_label(page, role),
    }
}

fn built_in_label(page: &Page, role: Role) -> String {
    page.t(match role {
        Role::Clerk => msg!("people-role-clerk"),
        Role::Coder => msg!("people-role-coder"),
        Role::Approver => msg!("people-role-approver"),
        Role::Payer => msg!("people-role-payer"),
        Role::VendorManager => msg!("people-role-vendor-manager"),
        Role::Administrator => msg!("people-role-administrator"),
        Role::Auditor => msg!("people-role-auditor"),
        Role::SecurityOfficer => msg!("people-role-security-officer"),
        Role::Custom(_) => msg!("people-role-unknown"),
    })
}

fn role_explained(page: &Page, roles: &CustomRoles, role: Role) -> String {
    page.t(match role {
        Role::Custom(_) => return words(roles.gives(role)),
        Role::Clerk => msg!("people-role-clerk-does"),
        Role::Coder => msg!("people-role-coder-does"),
        Role::Approver => msg!("people-role-approver-does"),
        Role::Payer => msg!("people-role-payer-does"),
        Role::VendorManager => msg!("people-role-vendor-manager-does"),
        Role::Administrator => msg!("people-role-administrator-does"),
        Role::Auditor => msg!("people-role-auditor-does"),
        Role::SecurityOfficer => msg!("people-role-security-officer-does"),
    })
}

/// Roles and where they are held, separated by commas.
pub(in crate::identity) fn held_labels(page: &Page, held: &[Held]) -> String {
    let label = |held: &Held| {
        let own = held.role_name.clone();
        let role = own.unwrap_or_else(|| built_in_label(page, held.grant.role));
        match &held.entity {
            Some(entity) => page.t2("people-role-in", "role", role, "entity", entity),
            None => role,
        }
    };
    let labels: Vec<String> = held.iter().map(label).collect();
    labels.join(", ")
}

/// The roles to choose from. One that was retired is there for whoever has it alone.
pub(in crate::identity) fn role_choices(
    page: &Page,
    roles: &CustomRoles,
    entity: Option<EntityId>,
    ticked: &[Grant],
) -> Vec<RoleChoice> {
    let of = |role: Role| Grant { role, entity };
    let own = roles.all().iter().map(|one| Role::Custom(one.id));
    let kept = own.filter(|role| !roles.is_given(*role) && ticked.contains(&of(*role)));
    roles
        .given()
        .chain(kept)
        .map(of)
        .map(|grant| RoleChoice {
            value: grant.to_string(),
            label: role_label(page, roles, grant.role),
            explained: role_explained(page, roles, grant.role),
            checked: ticked.contains(&grant),
        })
        .collect()
}

/// The roles to give in each legal entity, where there are several.
pub(in crate::identity) fn roles_within(
    page: &Page,
    offered: &Offered,
    ticked: &[Grant],
) -> Vec<EntityRoles> {
    let entities = &offered.entities;
    if entities.len() < 2 && ticked.iter().all(|grant| grant.entity.is_none()) {
        return Vec::new();
    }
    let one = |entity: &Entity| {
        let roles = role_choices(page, &offered.roles, Some(entity.id), ticked);
        EntityRoles {
            is_open: roles.iter().any(|role| role.checked),
            name: entity.name.clone(),
            roles,
        }
    };
    entities.iter().map(one).collect()
}

/// What a form sends; a word that is no role gives nothing.
pub(in crate::identity) fn parse_grants(typed: &[String]) -> Vec<Grant> {
    let mut grants: Vec<Grant> = typed.iter().filter_map(|text| Grant::parse(text)).collect();
    grants.sort_unstable();
    grants.dedup();
    grants
}
