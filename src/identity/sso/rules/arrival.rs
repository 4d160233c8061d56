//! Somebody whom an identity provider vouches for.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::connection::Mapping;
use crate::identity::access::Role;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::text_enum;

/// How far clocks may be apart.
const SKEW_US: i64 = 3 * Micros::MINUTE;

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

/// A question to somebody who is signed in here: she shows a factor there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    pub session: CredentialId,
    pub person: PersonId,
    pub asked_us: i64,
}

impl Again {
    /// Whether an arrival answers it: by herself, and by a sign-in that was not there when it was asked.
    #[must_use]
    pub fn is_answered(&self, arrival: &Arrival, person: PersonId) -> bool {
        let since = Micros(self.asked_us).plus_us(-SKEW_US);
        person == self.person && arrival.signed_in.is_some_and(|at| at >= since)
    }
}

/// What somebody was sent away for, besides signing in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Errand {
    /// The link to another factor that she came by, whose factors were reset.
    pub link: Option<CredentialId>,
    pub again: Option<Again>,
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
        /// She was asked to show a factor there again: it is somebody else, a sign-in from before, or no factor.
        NotShown = "not-shown",
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

    fn ann(signed_in: Option<Micros>) -> Arrival {
        Arrival {
            subject: Subject::plain("ann"),
            email: Some("ann@harbour.example".to_owned()),
            name: None,
            groups: Vec::new(),
            factor: false,
            signed_in,
            session_index: None,
            not_after: None,
        }
    }

    #[test]
    fn a_question_is_answered_by_her_who_was_asked_and_by_a_sign_in_after_it() {
        let id = |last: u8| format!("01990000-0000-7000-8000-00000000000{last}");
        let person = |last| id(last).parse::<PersonId>().expect("an id");
        let asked = Micros(1_800_000_000_000_000);
        let again = Again {
            session: id(1).parse().expect("an id"),
            person: person(2),
            asked_us: asked.0,
        };
        let by = |signed_in, last| again.is_answered(&ann(signed_in), person(last));
        assert!(by(Some(asked), 2));
        assert!(by(Some(asked.plus_us(-SKEW_US)), 2), "clocks differ");
        assert!(!by(Some(asked.plus_us(-SKEW_US - 1)), 2));
        assert!(!by(None, 2), "nothing is said of the moment");
        assert!(!by(Some(asked), 3), "somebody else");
    }

    #[test]
    fn who_arrives_is_printed_nowhere() {
        let arrival = ann(None);
        assert_eq!(
            format!("{arrival:?} {:?}", arrival.subject),
            "Arrival(..) Subject(..)"
        );
    }
}
