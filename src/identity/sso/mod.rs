//! Signing in through an identity provider of the organisation's own.
//!
//! Invariants
//! - How people sign in is changed by two: a connection, a domain, the rule that there is no other way and a permission for a
//!   second identity are each proposed by one administrator and in force once another human who administers confirms them. What
//!   is not in force, or is not what was confirmed, lets nobody in.
//! - Whether a response is accepted is decided by `crates/saml` alone, for the command line and for the server alike; whether an
//!   id token is, by `crates/oidc`.
//! - Every protocol lets people in by [`arrive`], and by nothing else.
//! - A subject is linked to a person once: by an address of a domain that is the organisation's. Nobody gets a second identity
//!   but by a permission of two. Whoever a connection knew is unknown to it where it changes its issuer or entity id.
//! - A factor that an identity provider vouches for is as old as the sign-in there. Whoever came by it shows one there again, and
//!   goes on in another session.
//! - The roles that groups give are taken when the group is gone; what people gave by hand stays.
//! - Explaining a response needs no installation, no database and no key but the one that is named.

mod actions;
pub mod cli;
pub mod oidc;
pub mod pages;
mod rules;
pub mod saml;
mod store;
pub mod views;

#[cfg(test)]
pub(crate) mod samples;

pub use actions::{
    ArriveError, Proposed, Refused, SSO_MAIL, SsoError, answered, arrive, ask, connection, decide,
    end, end_sessions, is_first_use, mail_sso, overview, propose, refused, sight,
};
pub(in crate::identity::sso) use actions::{Away, Wanted};
pub(in crate::identity) use actions::{
    break_glass_used, connections_of, has_identity, is_own_address, refuses_others,
    refuses_session, shows_again, signed_out, take_account,
};
pub(in crate::identity) use pages::offered;
pub use pages::{refused_page, routes};
pub use rules::{
    About, Arrival, Configuration, Connection, Errand, GroupRole, Mapping, Metadata, NameId, Oidc,
    Protocol, ProtocolKind, Reason, Rule, Saml, State, Subject,
};
pub use store::settings::Setting;

use std::sync::Arc;

use countersign_sealing::{Sealed, Secret};

use crate::ids;
use crate::platform::ids::OrgId;
use crate::platform::keys::fields::SSO_SECRET;
use crate::platform::keys::{KeyError, OrgKeys};

ids! {
    /// A connection to an identity provider; it stays the same whatever of its configuration changes.
    ConnectionId,
    /// One version of a setting.
    SsoSettingId,
    /// A link between a subject and a person.
    SsoIdentityId,
    /// A key of ours towards an identity provider.
    SsoKeyId,
}

/// A connection as two confirmed it: the only shape in which a protocol gets one.
#[derive(Debug, Clone)]
pub struct Confirmed {
    pub organisation: OrgId,
    pub id: ConnectionId,
    /// The version of the setting in force.
    pub setting: SsoSettingId,
    pub connection: Connection,
    secret: Option<Sealed<String>>,
}

impl Confirmed {
    /// The connection's secret, if it has one.
    ///
    /// # Errors
    /// Where it was not sealed for this very version.
    pub fn secret(&self, keys: &Arc<OrgKeys>) -> Result<Option<Secret<String>>, KeyError> {
        let open = |sealed| keys.open(SSO_SECRET, *self.setting.as_bytes(), sealed);
        self.secret.as_ref().map(open).transpose()
    }

    /// A name of the identity provider's as one of this connection alone: another one's equal name is another.
    fn own(&self, name: &str) -> String {
        format!("{}/{name}", self.id)
    }
}
