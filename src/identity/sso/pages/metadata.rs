//! A file of metadata: read into the connection's form, where it is proposed as if it had been pasted.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::connection::{Known, connection_id, empty, known, said, view};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::identity::sso::actions;
use crate::identity::sso::rules::ProtocolKind;
use crate::identity::sso::rules::form::{self, Wrong};
use crate::identity::sso::views::{ConnectionForm, ConnectionPage};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::CheckedUpload;

/// One identity provider's metadata with all its certificates is shorter. What is read has to fit into the form that goes on.
const MOST_BYTES: usize = 128 * 1024;

/// The document that a file holds, or what is wrong with the file.
async fn document(mut upload: CheckedUpload) -> Result<Result<String, Wrong>, Problem> {
    let mut bytes = Vec::new();
    while let Some(mut field) = upload.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        let unreadable = |_| Problem::invalid(msg!("error-form-unreadable"));
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Ok(Err(("file", msg!("sso-wrong-file-size"))));
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    if bytes.is_empty() {
        return Ok(Err(("file", msg!("sso-wrong-no-file"))));
    }
    let text = String::from_utf8(bytes).map_err(|_| ("file", msg!("sso-wrong-file-text")));
    // Some editors begin a file with a mark that is no part of the document.
    Ok(text.map(|text| text.trim_start_matches('\u{feff}').to_owned()))
}

async fn answer(
    app: &App,
    by: &SignedIn,
    (known, form): (Known, ConnectionForm),
    upload: CheckedUpload,
) -> Result<Response, Problem> {
    let (form, wrong) = if form.kind == ProtocolKind::Saml.as_str() {
        match document(upload).await? {
            Ok(document) => form::with_document(form, document),
            Err(wrong) => (form, vec![wrong]),
        }
    } else {
        (form, vec![("file", msg!("sso-wrong-file-protocol"))])
    };
    let is_read = wrong.is_empty();
    let errors = said(&by.page(ConnectionPage::TITLE), wrong);
    if is_read {
        let known = known.told(msg!("sso-file-read"));
        return Ok(view(app, by, known, form, errors));
    }
    let page = view(app, by, known, form, errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub(super) async fn read_new(
    State(app): State<Arc<App>>,
    by: SignedIn,
    upload: CheckedUpload,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let form = empty(ProtocolKind::Saml);
    let known = Known::of_new(&app, &by).await?;
    answer(&app, &by, (known, form), upload).await
}

pub(super) async fn read_change(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    upload: CheckedUpload,
) -> Result<Response, Problem> {
    by.access.require(Permission::PeopleAdminister)?;
    let id = connection_id(&id)?;
    let (_, connection, failures) = actions::sight(&app, &by.access, id).await?;
    let known = known(&app, &by, id, (&connection, failures)).await?;
    answer(&app, &by, (known, form::as_typed(&connection)), upload).await
}
