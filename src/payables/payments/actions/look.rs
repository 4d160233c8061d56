//! Looking at what could be paid, and at runs.

use countersign_money::Currency;
use jiff::civil::Date;

use super::{PaymentError, acting, run_within, today};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::organisations::{
    Entity, EntityAccount, EntityAccountId, find_entity, list_accounts, list_entities,
    paying_account,
};
use crate::identity::settings;
use crate::payables::bills::rules::Payment as PaymentAxis;
use crate::payables::ids::RunId;
use crate::payables::payments::rules::duties::LeftToCountersign;
use crate::payables::payments::rules::{MAX_PAYMENTS, RunStatus};
use crate::payables::payments::store::check::{self, Asked, LeftOut, Pairs, Payable, Trouble};
use crate::payables::payments::store::file::Payer;
use crate::payables::payments::store::{
    self, PaymentRow, Removed, Run, seal, separation, writable,
};
use crate::payables::vendors::store::person_name;
use crate::platform::app::App;
use crate::platform::store::{Reads, StoreError};

/// The accounts that payments can leave from, with their entities: what nobody verified and what is closed is not there.
pub async fn paying_accounts(
    app: &App,
    who: &Access,
) -> Result<Vec<(Entity, EntityAccount)>, PaymentError> {
    let reach = who.reach(Permission::RunsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .read(who.scope(), move |reads| {
            let mut all = Vec::new();
            let entities = list_entities(reads)?.into_iter();
            for entity in entities.filter(|entity| reach.includes(entity.id)) {
                for account in list_accounts(reads, entity.id)? {
                    let paying = paying_account(reads, account.id)?;
                    if settings::listed(reads, &keys, &paying)?.is_ok() {
                        all.push((entity.clone(), account));
                    }
                }
            }
            Ok(all)
        })
        .await
}

/// What of the bills that are due can be paid from an account, and what cannot, with every reason.
#[derive(Debug)]
pub struct ProposalView {
    pub entity: Entity,
    pub currency: Currency,
    pub included: Vec<Payable>,
    pub left_out: Vec<LeftOut>,
    /// More is due than was looked at: propose what is here, and look again.
    pub has_more: bool,
    /// Whether somebody could countersign it if the one who looks proposes it.
    pub left: LeftToCountersign,
}

/// Looks at what is due until a day.
pub async fn view_proposal(
    app: &App,
    who: &Access,
    account: EntityAccountId,
    due_until: Date,
) -> Result<ProposalView, PaymentError> {
    let reach = who.reach(Permission::RunsPropose)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let (human, now) = (who.human(), who.now());
    app.store
        .read(who.scope(), move |reads| {
            let account = paying_account(reads, account).map_err(PaymentError::missing)?;
            reach.check(account.entity).map_err(PaymentError::missing)?;
            let currency: Currency = account
                .currency
                .parse()
                .map_err(|_| PaymentError::Field("account"))?;
            let asked = Asked {
                keys: &keys,
                now,
                currency,
                entity: account.entity,
                payment: PaymentAxis::Unpaid,
                separation: separation::now(reads)?,
            };
            let most = MAX_PAYMENTS as i64;
            let mut due = store::due(reads, (account.entity, currency), due_until, most + 1)?;
            let has_more = due.len() > MAX_PAYMENTS;
            due.truncate(MAX_PAYMENTS);
            let (included, mut left_out) = check::select(reads, asked, &due)?;
            let place = (account.entity, account.id);
            let day = due_until.max(today(reads, now)?);
            let payer = Payer::of(reads, &keys, place, (currency, day))?;
            let included = writable::sift(reads, &payer, included, &mut left_out)?;
            Ok(ProposalView {
                entity: find_entity(reads, account.entity)?,
                currency,
                left: separation::left_to_countersign(reads, (human, account.entity), &included)?,
                included,
                left_out,
                has_more,
            })
        })
        .await
}

/// Runs before `after` (empty: from the newest on).
pub async fn list_runs(
    app: &App,
    who: &Access,
    after: String,
    limit: i64,
) -> Result<Vec<(Run, String)>, PaymentError> {
    let reach = who.reach(Permission::RunsRead)?;
    app.store
        .read(who.scope(), move |reads| {
            let mut all = Vec::new();
            for run in store::list(reads, (&after, &reach), limit)? {
                let account = paying_account(reads, run.account)?;
                all.push((run, account.iban_masked));
            }
            Ok(all)
        })
        .await
}

/// A run with all that its page shows.
#[derive(Debug)]
pub struct RunView {
    pub run: Run,
    pub entity: String,
    pub account_masked: String,
    pub rows: Vec<PaymentRow>,
    pub removed: Vec<Removed>,
    /// The digest of its payments as they are now.
    pub digest: [u8; 32],
    /// What is wrong with its payments now, while it is not released.
    pub troubles: Vec<Trouble>,
    /// Duties of the one who looks that keep her from countersigning or releasing, by bill number.
    pub own_duties: Vec<(String, Pairs)>,
    /// Duties that one human had because there are not enough others, by bill number.
    pub conceded: Vec<(String, Pairs)>,
    pub is_own_proposal: bool,
    /// Not released, and its execution date is past.
    pub is_day_past: bool,
    pub proposed_by: String,
    pub countersigned_by: Option<String>,
    pub released_by: Option<String>,
    pub file_size_bytes: Option<i64>,
    /// Whether the one who looks may fetch the file now.
    pub may_fetch: bool,
}

/// One run.
pub async fn view_run(app: &App, who: &Access, id: RunId) -> Result<RunView, PaymentError> {
    let reach = who.reach(Permission::RunsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let ((person, human), now) = (acting(who), who.now());
    let release = who.sight(Permission::RunsRelease);
    app.store
        .read(who.scope(), move |reads| {
            let run = run_within(reads, id, &reach)?;
            let may_release = release.includes(run.entity);
            let payments = store::payments(reads, id)?;
            let (mut troubles, mut own_duties, mut conceded) = (Vec::new(), Vec::new(), Vec::new());
            if run.status.is_unreleased() {
                let checked = check::run(reads, &keys, &run, now)?;
                own_duties = checked.conflicts_of(human);
                conceded = checked.conceded();
                troubles = checked.troubles;
            }
            let is_releaser = run.released_by == Some(person);
            let mut may_fetch = may_release && run.status.gives_file() && is_releaser;
            if may_release && run.status == RunStatus::Released && !is_releaser {
                let checked = check::run(reads, &keys, &run, now)?;
                may_fetch = checked.troubles.is_empty() && checked.conflicts_of(human).is_empty();
            }
            let is_day_past = run.status.is_unreleased() && run.execution_date < today(reads, now)?;
            let mut name = |person: Option<_>| match person {
                Some(person) => person_name(reads, person).map(Some),
                None => Ok::<_, StoreError>(None),
            };
            let proposed_by = name(Some(run.proposed_by))?.unwrap_or_default();
            let countersigned_by = name(run.countersigned_by)?;
            let released_by = name(run.released_by)?;
            Ok(RunView {
                entity: find_entity(reads, run.entity)?.name,
                account_masked: paying_account(reads, run.account)?.iban_masked,
                rows: store::rows(reads, id)?,
                removed: store::removed(reads, id)?,
                digest: seal::digest(id, &payments),
                troubles,
                own_duties,
                conceded,
                is_day_past,
                is_own_proposal: humans::load(reads)?.are_one(run.proposed_human, human),
                proposed_by,
                countersigned_by,
                released_by,
                file_size_bytes: file_size(reads, &run)?,
                may_fetch,
                run,
            })
        })
        .await
}

fn file_size(reads: &mut impl Reads, run: &Run) -> Result<Option<i64>, StoreError> {
    run.file_document
        .map(|document| crate::platform::documents::find(reads, document))
        .transpose()
        .map(|document| document.map(|document| document.size_bytes))
}
