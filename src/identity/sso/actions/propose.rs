//! Proposing how people sign in: it waits for a second administrator, or is in force at once where nobody else administers.

use std::sync::Arc;

use countersign_sealing::Sealed;

use super::mail::{self, Event};
use super::{SsoError, rule};
use crate::identity::access::{Access, Permission};
use crate::identity::organisations::{Decided, is_decided};
use crate::identity::powers;
use crate::identity::roles;
use crate::identity::sessions;
use crate::identity::sso::rules::{
    About, Configuration, Connection, Metadata, OPEN_US, Protocol, ProtocolKind, State, sha256,
};
use crate::identity::sso::store::identities;
use crate::identity::sso::store::settings::{self, New, Setting};
use crate::identity::sso::{SsoSettingId, oidc, saml};
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::keys::fields::SSO_SECRET;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// A proposal that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed {
    pub id: SsoSettingId,
    /// Whether it is in force at once: nobody else administers.
    pub alone: bool,
}

/// Proposes a configuration. A secret that is not given stays the one in force, with the issuer that it was agreed on with. An
/// earlier proposal about the same ends.
pub async fn propose(
    app: &App,
    access: &Access,
    configuration: Configuration,
    secret: Option<String>,
) -> Result<Proposed, SsoError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let keys = app.keys.organisation(&app.store, access.scope()).await?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            rule::holds(tx, &configuration)?;
            gives_roles_that_are_there(tx, &configuration)?;
            replace_proposal(tx, &configuration)?;
            let alone = powers::is_alone(tx, &by)?;
            let id: SsoSettingId = tx.id();
            let sealed = sealed(tx, &keys, (id, &configuration), secret.as_ref())?;
            settings::insert(
                tx,
                New {
                    id,
                    configuration: &configuration,
                    secret: sealed,
                    state: State::Proposed,
                    by: (by.person(), by.human()),
                    expires: tx.now().plus_us(OPEN_US),
                },
            )?;
            tx.journal(entry("sign-in-setting.proposed", id, &configuration))?;
            if alone {
                let setting = settings::authentic(tx, id)?;
                in_force(tx, &setting)?;
                tx.journal(entry("sign-in-setting.made-alone", id, &configuration).version(2))?;
                let to = powers::with_role(tx)?;
                mail::queue(tx, Event::MadeAlone, id, &to)?;
            } else {
                let to = powers::accounts_of_administrators(tx)?;
                mail::queue(tx, Event::Proposed, id, &to)?;
            }
            Ok(tx.done(Proposed { id, alone })?)
        })
        .await
}

/// What the journal says of a setting: what it is about, and all of its configuration. A document of metadata stands in the
/// row, and by its hash here: the entry commits to the row as well.
pub(super) fn entry(
    action: &'static str,
    id: SsoSettingId,
    configuration: &Configuration,
) -> Entry {
    Entry::new(action, "sign-in-setting", id)
        .fact("about", configuration.about())
        .fact("configuration", serde_json::json!(shortened(configuration)))
}

fn shortened(configuration: &Configuration) -> Configuration {
    let mut short = configuration.clone();
    if let Configuration::Connection { connection, .. } = &mut short
        && let Protocol::Saml(saml) = &mut connection.protocol
        && let Metadata::Document { document } = &mut saml.metadata
    {
        *document = format!("sha256:{}", sha256(document));
    }
    short
}

pub(super) fn replace_proposal(
    tx: &mut Tx<'_>,
    configuration: &Configuration,
) -> Result<(), StoreError> {
    let about = configuration.about();
    let subject = configuration.subject_id();
    for earlier in settings::proposed(tx)? {
        let of_same =
            earlier.configuration.about() == about && earlier.configuration.subject_id() == subject;
        if of_same {
            leaves(tx, &earlier, State::Replaced, "sign-in-setting.replaced")?;
        }
    }
    Ok(())
}

/// A new secret, or the one in force, sealed for the new row: a sealed value opens in its own row alone.
fn sealed(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    (id, configuration): (SsoSettingId, &Configuration),
    secret: Option<&String>,
) -> Result<Option<Sealed<String>>, SsoError> {
    let own = keys.own(tx)?;
    let seal =
        |tx: &Tx<'_>, value: &String| own.seal(SSO_SECRET, *id.as_bytes(), value, tx.entropy());
    if let Some(value) = secret {
        return Ok(Some(seal(tx, value)));
    }
    let before = settings::active(tx, configuration.about(), &configuration.subject_id())?;
    // It was agreed on with one issuer: another one would be shown it.
    let before = before.filter(|was| issuer(&was.configuration) == issuer(configuration));
    let Some((was, value)) = before.and_then(|was| Some((was.id, was.secret?))) else {
        return Ok(None);
    };
    let open = keys.open(SSO_SECRET, *was.as_bytes(), &value)?;
    Ok(Some(seal(tx, open.expose())))
}

