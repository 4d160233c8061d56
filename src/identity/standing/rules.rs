//! What a program's request is judged by. Pure.

use crate::identity::access::{Right, digest_of};

/// What a token's holder has and what it gives, as SHA-256: two of them are equal where the same roles are held in the same places
/// and give the same. What a role is called is no part of it.
#[must_use]
pub fn judged_by(rights: &[Right]) -> [u8; 32] {
    let lines = rights
        .iter()
        .map(|right| format!("{} {}", right.grant, right.gives));
    // A role that is given twice in one place gives nothing by the second time.
    digest_of(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access::{Grant, Permission, PermissionSet, Role};

    fn gives(role: Role, permissions: &[Permission]) -> Right {
        Right {
            grant: Grant::everywhere(role),
            gives: permissions.iter().copied().collect::<PermissionSet>(),
        }
    }

    #[test]
    fn another_role_or_another_permission_is_another_mark_and_the_order_is_not() {
        let (read, edit) = (Permission::VendorsRead, Permission::VendorsEdit);
        let clerk = gives(Role::Clerk, &[read, edit]);
        let coder = gives(Role::Coder, &[read]);
        let both = judged_by(&[clerk, coder]);
        assert_eq!(both, judged_by(&[coder, clerk, coder]));
        assert_ne!(
            both,
            judged_by(&[clerk]),
            "what the other one gives as well"
        );
        assert_ne!(both, judged_by(&[gives(Role::Clerk, &[edit]), coder]));
        assert_ne!(both, judged_by(&[]));
    }
}
