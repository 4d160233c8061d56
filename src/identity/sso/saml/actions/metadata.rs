//! What an identity provider says of itself: confirmed as a document, or fetched from a confirmed address: again each day, when a
//! response does not verify by it, and when an administrator says so.

use countersign_saml::metadata::IdentityProvider;
use serde::{Deserialize, Serialize};

use super::start::unusable;
use super::{SamlError, saml};
use crate::identity::access::{Access, Permission};
use crate::identity::powers;
use crate::identity::sso::actions::{Event, queue};
use crate::identity::sso::rules::{Configuration, Metadata, Protocol};
use crate::identity::sso::store::metadata::{self, Kept};
use crate::identity::sso::store::settings::Setting;
use crate::identity::sso::{Confirmed, ConnectionId, SsoError, connection, is_first_use};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;
use crate::platform::jobs::{self, Job};
use crate::platform::outgoing;
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::{Entry, StoreError, Tx};

/// The kind of the job that fetches metadata again.
pub const METADATA_JOB: &str = "sso-metadata";
/// Metadata of one identity provider; federations that publish thousands are chosen from by their own address.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const AGAIN_US: i64 = Micros::DAY;
/// Responses that do not verify make us fetch no more often than this, whatever node they come to. Strangers can send them.
const RENEWED_US: i64 = 5 * Micros::MINUTE;
/// Nor do administrators, for whom strangers use up nothing.
const ASKED_US: i64 = Micros::MINUTE;

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
    let Protocol::Saml(saml) = &connection.protocol else {
        return Ok(());
    };
    if !matches!(saml.metadata, Metadata::Address { .. }) {
        return Ok(());
    }
    let payload = serde_json::json!(Payload {
        connection: id.to_string(),
        setting: setting.id.to_string(),
    });
    jobs::queue(tx, METADATA_JOB, &payload.to_string())
}

/// The identity provider of a connection, by the document that was confirmed or that was fetched last. One that was never
/// fetched is fetched now.
pub(in crate::identity::sso::saml) async fn identity_provider(
    app: &App,
    confirmed: &Confirmed,
    request: RequestId,
) -> Result<IdentityProvider, SamlError> {
    let saml = saml(confirmed).ok_or_else(|| unusable("this connection speaks no SAML"))?;
    let address = match &saml.metadata {
        Metadata::Document { document } => return chosen(document.as_bytes(), &saml.entity_id),
        Metadata::Address { address } => address,
    };
    let kept = kept(app, confirmed).await?;
    if let Some(kept) = kept.filter(|kept| kept.address == *address) {
        return chosen(&kept.document, &saml.entity_id);
    }
    fetch(app, confirmed, anybody(app, confirmed, request)).await?;
    let kept = self::kept(app, confirmed).await?;
    let kept = kept.ok_or_else(|| unusable("it was not fetched yet"))?;
    chosen(&kept.document, &saml.entity_id)
}

fn anybody(app: &App, confirmed: &Confirmed, request: RequestId) -> Caller {
    let scope = Scope::of(confirmed.organisation);
    app.caller(scope, CredentialKind::Anonymous, request)
}

async fn kept(app: &App, confirmed: &Confirmed) -> Result<Option<Kept>, StoreError> {
    let id = confirmed.id;
    app.store
        .read(Scope::of(confirmed.organisation), move |read| {
            metadata::find(read, id)
        })
        .await
}

/// The address that a connection's metadata is fetched from; none where it was confirmed as a document.
fn address(confirmed: &Confirmed) -> Option<&str> {
    match &saml(confirmed)?.metadata {
        Metadata::Address { address } => Some(address),
        Metadata::Document { .. } => None,
    }
}

/// The identity provider by its metadata of this moment, where that has an address and was not fetched so within five minutes: for
/// a response that does not verify by what is known. One that does not answer then leaves what is known.
pub(super) async fn renewed(
    app: &App,
    confirmed: &Confirmed,
    request: RequestId,
) -> Result<Option<IdentityProvider>, SamlError> {
    let until = app.now().plus_us(RENEWED_US);
    if address(confirmed).is_none()
        || !is_first_use(app, confirmed, "metadata fetched", until).await?
    {
        return Ok(None);
    }
    match fetch(app, confirmed, anybody(app, confirmed, request)).await {
        // Another node may have kept it at the same moment.
        Ok(()) | Err(SamlError::Store(StoreError::Stale)) => {}
        Err(SamlError::Metadata(error)) => {
            tracing::info!(connection = %confirmed.id, %error, "metadata was not fetched again");
            return Ok(None);
        }
        Err(other) => return Err(other),
    }
    identity_provider(app, confirmed, request).await.map(Some)
}

/// When the metadata of a connection was fetched last, for whoever administers; none where it never was.
pub(in crate::identity::sso) async fn fetched_at(
    app: &App,
    scope: Scope,
    id: ConnectionId,
) -> Result<Option<Micros>, StoreError> {
    let found = app.store.read(scope, move |read| metadata::find(read, id));
    Ok(found.await?.map(|kept| kept.fetched))
}

/// Fetches the metadata of a connection now, by an administrator.
///
/// # Errors
/// [`SamlError::Soon`] where one did so within the last minute.
pub(in crate::identity::sso) async fn fetch_now(
    app: &App,
    access: &Access,
    id: ConnectionId,
) -> Result<(), SamlError> {
    let administers = access.require(Permission::PeopleAdminister);
    administers.map_err(SsoError::from)?;
    let found = connection(app, id).await?;
    let own = access.scope().organisation();
    let confirmed = found.filter(|found| found.organisation == own);
    let confirmed = confirmed.ok_or(SsoError::Missing)?;
    if address(&confirmed).is_none() {
        return Err(unusable("it is fetched from no address"));
    }
    let until = app.now().plus_us(ASKED_US);
    if !is_first_use(app, &confirmed, "metadata asked for", until).await? {
        return Err(SamlError::Soon);
    }
    fetch(app, &confirmed, access.caller()).await
}