/// Takes a setting out of its state, and journals that without its words.
pub(in crate::identity::sso) fn leaves(
    tx: &mut Tx<'_>,
    setting: &Setting,
    becomes: State,
    action: &'static str,
) -> Result<(), StoreError> {
    settings::moved(tx, setting.id, (setting.state, becomes))?;
    tx.journal(Entry::new(action, "sign-in-setting", setting.id).version(setting.version + 1))
}
fn issuer(configuration: &Configuration) -> Option<&str> {
    match configuration {
        Configuration::Connection { connection, .. } => match &connection.protocol {
            Protocol::Oidc(oidc) => Some(&oidc.issuer),
            Protocol::Saml(_) => None,
        },
        _ => None,
    }
}

/// Puts a proposal in force, in the place of what was.
pub(super) fn in_force(tx: &mut Tx<'_>, setting: &Setting) -> Result<(), StoreError> {
    let (about, subject) = (
        setting.configuration.about(),
        setting.configuration.subject_id(),
    );
    let was = settings::of_subject(tx, (about, &subject), State::Active)?;
    if let Some(was) = &was {
        tx.authentic("sso_settings", was.id)?;
        leaves(tx, was, State::Replaced, "sign-in-setting.replaced")?;
    }
    let before = was.as_ref().map(|was| &was.configuration);
    part_from(tx, before, &setting.configuration)?;
    settings::moved(tx, setting.id, (State::Proposed, State::Active))?;
    if about == About::Rule {
        is_decided(tx, Decided::Rule)?;
    }
    if let Configuration::Rule { rule } = &setting.configuration {
        rule::end_others(tx, rule)?;
    }
    saml::follow(tx, setting)?;
    oidc::follow(tx, setting)
}

/// A subject is somebody within its provider alone (OpenID Connect Core, 5.7): of another one the same name is somebody else.
/// Where a connection changes its provider, whom the one before knew is unknown, and is found by her address again; who was permitted
/// to come by it as somebody is not permitted any more. One that was ended in between begins with nobody as well.
fn part_from(
    tx: &mut Tx<'_>,
    was: Option<&Configuration>,
    becomes: &Configuration,
) -> Result<(), StoreError> {
    let Configuration::Connection {
        id,
        connection: other,
    } = becomes
    else {
        return Ok(());
    };
    if let Some(Configuration::Connection { connection, .. }) = was
        && provider(connection) == provider(other)
    {
        return Ok(());
    }
    for permitted in settings::all_active(tx)? {
        if matches!(&permitted.configuration, Configuration::Link { connection, .. } if connection == id)
        {
            leaves(tx, &permitted, State::Ended, "sign-in-setting.ended")?;
        }
    }
    for through in identities::sessions_of_connection(tx, *id)? {
        sessions::end(tx, through.session, "provider-changed")?;
    }
    for identity in identities::of_connection(tx, *id)? {
        identities::end(tx, identity.id)?;
        tx.journal(
            Entry::new("identity.unlinked", "sso-identity", identity.id)
                .fact("person", identity.person)
                .fact("connection", *id),
        )?;
    }
    Ok(())
}

/// Whose word a connection takes.
fn provider(connection: &Connection) -> (ProtocolKind, &str) {
    let name = match &connection.protocol {
        Protocol::Oidc(oidc) => &oidc.issuer,
        Protocol::Saml(saml) => &saml.entity_id,
    };
    (connection.kind(), name.as_str())
}

/// A connection gives no role of another organisation, and none that was retired.
fn gives_roles_that_are_there(
    tx: &mut Tx<'_>,
    configuration: &Configuration,
) -> Result<(), SsoError> {
    let Configuration::Connection { connection, .. } = configuration else {
        return Ok(());
    };
    let roles = roles::load(tx)?;
    let mut given = connection.mapping.roles.iter();
    if given.all(|given| roles.is_given(given.role)) {
        Ok(())
    } else {
        Err(StoreError::Missing.into())
    }
}
