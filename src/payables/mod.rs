//! WHAT: how a vendor's bill comes in, is checked, coded, approved and paid. Stands on platform and identity.

pub mod approvals;
pub mod bills;
pub mod coding;
mod digests;
pub mod home;
pub mod ids;
pub mod intake;
mod keyed;
pub mod payments;
pub mod vendors;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::platform::app::{AfterSetup, App};
use crate::platform::keys::disposals::Disposable;

/// What payables adds to a new organisation.
pub const AFTER_SETUP: &[AfterSetup] = &[coding::seed, approvals::seed];

/// The subjects of payables whose keys can be destroyed.
pub const DISPOSABLES: &[Disposable] = &[vendors::store::disposal::DISPOSABLE];

/// The routes that take files, which take longer.
pub const UPLOADS: &[&str] = &["/bills/upload", "/chart/{list}/import", "/api/v1/bills"];

/// The pages of all fields.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(home::pages::routes())
        .merge(coding::pages::routes())
        .merge(approvals::pages::routes())
        .merge(intake::pages::routes())
        .merge(bills::pages::routes())
        .merge(payments::pages::routes())
        .merge(vendors::pages::routes())
}

/// The API of all fields, with its description.
pub fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(intake::api::routes())
        .merge(bills::api::routes())
        .merge(coding::api::routes())
        .merge(approvals::api::routes())
        .merge(payments::api::routes())
        .merge(vendors::api::routes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the configuration allows, the intake takes.
    #[test]
    fn an_upload_that_is_allowed_is_one_that_is_taken() {
        use crate::platform::config::{CommandLine, Config, Environment};
        let with = |bytes: u64| {
            let variable = (
                "COUNTERSIGN_LIMITS_UPLOAD_BYTES".into(),
                bytes.to_string().into(),
            );
            Config::load(&CommandLine::default(), &Environment::of([variable]))
        };
        let most = intake::actions::MAX_BYTES;
        assert!(with(most).is_ok());
        assert!(with(most + 1).is_err());
    }

    /// Two fields that claim one address end the server at its start, so it is tried here.
    #[test]
    fn pages_and_the_api_claim_no_address_twice() {
        let (api, description) = api().split_for_parts();
        let _: Router<Arc<App>> = routes().merge(api);
        let outside: Vec<_> = description
            .paths
            .paths
            .keys()
            .filter(|path| !path.starts_with("/api/v1/"))
            .collect();
        assert!(outside.is_empty(), "{outside:?}");
    }
}
