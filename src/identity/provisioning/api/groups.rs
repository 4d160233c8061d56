//! `/scim/v2/Groups`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::{IfMatch, Sent, listed, one, read};
use crate::identity::provisioning::actions;
use crate::identity::provisioning::rules::Asked;
use crate::identity::provisioning::{DirectoryAccess, GroupId};
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/scim/v2/Groups", get(list).post(create))
        .route("/scim/v2/Groups/.search", post(search))
        .route(
            "/scim/v2/Groups/{id}",
            get(find).put(replace).patch(patch).delete(delete),
        )
}

fn group_id(text: &str) -> Result<GroupId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn list(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    Ok(listed(actions::list_groups(&app, by, &asked).await?))
}

async fn search(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    Sent(message): Sent,
) -> Result<Response, Problem> {
    let asked = Asked::of_search(&message)?;
    Ok(listed(actions::list_groups(&app, by, &asked).await?))
}

async fn create(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    Query(asked): Query<Asked>,
    Sent(sent): Sent,
) -> Result<Response, Problem> {
    let made = actions::create_group(&app, by, &sent, &asked).await?;
    let id = made.0.get("id").and_then(|id| id.as_str());
    let location = app.link(&format!("/scim/v2/Groups/{}", id.unwrap_or_default()));
    Ok(one(StatusCode::CREATED, made, &location))
}

async fn find(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = actions::find_group(&app, by, group_id(&id)?, &asked).await?;
    Ok(read(&headers, found))
}

async fn replace(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    (Path(id), Query(asked)): (Path<String>, Query<Asked>),
    IfMatch(condition): IfMatch,
    Sent(sent): Sent,
) -> Result<Response, Problem> {
    let which = (group_id(&id)?, condition);
    let changed = actions::replace_group(&app, by, which, &sent, &asked).await?;
    Ok(one(StatusCode::OK, changed, ""))
}

async fn patch(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    (Path(id), Query(asked)): (Path<String>, Query<Asked>),
    IfMatch(condition): IfMatch,
    Sent(message): Sent,
) -> Result<Response, Problem> {
    let which = (group_id(&id)?, condition);
    let changed = actions::patch_group(&app, by, which, message, &asked).await?;
    Ok(one(StatusCode::OK, changed, ""))
}

async fn delete(
    State(app): State<Arc<App>>,
    by: DirectoryAccess,
    Path(id): Path<String>,
    IfMatch(condition): IfMatch,
) -> Result<Response, Problem> {
    actions::delete_group(&app, by, (group_id(&id)?, condition)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
