//! Our own keys: one to sign requests with and to be encrypted for; two while one takes the other's place.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use countersign_saml::keys::{Certificate, OpeningKey, OwnKey};
use countersign_saml::metadata::{ServiceProvider, service_provider_metadata};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256};
use rustls::pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use super::{SamlError, saml};
use crate::identity::access::{Access, Permission};
use crate::identity::sso::saml::rules::{acs, entity_id, logout};
use crate::identity::sso::saml::store::{self, Key};
use crate::identity::sso::{Confirmed, ConnectionId, SsoError, SsoKeyId};
use crate::platform::app::App;
use crate::platform::ids::RequestId;
use crate::platform::keys::fields::SSO_KEY;
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::{Entry, StoreError};

/// A key that was just made.
struct Made {
    pkcs8: Zeroizing<Vec<u8>>,
    certificate: Vec<u8>,
}

/// A key of ours, opened.
#[derive(Debug)]
pub(super) struct Own {
    pub key: OwnKey,
    pub certificate: Certificate,
}

/// Our keys towards a connection, the oldest first: it signs, since the identity provider knows it. One is made where there
/// is none.
pub(super) async fn own(
    app: &App,
    confirmed: &Confirmed,
    request: RequestId,
) -> Result<Vec<Own>, SamlError> {
    let (scope, id) = (Scope::of(confirmed.organisation), confirmed.id);
    let mut stored = read(app, scope, id).await?;
    if stored.is_empty() {
        let caller = app.caller(scope, CredentialKind::Anonymous, request);
        make(app, caller, id, 0).await?;
        stored = read(app, scope, id).await?;
    }
    let keys = app.keys.organisation(&app.store, scope).await?;
    stored
        .iter()
        .map(|key| {
            let open = keys.open(SSO_KEY, *key.id.as_bytes(), &key.sealed)?;
            let pair = OwnKey::from_pkcs8(open.expose()).map_err(|_| SamlError::OwnKey)?;
            let certificate = Certificate::from_der(&key.certificate);
            Ok(Own {
                key: pair,
                certificate: certificate.map_err(|_| SamlError::OwnKey)?,
            })
        })
        .collect()
}

/// What is found with our keys. While two stand, what came may have been encrypted for the other one.
pub(super) fn with_each<T, E>(
    own: &[Own],
    find: impl Fn(Option<OpeningKey<'_>>) -> Result<T, E>,
    stays_closed: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let mut keys = own.iter().map(|own| OpeningKey::Own(&own.key));
    let mut found = find(keys.next());
    for other in keys {
        if !found.as_ref().is_err_and(&stays_closed) {
            break;
        }
        found = find(Some(other));
    }
    found
}

async fn read(app: &App, scope: Scope, id: ConnectionId) -> Result<Vec<Key>, StoreError> {
    app.store
        .read(scope, move |read| store::keys(read, id))
        .await
}

/// RSA, since identity providers encrypt for nothing else. It takes a second, and is made outside of the transaction.
fn generate() -> Option<Made> {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa3072).ok()?;
    let der: Pkcs8V1Der<'_> = key.as_der().ok()?;
    let pkcs8 = Zeroizing::new(der.as_ref().to_vec());
    let private = PrivatePkcs8KeyDer::from(pkcs8.as_slice());
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&private, &PKCS_RSA_SHA256).ok()?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Countersign");
    // What counts is the key in confirmed metadata; the dates are for identity providers that look at them.
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2050, 1, 1);
    let certificate = params.self_signed(&pair).ok()?.der().to_vec();
    Some(Made { pkcs8, certificate })
}

/// Makes a key where there are `expected` so far: of several who try at once, one does.
async fn make(
    app: &App,
    caller: Caller,
    connection: ConnectionId,
    expected: usize,
) -> Result<(), SamlError> {
    let made = tokio::task::spawn_blocking(generate).await;
    let made = made.ok().flatten().ok_or(SamlError::OwnKey)?;
    let keys = app.keys.organisation(&app.store, caller.scope).await?;
    app.store
        .write(caller, move |tx| {
            if store::keys(tx, connection)?.len() != expected {
                return Ok(tx.done(())?);
            }
            let id: SsoKeyId = tx.id();
            let pkcs8: &Vec<u8> = &made.pkcs8;
            let own = keys.own(tx)?;
            let sealed = own.seal(SSO_KEY, *id.as_bytes(), pkcs8, tx.entropy());
            store::insert_key(tx, (id, connection), sealed, &made.certificate)?;
            let fingerprint = Certificate::from_der(&made.certificate)
                .map_err(|_| SamlError::OwnKey)?
                .fingerprint();
            let entry = Entry::new("sign-in-key.made", "sign-in-key", id)
                .fact("connection", connection)
                .fact("certificate", fingerprint);
            Ok::<_, SamlError>(tx.commit(entry, ())?)
        })
        .await
}

/// The certificates of our keys by fingerprint, the oldest first.
pub(in crate::identity::sso) async fn certificates(
    app: &App,
    scope: Scope,
    id: ConnectionId,
) -> Result<Vec<String>, SamlError> {
    let keys = read(app, scope, id).await?;
    let fingerprint = |key: &Key| {
        let certificate = Certificate::from_der(&key.certificate);
        certificate.map(|certificate| certificate.fingerprint())
    };
    let found: Result<Vec<String>, _> = keys.iter().map(fingerprint).collect();
    found.map_err(|_| SamlError::OwnKey)
}

fn may_change(access: &Access) -> Result<(), SsoError> {
    access.require(Permission::PeopleAdminister)?;
    Ok(access.require_fresh()?)
}

/// Makes a second key beside the one in use: both stand in our metadata, and what is encrypted for either opens. Requests are
/// signed with the older one until it is retired.
pub(in crate::identity::sso) async fn renew_key(
    app: &App,
    access: &Access,
    id: ConnectionId,
) -> Result<(), SamlError> {
    may_change(access)?;
    make(app, access.caller(), id, 1).await
}

/// Retires the older of two keys, once the identity provider knows the newer one.
pub(in crate::identity::sso) async fn retire_key(
    app: &App,
    access: &Access,
    id: ConnectionId,
) -> Result<(), SamlError> {
    may_change(access)?;
    app.store
        .write(access.caller(), move |tx| {
            let keys = store::keys(tx, id)?;
            let [old, _] = keys.as_slice() else {
                return Ok(tx.done(())?);
            };
            store::retire_key(tx, old.id)?;
            let entry = Entry::new("sign-in-key.retired", "sign-in-key", old.id)
                .version(old.version + 1)
                .fact("connection", id);
            Ok::<_, SamlError>(tx.commit(entry, ())?)
        })
        .await
}

/// What we say of ourselves to the identity provider.
pub(in crate::identity::sso::saml) async fn own_metadata(
    app: &App,
    confirmed: &Confirmed,
    request: RequestId,
) -> Result<Option<String>, SamlError> {
    let Some(saml) = saml(confirmed) else {
        return Ok(None);
    };
    let own = own(app, confirmed, request).await?;
    Ok(Some(service_provider_metadata(&ServiceProvider {
        entity_id: entity_id(app, confirmed.id),
        acs: acs(app, confirmed.id),
        single_logout: Some(logout(app, confirmed.id)),
        certificates: own.into_iter().map(|own| own.certificate).collect(),
        name_id_format: Some(saml.name_id.identifier().to_owned()),
    })))
}
