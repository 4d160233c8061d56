//! The database: whether it is there and whole, is this program's, opens with these roots, and whether its journal keeps up.

use std::sync::Arc;

use countersign_sealing::Entropy;

use super::checks::NoEntropy;
use super::keys;
use super::store::{any_organisation, failing_streams, oldest_waiting};
use super::{Check, Context};
use crate::platform::clock::{Clock, Micros};
use crate::platform::edge::tls::install_provider;
use crate::platform::ids::OrgId;
use crate::platform::installation::{
    OpenError, Opening, connection, database_file, engine_files, tls,
};
use crate::platform::keys::{KeyError, Keyring, RootUri, Roots};
use crate::platform::scope::Scope;
use crate::platform::store::journal::witnessed::{self, Refusal};
use crate::platform::store::schema::{self, Comparison};
use crate::platform::store::{ServerFacts, Store, StoreError, inspect};

const ID: &str = "database";
const JOURNAL: &str = "journal";
const WITNESS: &str = "witness";
const STREAMS: &str = "streams";
const SCHEMA: &str = "schema";
const OPENS: &str = "roots-open-data";

/// Entries get their numbers within about a second of a running server.
const WAITS_LONG_US: i64 = 5 * Micros::MINUTE;
/// A stream that fails for longer is told of.
const STREAM_FAILS_LONG_US: i64 = Micros::HOUR;
/// PostgreSQL 15.
const OLDEST_VERSION: i32 = 150_000;

/// The database of either engine. Nothing is made in it.
#[must_use]
pub fn database(context: &Context<'_>) -> Vec<Check> {
    let keys = &context.config.keys;
    let clock = Clock::manual(context.now);
    let opened = Roots::of(keys, false, &NoEntropy, &clock);
    // What is wrong with the roots themselves is told by their own check.
    let Ok(roots) = context.runtime.block_on(opened) else {
        let mend = "mend the root keys first";
        return vec![Check::warn(ID, "not looked at without root keys", mend)];
    };
    let opened = match &context.config.database.url {
        None => embedded(context, &roots),
        Some(_) => context.runtime.block_on(grown(context)),
    };
    let (store, what) = match opened {
        Ok(opened) => opened,
        Err(failed) => return vec![*failed],
    };
    let mut checks = vec![Check::ok(ID, what)];
    let found = context.runtime.block_on(inside(context, &store, roots));
    match found {
        Ok(found) => checks.extend(found),
        Err(error) => checks.push(Check::fail(
            ID,
            format!("a question was not answered: {error}"),
            "see the database's own log; restore it from a backup if it is damaged",
        )),
    }
    checks
}

type Opened = Result<(Store, String), Box<Check>>;

fn failed(what: impl Into<String>, mend: impl Into<String>) -> Box<Check> {
    Box::new(Check::fail(ID, what, mend))
}

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(NoEntropy)
}

fn embedded(context: &Context<'_>, roots: &Roots) -> Opened {
    let file = database_file(context.config);
    let shown = file.display();
    let size = match std::fs::metadata(&file) {
        Ok(metadata) => metadata.len(),
        Err(error) => {
            let mend = "restore it from your backup; on a new installation, start the server once";
            return Err(failed(format!("{shown}: {error}"), mend));
        }
    };
    if size == 0 {
        let mend = "restore it from your backup";
        return Err(failed(format!("{shown} is empty"), mend));
    }
    let files = engine_files(context.config, roots, Opening::AsItIs, &NoEntropy);
    let files = context.runtime.block_on(files).map_err(|error| match error {
        OpenError::Foreign(error) => Box::new(foreign(
            "the key store",
            &context.config.keys.field,
            &error,
        )),
        error => {
            let mend = "restore database.key and the storage root that belong to this database from your backups, and keys.key from that of the key store";
            failed(format!("a file's key is not had: {}", chain(&error)), mend)
        }
    })?;
    let store = Store::look_into_embedded(files, entropy())
        .map_err(|error| failed(format!("{shown}: {error}"), mend_embedded(&error)))?;
    Ok((
        store,
        format!("{shown} is there, whole, and of this version"),
    ))
}

