//! A node of an installation that a server made.

use std::path::Path;
use std::sync::Arc;

use countersign::params;
use countersign::platform::app::App;
use countersign::platform::clock::Clock;
use countersign::platform::config::{CommandLine, Config, Environment};
use countersign::platform::documents::record;
use countersign::platform::ids::{Id as _, OrgId, PersonId};
use countersign::platform::installation::{self, Opening};
use countersign::platform::keys::KeyError;
use countersign::platform::keys::fields::{SSO_SUBJECT, VENDOR_VAT_ID};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use countersign_sealing::{Sealed, SystemEntropy};
use uuid::Uuid;

/// Values that are filled in by one transaction.
const BATCH: u64 = 50;

const ORGANISATION: Sql = Sql::lookup("SELECT id FROM organisations");
const PERSON: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1");
const IDENTITY: Sql = Sql::change(
    "sso_identities",
    "INSERT INTO sso_identities (org_id, id, connection_id, subject_index, subject_sealed, person_id, created_us, version) \
     VALUES ($1, $2, 'c', $3, $4, $5, $6, 1) RETURNING id",
);
const VENDOR: Sql = Sql::change(
    "vendors",
    "INSERT INTO vendors (org_id, id, name, name_key, status, country, street, building, post_code, town, vat_id_sealed, \
     terms_days, created_us, version) VALUES ($1, $2, 'v', 'v', 'active', 'DE', '', '', '', '', $3, 30, $4, 1) RETURNING id",
);
const SEALED_IDENTITY: Sql =
    Sql::read("SELECT subject_sealed FROM sso_identities WHERE org_id = $1 AND id = $2");
const SEALED_VENDOR: Sql =
    Sql::read("SELECT vat_id_sealed FROM vendors WHERE org_id = $1 AND id = $2");
const IDENTITIES: Sql = Sql::read("SELECT id FROM sso_identities WHERE org_id = $1");
const VENDORS: Sql = Sql::read("SELECT id FROM vendors WHERE org_id = $1");

/// A node in this process: it writes values and documents of its own, and looks whether they are there.
pub struct Node {
    pub app: App,
    pub scope: Scope,
    person: PersonId,
}

