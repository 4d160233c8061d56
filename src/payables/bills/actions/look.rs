//! Looking at bills.

use std::collections::BTreeMap;

use countersign_einvoice::model::Invoice;

use super::BillError;
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::organisations::find_entity;
use crate::payables::approvals::store::{Decision, Request, decisions, newest_request};
use crate::payables::bills::holds::{self, Hold};
use crate::payables::bills::rules::payable::{Reason, payable};
use crate::payables::bills::store::claims::{self, Claim};
use crate::payables::bills::store::facts::{self, FactRow};
use crate::payables::bills::store::findings::{self, FindingRow};
use crate::payables::bills::store::list::{Filter, Listed, View};
use crate::payables::bills::store::{
    self as bills, Bill, BillLine, Distribution, VatRow, VendorBrief, lines,
};
use crate::payables::coding::rules::Chart;
use crate::payables::coding::store::chart;
use crate::payables::ids::BillId;
use crate::payables::payments::is_at_bank;
use crate::payables::vendors::store::person_name;
use crate::platform::app::App;
use crate::platform::documents::{self, Document};
use crate::platform::ids::PersonId;
use crate::platform::keys::fields::BILL_READING;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::store::Read;
use crate::platform::store::journal::read::{Told, history_of};

/// Entries of a bill's history that are shown.
const HISTORY: i64 = 100;

/// Everything that a page about one bill shows.
#[derive(Debug)]
pub struct Shown {
    pub bill: Bill,
    pub vendor: Option<VendorBrief>,
    pub lines: Vec<BillLine>,
    pub distributions: Vec<Distribution>,
    pub vat: Vec<VatRow>,
    pub facts: Vec<FactRow>,
    pub findings: Vec<FindingRow>,
    /// Those that stand now.
    pub holds: Vec<Hold>,
    /// Who placed them, by name.
    pub placers: BTreeMap<PersonId, String>,
    pub reasons: Vec<Reason>,
    pub claims: Vec<Claim>,
    /// The verified account that the claims are compared with, masked.
    pub known_account: Option<String>,
    /// Who is to pay.
    pub entity_name: String,
    /// The codes in use, with their names.
    pub chart: Chart,
    /// The newest request for approval.
    pub request: Option<Request>,
    /// What was decided on it.
    pub decisions: Vec<Decision>,
    pub document: Option<Document>,
    /// What a reader found; its lines may be cut.
    pub invoice: Option<Invoice>,
    /// The bank has its payment: nothing of it is changed any more.
    pub is_at_bank: bool,
    /// The newest first.
    pub history: Vec<Told>,
}

/// One part of a list.
pub async fn list(app: &App, who: &Access, filter: Filter) -> Result<Vec<Listed>, BillError> {
    let reach = who.reach(Permission::BillsRead)?;
    let (human, mandates) = (who.human(), who.mandates().to_vec());
    app.store
        .read(who.scope(), move |read| {
            let Some(principal) = filter.decided_for else {
                return Ok(bills::list::list(read, &filter, &reach, None)?);
            };
            // Of somebody for whom she does not decide nothing waits.
            let Some(mandate) = mandates.iter().find(|one| one.principal == principal) else {
                return Ok(Vec::new());
            };
            let acting = humans::load(read)?.listed(&[human, mandate.human]);
            let behalf = (acting, mandate.reach.clone());
            Ok(bills::list::list(read, &filter, &reach, Some(&behalf))?)
        })
        .await
}

/// How many bills wait in each view of the list.
pub async fn counts(app: &App, who: &Access) -> Result<Vec<(View, i64)>, BillError> {
    let reach = who.reach(Permission::BillsRead)?;
    app.store
        .read(who.scope(), move |read| {
            Ok(bills::list::counts(read, &reach)?)
        })
        .await
}

/// One bill with all that belongs to it.
pub async fn show(app: &App, who: &Access, id: BillId) -> Result<Shown, BillError> {
    let reach = who.reach(Permission::BillsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    app.store
        .read(who.scope(), move |read| {
            bills::within(read, id, &reach)?;
            Ok(shown(read, &keys, id)?)
        })
        .await
}

/// [`show`] within a snapshot in which somebody reads more. Whether she may is asked by who opened it.
pub fn shown(read: &mut Read<'_>, keys: &OrgKeys, id: BillId) -> Result<Shown, KeyError> {
    let bill = bills::find(read, id)?;
    let holds = holds::standing(read, &bill)?;
    let vendor = match bill.vendor_id {
        Some(vendor) => bills::vendor_brief(read, vendor)?,
        None => None,
    };
    let known = match bill.vendor_id {
        Some(vendor) => claims::known_account(read, vendor)?,
        None => None,
    };
    let document = match bill.document_id {
        Some(document) => Some(documents::find(read, document)?),
        None => None,
    };
    let invoice = match findings::reading_of(read, id)? {
        Some((row, sealed)) => {
            let opened = keys.subject(read, id)?.open(BILL_READING, row, &sealed)?;
            serde_json::from_slice(opened.expose()).ok()
        }
        None => None,
    };
    let request = newest_request(read, id)?;
    let decisions = match &request {
        Some(request) => decisions(read, request.id)?,
        None => Vec::new(),
    };
    let mut placers = BTreeMap::new();
    for person in holds.iter().filter_map(|hold| hold.placed_by_id) {
        placers.insert(person, person_name(read, person)?);
    }
    Ok(Shown {
        entity_name: find_entity(read, bill.entity_id)?.name,
        chart: chart(read)?,
        request,
        decisions,
        placers,
        reasons: payable(&bill, &holds),
        vendor,
        lines: lines::of_bill(read, id)?,
        distributions: lines::distributions_of_bill(read, id)?,
        vat: lines::vat_of_bill(read, id)?,
        facts: facts::of_bill(read, id)?,
        findings: findings::of_bill(read, id)?,
        claims: claims::of_bill(read, id)?,
        known_account: known.map(|account| account.masked),
        is_at_bank: is_at_bank(read, id)?,
        history: history_of(read, "bill", id, HISTORY)?,
        bill,
        holds,
        document,
        invoice,
    })
}
