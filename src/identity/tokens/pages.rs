//! One's own account: password and tokens.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions;
use super::rules::LONGEST_DAYS;
use super::store::Listed;
use super::views::{AccountPage, NewToken, TokenRow};
use crate::identity::access::{self, Permission};
use crate::identity::devices::{self, Presented};
use crate::identity::organisations::{NAME_CHARS, text};
use crate::identity::passwords::Password;
use crate::identity::people;
use crate::identity::policy;
use crate::identity::sessions::SignedIn;
use crate::identity::setup::rules as typed;
use crate::identity::sign_in::{SignInError, change_password};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Choice, FormErrors, Notice, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me", get(show))
        .route("/me/language", post(language))
        .route("/me/password", post(password))
        .route("/me/tokens", post(create))
        .route("/me/tokens/{id}/revoke", post(revoke))
}

#[derive(Debug, Default, Deserialize)]
struct TokenForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    permissions: Vec<String>,
}

/// What an answer shows beside the account itself.
#[derive(Debug, Default)]
struct Said {
    shown: Option<NewToken>,
    form: TokenForm,
    errors: FormErrors,
    notice: Option<Notice>,
}

async fn account(app: &App, by: &SignedIn, said: Said) -> Result<Response, Problem> {
    let mut page = by.page(AccountPage::TITLE);
    page.notice = said.notice;
    let can_make_tokens = by.access.may_anywhere(Permission::OwnTokens);
    let listed = actions::list(app, &by.access).await?;
    let is_offered = |permission: Permission| {
        by.access.may_anywhere(permission) && permission != Permission::OwnTokens
    };
    let permissions = permission_choices(&page, is_offered, &said.form.permissions);
    Ok(html(&AccountPage {
        name: by.name.clone(),
        email: by.email.clone(),
        shown: said.shown,
        can_make_tokens,
        tokens: listed
            .into_iter()
            .map(|token| row(&page, token, app.now()))
            .collect(),
        permissions,
        locales: vec![
            Choice::new("en", "English", page.locale.tag()),
            Choice::new("de", "Deutsch", page.locale.tag()),
        ],
        typed_name: said.form.name,
        typed_days: said.form.days,
        errors: said.errors,
        page,
    }))
}

/// The permissions that a token may have, those ticked that were typed.
pub(in crate::identity) fn permission_choices(
    page: &Page,
    is_offered: impl Fn(Permission) -> bool,
    typed: &[String],
) -> Vec<Choice> {
    let choice = |permission: &Permission| {
        let selected = typed.iter().any(|text| text == permission.as_str());
        access::choice(page, *permission, selected)
    };
    let offered = Permission::ALL.iter().filter(|one| is_offered(**one));
    offered.map(choice).collect()
}

/// A token in the list of its holder.
pub(in crate::identity) fn row(page: &Page, token: Listed, now: Micros) -> TokenRow {
    let works = token.works(now);
    let state = match token.revoked {
        Some(_) => Badge::new(Tone::Neutral, page.t(msg!("people-token-revoked"))),
        None if works => Badge::new(Tone::Good, page.t(msg!("people-token-works"))),
        None => Badge::new(Tone::Neutral, page.t(msg!("people-token-expired"))),
    };
    TokenRow {
        id: token.id.to_string(),
        name: token.name,
        permissions: token.permissions,
        last_four: token.last_four,
        last_used: token.last_used.map(|at| page.time(at.0)),
        expires: page.time(token.expires.0),
        state,
        works,
    }
}

#[derive(Debug, Deserialize)]
struct LanguageForm {
    locale: String,
}

async fn language(
    State(app): State<Arc<App>>,
    mut by: SignedIn,
    Checked(form): Checked<LanguageForm>,
) -> Result<Response, Problem> {
    let Some(locale) = Locale::from_tag(&form.locale) else {
        let mut errors = FormErrors::default();
        let page = by.page(AccountPage::TITLE);
        errors.add("locale", page.t(msg!("people-wrong-language")));
        let said = Said {
            errors,
            ..Said::default()
        };
        return refused(&app, &by, said).await;
    };
    people::choose_language(&app, &by.access, locale).await?;
    // The answer is the first page in it.
    by.locale = locale;
    let notice = Some(Notice {
        tone: Tone::Good,
        text: by.page(AccountPage::TITLE).t(msg!("people-language-saved")),
    });
    let said = Said {
        notice,
        ..Said::default()
    };
    account(&app, &by, said).await
}

async fn show(State(app): State<Arc<App>>, by: SignedIn) -> Result<Response, Problem> {
    account(&app, &by, Said::default()).await
}

async fn refused(app: &App, by: &SignedIn, said: Said) -> Result<Response, Problem> {
    let page = account(app, by, said).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn create(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<TokenForm>,
) -> Result<Response, Problem> {
    let page = by.page(AccountPage::TITLE);
    let mut errors = FormErrors::default();
    let name = text(&form.name, NAME_CHARS).unwrap_or_else(|_| {
        errors.add("name", page.t(msg!("setup-wrong-missing")));
        String::new()
    });
    let days = form.days.trim().parse::<i64>().unwrap_or(0);
    if !(1..=LONGEST_DAYS).contains(&days) {
        errors.add("days", page.t(msg!("people-token-wrong-days")));
    }
    let permissions: Vec<Permission> = form
        .permissions
        .iter()
        .filter_map(|text| Permission::parse(text))
        .collect();
    if permissions.is_empty() {
        errors.add("permissions", page.t(msg!("people-token-no-permission")));
    }
    if !errors.is_empty() {
        let said = Said {
            form,
            errors,
            ..Said::default()
        };
        return refused(&app, &by, said).await;
    }
    let token = actions::create(&app, &by.access, &name, &permissions, days).await?;
    let said = Said {
        shown: Some(NewToken(token.expose().to_string())),
        ..Said::default()
    };
    account(&app, &by, said).await
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn revoke(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    actions::revoke(&app, &by.access, id).await?;
    Ok(Redirect::to("/me"))
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    current: Password,
    password: Password,
    password_again: Password,
}

async fn password(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Presented(device): Presented,
    Checked(form): Checked<PasswordForm>,
) -> Result<Response, Problem> {
    let page = by.page(AccountPage::TITLE);
    let mut errors = FormErrors::default();
    let context = [
        by.name.as_str(),
        &by.email,
        &by.organisation_name,
        &by.organisation_slug,
    ];
    let both = (&form.password, &form.password_again);
    let policy = policy::of_organisation(&app, by.access.scope()).await?;
    typed::new_password(both, (&context, &policy), &page, &mut errors);
    let whose = (by.access.person(), &form.password);
    if errors.is_empty() && policy::former(&app, by.access.scope(), whose).await? {
        errors.add("password", page.t(msg!("setup-password-former")));
    }
    if errors.is_empty() {
        let device = devices::find(&app, device.as_ref()).await?;
        let changed = change_password(
            &app,
            &by.access,
            (by.session, device),
            (form.current, form.password),
            &by.request,
        )
        .await;
        match changed {
            Ok(()) => {
                let notice = Some(Notice {
                    tone: Tone::Good,
                    text: page.t(msg!("people-password-changed")),
                });
                let said = Said {
                    notice,
                    ..Said::default()
                };
                return account(&app, &by, said).await;
            }
            Err(SignInError::Refused) => {
                errors.add("current", page.t(msg!("people-password-wrong")));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let said = Said {
        errors,
        ..Said::default()
    };
    refused(&app, &by, said).await
}
