//! Bills for programs: bringing documents in, listing bills, reading one.

mod read;
mod write;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::app::App;

pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(write::bring, read::list))
        .routes(routes!(read::show))
}
