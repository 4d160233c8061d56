//! An arrival that was refused: a line for the administrator, an entry for the journal, a number for the person.

use serde::Serialize;

use crate::identity::sso::Confirmed;
use crate::identity::sso::rules::Reason;
use crate::identity::sso::store::arrivals::{self, Failure};
use crate::platform::app::App;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{Entry, StoreError};
use crate::platform::web::request::RequestInfo;

/// Longest list of checks that is kept, in bytes.
const CHECKS_BYTES: usize = 16 * 1024;

/// Why somebody was refused, and what each check of the protocol found.
#[derive(Debug)]
pub struct Refused<C> {
    pub reason: Reason,
    /// What was checked, as sentences that name nobody.
    pub checks: Vec<C>,
}

/// Notes a refusal. Its number is the request's, which the person is shown.
pub async fn refused<C: Serialize>(
    app: &App,
    confirmed: &Confirmed,
    refused: Refused<C>,
    request: &RequestInfo,
) -> Result<(), StoreError> {
    let (scope, connection) = (Scope::of(confirmed.organisation), confirmed.id);
    let checks = serde_json::json!(refused.checks).to_string();
    let failure = Failure {
        reference: request.id,
        at: app.now(),
        reason: refused.reason,
        checks: match checks.len() {
            0..=CHECKS_BYTES => checks,
            _ => "[]".to_owned(),
        },
    };
    app.store
        .housekeep(scope, move |tx| arrivals::note(tx, connection, &failure))
        .await?;
    let caller = app.caller(scope, CredentialKind::Anonymous, request.id);
    let (id, address, device) = (
        request.id,
        request.address.to_string(),
        request.device.clone(),
    );
    app.store
        .write(caller, move |tx| {
            let entry = Entry::new("sign-in.failed", "sign-in", id)
                .fact("reason", refused.reason)
                .fact("connection", connection)
                .fact("address", &address)
                .fact("device", &device);
            tx.commit(entry, ())
        })
        .await
}