fn mend_embedded(error: &StoreError) -> &'static str {
    match error {
        StoreError::Migration { .. } => {
            "run the version of Countersign that the message asks for; starting the server brings an older schema up to date"
        }
        StoreError::NoKeyStore => {
            "put the key store back from its own backup with `countersign keys restore FILE`, as docs/disposal.md says"
        }
        _ => {
            "restore the file from your backup, together with database.key; see that the disk is healthy"
        }
    }
}

async fn grown(context: &Context<'_>) -> Opened {
    install_provider();
    let database = &context.config.database;
    let connect = || {
        let url = database.url.as_ref()?;
        let config = connection(url, database.password_file.as_deref());
        let tls = tls(database.ca_file.as_deref());
        Some(config.and_then(|config| Ok((config, tls?))))
    };
    let unusable = "set database.url, database.password_file and database.ca_file as docs/configuration.md says";
    let (config, tls_now) = match connect() {
        Some(Ok(pair)) => pair,
        Some(Err(error)) => return Err(failed(chain(&error), unusable)),
        None => return Err(failed("no database is named", unusable)),
    };
    let facts = inspect::postgres(&config, tls_now).await.map_err(|error| {
        let mend = "start PostgreSQL; check database.url, its password file, its authority and the network on the way";
        failed(format!("PostgreSQL does not answer: {error}"), mend)
    })?;
    if let Some(check) = verdict_on(&facts) {
        return Err(Box::new(check));
    }
    let Some(Ok((config, tls_again))) = connect() else {
        return Err(failed("the settings changed meanwhile", unusable));
    };
    let store = Store::open_postgres(config, tls_again, entropy())
        .await
        .map_err(|error| {
            let mend = "start one server with database.owner_url: it brings the schema up to date; a newer schema wants a newer version";
            failed(error.to_string(), mend)
        })?;
    let major = facts.version / 10_000;
    Ok((
        store,
        format!("PostgreSQL {major} answers, and its schema is of this version"),
    ))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// What is wrong with a server that answers; none where it serves.
pub(super) fn verdict_on(facts: &ServerFacts) -> Option<Check> {
    if facts.version < OLDEST_VERSION {
        return Some(Check::fail(
            ID,
            format!("PostgreSQL {} is older than 15", facts.version / 10_000),
            "upgrade PostgreSQL to 15 or newer",
        ));
    }
    if !facts.has_role {
        return Some(Check::fail(
            ID,
            "the role that the server works as does not exist: no server has prepared this database",
            "start one server with database.owner_url: it makes the role and the tables",
        ));
    }
    if !facts.is_bound {
        return Some(Check::fail(
            ID,
            "the role that the server works as is a superuser, has BYPASSRLS, or owns tables: nothing keeps organisations apart",
            "take SUPERUSER and BYPASSRLS from countersign_server, and give its tables to the owner that migrates",
        ));
    }
    if !facts.may_become_role {
        return Some(Check::fail(
            ID,
            "the login of database.url may not work as countersign_server",
            "run `GRANT countersign_server TO` this login as the database's owner",
        ));
    }
    None
}

async fn inside(
    context: &Context<'_>,
    store: &Store,
    roots: Roots,
) -> Result<Vec<Check>, StoreError> {
    let waiting = oldest_waiting(store).await?;
    Ok(vec![
        opens(context, store, roots).await?,
        keys::age(context, store).await?,
        keeps_up(waiting.map(|oldest| context.now.since(oldest))),
        is_ours(&schema::compare(store).await?),
        is_witnessed(
            context.config.witness.is_some(),
            &store.lookup(witnessed::refusals).await?,
        ),
        are_delivered(&failing_streams(store, context.now.plus_us(-STREAM_FAILS_LONG_US)).await?),
    ])
}

/// The verdict on streams that have delivered nothing for long.
pub(super) fn are_delivered(failing: &[(OrgId, String, Option<String>)]) -> Check {
    let Some((organisation, stream, error)) = failing.first() else {
        return Check::ok(STREAMS, "no stream of a journal has failed for long");
    };
    let (count, error) = (failing.len(), error.as_deref().unwrap_or("unknown"));
    Check::fail(
        STREAMS,
        format!(
            "{count} of the journals' streams delivered nothing for more than an hour; first that of {organisation}, {stream}: {error}"
        ),
        "see Streams of the journal in that organisation's settings, which say what to do; nothing is lost meanwhile",
    )
}

/// The verdict on what the witness said last. That a database was put back is bad whether or not a witness is configured now.
pub(super) fn is_witnessed(is_configured: bool, refusals: &[(OrgId, String, Refusal)]) -> Check {
    let worst = refusals
        .iter()
        .find(|(.., refusal)| refusal.is_alarm())
        .or_else(|| refusals.first().filter(|_| is_configured));
    let Some((organisation, witness, refusal)) = worst else {
        return Check::ok(
            WITNESS,
            if is_configured {
                "the witness cosigned what it was asked"
            } else {
                "none is configured"
            },
        );
    };
    let what = format!("{witness} did not cosign the journal of {organisation}: {refusal}");
    if refusal.is_alarm() {
        Check::fail(WITNESS, what, refusal.mend())
    } else {
        Check::warn(WITNESS, what, refusal.mend())
    }
}

/// The verdict on the schema as it stands.
pub(super) fn is_ours(schema: &Comparison) -> Check {
    match schema.wrong.as_slice() {
        [] => Check::ok(
            SCHEMA,
            "every table, trigger and policy is as this program makes it",
        ),
        [first, others @ ..] => Check::fail(
            SCHEMA,
            match others.len() {
                0 => first.clone(),
                more => format!("{first}; {more} more that `countersign journal verify` names"),
            },
            "somebody changed the schema by hand: find out who and why before anything else is entered, and restore it",
        ),
    }
}

async fn opens(context: &Context<'_>, store: &Store, roots: Roots) -> Result<Check, StoreError> {
    let keys = Keyring::new(roots);
    let roots = &context.config.keys;
    match keys.stored_integrity(store).await {
        Ok(Some(_)) => {}
        Ok(None) => {
            return Ok(Check::ok(OPENS, "nothing is stored yet"));
        }
        Err(error) => return Ok(foreign("the installation's key", &roots.field, &error)),
    }
    let Some(organisation) = any_organisation(store).await? else {
        return Ok(Check::ok(OPENS, "the field root opens what is stored"));
    };
    Ok(
        match keys.organisation(store, Scope::of(organisation)).await {
            Ok(_) => Check::ok(OPENS, "both roots open what is stored"),
            Err(error) => foreign("an organisation's keys", &roots.storage, &error),
        },
    )
}

/// A root that does not open what is stored.
fn foreign(what: &str, key: &RootUri, error: &KeyError) -> Check {
    Check::fail(
        OPENS,
        format!("{key} does not open {what}: {}", chain(error)),
        "the root belongs to another installation: restore the one that belongs to this database from your backup of the keys",
    )
}

/// The verdict on a journal whose oldest entry without a number has waited for so long.
pub(super) fn keeps_up(waits_us: Option<i64>) -> Check {
    match waits_us {
        Some(waits_us) if waits_us > WAITS_LONG_US => Check::fail(
            JOURNAL,
            format!(
                "an entry has waited {} minutes for its number",
                waits_us / Micros::MINUTE
            ),
            "start the server if it is down; else look in its log why the journal cannot be extended, and run `countersign journal verify`",
        ),
        _ => Check::ok(
            JOURNAL,
            "every entry has its number, or waits for a moment only",
        ),
    }
}
