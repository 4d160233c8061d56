//! A connection as it is typed.

use countersign_saml::metadata::IdentityProvider;

use super::connection::{Connection, GroupRole, Mapping, Metadata, NameId, Oidc, Protocol, Saml};
use crate::identity::access::Role;
use crate::identity::organisations::{NAME_CHARS, text};
use crate::identity::sso::views::ConnectionForm;
use crate::msg;

/// What is wrong with a field: its name, and the message.
pub(in crate::identity::sso) type Wrong = (&'static str, &'static str);

/// Longest attribute name, entity id, issuer or group.
const LONGEST: usize = 500;

/// An address over TLS: nothing that says how people sign in is fetched or sent in clear.
#[must_use]
pub fn secure_address(typed: &str) -> Option<url::Url> {
    let address: url::Url = typed.trim().parse().ok()?;
    let plain = address.username().is_empty() && address.password().is_none();
    let fits = address.as_str().len() <= LONGEST && address.fragment().is_none();
    (address.scheme() == "https" && address.host().is_some() && plain && fits).then_some(address)
}

fn optional(typed: &str, field: &'static str, wrong: &mut Vec<Wrong>) -> String {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST || typed.chars().any(char::is_control) {
        wrong.push((field, msg!("settings-error-field")));
    }
    typed.to_owned()
}

fn required(typed: &str, field: &'static str, wrong: &mut Vec<Wrong>) -> String {
    let typed = optional(typed, field, wrong);
    if typed.is_empty() {
        wrong.push((field, msg!("settings-error-field")));
    }
    typed
}

/// What was typed as a connection, or all that is wrong with it.
pub(in crate::identity::sso) fn typed(form: &ConnectionForm) -> Result<Connection, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let name = text(&form.name, NAME_CHARS).unwrap_or_default();
    if name.is_empty() {
        wrong.push(("name", msg!("settings-error-field")));
    }
    let protocol = match form.kind.as_str() {
        "oidc" => oidc(form, &mut wrong),
        _ => saml(form, &mut wrong),
    };
    let mapping = Mapping {
        email: optional(&form.email, "email", &mut wrong),
        name: optional(&form.full_name, "full_name", &mut wrong),
        groups: optional(&form.groups, "groups", &mut wrong),
        roles: roles(&form.roles, &mut wrong),
    };
    if !mapping.roles.is_empty() && mapping.groups.is_empty() {
        wrong.push(("groups", msg!("sso-wrong-groups")));
    }
    match protocol {
        Some(protocol) if wrong.is_empty() => Ok(Connection {
            name,
            protocol,
            mapping,
            just_in_time: form.just_in_time,
            trusts_factor: form.trusts_factor,
        }),
        _ => Err(wrong),
    }
}

fn oidc(form: &ConnectionForm, wrong: &mut Vec<Wrong>) -> Option<Protocol> {
    let issuer = secure_address(&form.issuer);
    if issuer.is_none() {
        wrong.push(("issuer", msg!("sso-wrong-address")));
    }
    let client_id = required(&form.client_id, "client_id", wrong);
    // The issuer is compared letter by letter with what tokens say: it stays as it was typed.
    issuer.map(|_| {
        Protocol::Oidc(Oidc {
            issuer: form.issuer.trim().to_owned(),
            client_id,
        })
    })
}

fn saml(form: &ConnectionForm, wrong: &mut Vec<Wrong>) -> Option<Protocol> {
    let entity_id = optional(&form.entity_id, "entity_id", wrong);
    let name_id = NameId::parse(&form.name_id);
    if name_id.is_none() {
        wrong.push(("name_id", msg!("settings-error-field")));
    }
    let (metadata, entity_id) = match (form.metadata_address.trim(), form.metadata.trim()) {
        ("", "") => {
            wrong.push(("metadata_address", msg!("sso-wrong-no-metadata")));
            return None;
        }
        ("", document) => document_of(document, &entity_id, wrong)?,
        (address, "") => match secure_address(address) {
            Some(address) => {
                let entity_id = required(&entity_id, "entity_id", wrong);
                (
                    Metadata::Address {
                        address: address.into(),
                    },
                    entity_id,
                )
            }
            None => {
                wrong.push(("metadata_address", msg!("sso-wrong-address")));
                return None;
            }
        },
        _ => {
            wrong.push(("metadata", msg!("sso-wrong-two-metadata")));
            return None;
        }
    };
    Some(Protocol::Saml(Saml {
        metadata,
        entity_id,
        name_id: name_id?,
        unsolicited: form.unsolicited,
    }))
}

/// Metadata that can be used, with the entity id that it has. A bare certificate names no sender, and is refused.
fn document_of(
    document: &str,
    entity_id: &str,
    wrong: &mut Vec<Wrong>,
) -> Option<(Metadata, String)> {
    let wanted = (!entity_id.is_empty()).then_some(entity_id);
    let found = IdentityProvider::choose(document.as_bytes(), wanted);
    let Some(entity_id) = found.ok().and_then(|idp| idp.entity_id) else {
        wrong.push(("metadata", msg!("sso-wrong-metadata")));
        return None;
    };
    let document = document.to_owned();
    Some((Metadata::Document { document }, entity_id))
}