/// The digest by which a document is found, and what it says.
pub type Filed = ([u8; 32], String);

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Node {
    pub async fn open(data: &Path, settings: &[(&'static str, String)]) -> Self {
        let variables = settings.iter();
        let variables = variables.map(|(name, value)| ((*name).into(), value.into()));
        let given = CommandLine {
            data: Some(data.to_owned()),
            ..CommandLine::default()
        };
        let config = Config::load(&given, &Environment::of(variables)).expect("it is sound");
        let entropy = Arc::new(SystemEntropy);
        let app = installation::open(&config, Clock::System, entropy, None, Opening::AsItIs);
        let app = app.await.expect("the server made it");
        let found = app
            .store
            .lookup::<_, StoreError, _>(|lookup| lookup.one(&ORGANISATION, []));
        let (organisation,): (OrgId,) = found.await.expect("it was set up");
        let scope = Scope::of(organisation);
        let found = app
            .store
            .read::<_, StoreError, _>(scope, |read| read.one(&PERSON, []));
        let (person,): (PersonId,) = found.await.expect("its administrator");
        Self { app, scope, person }
    }

    /// Writes so many values, half of them the organisation's own and half of new subjects. Each holds its row's id.
    pub async fn write(&self, count: u64) -> Result<Vec<Uuid>, KeyError> {
        let app = &self.app;
        let keys = app.keys.organisation(&app.store, self.scope).await?;
        let caller = app.caller(self.scope, CredentialKind::CommandLine, app.id());
        let person = self.person;
        let write = app.store.write::<_, KeyError, _>(caller, move |tx| {
            let (own, now) = (keys.own(tx)?, tx.now());
            let mut ids = Vec::new();
            for at in 0..count {
                let id: PersonId = tx.id();
                let value = id.to_string();
                if at % 2 == 0 {
                    let row = *id.uuid().as_bytes();
                    let sealed = own.seal(SSO_SUBJECT, row, &value, tx.entropy());
                    let index = keys.blind_index(SSO_SUBJECT, &value);
                    tx.change_one(&IDENTITY, params![id, index, sealed, person, now])?;
                } else {
                    let key = keys.create_subject(tx, id)?;
                    let sealed = key.seal(VENDOR_VAT_ID, id, &value, tx.entropy());
                    tx.change_one(&VENDOR, params![id, sealed, now])?;
                }
                ids.push(id.uuid());
            }
            Ok(tx.commit(Entry::new("vendor.added", "vendor", person), ids)?)
        });
        write.await
    }

    /// The row's value, opened; none where there is no such row.
    pub async fn value(&self, id: Uuid) -> Result<Option<String>, KeyError> {
        let app = &self.app;
        let keys = app.keys.organisation(&app.store, self.scope).await?;
        let row = PersonId::from_uuid(id);
        let read = app.store.read::<_, KeyError, _>(self.scope, move |read| {
            let own: Option<(Sealed<String>,)> = read.maybe(&SEALED_IDENTITY, params![row])?;
            if let Some((sealed,)) = own {
                return Ok(Some(keys.open(SSO_SUBJECT, id.into_bytes(), &sealed)?));
            }
            let of: Option<(Sealed<String>,)> = read.maybe(&SEALED_VENDOR, params![row])?;
            let Some((sealed,)) = of else {
                return Ok(None);
            };
            let key = keys.subject(read, row)?;
            Ok(Some(key.open(VENDOR_VAT_ID, row, &sealed)?))
        });
        let open = read.await?;
        Ok(open.map(|open| open.expose().clone()))
    }

    /// Whether the row's value is there and is the row's id.
    pub async fn is_there(&self, id: Uuid) -> Result<bool, KeyError> {
        Ok(self.value(id).await? == Some(id.to_string()))
    }

    /// Keeps a document that holds an id of its own.
    pub async fn file(&self) -> Result<Filed, Failure> {
        let app = &self.app;
        let keys = app.keys.organisation(&app.store, self.scope).await?;
        let text = app.id::<PersonId>().to_string();
        let entropy = app.store.entropy();
        let blob = app.documents.put(&keys, text.as_bytes(), entropy).await?;
        let sha256 = blob.sha256;
        let caller = app.caller(self.scope, CredentialKind::CommandLine, app.id());
        let write = app.store.write::<_, StoreError, _>(caller, move |tx| {
            let (document, _) = record(tx, &blob, "text/plain", "note.txt")?;
            tx.commit(Entry::new("document.received", "document", document.id), ())
        });
        write.await?;
        Ok((sha256, text))
    }

    pub async fn is_filed(&self, (sha256, text): &Filed) -> Result<bool, Failure> {
        let app = &self.app;
        let keys = app.keys.organisation(&app.store, self.scope).await?;
        let bytes = app.documents.get(&keys, *sha256).await?;
        Ok(bytes == text.as_bytes())
    }

    /// Values and documents, so many of each.
    pub async fn fill(&self, values: u64, documents: u64) -> (Vec<Uuid>, Vec<Filed>) {
        let (mut ids, mut filed) = (Vec::new(), Vec::new());
        while (ids.len() as u64) < values {
            ids.extend(self.write(BATCH).await.expect("filled"));
        }
        for _ in 0..documents {
            filed.push(self.file().await.expect("filed"));
        }
        (ids, filed)
    }

    pub async fn ids(&self) -> Vec<Uuid> {
        let read = self.app.store.read::<_, StoreError, _>(self.scope, |read| {
            let mut all: Vec<(String,)> = read.all(&IDENTITIES, [])?;
            all.extend(read.all::<(String,)>(&VENDORS, [])?);
            Ok(all)
        });
        let all = read.await.expect("it reads").into_iter();
        all.map(|(id,)| id.parse().expect("an id")).collect()
    }
}
