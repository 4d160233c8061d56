//! Somebody whom an identity provider vouches for.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::connection::Mapping;
use crate::identity::access::Role;
use crate::platform::clock::Micros;
use crate::text_enum;

/// Who somebody is to the identity provider: SAML's NameID with what belongs to it, or OpenID Connect's `sub`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub value: String,
    #[serde(default)]
    pub format: Option<String>,
    #[serde(default)]
    pub name_qualifier: Option<String>,
    #[serde(default)]
    pub sp_name_qualifier: Option<String>,
}

impl Subject {
    /// A subject that is its value alone.
    #[must_use]
    pub fn plain(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            format: None,
            name_qualifier: None,
            sp_name_qualifier: None,
        }
    }
}

/// What an identity provider says of somebody, verified by the protocol.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    pub subject: Subject,
    pub email: Option<String>,
    pub name: Option<String>,
    pub groups: Vec<String>,
    /// Whether the identity provider says that she has shown a second factor there.
    pub factor: bool,
    /// When she signed in there, if the identity provider says so: it may answer for a session of hours ago.
    pub signed_in: Option<Micros>,
    /// The identity provider's name for its session.
    pub session_index: Option<String>,
    /// When the identity provider ends its session, if it says so.
    pub not_after: Option<Micros>,
}

/// Who arrives is for the journal, not for a log.
macro_rules! opaque {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}
opaque!(Subject, Arrival);

text_enum! {
    /// Why somebody whom the identity provider vouches for is not let in, or why its word is not taken. The administrator
    /// reads it; whoever tried reads a number.
    pub enum Reason {
        /// The answer was not accepted: the checks say why.
        NotAccepted = "not-accepted",
        /// It answers nothing that this browser was sent to ask.
        NotAsked = "not-asked",
        /// It was used before.
        SeenBefore = "seen-before",
        /// The subject is named in another format than the connection takes.
        Format = "format",
        /// No address, or not one alone.
        NoEmail = "no-email",
        /// The address is of no domain of this organisation's.
        Domain = "domain",
        /// Nobody has this address, and the connection makes no accounts.
        Unknown = "unknown",
        Suspended = "suspended",
        /// Her factors were reset: the link that was mailed to her begins another.
        FactorsReset = "factors-reset",
        /// The person with this address has another identity.
        LinkedElsewhere = "linked-elsewhere",
        /// A row that says who she is was changed outside of the program.
        Altered = "altered",
    }
}

/// The roles that somebody in these groups has by the mapping, each once.
#[must_use]
pub fn roles_by(mapping: &Mapping, groups: &[String]) -> Vec<Role> {
    let given = mapping.roles.iter();
    let given = given.filter(|given| groups.contains(&given.group));
    let roles: BTreeSet<Role> = given.map(|given| given.role).collect();
    roles.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::sso::rules::GroupRole;

    #[test]
    fn a_role_is_given_by_the_whole_name_of_a_group_and_once() {
        let given = |group: &str, role| GroupRole {
            group: group.to_owned(),
            role,
        };
        let mapping = Mapping {
            email: String::new(),
            name: String::new(),
            groups: "groups".to_owned(),
            roles: vec![
                given("ap-clerks", Role::Clerk),
                given("ap-all", Role::Clerk),
                given("ap-payers", Role::Payer),
            ],
        };
        let roles = |groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
            roles_by(&mapping, &groups)
        };
        assert_eq!(roles(&["ap-clerks", "ap-all"]), [Role::Clerk]);
        assert_eq!(roles(&["ap-payers", "ap-all"]), [Role::Clerk, Role::Payer]);
        for none in [
            "AP-CLERKS",
            "ap-clerk",
            " ap-clerks",
            "ap-payers,ap-all",
            "",
        ] {
            assert_eq!(roles(&[none]), [], "{none}");
        }
    }

    #[test]
    fn who_arrives_is_printed_nowhere() {
        let arrival = Arrival {
            subject: Subject::plain("ann"),
            email: Some("ann@harbour.example".to_owned()),
            name: None,
            groups: Vec::new(),
            factor: false,
            signed_in: None,
            session_index: None,
            not_after: None,
        };
        assert_eq!(
            format!("{arrival:?} {:?}", arrival.subject),
            "Arrival(..) Subject(..)"
        );
    }
}
