//! What an approver reads: her inbox, and everything about one bill in one snapshot, so that the digest of the page is
//! that of what the page shows.

use super::ApprovalError;
use crate::identity::access::{Access, Denied, HumanId, Permission, Reach};
use crate::identity::humans;
use crate::payables::approvals::rules::{Asked, Duty, RequestStatus, conflict};
use crate::payables::approvals::store::context::{self, Previous};
use crate::payables::approvals::store::inbox::{self, DecidedRow, Waiting};
use crate::payables::approvals::store::standing::{NotApproved, approvers};
use crate::payables::approvals::store::{self, PolicyTrouble, Request};
use crate::payables::approvals::{Standing, standing};
use crate::payables::bills::actions::{Shown, shown};
use crate::payables::bills::store::{self as bills, Bill, facts};
use crate::payables::ids::BillId;
use crate::payables::vendors::{WhyNotPayable, payable_account};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Read, StoreError};
use countersign_money::{Currency, Money};

const PREVIOUS: i64 = 3;

/// Everything an approver needs to decide.
#[derive(Debug)]
pub struct Case {
    /// The bill as its own page shows it, the newest request and its decisions among it.
    pub shown: Shown,
    pub own_currency: Currency,
    /// The policy's version that counts for it.
    pub policy_version: Option<i64>,
    /// By which part of the policy how many are asked.
    pub asked: Option<Asked>,
    pub standing: Standing,
    /// Why this person may not decide now.
    pub blocked: Option<Blocked>,
    /// On whose behalf she would decide, where it is not for herself.
    pub behalf: Option<String>,
    /// The verified account that would be paid, masked, or why none may be paid now; none where there is no vendor.
    pub account: Option<Result<String, WhyNotPayable>>,
    pub entered_by: Option<String>,
    pub requested_by: Option<String>,
    /// Earlier bills of the vendor.
    pub previous: Vec<Previous>,
}

/// Why somebody may not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    NotOpen,
    Changed,
    Tampered,
    Duty(Duty),
}

