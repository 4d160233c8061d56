//! What is decided about signing in through an identity provider, and who may decide it.

mod arrival;
mod connection;
mod domain;
pub(in crate::identity::sso) mod form;

pub use arrival::{Again, Arrival, Errand, Reason, Subject, roles_by};
pub use connection::{
    Connection, GroupRole, Mapping, Metadata, NameId, Oidc, Protocol, ProtocolKind, Saml,
};
pub use domain::{domain, domain_of};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::ConnectionId;
use crate::identity::access::HumanId;
use crate::identity::humans::Humans;
use crate::identity::provisioning::DirectoryId;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::text_enum;

text_enum! {
    /// What a setting is about.
    pub enum About {
        /// An identity provider, and how it is believed.
        Connection = "connection",
        /// A domain whose addresses are this organisation's.
        Domain = "domain",
        /// Whether there is another way to sign in.
        Rule = "rule",
        /// A person who may have a second identity.
        Link = "link",
        /// An account that was made by hand, which a directory may take over.
        Account = "account",
    }
}

text_enum! {
    /// Where a setting stands.
    pub enum State {
        Proposed = "proposed",
        /// In force.
        Active = "active",
        /// A later one took its place.
        Replaced = "replaced",
        Refused = "refused",
        /// Was in force, and was ended or used up.
        Ended = "ended",
    }
}

/// How long a proposal can be confirmed.
pub(super) const OPEN_US: i64 = 7 * Micros::DAY;

/// How people sign in beside the identity providers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Whether passwords and passkeys are refused to all but [`Rule::break_glass`].
    pub sso_only: bool,
    /// Who can sign in without any identity provider when none answers.
    pub break_glass: Vec<PersonId>,
}

/// One thing that two decide on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum Configuration {
    Connection {
        id: ConnectionId,
        connection: Connection,
    },
    Domain {
        domain: String,
    },
    Rule {
        rule: Rule,
    },
    /// An identity of the connection may become this person although she has one already.
    Link {
        connection: ConnectionId,
        person: PersonId,
    },
    /// The directory's user of this person's address may become this account, which it did not make.
    Account {
        directory: DirectoryId,
        person: PersonId,
    },
}

impl Configuration {
    #[must_use]
    pub const fn about(&self) -> About {
        match self {
            Self::Connection { .. } => About::Connection,
            Self::Domain { .. } => About::Domain,
            Self::Rule { .. } => About::Rule,
            Self::Link { .. } => About::Link,
            Self::Account { .. } => About::Account,
        }
    }

    /// What tells this one from others about the same: of these at most one is in force.
    #[must_use]
    pub fn subject_id(&self) -> String {
        match self {
            Self::Connection { id, .. } => id.to_string(),
            Self::Domain { domain } => domain.clone(),
            Self::Rule { .. } => String::new(),
            Self::Link { connection, person } => link_id(*connection, *person),
            Self::Account { directory, person } => account_id(*directory, *person),
        }
    }
}

/// A document by its hash, as people compare it.
#[must_use]
pub fn sha256(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    HEXLOWER.encode(hash.as_ref())
}

/// How a permission for a second identity is found.
pub(super) fn link_id(connection: ConnectionId, person: PersonId) -> String {
    format!("{connection}/{person}")
}

/// How a permission to take an account over is found.
pub(super) fn account_id(directory: DirectoryId, person: PersonId) -> String {
    format!("{directory}/{person}")
}

/// Why a proposal is not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotOpen,
    Late,
    SameHuman,
}

/// What decides whether a proposal can be confirmed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proposal {
    pub state: State,
    pub expires: Micros,
    pub proposed_human: HumanId,
}

impl Proposal {
    /// Whether it can be decided on at this moment.
    pub(super) fn is_open(self, now: Micros) -> Result<(), Refusal> {
        if self.state != State::Proposed {
            return Err(Refusal::NotOpen);
        }
        if now >= self.expires {
            return Err(Refusal::Late);
        }
        Ok(())
    }

    /// Whether this human is another one than whoever proposed it.
    pub(super) fn may_confirm(self, humans: &Humans, human: HumanId) -> Result<(), Refusal> {
        if humans.are_one(human, self.proposed_human) {
            return Err(Refusal::SameHuman);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::Id as _;

    fn human(number: u128) -> HumanId {
        HumanId::from_uuid(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_proposal_is_confirmed_by_another_human_and_in_time() {
        let open = Proposal {
            state: State::Proposed,
            expires: Micros(100),
            proposed_human: human(1),
        };
        assert_eq!(open.is_open(Micros(99)), Ok(()));
        assert_eq!(open.is_open(Micros(100)), Err(Refusal::Late));
        assert_eq!(
            open.may_confirm(&Humans::default(), human(1)),
            Err(Refusal::SameHuman)
        );
        assert_eq!(open.may_confirm(&Humans::default(), human(2)), Ok(()));
        for state in State::ALL.iter().filter(|state| **state != State::Proposed) {
            let closed = Proposal {
                state: *state,
                ..open
            };
            assert_eq!(closed.is_open(Micros(0)), Err(Refusal::NotOpen));
        }
    }

    #[test]
    fn a_configuration_is_read_back_from_its_text() {
        let rule = Configuration::Rule {
            rule: Rule {
                sso_only: true,
                break_glass: vec![PersonId::from_uuid(uuid::Uuid::from_u128(7))],
            },
        };
        let text = serde_json::json!(rule).to_string();
        assert_eq!(
            serde_json::from_str::<Configuration>(&text).ok(),
            Some(rule)
        );
    }
}
