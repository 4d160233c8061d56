//! What an approver reads: her inbox, and everything about one bill in one snapshot, so that the digest of the page is
//! that of what the page shows.

use super::{ApprovalError, Who};
use crate::identity::access::{Access, Permission};
use crate::payables::approvals::rules::{Asked, Duty, RequestStatus, conflict};
use crate::payables::approvals::store::context::{self, Previous};
use crate::payables::approvals::store::inbox::{self, DecidedRow, Waiting};
use crate::payables::approvals::store::standing::{NotApproved, approvers};
use crate::payables::approvals::store::{self, Decision, PolicyTrouble, Request};
use crate::payables::approvals::{Standing, standing};
use crate::payables::bills::holds::{self, Hold};
use crate::payables::bills::store::findings::{self, FindingRow};
use crate::payables::bills::store::{self as bills, Bill, BillLine, Distribution, facts, lines};
use crate::payables::coding::rules::Chart;
use crate::payables::coding::store::chart;
use crate::payables::ids::BillId;
use crate::payables::vendors::{WhyNotPayable, payable_account};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;
use crate::platform::store::journal::read::{Told, history_of};
use crate::platform::store::{Read, StoreError};
use countersign_money::{Currency, Money};

const HISTORY: i64 = 30;
const PREVIOUS: i64 = 3;

/// Everything an approver needs to decide.
#[derive(Debug)]
pub struct Case {
    pub bill: Bill,
    pub entity_name: String,
    pub own_currency: Currency,
    pub file_name: Option<String>,
    pub request: Option<Request>,
    /// By which part of the policy how many are asked.
    pub asked: Option<Asked>,
    pub standing: Standing,
    /// Why this person may not decide now.
    pub blocked: Option<Blocked>,
    pub decisions: Vec<Decision>,
    pub lines: Vec<BillLine>,
    pub distributions: Vec<Distribution>,
    pub chart: Chart,
    pub holds: Vec<Hold>,
    pub findings: Vec<FindingRow>,
    /// The verified account that would be paid, masked; none where no account may be paid now.
    pub account: Option<String>,
    pub vendor: Option<bills::VendorBrief>,
    pub entered_by: Option<String>,
    pub requested_by: Option<String>,
    pub previous: Vec<Previous>,
    /// The newest first.
    pub history: Vec<Told>,
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
    who.require(Permission::BillsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let (viewer, now) = (Who::from(who), who.now());
    app.store
        .read(who.scope(), move |read| {
            case(read, &keys, viewer, bill, now)
        })
        .await
}

fn case(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    viewer: Who,
    id: BillId,
    now: Micros,
) -> Result<Case, ApprovalError> {
    let bill = bills::find(read, id)?;
    let request = store::newest_request(read, id)?;
    let decisions = match &request {
        Some(request) => store::decisions(read, request.id)?,
        None => Vec::new(),
    };
    let account = account(read, keys, &bill, now)?;
    let (mut vendor, mut previous) = (None, Vec::new());
    if let Some(vendor_id) = bill.vendor_id {
        vendor = bills::vendor_brief(read, vendor_id)?;
        previous = context::previous(read, vendor_id, id, PREVIOUS)?;
    }
    let mut named = |person| match person {
        Some(person) => context::name(read, person),
        None => Ok(None),
    };
    let entered_by = named(bill.entered_by_id)?;
    let requested_by = named(request.as_ref().map(|request| request.requested_by))?;
    Ok(Case {
        entity_name: context::entity_name(read, bill.entity_id)?,
        own_currency: store::entity_currency(read, bill.entity_id)?,
        file_name: context::file_name(read, id)?,
        asked: asked(read, keys, &bill, request.as_ref())?,
        standing: standing(read, keys, id)?,
        blocked: blocked(read, keys, viewer, &bill, request.as_ref())?,
        lines: lines::of_bill(read, id)?,
        distributions: lines::distributions_of_bill(read, id)?,
        chart: chart(read)?,
        holds: holds::standing(read, &bill)?,
        findings: findings::of_bill(read, id)?,
        history: history_of(read, "bill", id, None, HISTORY)?,
        bill,
        request,
        decisions,
        account,
        vendor,
        entered_by,
        requested_by,
        previous,
    })
}

fn account(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    bill: &Bill,
    now: Micros,
) -> Result<Option<String>, StoreError> {
    let Some(vendor) = bill.vendor_id else {
        return Ok(None);
    };
    let found = WhyNotPayable::split(payable_account(read, keys, vendor, now))?;
    Ok(found.ok().map(|account| account.masked))
}

fn asked(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    bill: &Bill,
    request: Option<&Request>,
) -> Result<Option<Asked>, StoreError> {
    let policy = match request {
        Some(request) => store::policy(read, keys, request.policy_version),
        None => store::newest_policy(read, keys),
    };
    match policy {
        Ok(policy) => Ok(store::sight(read, keys, bill, &policy)?.map(|sight| sight.asked)),
        Err(PolicyTrouble::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn blocked(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    viewer: Who,
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
    Ok(conflict(viewer.human, &entrants, request.requested_human, &approved).map(Blocked::Duty))
}

/// A bill in the inbox, with why this person is asked.
#[derive(Debug)]
pub struct InboxRow {
    pub waiting: Waiting,
    pub asked: Option<Asked>,
    pub own_currency: Currency,
}

/// What waits for this person's decision, the earliest due first, behind `after`.
pub async fn inbox(
    app: &App,
    who: &Access,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<InboxRow>, ApprovalError> {
    who.require(Permission::BillsDecide)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let human = who.human();
    app.store
        .read(who.scope(), move |read| {
            inbox::waiting(read, human, after.as_ref(), limit)?
                .into_iter()
                .map(|waiting| with_reason(read, &keys, waiting))
                .collect()
        })
        .await
}

fn with_reason(
    read: &mut Read<'_>,
    keys: &OrgKeys,
    waiting: Waiting,
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
    })
}

/// What this person decided, the newest first, before the decision `before`.
pub async fn decided(
    app: &App,
    who: &Access,
    before: Option<String>,
    limit: i64,
) -> Result<Vec<DecidedRow>, ApprovalError> {
    who.require(Permission::BillsDecide)?;
    let human = who.human();
    app.store
        .read(who.scope(), move |read| {
            Ok(inbox::decided(read, human, before.as_deref(), limit)?)
        })
        .await
}
