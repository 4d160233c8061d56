//! The organisation's roles for programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions;
use crate::identity::access::{Permission, PermissionSet, Role};
use crate::identity::tokens::Bearer;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A role that somebody can hold.
#[derive(Debug, Serialize, ToSchema)]
struct RoleBody {
    /// The word of a role that is built in, or `custom:` and an id.
    role: String,
    /// The name that the organisation has given; none for a role that is built in.
    name: Option<String>,
    permissions: Vec<String>,
    /// Whether nobody new gets it.
    is_retired: bool,
    /// How many accounts hold it; none for a role that is built in.
    holders: Option<usize>,
}

fn words(set: PermissionSet) -> Vec<String> {
    let words = set.iter().map(Permission::as_str);
    words.map(str::to_owned).collect()
}

/// The roles that are built in, then those that the organisation has made.
#[utoipa::path(get, path = "/api/v1/roles", tag = "settings", responses((status = 200, body = Vec<RoleBody>)))]
async fn list(State(app): State<Arc<App>>, by: Bearer) -> Result<Json<Vec<RoleBody>>, Problem> {
    let sight = actions::list(&app, &by.access).await?;
    let built_in = Role::ALL.iter().map(|role| RoleBody {
        role: role.to_string(),
        name: None,
        permissions: words(PermissionSet::of(*role)),
        is_retired: false,
        holders: None,
    });
    let own = sight.roles.iter().map(|role| RoleBody {
        role: Role::Custom(role.id).to_string(),
        name: Some(role.name.clone()),
        permissions: words(role.permissions),
        is_retired: role.retired.is_some(),
        holders: Some(sight.holders_of(role.id).count()),
    });
    Ok(Json(built_in.chain(own).collect()))
}
