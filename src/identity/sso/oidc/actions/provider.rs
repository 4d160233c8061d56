//! What a provider says of itself, and its keys: fetched from the confirmed issuer's own address, kept, and fetched again each
//! day, or when a token names a key that is not known.

use countersign_oidc::discovery::{self, Provider, Wrong};
use countersign_oidc::keys::{self, KeySet};
use serde::{Deserialize, Serialize};

use super::{OidcError, oidc};
use crate::identity::sso::rules::{Configuration, Oidc, Protocol, sha256};
use crate::identity::sso::store::metadata::{self, Kept};
use crate::identity::sso::store::settings::Setting;
use crate::identity::sso::{Confirmed, ConnectionId, connection, is_first_use};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;
use crate::platform::jobs::{self, Job};
use crate::platform::outgoing::{self, Outgoing, Unfetched};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{Entry, StoreError, Tx};

/// The kind of the job that fetches a provider's description and keys again.
pub const PROVIDER_JOB: &str = "sso-provider";
const AGAIN_US: i64 = Micros::DAY;
/// A token that names an unknown key makes us fetch no more often than this. Strangers can send such tokens.
const RENEWED_US: i64 = Micros::MINUTE;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Description,
    Keys,
}

/// Why a provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("nothing was fetched from {at}")]
    Unfetched {
        part: Part,
        at: String,
        #[source]
        why: Unfetched,
    },
    #[error("its description cannot be used")]
    Description {
        at: String,
        #[source]
        why: Wrong,
    },
    #[error("its keys at {at} cannot be used")]
    Keys {
        at: String,
        #[source]
        why: keys::NoKeys,
    },
}

impl Unusable {
    /// As a sentence for the administrator.
    pub(super) fn told(&self) -> String {
        let source = std::error::Error::source(self);
        let why = source.map(ToString::to_string).unwrap_or_default();
        format!("The provider cannot be used now: {self}: {why}.")
    }
}

/// The two documents, word for word.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Documents {
    provider: String,
    keys: String,
}

/// A provider that can be asked, and the keys that its tokens are verified by.
#[derive(Debug)]
pub(super) struct Provided {
    pub provider: Provider,
    pub keys: KeySet,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    connection: String,
    setting: String,
}

/// Queues the first fetch, within the transaction that puts a connection in force.
pub(in crate::identity::sso) fn follow(
    tx: &mut Tx<'_>,
    setting: &Setting,
) -> Result<(), StoreError> {
    let Configuration::Connection { id, connection } = &setting.configuration else {
        return Ok(());
    };
    if !matches!(connection.protocol, Protocol::Oidc(_)) {
        return Ok(());
    }
    let payload = serde_json::json!(Payload {
        connection: id.to_string(),
        setting: setting.id.to_string(),
    });
    jobs::queue(tx, PROVIDER_JOB, &payload.to_string())
}

/// Whether a provider could be used as it is now.
pub(in crate::identity::sso) async fn check(
    outgoing: &Outgoing,
    issuer: &str,
) -> Result<(), Unusable> {
    fetched(outgoing, issuer).await.map(drop)
}

async fn fetched(outgoing: &Outgoing, issuer: &str) -> Result<(Documents, Provided), Unusable> {
    let unusable = |at: &str, why| Unusable::Description {
        at: at.to_owned(),
        why,
    };
    let at = discovery::address(issuer).map_err(|why| unusable(issuer, why))?;
    let get = async |part, at: &str, most| {
        let got = outgoing::get(outgoing, at, most).await;
        got.map_err(|why| Unusable::Unfetched {
            part,
            at: at.to_owned(),
            why,
        })
    };
    let description = get(Part::Description, at.as_str(), discovery::MOST_BYTES).await?;
    let provider =
        Provider::parse(&description, issuer).map_err(|why| unusable(at.as_str(), why))?;
    let set = get(Part::Keys, provider.keys.as_str(), keys::MOST_BYTES).await?;
    let parsed = KeySet::parse(&set).map_err(|why| Unusable::Keys {
        at: provider.keys.to_string(),
        why,
    })?;
    let documents = Documents {
        provider: String::from_utf8_lossy(&description).into_owned(),
        keys: String::from_utf8_lossy(&set).into_owned(),
    };
    Ok((
        documents,
        Provided {
            provider,
            keys: parsed,
        },
    ))
}

