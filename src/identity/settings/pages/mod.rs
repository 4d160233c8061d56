//! The pages of the settings.

mod account;
mod entity;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, AccountSight, EntitySight};
use super::rules::AccountState;
use super::views::{AccountRow, EntityBlock, SettingsPage};
use crate::identity::access::Permission;
use crate::identity::organisations::Entity;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Badge, Fact, Notice, Tone};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings", get(show))
        .route(
            "/settings/entities/new",
            get(entity::show).post(entity::add),
        )
        .route(
            "/settings/entities/{id}/accounts",
            get(account::show_new).post(account::add),
        )
        .route(
            "/settings/accounts/{id}",
            get(account::show).post(account::verify),
        )
        .route("/settings/accounts/{id}/close", post(account::close))
}

/// That the VAT id just saved has other check digits than its country makes: it is sealed, so the page cannot know later.
const DOUBTFUL_VAT_ID: &str = "vat-id";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    doubt: String,
}

async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let view = actions::view(&app, &by.access).await?;
    let mut page = by.page(SettingsPage::TITLE);
    if told.doubt == DOUBTFUL_VAT_ID {
        page.notice = Some(Notice {
            tone: Tone::Warn,
            text: page.t(msg!("settings-vat-id-doubtful")),
        });
    }
    let fact = |id: &str, value: String| Fact::new(page.t(id), Some(value), None);
    Ok(html(&SettingsPage {
        facts: vec![
            fact(msg!("setup-organisation-name"), view.name),
            fact(msg!("settings-slug"), view.slug),
            fact(msg!("setup-zone"), view.time_zone),
        ],
        entities: view
            .entities
            .into_iter()
            .map(|entity| block(&page, &by, entity))
            .collect(),
        can_edit: by.access.may(Permission::SettingsEdit),
        sees_people: by.access.may(Permission::PeopleRead),
        page,
    }))
}

fn block(page: &Page, by: &SignedIn, sight: EntitySight) -> EntityBlock {
    EntityBlock {
        can_edit: by.access.may_in(Permission::SettingsEdit, sight.entity.id),
        id: sight.entity.id.to_string(),
        facts: entity_facts(page, &sight.entity),
        has_vat_id: sight.entity.vat_id_masked.is_some(),
        name: sight.entity.name,
        accounts: sight
            .accounts
            .iter()
            .map(|account| account_row(page, account))
            .collect(),
    }
}

fn entity_facts(page: &Page, entity: &Entity) -> Vec<Fact> {
    let fact = |id: &str, value: Option<String>| Fact::new(page.t(id), value, None);
    let address = format!(
        "{} {}, {} {}",
        entity.street, entity.building, entity.post_code, entity.town
    );
    vec![
        fact(msg!("setup-country"), Some(entity.country.clone())),
        fact(msg!("setup-vat-id"), entity.vat_id_masked.clone()),
        fact(msg!("setup-currency"), Some(entity.currency.clone())),
        fact(msg!("settings-address"), Some(address)),
    ]
}

fn account_row(page: &Page, account: &AccountSight) -> AccountRow {
    AccountRow {
        href: format!("/settings/accounts/{}", account.id),
        label: account.label.clone(),
        masked: account.masked.clone(),
        currency: account.currency.clone(),
        state: badge(page, account),
        people: people(page, account),
        can_verify: account.can_verify,
        can_close: account.can_close,
    }
}

fn badge(page: &Page, account: &AccountSight) -> Badge {
    if account.is_altered {
        return Badge::new(Tone::Bad, page.t(msg!("settings-altered")));
    }
    match account.state {
        AccountState::Entered => Badge::new(Tone::Warn, page.t(msg!("settings-entered"))),
        AccountState::Verified => Badge::new(Tone::Good, page.t(msg!("settings-verified"))),
        AccountState::Closed => Badge::new(Tone::Neutral, page.t(msg!("settings-closed"))),
    }
}

fn people(page: &Page, account: &AccountSight) -> String {
    match (&account.entered_by, &account.verified_by) {
        (None, _) => page.t(msg!("settings-by-setup")),
        (Some(entered), None) => page.t1("settings-entered-by", "name", entered),
        (Some(entered), Some(verified)) => {
            page.t2("settings-both-by", "entered", entered, "verified", verified)
        }
    }
}
