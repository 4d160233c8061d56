//! What an identity provider says of itself: confirmed as a document, or fetched from a confirmed address again each day.

use countersign_saml::metadata::IdentityProvider;
use serde::{Deserialize, Serialize};

use super::start::unusable;
use super::{SamlError, saml};
use crate::identity::powers;
use crate::identity::sso::actions::{Event, queue};
use crate::identity::sso::rules::{Configuration, Metadata, Protocol};
use crate::identity::sso::store::metadata::{self, Kept};
use crate::identity::sso::store::settings::Setting;
use crate::identity::sso::{Confirmed, ConnectionId, connection};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;
use crate::platform::jobs::{self, Job};
use crate::platform::outgoing;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{Entry, StoreError, Tx};

/// The kind of the job that fetches metadata again.
pub const METADATA_JOB: &str = "sso-metadata";
/// Metadata of one identity provider; federations that publish thousands are chosen from by their own address.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const AGAIN_US: i64 = Micros::DAY;

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
    fetch(app, confirmed, CredentialKind::Anonymous, request).await?;
    let kept = self::kept(app, confirmed).await?;
    let kept = kept.ok_or_else(|| unusable("it was not fetched yet"))?;
    chosen(&kept.document, &saml.entity_id)
}

async fn kept(app: &App, confirmed: &Confirmed) -> Result<Option<Kept>, StoreError> {
    let id = confirmed.id;
    app.store
        .read(Scope::of(confirmed.organisation), move |read| {
            metadata::find(read, id)
        })
        .await
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

/// Fetches the metadata and keeps it in the place of what was, if it describes the confirmed identity provider. Other keys
/// than before are journaled, and told to all who administer. What cannot be used leaves the old one, which counts until its
/// own end.
async fn fetch(
    app: &App,
    confirmed: &Confirmed,
    by: CredentialKind,
    request: RequestId,
) -> Result<(), SamlError> {
    let saml = saml(confirmed).ok_or_else(|| unusable("this connection speaks no SAML"))?;
    let Metadata::Address { address } = &saml.metadata else {
        return Ok(());
    };
    let document = outgoing::get(&app.outgoing, address, MOST_BYTES)
        .await
        .map_err(|error| SamlError::Metadata(error.to_string()))?;
    let found = chosen(&document, &saml.entity_id)?;
    let caller = app.caller(Scope::of(confirmed.organisation), by, request);
    let (id, setting, address) = (confirmed.id, confirmed.setting, address.clone());
    let entity_id = saml.entity_id.clone();
    app.store
        .write(caller, move |tx| {
            let before = metadata::find(tx, id)?;
            let was = before
                .as_ref()
                .filter(|kept| kept.address == address)
                .and_then(|kept| chosen(&kept.document, &entity_id).ok());
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
    let done = fetch(app, &confirmed, CredentialKind::Job, request).await;
    // A failed fetch is tried again by the queue, sooner than in a day.
    done?;
    let caller = app.caller(job.scope, CredentialKind::Job, request);
    let text = job.payload.clone();
    app.store
        .write(caller, move |tx| {
            let later = tx.now().plus_us(AGAIN_US);
            jobs::queue_later(tx, METADATA_JOB, &text, later)?;
            Ok::<_, SamlError>(tx.done(())?)
        })
        .await
}