/// A form with the document of a file in the place of whatever metadata it had, and what is wrong with the document.
pub(in crate::identity::sso) fn with_document(
    form: ConnectionForm,
    document: String,
) -> (ConnectionForm, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let (_, entity_id) = document_of(&document, &form.entity_id, &mut Vec::new())
        .or_else(|| document_of(&document, "", &mut wrong))
        .unzip();
    let form = ConnectionForm {
        entity_id: entity_id.unwrap_or(form.entity_id),
        metadata_address: String::new(),
        metadata: document,
        ..form
    };
    (form, wrong)
}

/// Groups and their roles: `group = role`, one in a line. A group's name may hold an equals sign; a role's word does not.
fn roles(typed: &str, wrong: &mut Vec<Wrong>) -> Vec<GroupRole> {
    let mut found = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let pair = line.rsplit_once('=');
        let given = pair.and_then(|(group, role)| Some((group.trim(), Role::parse(role.trim())?)));
        match given {
            Some((group, role)) if !group.is_empty() && group.len() <= LONGEST => {
                let group = group.to_owned();
                found.push(GroupRole { group, role });
            }
            _ => {
                wrong.push(("roles", msg!("sso-wrong-roles")));
                break;
            }
        }
    }
    found
}

/// A connection in the words of its form.
pub(in crate::identity::sso) fn as_typed(connection: &Connection) -> ConnectionForm {
    let lines: Vec<String> = connection
        .mapping
        .roles
        .iter()
        .map(|given| format!("{} = {}", given.group, given.role))
        .collect();
    let mut form = ConnectionForm {
        kind: connection.kind().as_str().to_owned(),
        name: connection.name.clone(),
        email: connection.mapping.email.clone(),
        full_name: connection.mapping.name.clone(),
        groups: connection.mapping.groups.clone(),
        roles: lines.join("\n"),
        just_in_time: connection.just_in_time,
        trusts_factor: connection.trusts_factor,
        ..ConnectionForm::default()
    };
    match &connection.protocol {
        Protocol::Saml(saml) => {
            form.entity_id.clone_from(&saml.entity_id);
            form.name_id = saml.name_id.as_str().to_owned();
            form.unsolicited = saml.unsolicited;
            match &saml.metadata {
                Metadata::Document { document } => form.metadata.clone_from(document),
                Metadata::Address { address } => form.metadata_address.clone_from(address),
            }
        }
        Protocol::Oidc(oidc) => {
            form.issuer.clone_from(&oidc.issuer);
            form.client_id.clone_from(&oidc.client_id);
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saml() -> ConnectionForm {
        ConnectionForm {
            kind: "saml".to_owned(),
            name: "Head office".to_owned(),
            metadata_address: "https://idp.example/metadata".to_owned(),
            entity_id: "https://idp.example/".to_owned(),
            name_id: "persistent".to_owned(),
            email: "mail".to_owned(),
            groups: "groups".to_owned(),
            roles: "ap-clerks = clerk\n\ncn=payers,dc=x = payer".to_owned(),
            ..ConnectionForm::default()
        }
    }

    #[test]
    fn a_connection_comes_back_from_its_form() {
        let connection = typed(&saml()).expect("it is right");
        assert_eq!(connection.mapping.roles[1].group, "cn=payers,dc=x");
        assert_eq!(typed(&as_typed(&connection)), Ok(connection));
    }

    #[test]
    fn each_wrong_field_is_named() {
        type Change = fn(&mut ConnectionForm);
        let cases: [(&str, Change); 8] = [
            ("name", |form| form.name = " ".to_owned()),
            ("metadata_address", |form| {
                form.metadata_address = "http://idp.example/".to_owned()
            }),
            ("metadata_address", |form| form.metadata_address.clear()),
            ("metadata", |form| {
                form.metadata = "<EntityDescriptor/>".to_owned()
            }),
            ("entity_id", |form| form.entity_id.clear()),
            ("name_id", |form| form.name_id = "transient".to_owned()),
            ("roles", |form| form.roles = "ap-clerks = king".to_owned()),
            ("groups", |form| form.groups.clear()),
        ];
        for (field, change) in cases {
            let mut form = saml();
            change(&mut form);
            let wrong = typed(&form).expect_err(field);
            assert!(
                wrong.iter().any(|(found, _)| *found == field),
                "{field}: {wrong:?}"
            );
        }
    }

    #[test]
    fn an_address_is_over_tls_and_carries_no_credentials() {
        assert!(secure_address(" https://idp.example/a?b=c ").is_some());
        for bad in [
            "http://idp.example/",
            "https://user:word@idp.example/",
            "https://idp.example/#x",
            "file:///etc/passwd",
            "idp.example",
        ] {
            assert!(secure_address(bad).is_none(), "{bad}");
        }
    }
}
