//! Adding, verifying and closing an account that payments leave from.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use countersign_bankfile::account::{Bic, Iban};
use countersign_money::Currency;
use serde::Deserialize;

use super::{actions, badge, people};
use crate::identity::access::Permission;
use crate::identity::organisations::{Entity, EntityAccountId, EntityId, NAME_CHARS, NewAccount};
use crate::identity::sessions::SignedIn;
use crate::identity::settings::actions::AccountSight;
use crate::identity::settings::rules::AccountState;
use crate::identity::settings::views::{AccountPage, NewAccountPage};
use crate::identity::setup::pages::currencies;
use crate::identity::setup::rules::{checked, optional};
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{at_field, html, message};
use crate::platform::web::view::{Fact, FormErrors};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    label: String,
    iban: String,
    bic: String,
    currency: String,
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// What was typed of a new account, or a message for each field that is wrong.
fn account(typed: &Typed, page: &Page) -> Result<NewAccount, FormErrors> {
    let mut errors = FormErrors::default();
    let label = checked(page, &mut errors, ("label", &typed.label), NAME_CHARS);
    let iban = Iban::parse(&typed.iban).ok();
    if iban.is_none() {
        errors.add("iban", page.t(msg!("setup-wrong-iban")));
    }
    let bic = optional(&typed.bic, Bic::parse);
    if bic.is_err() {
        errors.add("bic", page.t(msg!("setup-wrong-bic")));
    }
    let currency = typed.currency.parse::<Currency>().ok();
    if currency.is_none() {
        errors.add("currency", page.t(msg!("setup-wrong-currency")));
    }
    match (iban, bic, currency) {
        (Some(iban), Ok(bic), Some(currency)) if errors.is_empty() => Ok(NewAccount {
            label,
            iban,
            bic,
            currency,
        }),
        _ => Err(errors),
    }
}

async fn entity(app: &App, by: &SignedIn, wanted: EntityId) -> Result<Entity, Problem> {
    let reach = by.access.reach(Permission::SettingsEdit)?;
    let view = actions::view(app, &by.access).await?;
    let mut entities = view.entities.into_iter().map(|sight| sight.entity);
    entities
        .find(|entity| entity.id == wanted && reach.includes(wanted))
        .ok_or_else(Problem::not_found)
}

fn new_page(by: &SignedIn, entity: &Entity, typed: Typed, errors: FormErrors) -> Response {
    let currency = match typed.currency.as_str() {
        "" => &entity.currency,
        currency => currency,
    };
    html(&NewAccountPage {
        entity_id: entity.id.to_string(),
        entity: entity.name.clone(),
        currencies: currencies(currency),
        label: typed.label,
        iban: typed.iban,
        bic: typed.bic,
        errors,
        page: by.page(NewAccountPage::TITLE),
    })
}

pub(super) async fn show_new(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(wanted): Path<String>,
) -> Result<Response, Problem> {
    let entity = entity(&app, &by, id(&wanted)?).await?;
    Ok(new_page(
        &by,
        &entity,
        Typed::default(),
        FormErrors::default(),
    ))
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(wanted): Path<String>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, Problem> {
    let entity = entity(&app, &by, id(&wanted)?).await?;
    let errors = match account(&typed, &by.page(NewAccountPage::TITLE)) {
        Ok(new) => match actions::add_account(&app, &by.access, entity.id, new).await {
            Ok(_) => return Ok(Redirect::to("/settings").into_response()),
            Err(error) => at_field(error.into(), by.locale)?,
        },
        Err(errors) => errors,
    };
    let page = new_page(&by, &entity, typed, errors);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn account_page(
    by: &SignedIn,
    (entity, sight): &(Entity, AccountSight),
    (reason, errors): (String, FormErrors),
) -> Response {
    let waits = sight.state == AccountState::Entered;
    let (title, lead) = match sight.state {
        AccountState::Entered => (AccountPage::TITLE, msg!("settings-verify-lead")),
        AccountState::Verified => (msg!("settings-account-page"), msg!("settings-in-use-lead")),
        AccountState::Closed => (msg!("settings-account-page"), msg!("settings-closed-lead")),
    };
    let page = by.page(title);
    let fact = |id: &str, value: String| Fact::new(page.t(id), Some(value), None);
    let blocked = if sight.is_altered {
        Some(page.t(msg!("settings-error-altered")))
    } else if waits && sight.is_own_entry {
        Some(page.t(msg!("settings-error-same-human")))
    } else {
        None
    };
    html(&AccountPage {
        id: sight.id.to_string(),
        // The IBAN is what the reader is to bring: not even its end is shown here.
        facts: vec![
            fact(msg!("setup-entity-name"), entity.name.clone()),
            fact(msg!("settings-account-label"), sight.label.clone()),
            Fact::new(page.t(msg!("setup-bic")), sight.bic.clone(), None),
            fact(msg!("setup-currency"), sight.currency.clone()),
            fact(msg!("settings-state"), badge(&page, sight).text),
            fact(msg!("settings-by"), people(&page, sight)),
        ],
        lead: page.t(lead),
        waits,
        asks_iban: waits && blocked.is_none(),
        blocked,
        can_close: sight.can_close,
        reason,
        errors,
        page,
    })
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(wanted): Path<String>,
) -> Result<Response, Problem> {
    let sight = actions::sight(&app, &by.access, id(&wanted)?).await?;
    let nothing = (String::new(), FormErrors::default());
    Ok(account_page(&by, &sight, nothing))
}

#[derive(Deserialize)]
pub(super) struct Verification {
    #[serde(default)]
    iban: String,
}

pub(super) async fn verify(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(wanted): Path<String>,
    Checked(typed): Checked<Verification>,
) -> Result<Response, Problem> {
    let wanted: EntityAccountId = id(&wanted)?;
    let sight = actions::sight(&app, &by.access, wanted).await?;
    let errors = match Iban::parse(&typed.iban) {
        Ok(iban) => match actions::verify_account(&app, &by.access, wanted, iban).await {
            Ok(()) => return Ok(Redirect::to("/settings").into_response()),
            Err(error) => at_field(error.into(), by.locale)?,
        },
        Err(_) => {
            let mut errors = FormErrors::default();
            errors.add(
                "iban",
                by.page(AccountPage::TITLE).t(msg!("setup-wrong-iban")),
            );
            errors
        }
    };
    let page = account_page(&by, &sight, (String::new(), errors));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    reason: String,
}

pub(super) async fn close(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(wanted): Path<String>,
    Checked(typed): Checked<Closing>,
) -> Result<Response, Problem> {
    let wanted: EntityAccountId = id(&wanted)?;
    match actions::close_account(&app, &by.access, wanted, &typed.reason).await {
        Ok(()) => Ok(Redirect::to("/settings").into_response()),
        Err(error) => {
            // Another person's step may have come first: the page tells where the account stands now, with the reason on it.
            let problem = Problem::from(error);
            let status = problem.status;
            let errors = if status == StatusCode::CONFLICT {
                let mut errors = FormErrors::default();
                errors.add("reason", message(&problem, by.locale));
                errors
            } else {
                at_field(problem, by.locale)?
            };
            let sight = actions::sight(&app, &by.access, wanted).await?;
            let page = account_page(&by, &sight, (typed.reason, errors));
            Ok((status, page).into_response())
        }
    }
}
