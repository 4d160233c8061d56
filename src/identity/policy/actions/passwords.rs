//! What the PCI profile says of a password that is being chosen.

use crate::identity::forged::unless_forged;
use crate::identity::passwords::{self, Hashed, HashingError, Password};
use crate::identity::policy::rules::{NotOfProfile, PCI_LAST, Pci, Policy, not_of_profile};
use crate::identity::policy::store;
use crate::msg;
use crate::platform::app::{App, Lane};
use crate::platform::ids::PersonId;
use crate::platform::scope::Scope;
use crate::platform::store::{StoreError, Tx};
use crate::platform::web::Problem;
use crate::platform::web::page::Page;

/// Why a new password is refused under this policy, where the program itself takes it.
pub(in crate::identity) fn refusal(
    policy: &Policy,
    password: &Password,
    page: &Page,
) -> Option<String> {
    if policy.terms.pci == Pci::Off {
        return None;
    }
    Some(match not_of_profile(password.expose())? {
        NotOfProfile::TooShort => page.t(msg!("setup-password-pci-short")),
        NotOfProfile::OneKind => page.t(msg!("setup-password-pci-mixed")),
    })
}

/// Whether a password is one of her last four, the present one among them (PCI DSS 4.0.1, 8.3.7). Without the profile it is asked
/// of the present one alone, where she has disowned it.
pub async fn former(
    app: &App,
    scope: Scope,
    (person, password): (PersonId, &Password),
) -> Result<bool, Problem> {
    let found = app
        .store
        .read(scope, move |read| {
            let is_of_profile = store::of(read)?.terms.pci != Pci::Off;
            if !is_of_profile && !passwords::is_disowned(read, person)? {
                return Ok(Vec::new());
            }
            let mut hashes: Vec<Hashed> = passwords::find(read, person)?.into_iter().collect();
            if is_of_profile {
                hashes.extend(passwords::former(read, person, PCI_LAST - 1)?);
            }
            Ok::<_, StoreError>(hashes)
        })
        .await;
    // Whoever replaces a row that is not ours is refused there.
    for hashed in unless_forged(found)?.unwrap_or_default() {
        let same: Result<_, HashingError> =
            passwords::verify(app, Lane::Known, password.clone(), Some(hashed)).await;
        if same?.is_right() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps the hash of the password that is about to be replaced, under the profile alone, and empties what is older than the last
/// four.
pub(in crate::identity) fn keep_former(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(), StoreError> {
    if store::of(tx)?.terms.pci == Pci::Off {
        return Ok(());
    }
    passwords::keep_former(tx, person, PCI_LAST - 1)
}
