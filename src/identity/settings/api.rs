//! Legal entities and their accounts for programs. Sealed values never come out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{self, AccountSight, EntitySight};
use crate::identity::tokens::Bearer;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A legal entity.
#[derive(Debug, Serialize, ToSchema)]
struct EntityBody {
    id: String,
    name: String,
    /// ISO 3166-1.
    country: String,
    /// ISO 4217.
    currency: String,
    street: String,
    building: String,
    post_code: String,
    town: String,
    vat_id_masked: Option<String>,
    /// What it pays from.
    accounts: Vec<OwnAccountBody>,
}

/// An account that payments leave from.
#[derive(Debug, Serialize, ToSchema)]
struct OwnAccountBody {
    id: String,
    label: String,
    iban_masked: String,
    bic: Option<String>,
    /// ISO 4217.
    currency: String,
    /// `entered` (another human has to verify it), `verified` or `closed`.
    state: String,
    /// Whether it was altered outside of the program: then nothing is paid from it, whatever its state.
    is_altered: bool,
}

impl From<AccountSight> for OwnAccountBody {
    fn from(sight: AccountSight) -> Self {
        Self {
            id: sight.id.to_string(),
            label: sight.label,
            iban_masked: sight.masked,
            bic: sight.bic,
            currency: sight.currency,
            state: sight.state.to_string(),
            is_altered: sight.is_altered,
        }
    }
}

impl From<EntitySight> for EntityBody {
    fn from(sight: EntitySight) -> Self {
        let EntitySight { entity, accounts } = sight;
        Self {
            id: entity.id.to_string(),
            name: entity.name,
            country: entity.country,
            currency: entity.currency,
            street: entity.street,
            building: entity.building,
            post_code: entity.post_code,
            town: entity.town,
            vat_id_masked: entity.vat_id_masked,
            accounts: accounts.into_iter().map(Into::into).collect(),
        }
    }
}

/// The organisation's legal entities with the accounts that they pay from.
#[utoipa::path(get, path = "/api/v1/legal-entities", tag = "settings", responses((status = 200, body = Vec<EntityBody>)))]
async fn list(State(app): State<Arc<App>>, by: Bearer) -> Result<Json<Vec<EntityBody>>, Problem> {
    let view = actions::view(&app, &by.access).await?;
    Ok(Json(view.entities.into_iter().map(Into::into).collect()))
}
