//! What permissions are called in the reader's language. The canonical word stays beside it: programs and the journal use it.

use super::Permission;
use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::Choice;

/// The message that says what a permission lets somebody do.
const fn words(permission: Permission) -> &'static str {
    match permission {
        Permission::BillsRead => msg!("permission-bills-read"),
        Permission::BillsEnter => msg!("permission-bills-enter"),
        Permission::BillsCode => msg!("permission-bills-code"),
        Permission::BillsDecide => msg!("permission-bills-decide"),
        Permission::HoldsRelease => msg!("permission-holds-release"),
        Permission::VendorsRead => msg!("permission-vendors-read"),
        Permission::VendorsEdit => msg!("permission-vendors-edit"),
        Permission::BankAccountsEnter => msg!("permission-bank-accounts-enter"),
        Permission::BankAccountsVerify => msg!("permission-bank-accounts-verify"),
        Permission::RunsRead => msg!("permission-runs-read"),
        Permission::RunsPropose => msg!("permission-runs-propose"),
        Permission::RunsCountersign => msg!("permission-runs-countersign"),
        Permission::RunsRelease => msg!("permission-runs-release"),
        Permission::PeopleRead => msg!("permission-people-read"),
        Permission::PeopleAdminister => msg!("permission-people-administer"),
        Permission::SettingsEdit => msg!("permission-settings-edit"),
        Permission::JournalRead => msg!("permission-journal-read"),
        Permission::SecretsReveal => msg!("permission-secrets-reveal"),
        Permission::OwnTokens => msg!("permission-tokens-own"),
    }
}

/// A permission to tick.
#[must_use]
pub fn choice(page: &Page, permission: Permission, selected: bool) -> Choice {
    Choice {
        value: permission.as_str().to_owned(),
        label: page.t(words(permission)),
        selected,
    }
}