/// What was kept, read again. None where it is another issuer's, or was never right.
fn read(kept: &Kept, issuer: &str) -> Option<Provided> {
    let documents: Documents = serde_json::from_slice(&kept.document).ok()?;
    Some(Provided {
        provider: Provider::parse(documents.provider.as_bytes(), issuer).ok()?,
        keys: KeySet::parse(documents.keys.as_bytes()).ok()?,
    })
}

/// The provider of a connection by what was fetched last; what was never fetched is fetched now.
pub(super) async fn known(
    app: &App,
    confirmed: &Confirmed,
    request: RequestId,
) -> Result<Provided, OidcError> {
    let (issuer, id) = (&oidc(confirmed)?.issuer, confirmed.id);
    let kept = app
        .store
        .read(Scope::of(confirmed.organisation), move |read| {
            metadata::find(read, id)
        })
        .await?;
    let kept = kept.filter(|kept| kept.address == *issuer);
    match kept.and_then(|kept| read(&kept, issuer)) {
        Some(provided) => Ok(provided),
        None => fetch(app, confirmed, (CredentialKind::Anonymous, request)).await,
    }
}

/// The provider with its keys of this moment, where they were not fetched within the last minute: for a token that names a key
/// that is not known. A provider that does not answer then leaves what is known.
pub(super) async fn renewed(
    app: &App,
    confirmed: &Confirmed,
    request: RequestId,
) -> Result<Option<Provided>, OidcError> {
    let until = app.now().plus_us(RENEWED_US);
    if !is_first_use(app, confirmed, "keys fetched", until).await? {
        return Ok(None);
    }
    match fetch(app, confirmed, (CredentialKind::Anonymous, request)).await {
        Ok(provided) => Ok(Some(provided)),
        Err(OidcError::Provider(error)) => {
            tracing::info!(connection = %confirmed.id, %error, "keys were not fetched again");
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Fetches both documents and keeps them in the place of what was. What cannot be used leaves the old ones; what says the same
/// changes nothing.
async fn fetch(
    app: &App,
    confirmed: &Confirmed,
    (by, request): (CredentialKind, RequestId),
) -> Result<Provided, OidcError> {
    let Oidc { issuer, .. } = oidc(confirmed)?.clone();
    let (documents, provided) = fetched(&app.outgoing, &issuer).await?;
    let caller = app.caller(Scope::of(confirmed.organisation), by, request);
    let id = confirmed.id;
    app.store
        .write(caller, move |tx| {
            let before = metadata::find(tx, id)?;
            let was = before
                .as_ref()
                .filter(|kept| kept.address == issuer)
                .and_then(|kept| serde_json::from_slice::<Documents>(&kept.document).ok());
            if was.as_ref() == Some(&documents) {
                return Ok(tx.done(())?);
            }
            let text = serde_json::json!(documents).to_string();
            metadata::keep(tx, id, (&issuer, text.as_bytes()), before.as_ref())?;
            let version = before.as_ref().map_or(1, |kept| kept.version + 1);
            let keys = was.map(|was| sha256(&was.keys));
            let entry = Entry::new("sign-in-metadata.fetched", "sign-in-metadata", id)
                .version(version)
                .fact("issuer", &issuer)
                .change("keys", keys, Some(sha256(&documents.keys)));
            Ok::<_, OidcError>(tx.commit(entry, ())?)
        })
        .await?;
    Ok(provided)
}

/// Does the daily fetch, and asks for the next one. It ends with the version of the setting that it belongs to: another version
/// has its own. A fetch that fails is tried again by the queue, sooner than in a day.
pub async fn refresh(app: &App, job: &Job) -> Result<(), OidcError> {
    let payload: Payload = serde_json::from_str(&job.payload).map_err(|_| OidcError::Payload)?;
    let id: Result<ConnectionId, _> = payload.connection.parse();
    let id = id.map_err(|_| OidcError::Payload)?;
    let Some(confirmed) = connection(app, id).await? else {
        return Ok(());
    };
    if confirmed.setting.to_string() != payload.setting {
        return Ok(());
    }
    let request: RequestId = app.id();
    fetch(app, &confirmed, (CredentialKind::Job, request)).await?;
    let caller = app.caller(job.scope, CredentialKind::Job, request);
    let text = job.payload.clone();
    app.store
        .write(caller, move |tx| {
            let later = tx.now().plus_us(AGAIN_US);
            jobs::queue_later(tx, PROVIDER_JOB, &text, later)?;
            Ok::<_, OidcError>(tx.done(())?)
        })
        .await
}
