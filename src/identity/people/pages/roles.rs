//! Roles as forms show and send them.

use crate::identity::access::{Grant, Role};
use crate::identity::organisations::{Entity, EntityId};
use crate::identity::people::store::Held;
use crate::identity::people::views::{EntityRoles, RoleChoice};
use crate::msg;
use crate::platform::web::page::Page;

pub(in crate::identity) fn role_label(page: &Page, role: Role) -> String {
    page.t(match role {
        Role::Clerk => msg!("people-role-clerk"),
        Role::Coder => msg!("people-role-coder"),
        Role::Approver => msg!("people-role-approver"),
        Role::Payer => msg!("people-role-payer"),
        Role::VendorManager => msg!("people-role-vendor-manager"),
        Role::Administrator => msg!("people-role-administrator"),
        Role::Auditor => msg!("people-role-auditor"),
        Role::SecurityOfficer => msg!("people-role-security-officer"),
    })
}

fn role_explained(page: &Page, role: Role) -> String {
    page.t(match role {
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
        let role = role_label(page, held.grant.role);
        match &held.entity {
            Some(entity) => page.t2("people-role-in", "role", role, "entity", entity),
            None => role,
        }
    };
    let labels: Vec<String> = held.iter().map(label).collect();
    labels.join(", ")
}

pub(in crate::identity) fn role_choices(
    page: &Page,
    entity: Option<EntityId>,
    ticked: &[Grant],
) -> Vec<RoleChoice> {
    Role::ALL
        .iter()
        .map(|role| Grant {
            role: *role,
            entity,
        })
        .map(|grant| RoleChoice {
            value: grant.to_string(),
            label: role_label(page, grant.role),
            explained: role_explained(page, grant.role),
            checked: ticked.contains(&grant),
        })
        .collect()
}

/// The roles to give in each legal entity, where there are several.
pub(in crate::identity) fn roles_within(
    page: &Page,
    entities: Vec<Entity>,
    ticked: &[Grant],
) -> Vec<EntityRoles> {
    if entities.len() < 2 && ticked.iter().all(|grant| grant.entity.is_none()) {
        return Vec::new();
    }
    let one = |entity: Entity| {
        let roles = role_choices(page, Some(entity.id), ticked);
        EntityRoles {
            is_open: roles.iter().any(|role| role.checked),
            name: entity.name,
            roles,
        }
    };
    entities.into_iter().map(one).collect()
}

/// What a form sends; a word that is no role gives nothing.
pub(in crate::identity) fn parse_grants(typed: &[String]) -> Vec<Grant> {
    let mut grants: Vec<Grant> = typed.iter().filter_map(|text| Grant::parse(text)).collect();
    grants.sort_unstable();
    grants.dedup();
    grants
}
