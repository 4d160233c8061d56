//! WHO: organisations, people, access, sign-in, sessions, tokens. Stands on platform alone.

pub mod access;
pub mod activity;
pub mod credential;
pub mod delegations;
pub mod devices;
pub mod expiries;
pub mod factors;
mod forged;
pub mod humans;
pub mod links;
pub mod lost_factors;
pub mod notices;
pub mod organisations;
pub mod passkeys;
pub mod passwords;
pub mod people;
pub mod policy;
pub mod powers;
pub mod provisioning;
pub mod resets;
pub mod roles;
pub mod services;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod sso;
pub mod standing;
pub mod step_up;
pub mod throttles;
pub mod tokens;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::platform::app::App;
use crate::platform::jobs::Job;
use crate::platform::keys::disposals::Disposable;
use crate::platform::mail::Outbox;

/// The subjects of identity whose keys can be destroyed.
pub const DISPOSABLES: &[Disposable] = &[people::DISPOSABLE];

/// The routes that take files, which take longer.
pub const UPLOADS: &[&str] = &[
    "/settings/sign-in/connections/new/metadata",
    "/settings/sign-in/connections/{id}/metadata",
];

/// The pages of all fields.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(setup::routes())
        .merge(sign_in::routes())
        .merge(resets::routes())
        .merge(passwords::routes())
        .merge(factors::routes())
        .merge(passkeys::routes())
        .merge(step_up::routes())
        .merge(devices::routes())
        .merge(people::routes())
        .merge(powers::routes())
        .merge(lost_factors::routes())
        .merge(provisioning::routes())
        .merge(provisioning::api_routes())
        .merge(tokens::routes())
        .merge(services::routes())
        .merge(delegations::routes())
        .merge(activity::routes())
        .merge(settings::routes())
        .merge(sso::routes())
        .merge(sso::saml::pages::routes())
        .merge(sso::oidc::pages::routes())
        .merge(policy::routes())
        .merge(roles::routes())
        .merge(humans::routes())
}

/// The API of all fields, with its description.
pub fn api() -> OpenApiRouter<Arc<App>> {
    settings::api::routes().merge(roles::api::routes())
}

/// Does a job of one of the fields here. The error is kept with the job, with all its causes.
pub async fn do_job(app: &App, outbox: &Outbox, job: &Job) -> Result<(), String> {
    match job.kind.as_str() {
        people::INVITATION_MAIL => told(people::mail_invitation(app, outbox, job).await),
        provisioning::DIRECTORY_MAIL => told(provisioning::mail_directory(app, outbox, job).await),
        powers::POWER_MAIL => told(powers::mail_power(app, outbox, job).await),
        delegations::DELEGATION_MAIL => told(delegations::mail_delegation(app, outbox, job).await),
        notices::NEWS_MAIL => told(notices::mail_news(app, outbox, job).await),
        expiries::EXPIRY_JOB => told(expiries::look(app, job).await),
        notices::NOTICE_MAIL => told(notices::mail_notice(app, outbox, job).await),
        sso::oidc::PROVIDER_JOB => told(sso::oidc::refresh(app, job).await),
        sso::saml::METADATA_JOB => told(sso::saml::refresh(app, job).await),
        sso::SSO_MAIL => told(sso::mail_sso(app, outbox, job).await),
        policy::POLICY_MAIL => told(policy::mail_policy(app, outbox, job).await),
        lost_factors::LOST_FACTOR_MAIL => {
            told(lost_factors::mail_lost_factor(app, outbox, job).await)
        }
        resets::RESET_MAIL => told(resets::mail_reset(app, outbox, job).await),
        other => Err(format!(
            "no field does jobs of the kind {other}; was a newer version running?"
        )),
    }
}

fn told<E: Error + 'static>(done: Result<(), E>) -> Result<(), String> {
    done.map_err(|error| {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    })
}
