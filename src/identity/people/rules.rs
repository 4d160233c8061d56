//! What a person's account is made of.

use crate::identity::access::Role;
use crate::text_enum;

text_enum! {
    pub enum Status {
        /// Has a link, and has not used it yet.
        Invited = "invited",
        Active = "active",
        /// May not sign in; what she did stays hers.
        Suspended = "suspended",
    }
}

text_enum! {
    /// What an account is, where it is not a person's.
    pub enum Kind {
        /// Programs use it, by tokens alone. It has no human of its own: an administrator answers for it.
        Service = "service",
    }
}

/// What the first administrator gets beside administration, so that a company of one can start. Duties stay apart per
/// transaction all the same: nobody approves what she entered, whatever her roles are.
pub const FIRST_ROLES: &[Role] = &[
    Role::Administrator,
    Role::Clerk,
    Role::Coder,
    Role::Approver,
    Role::Payer,
    Role::VendorManager,
];

/// Roles with a duty in payments: entering, approving, verifying or releasing.
pub(super) const TAKING_PART: [Role; 4] = [
    Role::Clerk,
    Role::Approver,
    Role::Payer,
    Role::VendorManager,
];

/// RFC 5321, 4.5.3.1.3.
const EMAIL_CHARS: usize = 254;

/// An e-mail address: something, one @, a domain. Whether it exists shows when mail is sent.
#[must_use]
pub fn email(typed: &str) -> Option<String> {
    let text = typed.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\"\\@".contains(c))
    };
    let fits =
        text.len() <= EMAIL_CHARS && plain(local) && plain(domain) && !domain.starts_with('.');
    (fits && !domain.ends_with('.')).then(|| text.to_owned())
}

/// Two spellings of one address are one sign-in name.
#[must_use]
pub fn sign_in_name(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access::{Permission, allows};

    #[test]
    fn those_who_take_part_are_those_whom_the_policy_gives_a_duty() {
        let duties = [
            Permission::BillsEnter,
            Permission::BillsDecide,
            Permission::BankAccountsEnter,
            Permission::BankAccountsVerify,
            Permission::RunsPropose,
            Permission::RunsCountersign,
            Permission::RunsRelease,
        ];
        for role in Role::ALL {
            let has_one = duties.iter().any(|duty| allows(*role, *duty));
            assert_eq!(has_one, TAKING_PART.contains(role), "{role:?}");
        }
    }

    #[test]
    fn addresses_are_told_from_other_texts() {
        assert_eq!(
            email(" Ann@Harbour.Example "),
            Some("Ann@Harbour.Example".to_owned())
        );
        assert_eq!(sign_in_name("Ann@Harbour.Example"), "ann@harbour.example");
        for wrong in [
            "",
            "ann",
            "@harbour.example",
            "ann@",
            "a b@c.example",
            "a@b@c",
            "<a@b.example>",
            "a@.b",
        ] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }
}
