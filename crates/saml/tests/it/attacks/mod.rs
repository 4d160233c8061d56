//! What attackers of service providers have tried, by name. Each begins with a response that is accepted, and is shown to work on
//! somebody who reads naively.

mod parsing;
mod protocol;
mod signatures;
mod wrapping;

use crate::support::idp::{Facts, assertion};
use crate::support::{ADMIN, naive};

/// An assertion of nobody's about the administrator, unsigned, under another ID.
fn forged() -> String {
    assertion(&Facts {
        id: "assertion-evil",
        name: ADMIN.to_owned(),
        ..Facts::default()
    })
}

/// Somebody who reads naively takes the sender for the administrator.
#[track_caller]
fn fools_the_naive(attacked: &str) {
    assert_eq!(
        naive::name(attacked).as_deref(),
        Some(ADMIN),
        "this would fool nobody\n{attacked}"
    );
}
