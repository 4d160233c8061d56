//! What a response says, in our words.

use countersign_saml::response::Identity;

use crate::identity::sso::ConnectionId;
use crate::identity::sso::rules::{Mapping, NameId, Reason};
use crate::identity::sso::{Arrival, Subject};
use crate::platform::app::App;

/// Our entity id towards a connection, which is where our metadata is.
pub(super) fn entity_id(app: &App, id: ConnectionId) -> String {
    app.link(&format!("/sso/{id}/metadata"))
}

/// Where responses are posted.
pub(super) fn acs(app: &App, id: ConnectionId) -> String {
    app.link(&format!("/sso/{id}/acs"))
}

/// Where logout messages go.
pub(super) fn logout(app: &App, id: ConnectionId) -> String {
    app.link(&format!("/sso/{id}/logout"))
}

/// Ways of signing in that have shown two factors (REFEDS MFA profile; SAML authentication contexts, 3.4).
const TWO_FACTORS: [&str; 5] = [
    "https://refeds.org/profile/mfa",
    "http://schemas.microsoft.com/claims/multipleauthn",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
];
/// Where Entra lists how somebody signed in.
const METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";

fn has_two_factors(identity: &Identity) -> bool {
    let context = identity.authn_context.iter();
    let methods = identity.attributes.get(METHODS).into_iter().flatten();
    context
        .chain(methods)
        .any(|way| TWO_FACTORS.contains(&way.as_str()))
}

/// Who arrives by a verified response.
pub(super) fn arrival(
    identity: &Identity,
    (name_id, mapping): (NameId, &Mapping),
) -> Result<Arrival, Reason> {
    if !name_id.takes(identity.format.as_deref()) || identity.name_id.trim().is_empty() {
        return Err(Reason::Format);
    }
    let subject = Subject {
        value: identity.name_id.clone(),
        format: identity.format.clone(),
        name_qualifier: identity.name_qualifier.clone(),
        sp_name_qualifier: identity.sp_name_qualifier.clone(),
    };
    Ok(Arrival {
        factor: has_two_factors(identity),
        session_index: identity.session_index.clone(),
        ..mapping.arrival(subject, &identity.attributes)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn identity(format: Option<&str>) -> Identity {
        Identity {
            name_id: "s-1".to_owned(),
            format: format.map(str::to_owned),
            name_qualifier: None,
            sp_name_qualifier: None,
            session_index: Some("session-1".to_owned()),
            authn_context: None,
            attributes: BTreeMap::new(),
            issuer: "https://idp.example/".to_owned(),
            assertion_id: "a-1".to_owned(),
        }
    }

    fn mapping() -> Mapping {
        Mapping {
            email: "mail".to_owned(),
            name: String::new(),
            groups: String::new(),
            roles: Vec::new(),
        }
    }

    #[test]
    fn a_name_of_another_format_is_nobody() {
        let persistent = Some(NameId::Persistent.identifier());
        let read = |format| arrival(&identity(format), (NameId::Persistent, &mapping()));
        assert!(read(persistent).is_ok());
        for other in [None, Some(NameId::Email.identifier())] {
            assert_eq!(read(other), Err(Reason::Format));
        }
    }

    #[test]
    fn two_factors_are_those_that_the_identity_provider_names() {
        let factor = |context: Option<&str>, method: Option<&str>| {
            let mut identity = identity(None);
            identity.authn_context = context.map(str::to_owned);
            let methods = method.map(|method| (METHODS.to_owned(), vec![method.to_owned()]));
            identity.attributes.extend(methods);
            let read = arrival(&identity, (NameId::Unspecified, &mapping()));
            read.expect("a name").factor
        };
        assert!(factor(Some("https://refeds.org/profile/mfa"), None));
        assert!(factor(
            None,
            Some("http://schemas.microsoft.com/claims/multipleauthn")
        ));
        let password = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
        assert!(!factor(Some(password), None));
        assert!(!factor(None, Some("https://refeds.org/profile/mfa/not")));
        assert!(!factor(None, None));
    }
}