/// One bill as its approver sees it.
pub async fn look(app: &App, who: &Access, bill: BillId) -> Result<Case, ApprovalError> {
    let reach = who.reach(Permission::BillsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let (viewer, now) = (who.clone(), who.now());
    app.store
        .read(who.scope(), move |read| {
            bills::within(read, bill, &reach)?;
            case(read, &keys, (&viewer, &reach), bill, now)
        })
        .await
}

fn case(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    (viewer, reach): (&Access, &Reach),
    id: BillId,
    now: Micros,
) -> Result<Case, ApprovalError> {
    let shown = shown(read, keys, id)?;
    let (bill, request) = (&shown.bill, shown.request.as_ref());
    let account = account(read, keys, bill, now)?;
    let previous = match bill.vendor_id {
        Some(vendor) => context::previous(read, (vendor, reach), id, PREVIOUS)?,
        None => Vec::new(),
    };
    let mut named = |person| match person {
        Some(person) => context::name(read, person),
        None => Ok(None),
    };
    let entered_by = named(bill.entered_by_id)?;
    let requested_by = named(request.map(|request| request.requested_by))?;
    let asked = asked(read, keys, bill, request)?;
    let (blocked, behalf) = acting(read, keys, viewer, bill, request)?;
    Ok(Case {
        behalf,
        own_currency: store::entity_currency(read, bill.entity_id)?,
        policy_version: asked.map(|(version, _)| version),
        asked: asked.map(|(_, asked)| asked),
        standing: standing(read, keys, id)?,
        blocked,
        account,
        entered_by,
        requested_by,
        previous,
        shown,
    })
}

fn account(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    bill: &Bill,
    now: Micros,
) -> Result<Option<Result<String, WhyNotPayable>>, StoreError> {
    let Some(vendor) = bill.vendor_id else {
        return Ok(None);
    };
    let found = WhyNotPayable::split(payable_account(read, keys, vendor, now))?;
    Ok(Some(found.map(|account| account.masked)))
}

/// The policy's version, and what it asks.
fn asked(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    bill: &Bill,
    request: Option<&Request>,
) -> Result<Option<(i64, Asked)>, StoreError> {
    let policy = match request {
        Some(request) => store::policy(read, keys, request.policy_version),
        None => store::newest_policy(read, keys),
    };
    match policy {
        Ok(policy) => {
            let sight = store::sight(read, keys, bill, &policy)?;
            Ok(sight.map(|sight| (policy.version, sight.asked)))
        }
        Err(PolicyTrouble::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Why this person may not decide, and on whose behalf she would.
fn acting(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    viewer: &Access,
    bill: &Bill,
    request: Option<&Request>,
) -> Result<(Option<Blocked>, Option<String>), StoreError> {
    let own = [viewer.human()];
    if viewer.may_in(Permission::BillsDecide, bill.entity_id) {
        return Ok((blocked(read, keys, &own, bill, request)?, None));
    }
    let mandates = viewer.mandates().iter();
    let mut answer = (blocked(read, keys, &own, bill, request)?, None);
    for mandate in mandates.filter(|mandate| mandate.reach.includes(bill.entity_id)) {
        let both = [viewer.human(), mandate.human];
        answer = (
            blocked(read, keys, &both, bill, request)?,
            Some(mandate.name.clone()),
        );
        if answer.0.is_none() {
            break;
        }
    }
    Ok(answer)
}

fn blocked(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    acting: &[HumanId],
    bill: &Bill,
    request: Option<&Request>,
) -> Result<Option<Blocked>, StoreError> {
    let Some(request) = request.filter(|request| request.status == RequestStatus::Open) else {
        return Ok(Some(Blocked::NotOpen));
    };
    let approved = match approvers(read, keys, bill, request)? {
        Ok(approved) => approved,
        Err(NotApproved::Tampered) => return Ok(Some(Blocked::Tampered)),
        Err(_) => return Ok(Some(Blocked::Changed)),
    };
    let entrants = facts::entrants(read, bill.id)?;
    let (same, asked) = (
        humans::load(read)?,
        (&entrants[..], request.requested_human),
    );
    let duty = acting
        .iter()
        .find_map(|human| conflict(&same, *human, asked, &approved.humans));
    Ok(duty.map(Blocked::Duty))
}

/// A bill in the inbox, with why this person is asked.
#[derive(Debug)]
pub struct InboxRow {
    pub waiting: Waiting,
    pub asked: Option<Asked>,
    pub own_currency: Currency,
    /// On whose behalf, where it is not her own to decide.
    pub behalf: Option<String>,
}

/// What waits for this person's decision, the earliest due first, behind `after`: her own, and what others delegated to her.
pub async fn inbox(
    app: &App,
    who: &Access,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<InboxRow>, ApprovalError> {
    let wanted = in_turn(who)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let human = who.human();
    app.store
        .read(who.scope(), move |read| {
            let mut rows: Vec<InboxRow> = Vec::new();
            let same = humans::load(read)?;
            for (other, reach, behalf) in &wanted {
                let acting = same.listed(&[human, other.unwrap_or(human)]);
                for waiting in inbox::waiting(read, (acting, reach), after.as_ref(), limit)? {
                    if rows.iter().all(|row| row.waiting.bill != waiting.bill) {
                        rows.push(with_reason(read, &keys, (waiting, behalf.clone()))?);
                    }
                }
            }
            rows.sort_by_key(|row| row.waiting.after());
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(rows)
        })
        .await
}

/// On whose behalf, where, and her name; nobody for what one decides for oneself.
type Turn = (Option<HumanId>, Reach, Option<String>);

/// What one decides for oneself, and then on whose behalf.
fn in_turn(who: &Access) -> Result<Vec<Turn>, Denied> {
    if !who.decides() {
        return Err(who.lacks(Permission::BillsDecide));
    }
    let own = (None, who.sight(Permission::BillsDecide), None);
    let others = who.mandates().iter().map(|mandate| {
        let name = Some(mandate.name.clone());
        (Some(mandate.human), mandate.reach.clone(), name)
    });
    Ok(std::iter::once(own).chain(others).collect())
}

fn with_reason(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    (waiting, behalf): (Waiting, Option<String>),
) -> Result<InboxRow, ApprovalError> {
    let own_currency = store::entity_currency(read, waiting.entity)?;
    let largest = [waiting.gross_minor, waiting.payable_minor]
        .into_iter()
        .flatten()
        .max_by_key(|minor| minor.unsigned_abs());
    let asked = match store::policy(read, keys, waiting.policy_version) {
        Ok(policy) => largest
            .zip(waiting.currency)
            .map(|(minor, currency)| policy.band(Money::from_minor(minor, currency), own_currency)),
        Err(PolicyTrouble::Store(error)) => return Err(error.into()),
        Err(_) => None,
    };
    Ok(InboxRow {
        waiting,
        asked,
        own_currency,
        behalf,
    })
}

/// What this person decided, the newest first, before the decision `before`.
pub async fn decided(
    app: &App,
    who: &Access,
    before: Option<String>,
    limit: i64,
) -> Result<Vec<DecidedRow>, ApprovalError> {
    let reach = match in_turn(who)?
        .into_iter()
        .map(|(_, reach, _)| reach)
        .reduce(Reach::or)
    {
        Some(reach) => reach,
        None => who.sight(Permission::BillsDecide),
    };
    let human = who.human();
    app.store
        .read(who.scope(), move |read| {
            Ok(inbox::decided(
                read,
                (human, &reach),
                before.as_deref(),
                limit,
            )?)
        })
        .await
}
