//! What a connection to an identity provider is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::arrival::{Arrival, Subject};
use crate::identity::access::Role;
use crate::text_enum;

text_enum! {
    /// The protocol that an identity provider speaks.
    pub enum ProtocolKind {
        Saml = "saml",
        Oidc = "oidc",
    }
}

/// How an identity provider is believed. Everything here is confirmed by two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// What the button on the sign-in page says.
    pub name: String,
    pub protocol: Protocol,
    pub mapping: Mapping,
    /// Whether somebody who arrives for the first time and has no account gets one.
    pub just_in_time: bool,
    /// Whether the identity provider's word on a second factor counts as ours.
    pub trusts_factor: bool,
}

impl Connection {
    #[must_use]
    pub const fn kind(&self) -> ProtocolKind {
        match self.protocol {
            Protocol::Saml(_) => ProtocolKind::Saml,
            Protocol::Oidc(_) => ProtocolKind::Oidc,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Protocol {
    Saml(Saml),
    Oidc(Oidc),
}

/// OpenID Connect. The client's secret is sealed beside the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oidc {
    pub issuer: String,
    pub client_id: String,
}

/// SAML 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saml {
    pub metadata: Metadata,
    /// The identity provider's entity id, to which later metadata is held.
    pub entity_id: String,
    /// The format of name by which people are known.
    pub name_id: NameId,
    /// Whether the identity provider may begin: a response that answers nothing is taken.
    pub unsolicited: bool,
}

/// Where the identity provider's keys come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Metadata {
    /// The document itself, as it was confirmed.
    Document { document: String },
    /// An address over TLS; what it says is fetched again each day.
    Address { address: String },
}

text_enum! {
    /// The formats of name that one person can be known by for ever.
    pub enum NameId {
        Persistent = "persistent",
        Email = "email",
        Unspecified = "unspecified",
    }
}

impl NameId {
    /// The format's identifier (SAML core, 8.3).
    #[must_use]
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Email => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        }
    }

    /// Whether a name of this format is taken. Without a format it is an unspecified one; a transient name never is: it
    /// names another person the next time.
    #[must_use]
    pub fn takes(self, format: Option<&str>) -> bool {
        format.unwrap_or(Self::Unspecified.identifier()) == self.identifier()
    }
}

impl<'de> Deserialize<'de> for NameId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an unknown format of name"))
    }
}

/// Which attribute (SAML) or claim (OpenID Connect) says what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Empty: the subject itself is the address.
    pub email: String,
    /// Empty: nobody is named.
    pub name: String,
    /// Empty: nobody is in any group.
    pub groups: String,
    pub roles: Vec<GroupRole>,
}

/// A group of the identity provider whose members have a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRole {
    pub group: String,
    #[serde(with = "role")]
    pub role: Role,
}

mod role {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::identity::access::Role;

    pub(super) fn serialize<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
        role.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Role, D::Error> {
        let text = String::deserialize(deserializer)?;
        Role::parse(&text).ok_or_else(|| serde::de::Error::custom("an unknown role"))
    }
}

impl Mapping {
    /// Who arrives, by what the identity provider says of her. An attribute with several values is no address and no name:
    /// which of them would count is for nobody to guess.
    #[must_use]
    pub fn arrival(&self, subject: Subject, said: &BTreeMap<String, Vec<String>>) -> Arrival {
        let only = |name: &str| match said.get(name).map(Vec::as_slice) {
            Some([value]) => Some(value.trim().to_owned()),
            _ => None,
        };
        let email = match self.email.as_str() {
            "" => Some(subject.value.clone()),
            name => only(name),
        };
        let groups = match self.groups.as_str() {
            "" => Vec::new(),
            name => said.get(name).cloned().unwrap_or_default(),
        };
        Arrival {
            email,
            name: only(&self.name).filter(|name| !name.is_empty()),
            groups,
            subject,
            factor: false,
            signed_in: None,
            session_index: None,
            not_after: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> Mapping {
        Mapping {
            email: "mail".to_owned(),
            name: "displayName".to_owned(),
            groups: "groups".to_owned(),
            roles: Vec::new(),
        }
    }

    fn said(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        pairs
            .iter()
            .map(|(name, values)| ((*name).to_owned(), owned(values)))
            .collect()
    }

    #[test]
    fn of_several_addresses_none_counts() {
        let two = said(&[("mail", &["ann@harbour.example", "ceo@harbour.example"])]);
        assert_eq!(mapping().arrival(Subject::plain("1"), &two).email, None);
        let one = said(&[("mail", &["ann@harbour.example"]), ("groups", &["a", "b"])]);
        let arrival = mapping().arrival(Subject::plain("1"), &one);
        assert_eq!(arrival.email.as_deref(), Some("ann@harbour.example"));
        assert_eq!(arrival.groups, ["a", "b"]);
    }

    #[test]
    fn without_an_attribute_the_subject_is_the_address() {
        let by_subject = Mapping {
            email: String::new(),
            ..mapping()
        };
        let arrival = by_subject.arrival(Subject::plain("ann@harbour.example"), &said(&[]));
        assert_eq!(arrival.email.as_deref(), Some("ann@harbour.example"));
    }

    #[test]
    fn a_name_that_changes_each_time_names_nobody() {
        let transient = Some("urn:oasis:names:tc:SAML:2.0:nameid-format:transient");
        for format in NameId::ALL {
            assert!(!format.takes(transient), "{format}");
            assert!(format.takes(Some(format.identifier())), "{format}");
        }
        assert!(NameId::Unspecified.takes(None));
        assert!(!NameId::Persistent.takes(None));
    }
}
