//! An organisation with its keys, four humans, a vendor and bills, on either engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countersign::identity::access::HumanId;
use countersign::identity::organisations::EntityId;
use countersign::params;
use countersign::payables::approvals::actions::{
    ApprovalError, Decided, NewDecision, Who, decide_in, submit_in,
};
use countersign::payables::approvals::rules::Verdict;
use countersign::payables::approvals::store::newest_request;
use countersign::payables::approvals::{self, Standing, standing};
use countersign::payables::bills::rules::{
    BillKind, MatchState, Payment, Posting, Processing, Via, number_key,
};
use countersign::payables::bills::store::{self as bills, Bill, BillLine, lines};
use countersign::payables::coding::actions::{LineParts, code_in};
use countersign::payables::coding::rules::TypedPart;
use countersign::payables::coding::{self, CodingError};
use countersign::payables::ids::{BillId, VendorId};
use countersign::platform::ids::OrgId;
use countersign::platform::keys::{Keyring, OrgKeys, Roots};
use countersign::platform::scope::{Caller, Scope};
use countersign::platform::store::{BodyError, Committed, Entry, Read, Sql, StoreError, Tx};
use countersign_money::Currency;
use countersign_sealing::SystemEntropy;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::support::stores::{START, TestStore, caller, id};
use crate::support::temp::TempDir;

pub const INSERT_ENTITY: Sql = Sql::change(
    "legal_entities",
    "INSERT INTO legal_entities (org_id, id, name, country, currency, street, building, post_code, town, created_us, \
     version) VALUES ($1, $2, 'Harbour Foods', 'IE', 'EUR', '', '', '', '', 0, 1) RETURNING id",
);
const INSERT_PERSON: Sql = Sql::change(
    "people",
    "INSERT INTO people (org_id, id, human_id, name, email, sign_in_name, status, created_us, version) \
     VALUES ($1, $2, $3, $4, '', $4, 'active', 0, 1) RETURNING id",
);
pub const INSERT_VENDOR: Sql = Sql::change(
    "vendors",
    "INSERT INTO vendors (org_id, id, name, name_key, status, country, street, building, post_code, town, terms_days, \
     created_us, version) VALUES ($1, $2, 'Nordwind', 'nordwind', 'active', 'DE', '', '', '', '', 30, 0, 1) RETURNING id",
);

pub struct World {
    pub t: Arc<TestStore>,
    pub keys: Arc<OrgKeys>,
    pub organisation: OrgId,
    pub entity: EntityId,
    pub vendor: VendorId,
    /// Enters bills.
    pub ann: Who,
    /// Ann's second account.
    pub ann_again: Who,
    /// Codes and sends to approval.
    pub ben: Who,
    pub cleo: Who,
    pub dora: Who,
    /// Each bill is a day younger than the last one, so that none looks like a duplicate.
    day: AtomicI64,
    _roots: TempDir,
}

impl World {
    pub async fn new(t: &Arc<TestStore>) -> Self {
        let folder = TempDir::new("roots");
        let at = |name: &str| folder.path().join(name);
        let roots =
            Roots::open(&at("storage"), &at("field"), true, &SystemEntropy).expect("fresh roots");
        let ring = Arc::new(Keyring::new(roots));
        let who = |human| Who {
            person: id(),
            human,
        };
        let ann_human: HumanId = id();
        let mut world = Self {
            t: Arc::clone(t),
            keys: ring_keys(&ring, t).await,
            organisation: id(),
            entity: id(),
            vendor: id(),
            ann: who(ann_human),
            ann_again: who(ann_human),
            ben: who(id()),
            cleo: who(id()),
            dora: who(id()),
            day: AtomicI64::new(0),
            _roots: folder,
        };
        world.organisation = world.keys.organisation();
        world.fill().await;
        world
    }

