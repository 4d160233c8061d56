//! What a link is good for, and how long.

use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::{row, text_enum};

text_enum! {
    pub enum Kind {
        /// Makes the first organisation.
        Setup = "setup",
        /// Lets an invited person choose a password.
        Invitation = "invitation",
        /// Lets somebody who forgot her password choose another.
        Reset = "reset",
        /// Lets somebody whose factors were reset set up another, beside her password.
        NewFactor = "new-factor",
    }
}

/// How long a link can be used.
#[must_use]
pub const fn lifetime_us(kind: Kind) -> i64 {
    match kind {
        Kind::Setup => Micros::DAY,
        Kind::Invitation => 7 * Micros::DAY,
        Kind::Reset => 30 * Micros::MINUTE,
        Kind::NewFactor => 4 * Micros::HOUR,
    }
}

row! {
    /// A link found by its token.
    #[derive(Debug, Clone, Copy)]
    pub struct Link {
        pub id: CredentialId,
        pub organisation: OrgId,
        pub kind: Kind,
        pub person: Option<PersonId>,
        pub expires: Micros,
        pub used: Option<Micros>,
    }
}

impl Link {
    #[must_use]
    pub fn is_open(&self, kind: Kind, now: Micros) -> bool {
        self.kind == kind && self.used.is_none() && now < self.expires
    }
}