/// The one that was confirmed by its entity id: what else the document describes is nobody.
fn chosen(document: &[u8], entity_id: &str) -> Result<IdentityProvider, SamlError> {
    IdentityProvider::choose(document, Some(entity_id))
        .map_err(|error| SamlError::Metadata(error.to_string()))
}

fn prints(idp: &IdentityProvider) -> Vec<String> {
    let mut prints: Vec<String> = idp.signing.iter().map(|key| key.fingerprint()).collect();
    prints.sort();
    prints
}

/// Whether what is kept says all that counts of what was found now, and for long enough. Many sign their metadata anew for whoever
/// asks, so that its bytes are never the same twice.
fn says_as_much(kept: &Kept, found: &IdentityProvider, now: Micros) -> bool {
    let entity_id = found.entity_id.as_deref().unwrap_or_default();
    let Ok(was) = chosen(&kept.document, entity_id) else {
        return false;
    };
    let counts = |idp: &IdentityProvider| {
        (
            idp.entity_id.clone(),
            prints(idp),
            idp.single_sign_on.clone(),
            idp.single_logout.clone(),
            idp.want_authn_requests_signed,
        )
    };
    counts(&was) == counts(found) && !is_worth_more(kept.fetched, &was, found, now)
}

/// Whether half of the time that was left to the one that is kept has passed, and the other one lasts longer.
fn is_worth_more(
    fetched: Micros,
    was: &IdentityProvider,
    found: &IdentityProvider,
    now: Micros,
) -> bool {
    let end = |idp: &IdentityProvider| idp.valid_until.map(|until| until.as_microsecond());
    let Some(ends_us) = end(was) else {
        return false;
    };
    let is_half_over = now.since(fetched) >= ends_us.saturating_sub(fetched.0) / 2;
    is_half_over && end(found).is_none_or(|until_us| until_us > ends_us.max(now.0))
}

/// Fetches the metadata and keeps it in the place of what was, if it describes the confirmed identity provider. Other keys
/// than before are journaled, and told to all who administer. What cannot be used leaves the old one, which counts until its
/// own end; nothing is written where a stranger's request made us fetch what is known but for its signature.
async fn fetch(app: &App, confirmed: &Confirmed, caller: Caller) -> Result<(), SamlError> {
    let saml = saml(confirmed).ok_or_else(|| unusable("this connection speaks no SAML"))?;
    let Some(address) = address(confirmed).map(str::to_owned) else {
        return Ok(());
    };
    let document = outgoing::get(&app.outgoing, &address, MOST_BYTES)
        .await
        .map_err(|error| SamlError::Metadata(error.to_string()))?;
    let found = chosen(&document, &saml.entity_id)?;
    if found.left_out > 0 {
        let left_out = found.left_out;
        tracing::warn!(connection = %confirmed.id, left_out, "metadata has certificates that cannot be used");
    }
    let (id, setting) = (confirmed.id, confirmed.setting);
    let entity_id = saml.entity_id.clone();
    if caller.actor.credential == CredentialKind::Anonymous {
        let kept = kept(app, confirmed).await?;
        let same = kept.filter(|kept| kept.address == address);
        if same.is_some_and(|kept| says_as_much(&kept, &found, app.now())) {
            return Ok(());
        }
    }
    app.store
        .write(caller, move |tx| {
            let before = metadata::find(tx, id)?;
            let same = before.as_ref().filter(|kept| kept.address == address);
            let was = same.and_then(|kept| chosen(&kept.document, &entity_id).ok());
            metadata::keep(tx, id, (&address, &document), before.as_ref())?;
            let version = before.as_ref().map_or(1, |kept| kept.version + 1);
            let now = prints(&found).join(" ");
            let changed = was.map(|was| prints(&was).join(" "));
            let is_other = changed.as_ref().is_some_and(|was| *was != now);
            tx.journal(
                Entry::new("sign-in-metadata.fetched", "sign-in-metadata", id)
                    .version(version)
                    .change("certificates", changed, Some(now)),
            )?;
            if is_other {
                let to = powers::accounts_of_administrators(tx)?;
                queue(tx, Event::KeysChanged, setting, &to)?;
            }
            Ok::<_, SamlError>(tx.done(())?)
        })
        .await
}

/// Does the daily fetch, and asks for the next one. It ends with the version of the setting that it belongs to: another
/// version has its own.
pub async fn refresh(app: &App, job: &Job) -> Result<(), SamlError> {
    let payload: Payload = serde_json::from_str(&job.payload)
        .map_err(|_| unusable("the job's payload cannot be read"))?;
    let id: ConnectionId = payload
        .connection
        .parse()
        .map_err(|_| unusable("the job's payload cannot be read"))?;
    let Some(confirmed) = connection(app, id).await? else {
        return Ok(());
    };
    if confirmed.setting.to_string() != payload.setting {
        return Ok(());
    }
    let request: RequestId = app.id();
    let caller = app.caller(job.scope, CredentialKind::Job, request);
    // A failed fetch is tried again by the queue, sooner than in a day.
    fetch(app, &confirmed, caller).await?;
    let text = job.payload.clone();
    app.store
        .write(caller, move |tx| {
            let later = tx.now().plus_us(AGAIN_US);
            jobs::queue_later(tx, METADATA_JOB, &text, later)?;
            Ok::<_, SamlError>(tx.done(())?)
        })
        .await
}
