//! The policy: which role may do what. Pure; printed as a golden matrix in the tests.

mod permissions;
mod reach;
mod role;

pub use permissions::PermissionSet;
pub(in crate::identity) use reach::digest_of;
pub use reach::{Extent, Grant, Reach, Right, extent, holds, mark, reach};
pub use role::Role;

use std::fmt::Write as _;

use crate::text_enum;

text_enum! {
    /// A kind of action.
    pub enum Permission {
        BillsRead = "bills.read",
        BillsEnter = "bills.enter",
        BillsCode = "bills.code",
        BillsDecide = "bills.decide",
        HoldsRelease = "holds.release",
        VendorsRead = "vendors.read",
        VendorsEdit = "vendors.edit",
        BankAccountsEnter = "bank-accounts.enter",
        BankAccountsVerify = "bank-accounts.verify",
        RunsRead = "runs.read",
        RunsPropose = "runs.propose",
        RunsCountersign = "runs.countersign",
        RunsRelease = "runs.release",
        PeopleRead = "people.read",
        PeopleAdminister = "people.administer",
        SettingsEdit = "settings.edit",
        JournalRead = "journal.read",
        SecretsReveal = "secrets.reveal",
        OwnTokens = "tokens.own",
    }
}

impl Permission {
    /// Whether it only shows something.
    #[must_use]
    pub const fn is_reading(self) -> bool {
        matches!(
            self,
            Self::BillsRead
                | Self::VendorsRead
                | Self::RunsRead
                | Self::PeopleRead
                | Self::JournalRead
        )
    }
}

/// The whole policy of the roles that are built in. What an organisation's own role gives stands in its row, which is read where
/// somebody's grants are loaded (`identity::roles`): here it gives nothing.
#[must_use]
pub const fn allows(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Clerk => matches!(
            permission,
            P::BillsRead
                | P::BillsEnter
                | P::BillsCode
                | P::HoldsRelease
                | P::VendorsRead
                | P::VendorsEdit
                | P::BankAccountsEnter
                | P::RunsRead
                | P::OwnTokens
        ),
        Role::Coder => matches!(
            permission,
            P::BillsRead | P::BillsCode | P::VendorsRead | P::OwnTokens
        ),
        Role::Approver => {
            matches!(
                permission,
                P::BillsRead | P::BillsDecide | P::HoldsRelease | P::VendorsRead | P::OwnTokens
            )
        }
        Role::Payer => matches!(
            permission,
            P::BillsRead
                | P::VendorsRead
                | P::RunsRead
                | P::RunsPropose
                | P::RunsCountersign
                | P::RunsRelease
                | P::OwnTokens
        ),
        Role::VendorManager => matches!(
            permission,
            P::BillsRead
                | P::VendorsRead
                | P::VendorsEdit
                | P::BankAccountsEnter
                | P::BankAccountsVerify
                | P::OwnTokens
        ),
        Role::Administrator => matches!(
            permission,
            P::BillsRead
                | P::VendorsRead
                | P::RunsRead
                | P::PeopleRead
                | P::PeopleAdminister
                | P::SettingsEdit
                | P::JournalRead
                | P::SecretsReveal
                | P::OwnTokens
        ),
        Role::Auditor => matches!(
            permission,
            P::BillsRead | P::VendorsRead | P::RunsRead | P::PeopleRead | P::JournalRead
        ),
        Role::SecurityOfficer => matches!(
            permission,
            P::BillsRead
                | P::VendorsRead
                | P::RunsRead
                | P::PeopleRead
                | P::JournalRead
                | P::SecretsReveal
        ),
        Role::Custom(_) => false,
    }
}

/// Whether a service account may do something, where its roles give it. What takes a human's judgement, or must be another human's
/// duty, is none of a program's: there is no human to compare. Nor does it make accounts or tokens.
#[must_use]
pub const fn allows_service(permission: Permission) -> bool {
    use Permission as P;
    match permission {
        P::BillsRead
        | P::BillsEnter
        | P::BillsCode
        | P::VendorsRead
        | P::VendorsEdit
        | P::BankAccountsEnter
        | P::RunsRead
        | P::RunsPropose
        | P::PeopleRead
        | P::JournalRead => true,
        P::BillsDecide
        | P::HoldsRelease
        | P::BankAccountsVerify
        | P::RunsCountersign
        | P::RunsRelease
        | P::PeopleAdminister
        | P::SettingsEdit
        | P::SecretsReveal
        | P::OwnTokens => false,
    }
}

const fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "-" }
}

/// Role by permission, for people who review the policy.
#[must_use]
pub fn printed_matrix() -> String {
    let mut out = format!("{:<22}{:<15}{:<9}", "", "in one entity", "service");
    for role in Role::ALL {
        let _ = write!(out, "{role:<18}");
    }
    for permission in Permission::ALL {
        let within = match extent(*permission) {
            Extent::Entity => "its own",
            Extent::Shared => "all",
            Extent::Organisation => "none",
        };
        let name = permission.as_str();
        let service = yes(allows_service(*permission));
        let _ = write!(out, "\n{name:<22}{within:<15}{service:<9}");
        for role in Role::ALL {
            let _ = write!(out, "{:<18}", yes(allows(*role, *permission)));
        }
    }
    out.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}
