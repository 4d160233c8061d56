//! The daily verification: each journal, its rows, and the schema.

use std::time::Duration;

use crate::assurance::audit;
use crate::assurance::audit::actions::{journals, verified};
use crate::identity::notices::{self, Notice};
use crate::identity::powers;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::journal::{Bad, Verification, verify};
use crate::platform::store::schema::{self, Comparison};
use crate::platform::store::{Reads, StoreError};

/// How old the newest verification of a journal gets before there is another.
const DUE_US: i64 = 20 * Micros::HOUR;
/// How often it is looked for journals that are due; the first time a little after the start, when people come first.
const EVERY: Duration = Duration::from_secs(15 * 60);
const FIRST: Duration = Duration::from_secs(2 * 60);

/// Verifies what is due, for as long as the server runs.
pub async fn daily(app: &App) {
    tokio::time::sleep(FIRST).await;
    app.keys.told(None, EVERY).await;
    loop {
        if let Err(error) = verify_due(app).await {
            tracing::warn!(%error, "not every journal was verified; it is tried again in a quarter of an hour");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Verifies each journal whose newest verification is older than a day; returns how many did not hold. The outcome is an entry,
/// and mail to those who administer where the verification before had found nothing.
///
/// # Errors
/// Where a journal can be neither read nor written. The others wait for the next round.
pub async fn verify_due(app: &App) -> Result<usize, StoreError> {
    let (mut bad, mut schema) = (0, None);
    for (organisation, _) in journals(&app.store).await? {
        let (scope, now) = (Scope::of(organisation), app.now());
        if !app.store.read(scope, move |read| due(read, now)).await? {
            continue;
        }
        // One schema serves all journals.
        let schema = match &schema {
            Some(compared) => compared,
            None => schema.insert(schema::compare(&app.store).await?),
        };
        if !verify_one(app, scope, schema).await? {
            bad += 1;
        }
    }
    Ok(bad)
}

fn due(reads: &mut impl Reads, now: Micros) -> Result<bool, StoreError> {
    let newest = audit::last_verification(reads)?;
    Ok(newest.is_none_or(|told| now.since(Micros(told.at_us)) >= DUE_US))
}

/// Whether it holds.
async fn verify_one(app: &App, scope: Scope, schema: &Comparison) -> Result<bool, StoreError> {
    let mut found = verify(&app.store, scope, app.now()).await?;
    if let (None, Some(wrong)) = (&found.bad, schema.wrong.first()) {
        found.bad = Some(Bad {
            seq: None,
            reason: format!("the schema is not this program's: {wrong}"),
        });
    }
    let organisation = scope.organisation();
    if let Some(Bad { reason, .. }) = &found.bad {
        tracing::error!(%organisation, %reason, "this journal does not hold; run `countersign journal verify`");
    }
    let holds = found.bad.is_none();
    tell(app, scope, found).await?;
    Ok(holds)
}

async fn tell(app: &App, scope: Scope, found: Verification) -> Result<(), StoreError> {
    let caller = app.caller(scope, CredentialKind::Job, app.id());
    app.store
        .write(caller, move |tx| {
            // Another node may have been first.
            if !due(tx, tx.now())? {
                return tx.done(());
            }
            let before = audit::last_verification(tx)?;
            let is_news = before.is_none_or(|told| told.after("result") != Some("bad"));
            let organisation = tx.scope().organisation();
            if found.bad.is_some() && is_news && organisation != OrgId::SYSTEM {
                for reader in powers::accounts_of_administrators(tx)? {
                    notices::queue(tx, reader, Notice::JournalBad, None)?;
                }
            }
            tx.commit(verified(&found, organisation), ())
        })
        .await
}