    async fn fill(&self) {
        let (entity, vendor, keys) = (self.entity, self.vendor, Arc::clone(&self.keys));
        let people = [
            (self.ann, "ann"),
            (self.ann_again, "ann.again"),
            (self.ben, "ben"),
            (self.cleo, "cleo"),
            (self.dora, "dora"),
        ];
        self.write::<_, StoreError, _>(self.ann, move |tx| {
            tx.change_one(&INSERT_ENTITY, params![entity])?;
            tx.change_one(&INSERT_VENDOR, params![vendor])?;
            for (who, name) in people {
                tx.change_one(&INSERT_PERSON, params![who.person, who.human, name])?;
            }
            tx.journal(Entry::new("test.filled", "test", entity))?;
            coding::seed(tx, &keys)?;
            approvals::seed(tx, &keys)?;
            tx.done(())
        })
        .await
        .expect("filled");
    }

    pub fn caller(&self, who: Who) -> Caller {
        let mut caller = caller(self.organisation, START);
        caller.actor.person = Some(who.person);
        caller
    }

    pub async fn write<T, E, F>(&self, who: Who, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: BodyError,
        F: FnMut(&mut Tx<'_>) -> Result<Committed<T>, E> + Send + 'static,
    {
        self.t.store.write(self.caller(who), body).await
    }

    pub async fn read<T, F>(&self, body: F) -> T
    where
        T: Send + 'static,
        F: FnMut(&mut Read<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let scope = Scope::of(self.organisation);
        self.t.store.read(scope, body).await.expect("it reads")
    }

    /// A bill entered by Ann with one line of the whole amount, in minor units.
    pub async fn bill(&self, minor: i64, currency: Currency) -> BillId {
        let (entity, vendor, ann) = (self.entity, self.vendor, self.ann);
        let day = self.day.fetch_add(1, Ordering::SeqCst);
        let issued = date(2020, 1, 1).saturating_add(day.days());
        self.write::<_, StoreError, _>(ann, move |tx| {
            let bill = sample(tx, (entity, vendor), ann, issued, (minor, currency));
            bills::insert(tx, &bill)?;
            lines::insert(tx, bill.id, &line(tx, minor))?;
            tx.commit(Entry::new("bill.entered", "bill", bill.id), bill.id)
        })
        .await
        .expect("entered")
    }

    pub async fn version(&self, bill: BillId) -> i64 {
        self.find(bill).await.version
    }

    pub async fn find(&self, bill: BillId) -> Bill {
        self.read(move |read| bills::find(read, bill)).await
    }

    /// Ben codes the bill's only line to one account.
    pub async fn code(&self, bill: BillId, account: &str) -> Result<i64, CodingError> {
        let version = self.version(bill).await;
        self.code_from(self.ben, bill, version, account).await
    }

    pub async fn code_from(
        &self,
        who: Who,
        bill: BillId,
        version: i64,
        account: &str,
    ) -> Result<i64, CodingError> {
        let account = account.to_owned();
        self.write(who, move |tx| {
            let part = TypedPart {
                gl_account: account.clone(),
                cost_centre: "100".to_owned(),
                amount: String::new(),
            };
            let typed: Vec<LineParts> = lines::of_bill(tx, bill)?
                .into_iter()
                .map(|line| LineParts {
                    line: line.id,
                    parts: vec![part.clone()],
                })
                .collect();
            code_in(tx, (bill, version), &typed)
        })
        .await
    }

    pub async fn submit(&self, who: Who, bill: BillId) -> Result<i64, ApprovalError> {
        let (version, keys) = (self.version(bill).await, Arc::clone(&self.keys));
        self.write(who, move |tx| submit_in(tx, &keys, who, (bill, version)))
            .await
    }

    /// A bill that waits for its approvers, sent by Ben.
    pub async fn in_approval(&self, minor: i64) -> BillId {
        let bill = self.bill(minor, Currency::EUR).await;
        self.code(bill, "5000").await.expect("coded");
        self.submit(self.ben, bill).await.expect("submitted");
        bill
    }

    /// A bill that Cleo approved.
    pub async fn approved(&self, minor: i64) -> BillId {
        let bill = self.in_approval(minor).await;
        self.decide(self.cleo, bill, Verdict::Approve)
            .await
            .expect("approved");
        assert!(matches!(
            self.standing(bill).await,
            Standing::Approved { .. }
        ));
        bill
    }

    /// The digest that an approver's page carries now.
    pub async fn seen(&self, bill: BillId) -> [u8; 32] {
        self.read(move |read| newest_request(read, bill))
            .await
            .expect("a request")
            .digest
    }

    pub async fn decide(
        &self,
        who: Who,
        bill: BillId,
        verdict: Verdict,
    ) -> Result<Decided, ApprovalError> {
        let seen = self.seen(bill).await;
        self.decide_on(who, bill, verdict, seen).await
    }

    pub async fn decide_on(
        &self,
        who: Who,
        bill: BillId,
        verdict: Verdict,
        seen: [u8; 32],
    ) -> Result<Decided, ApprovalError> {
        let (keys, new) = (
            Arc::clone(&self.keys),
            NewDecision {
                bill,
                verdict,
                reason: if verdict == Verdict::Approve {
                    ""
                } else {
                    "Wrong quantity."
                }
                .to_owned(),
                seen,
            },
        );
        self.write(who, move |tx| decide_in(tx, &keys, who, &new))
            .await
    }

    pub async fn standing(&self, bill: BillId) -> Standing {
        let keys = Arc::clone(&self.keys);
        self.read(move |read| standing(read, &keys, bill)).await
    }

    /// What somebody does who has the database, with the triggers out of the way.
    pub async fn attack(&self, statements: &[String]) {
        let grown = self.t.store.engine_name() == "postgresql";
        for (table, verb) in [
            ("approval_decisions", "update"),
            ("approval_decisions", "delete"),
            ("approval_policies", "update"),
            ("approval_policies", "delete"),
        ] {
            let on = if grown {
                format!(" ON {table}")
            } else {
                String::new()
            };
            self.t
                .behind_the_back(&format!("DROP TRIGGER IF EXISTS {table}_no_{verb}{on}"))
                .await;
        }
        for statement in statements {
            self.t.behind_the_back(statement).await;
        }
    }
}

async fn ring_keys(ring: &Arc<Keyring>, t: &TestStore) -> Arc<OrgKeys> {
    let organisation: OrgId = id();
    let new = ring
        .new_organisation(organisation, &SystemEntropy)
        .await
        .expect("roots in files");
    t.store
        .write::<_, countersign::platform::keys::KeyError, _>(
            caller(organisation, START),
            move |tx| {
                tx.begin_journal()?;
                let keys = new.insert(tx)?;
                Ok(tx.commit(
                    Entry::new("organisation.made", "organisation", organisation),
                    keys,
                )?)
            },
        )
        .await
        .expect("keys")
}

pub fn sample(
    tx: &Tx<'_>,
    (entity, vendor): (EntityId, VendorId),
    who: Who,
    issued: Date,
    (minor, currency): (i64, Currency),
) -> Bill {
    let id: BillId = tx.id();
    let number = format!("NW-{id}");
    Bill {
        id,
        entity_id: entity,
        document_id: None,
        vendor_id: Some(vendor),
        vendor_name: "Nordwind".to_owned(),
        kind: BillKind::Standard,
        number_key: number_key(&number),
        number,
        issue_date: Some(issued),
        due_date: Some(issued.saturating_add(30.days())),
        currency: Some(currency),
        net_minor: Some(minor),
        tax_minor: Some(0),
        gross_minor: Some(minor),
        prepaid_minor: None,
        rounding_minor: None,
        payable_minor: Some(minor),
        payment_reference: String::new(),
        purchase_order: String::new(),
        syntax: String::new(),
        profile: String::new(),
        processing: Processing::Captured,
        processing_reason: String::new(),
        posting: Posting::NotExported,
        payment: Payment::Unpaid,
        match_state: MatchState::None,
        received_via: Via::Typed,
        received_us: tx.now(),
        entered_by_id: Some(who.person),
        entered_human_id: Some(who.human),
        version: 1,
    }
}

pub fn line(tx: &Tx<'_>, minor: i64) -> BillLine {
    BillLine {
        id: tx.id(),
        position: 1,
        label: "1".to_owned(),
        description: "Boxes".to_owned(),
        quantity: "1".to_owned(),
        unit: "C62".to_owned(),
        unit_price: String::new(),
        net_minor: Some(minor),
        vat_category: "Z".to_owned(),
        vat_rate: "0".to_owned(),
        version: 1,
    }
}
