//! What a token says, in our words.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_oidc::id_token::Identity;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::identity::sso::rules::Mapping;
use crate::identity::sso::{Arrival, ConnectionId, Subject};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;

/// Where answers come back.
pub(super) fn callback(app: &App, id: ConnectionId) -> String {
    app.link(&format!("/sso/{id}/callback"))
}

/// Where somebody goes who has signed out at the provider as well.
pub(super) fn signed_out(app: &App) -> String {
    app.link("/sign-in")
}

/// What marks one question beside its state.
pub(super) struct Derived {
    pub nonce: Zeroizing<String>,
    pub verifier: Zeroizing<String>,
}

/// Both follow from the state, which is random and given out once. Whoever has the state alone, a browser or the database's
/// holder, has neither (RFC 7636, 7.1).
pub(super) fn derived(keys: &OrgKeys, id: ConnectionId, state: &str) -> Derived {
    let by = |domain: &str| {
        let code = keys.authenticate(domain, &[id.as_bytes(), state.as_bytes()]);
        Zeroizing::new(URL_SAFE_NO_PAD.encode(code))
    };
    Derived {
        nonce: by("countersign openid nonce 1"),
        verifier: by("countersign openid verifier 1"),
    }
}

/// One step of a sign-in, as the administrator reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    id: &'static str,
    status: &'static str,
    said: String,
}

/// The steps so far. None of them names anybody.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<Check>);

impl Checks {
    fn add(&mut self, id: &'static str, status: &'static str, said: String) {
        self.0.push(Check { id, status, said });
    }

    pub(super) fn ok(&mut self, id: &'static str, said: &str) {
        self.add(id, "ok", said.to_owned());
    }

    pub(super) fn warn(&mut self, id: &'static str, said: String) {
        self.add(id, "warning", said);
    }

    /// All of them, with the one that ended it.
    pub(super) fn failed(mut self, id: &'static str, said: String) -> Vec<Check> {
        self.add(id, "failed", said);
        self.0
    }

    pub(super) fn into_list(self) -> Vec<Check> {
        self.0
    }
}

/// Contexts of signing in that have shown two factors (REFEDS MFA profile; PAPE 1.0, 4.2).
const TWO_FACTORS: [&str; 2] = [
    "https://refeds.org/profile/mfa",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
];

/// The claim that `email_verified` speaks of (OpenID Connect Core, 5.1).
const EMAIL: &str = "email";

/// Who arrives by a verified token. An address of which the provider says that it is not verified is none: its holder typed
/// whatever she liked.
pub(super) fn arrival(identity: Identity, mapping: &Mapping, checks: &mut Checks) -> Arrival {
    let factor = identity.shows_second_factor()
        || identity
            .context
            .as_ref()
            .is_some_and(|context| TWO_FACTORS.contains(&context.as_str()));
    let mut said = identity.said;
    if identity.email_verified == Some(false) && said.remove(EMAIL).is_some() {
        let why = "The provider says that the address is not verified (email_verified): it does not count.";
        checks.warn("email", why.to_owned());
    } else if !mapping.email.is_empty() && !said.contains_key(&mapping.email) {
        let names: Vec<&str> = said.keys().map(String::as_str).take(40).collect();
        checks.warn(
            "email",
            format!(
                "The id token has no claim {}. Its claims are: {}. Let the provider put the address into the id token.",
                mapping.email,
                names.join(", ")
            ),
        );
    }
    let signed_in = identity.signed_in_s;
    Arrival {
        factor,
        signed_in: signed_in.map(|at_s| Micros(at_s.saturating_mul(Micros::SECOND))),
        session_index: identity.session,
        ..mapping.arrival(Subject::plain(&identity.subject), &said)
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    fn identity(verified: Option<bool>) -> Identity {
        let said = [("email", "ann@harbour.example"), ("name", "Ann")];
        Identity {
            subject: "s-1".to_owned(),
            email_verified: verified,
            said: said
                .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
                .into(),
            methods: Vec::new(),
            context: None,
            signed_in_s: Some(1_800_000_000),
            session: Some("session-1".to_owned()),
        }
    }

    fn mapping(email: &str) -> Mapping {
        Mapping {
            email: email.to_owned(),
            name: "name".to_owned(),
            groups: "groups".to_owned(),
            roles: Vec::new(),
        }
    }

    fn email(identity: Identity, mapped: &str) -> Option<String> {
        arrival(identity, &mapping(mapped), &mut Checks::default()).email
    }

    #[test]
    fn an_address_that_the_provider_did_not_verify_is_none() {
        let address = Some("ann@harbour.example".to_owned());
        assert_eq!(email(identity(Some(true)), "email"), address);
        assert_eq!(email(identity(None), "email"), address, "it says nothing");
        assert_eq!(email(identity(Some(false)), "email"), None);
    }

    #[test]
    fn what_is_missing_is_said_by_the_names_of_claims_alone() {
        let mut checks = Checks::default();
        arrival(identity(None), &mapping("mail"), &mut checks);
        let said = serde_json::json!(checks.into_list()).to_string();
        assert!(said.contains("no claim mail") && said.contains("email, name"));
        assert!(!said.contains("ann@") && !said.contains("Ann"));
    }

    #[test]
    fn two_factors_are_those_that_the_provider_names() {
        let factor = |methods: &[&str], context: Option<&str>| {
            let mut identity = identity(None);
            identity.methods = methods.iter().map(|one| (*one).to_owned()).collect();
            identity.context = context.map(str::to_owned);
            arrival(identity, &mapping("email"), &mut Checks::default()).factor
        };
        assert!(factor(&["pwd", "mfa"], None));
        assert!(factor(&[], Some("https://refeds.org/profile/mfa")));
        assert!(!factor(&["pwd"], Some("urn:mace:incommon:iap:silver")));
        assert!(!factor(&[], Some("https://refeds.org/profile/mfa/not")));
        assert!(!factor(&[], None));
    }

    #[test]
    fn an_arrival_keeps_the_providers_name_of_its_session() {
        let arrived = arrival(identity(None), &mapping("email"), &mut Checks::default());
        assert_eq!(arrived.session_index.as_deref(), Some("session-1"));
        assert_eq!(arrived.name.as_deref(), Some("Ann"));
        assert_eq!(arrived.signed_in, Some(Micros(1_800_000_000_000_000)));
        assert_eq!(arrived.groups, Vec::<String>::new());
    }
}
