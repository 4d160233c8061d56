//! The names of roles: those that are built in, and those that an organisation makes.

use std::fmt;

use crate::identity::access::CustomRoleId;
use crate::platform::store::{DecodeError, FromValue, Value};

/// What a person does in accounts payable. Somebody can have several; duties per transaction stay apart all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Enters bills, handles intake and vendors' questions.
    Clerk,
    /// Codes lines to accounts and cost centres.
    Coder,
    /// Decides on bills.
    Approver,
    /// Proposes, countersigns and releases payment runs.
    Payer,
    /// Keeps vendors and their bank accounts.
    VendorManager,
    /// Keeps people, settings and policies. Sees no bank account and moves no money by this role.
    Administrator,
    /// Reads everything but secrets, exports, changes nothing.
    Auditor,
    /// Trust, incidents, keys.
    SecurityOfficer,
    /// A set of permissions that the organisation has named. It is `custom:` and the id wherever it is written: no word that
    /// somebody chooses can be taken for a role that is built in.
    Custom(CustomRoleId),
}

/// What stands before the id of an organisation's own role.
const CUSTOM: &str = "custom:";

impl Role {
    /// The roles that are built in.
    pub const ALL: &'static [Self] = &[
        Self::Clerk,
        Self::Coder,
        Self::Approver,
        Self::Payer,
        Self::VendorManager,
        Self::Administrator,
        Self::Auditor,
        Self::SecurityOfficer,
    ];

    /// The word of a role that is built in.
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Clerk => Some("clerk"),
            Self::Coder => Some("coder"),
            Self::Approver => Some("approver"),
            Self::Payer => Some("payer"),
            Self::VendorManager => Some("vendor-manager"),
            Self::Administrator => Some("administrator"),
            Self::Auditor => Some("auditor"),
            Self::SecurityOfficer => Some("security-officer"),
            Self::Custom(_) => None,
        }
    }

    /// From its text; none for a word that is no role and an id that is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(CUSTOM) {
            Some(id) => id.parse().ok().map(Self::Custom),
            None => Self::ALL
                .iter()
                .copied()
                .find(|role| role.word() == Some(text)),
        }
    }

    /// The id of an organisation's own role; none for one that is built in.
    #[must_use]
    pub const fn custom(self) -> Option<CustomRoleId> {
        match self {
            Self::Custom(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom(id) => write!(f, "{CUSTOM}{id}"),
            built_in => f.pad(built_in.word().unwrap_or_default()),
        }
    }
}

impl serde::Serialize for Role {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Role> for Value {
    fn from(role: Role) -> Self {
        Self::Text(role.to_string())
    }
}

impl FromValue for Role {
    fn from_value(value: Value) -> Result<Self, DecodeError> {
        let Value::Text(text) = value else {
            return Err(DecodeError::expected("a role"));
        };
        Self::parse(&text).ok_or(DecodeError::expected("a role"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::Id as _;

    #[test]
    fn a_role_is_read_back_from_its_text_and_one_of_the_organisations_own_from_its_id_alone() {
        let own = Role::Custom(CustomRoleId::from_uuid(uuid::Uuid::from_u128(7)));
        for role in Role::ALL.iter().chain([&own]) {
            assert_eq!(Role::parse(&role.to_string()), Some(*role));
        }
        for wrong in ["", "king", "custom:", "custom:payer", "CUSTOM:7", "Payer"] {
            assert_eq!(Role::parse(wrong), None, "{wrong}");
        }
    }
}
