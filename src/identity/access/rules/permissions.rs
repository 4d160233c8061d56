//! Sets of permissions.

use std::fmt;

use super::{Permission, Role, allows};

/// Permissions, each once.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u32);

// One bit for each.
const _: () = assert!(Permission::ALL.len() <= 32, "a wider set is needed");

impl PermissionSet {
    const fn bit(permission: Permission) -> u32 {
        1 << permission as u32
    }

    /// What a role that is built in gives.
    #[must_use]
    pub fn of(role: Role) -> Self {
        let all = Permission::ALL.iter().copied();
        all.filter(|one| allows(role, *one)).collect()
    }

    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & Self::bit(permission) != 0
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is here and not there.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In the order of the matrix.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(move |one| self.contains(*one))
    }

    /// From words between spaces, as rows keep them. A word that is no permission gives nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter_map(Permission::parse).collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        Self(
            permissions
                .into_iter()
                .fold(0, |all, one| all | Self::bit(one)),
        )
    }
}

/// Words between spaces, in the order of the matrix.
impl fmt::Display for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Permission::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PermissionSet({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_back_from_its_words_and_holds_no_others() {
        for permission in Permission::ALL {
            let alone = PermissionSet::from_iter([*permission]);
            assert!(alone.contains(*permission) && alone.iter().count() == 1);
            assert_eq!(PermissionSet::parse(&alone.to_string()), alone);
        }
        for role in Role::ALL {
            let set = PermissionSet::of(*role);
            assert_eq!(PermissionSet::parse(&set.to_string()), set);
            assert!(set.iter().all(|one| allows(*role, one)));
        }
        assert!(PermissionSet::parse("bills.steal  runs").is_empty());
        let payer = PermissionSet::of(Role::Payer);
        assert!(payer.without(payer).is_empty() && payer.and(payer) == payer);
    }
}
