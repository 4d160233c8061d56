//! What others of the wing ask about identities and domains.

use super::connection;
use crate::identity::forged::unless_forged;
use crate::identity::people;
use crate::identity::policy;
use crate::identity::sso::ConnectionId;
use crate::identity::sso::rules::{About, Configuration, domain_of};
use crate::identity::sso::store::{identities, settings};
use crate::platform::app::App;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::Scope;
use crate::platform::store::{Reads, StoreError};

/// Whether an address is of a domain that two administrators said is the organisation's. Plain letters only, as when somebody
/// arrives: two addresses that look alike must not be one account.
pub(in crate::identity) fn is_own_address(
    reads: &mut impl Reads,
    email: &str,
) -> Result<bool, StoreError> {
    let email = people::email(email).filter(|email| email.is_ascii());
    match email.as_deref().and_then(domain_of) {
        Some(domain) => Ok(settings::active(reads, About::Domain, &domain)?.is_some()),
        None => Ok(false),
    }
}

/// Whether somebody signs in through an identity provider.
pub(in crate::identity) fn has_identity(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<bool, StoreError> {
    Ok(!identities::of_person(reads, person)?.is_empty())
}

/// The connections in force that know somebody, with what they are called.
pub(in crate::identity) fn connections_of(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<(ConnectionId, String)>, StoreError> {
    let mut found: Vec<(ConnectionId, String)> = Vec::new();
    for identity in identities::of_person(reads, person)? {
        let subject = identity.connection.to_string();
        let Some(setting) = settings::active(reads, About::Connection, &subject)? else {
            continue;
        };
        let is_new = found.iter().all(|(id, _)| *id != identity.connection);
        if let (true, Configuration::Connection { id, connection }) =
            (is_new, setting.configuration)
        {
            found.push((id, connection.name));
        }
    }
    Ok(found)
}

/// Where somebody shows a factor again who came through a connection whose word on it counts: there, and how it is called.
pub(in crate::identity) async fn shows_again(
    app: &App,
    scope: Scope,
    session: CredentialId,
) -> Result<Option<(ConnectionId, String)>, StoreError> {
    let found = app
        .store
        .read(scope, move |read| {
            // Where passkeys alone count, her own is asked for.
            match policy::of(read)?.terms.passkeys_only {
                true => Ok(None),
                false => identities::session(read, session),
            }
        })
        .await;
    let Some(through) = unless_forged(found)?.flatten() else {
        return Ok(None);
    };
    let there = connection(app, through.connection).await?;
    let there = there.filter(|there| {
        there.organisation == scope.organisation() && there.connection.trusts_factor
    });
    Ok(there.map(|there| (there.id, there.connection.name)))
}
