//! A house with everything that a payment run needs: an entity with an account, vendors that can be paid, approved bills.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countersign::identity::access::Role;
use countersign::identity::organisations::{EntityAccountId, EntityId};
use countersign::params;
use countersign::payables::approvals::actions::{
    ApprovalError, NewDecision, Who, decide_in, submit_in,
};
use countersign::payables::approvals::rules::Verdict;
use countersign::payables::approvals::{self, store::newest_request};
use countersign::payables::bills::rules::{
    BillKind, MatchState, Payment, Posting, Processing, Via, number_key,
};
use countersign::payables::bills::store::{self as bills, Bill, BillLine, lines};
use countersign::payables::coding;
use countersign::payables::coding::actions::{LineParts, code_in};
use countersign::payables::coding::rules::TypedPart;
use countersign::payables::ids::{BillId, RunId, VendorId};
use countersign::payables::payments::actions::{
    NewRun, PaymentError, RunView, Seen, countersign_run, generate_file, propose_run, release_run,
    view_run,
};
use countersign::platform::ids::PersonId;
use countersign::platform::keys::KeyError;
use countersign::platform::keys::fields::ENTITY_IBAN;
use countersign::platform::scope::{Caller, Scope};
use countersign::platform::store::{Committed, Entry, Sql, StoreError, Tx};
use countersign_money::Currency;
use jiff::civil::{Date, date};

use crate::support::stores::TestStore;
use crate::support::world::{Somebody, World, fresh};
use crate::vendors::Office;

const ENTITY: Sql = Sql::change(
    "legal_entities",
    "INSERT INTO legal_entities (org_id, id, name, country, currency, street, building, post_code, town, created_us, version) \
     VALUES ($1, $2, 'Harbour Foods Ltd', 'IE', 'EUR', 'Quay', '1', 'D02', 'Dublin', 0, 1) RETURNING id",
);
const OTHER_ENTITY: Sql = Sql::change(
    "legal_entities",
    "INSERT INTO legal_entities (org_id, id, name, country, currency, street, building, post_code, town, created_us, version) \
     VALUES ($1, $2, 'Harbour Trading GmbH', 'DE', 'EUR', 'Kai', '2', '20457', 'Hamburg', 1, 1) RETURNING id",
);
const ACCOUNT: Sql = Sql::change(
    "entity_bank_accounts",
    "INSERT INTO entity_bank_accounts (org_id, id, entity_id, label, iban_sealed, iban_masked, bic, currency, created_us) \
     SELECT $1, $2, $3, 'Main', $4, 'IE•• •••• 5678', 'AIBKIE2D', 'EUR', created_us FROM organisations WHERE org_id = $1 RETURNING id",
);

pub const DAY: Date = date(2026, 1, 15);

pub struct House {
    pub office: Office,
    pub entity: EntityId,
    pub account: EntityAccountId,
    pub approves: Somebody,
    pub proposes: Somebody,
    pub releases: Somebody,
    numbers: AtomicI64,
}

impl House {
    /// With a human for each duty.
    pub async fn new(t: &Arc<TestStore>) -> Self {
        Self::at(Office::new(t).await).await
    }

    /// With a human for each duty, around the two who keep vendors.
    pub async fn at(office: Office) -> Self {
        let approves = office.world.somebody("Cleo", &[Role::Approver]).await;
        let proposes = office.world.somebody("Pat", &[Role::Payer]).await;
        Self::staffed(office, approves, proposes).await
    }

    /// With three humans: Ann enters and proposes, Ben approves and verifies, Dan releases.
    pub async fn of_three(t: &Arc<TestStore>) -> Self {
        let office = Office::new(t).await;
        let (world, ann, ben) = (&office.world, office.enters.human, office.verifies.human);
        let approves = world.somebody_as("Ben", &[Role::Approver], ben).await;
        let proposes = world.somebody_as("Ann", &[Role::Payer], ann).await;
        Self::staffed(office, approves, proposes).await
    }

    async fn staffed(office: Office, approves: Somebody, proposes: Somebody) -> Self {
        let world = &office.world;
        let house = Self {
            entity: fresh(world),
            account: fresh(world),
            approves,
            proposes,
            releases: world.somebody("Dan", &[Role::Payer]).await,
            numbers: AtomicI64::new(1),
            office,
        };
        let (entity, account, keys) = (house.entity, house.account, house.world().keys().await);
        house
            .world()
            .app
            .store
            .write::<_, KeyError, _>(house.world().caller(), move |tx| {
                tx.change_one(&ENTITY, params![entity])?;
                let key = keys.create_subject(tx, entity)?;
                let iban = "IE29AIBK93115212345678".to_owned();
                let sealed = key.seal(ENTITY_IBAN, account, &iban, tx.entropy());
                tx.change_one(&ACCOUNT, params![account, entity, sealed])?;
                tx.journal(Entry::new("entity.made", "entity", entity))?;
                coding::seed(tx, &keys)?;
                approvals::seed(tx, &keys)?;
                Ok(tx.done(())?)
            })
            .await
            .expect("an entity");
        house
    }

    /// Another legal entity, that nothing belongs to yet.
    pub async fn other_entity(&self) -> EntityId {
        let (world, keys) = (self.world(), self.world().keys().await);
        let entity: EntityId = fresh(world);
        world
            .app
            .store
            .write::<_, KeyError, _>(world.caller(), move |tx| {
                tx.change_one(&OTHER_ENTITY, params![entity])?;
                keys.create_subject(tx, entity)?;
                Ok(tx.commit(Entry::new("entity.made", "entity", entity), ())?)
            })
            .await
            .expect("an entity");
        entity
    }

    pub fn world(&self) -> &World {
        &self.office.world
    }

    fn caller(&self, person: PersonId) -> Caller {
        let mut caller = self.world().caller();
        caller.actor.person = Some(person);
        caller
    }

    async fn write<T, F>(&self, person: PersonId, body: F) -> T
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<Committed<T>, ApprovalError> + Send + 'static,
    {
        let store = &self.world().app.store;
        store.write(self.caller(person), body).await.expect("done")
    }

    pub async fn find(&self, bill: BillId) -> Bill {
        self.world()
            .app
            .store
            .read::<_, StoreError, _>(Scope::of(self.world().organisation), move |read| {
                bills::find(read, bill)
            })
            .await
            .expect("there")
    }

    /// A bill that Ann entered, a coder sent and Cleo approved.
    pub async fn bill(&self, vendor: VendorId, minor: i64) -> BillId {
        self.bill_of(vendor, minor, BillKind::Standard, "").await
    }

    pub async fn bill_of(
        &self,
        vendor: VendorId,
        minor: i64,
        kind: BillKind,
        reference: &str,
    ) -> BillId {
        let bill = self.captured(vendor, minor, kind, reference).await;
        self.approve(bill, &self.approves).await;
        bill
    }

    pub async fn captured(
        &self,
        vendor: VendorId,
        minor: i64,
        kind: BillKind,
        reference: &str,
    ) -> BillId {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst);
        let enters = Who {
            person: self.office.enters.person,
            human: self.office.enters.human,
        };
        let (entity, reference) = (self.entity, reference.to_owned());
        self.write(enters.person, move |tx| {
            let mut bill = sample(tx, (entity, vendor), enters, number, minor);
            let named = bills::vendor_brief(tx, vendor)?.expect("a vendor");
            bill.vendor_name = named.name;
            bill.kind = kind;
            bill.payment_reference.clone_from(&reference);
            bills::insert(tx, &bill)?;
            lines::insert(tx, bill.id, &line(tx, minor))?;
            Ok(tx.commit(Entry::new("bill.entered", "bill", bill.id), bill.id)?)
        })
        .await
    }

    /// Notes that all of a bill was paid in advance.
    pub async fn prepaid(&self, bill: BillId) {
        self.write(self.office.enters.person, move |tx| {
            let mut bill = bills::find(tx, bill)?;
            bill.prepaid_minor = bill.gross_minor;
            bill.payable_minor = Some(0);
            bills::update(tx, &bill)?;
            Ok(tx.commit(Entry::new("test.prepaid", "bill", bill.id), ())?)
        })
        .await;
    }

    pub async fn approve(&self, bill: BillId, by: &Somebody) {
        self.send(bill).await;
        self.approve_sent(bill, by).await;
    }

    /// Codes a bill and sends it to approval.
    pub async fn send(&self, bill: BillId) {
        let keys = self.world().keys().await;
        let coder = Who {
            person: fresh(self.world()),
            human: fresh(self.world()),
        };
        let version = self.find(bill).await.version;
        let version = self
            .write(coder.person, move |tx| {
                let typed: Vec<LineParts> = lines::of_bill(tx, bill)?
                    .into_iter()
                    .map(|line| LineParts {
                        line: line.id,
                        parts: vec![TypedPart {
                            gl_account: "5000".into(),
                            cost_centre: "100".into(),
                            amount: String::new(),
                        }],
                    })
                    .collect();
                code_in(tx, (bill, version), &typed).map_err(|_| ApprovalError::Conflict)
            })
            .await;
        let within = Arc::clone(&keys);
        self.write(coder.person, move |tx| {
            submit_in(tx, &within, coder, (bill, version))
        })
        .await;
    }

    /// Approves what was sent to approval.
    pub async fn approve_sent(&self, bill: BillId, by: &Somebody) {
        let keys = self.world().keys().await;
        let decider = Who {
            person: by.person,
            human: by.human,
        };
        self.write(by.person, move |tx| {
            let seen = newest_request(tx, bill)?.expect("a request").digest;
            let new = NewDecision {
                bill,
                verdict: Verdict::Approve,
                reason: String::new(),
                seen,
            };
            decide_in(tx, &keys, decider, &new)
        })
        .await;
    }

    pub async fn propose(&self, bills: &[BillId]) -> Result<RunId, PaymentError> {
        self.propose_on(DAY, bills).await
    }

    pub async fn propose_on(
        &self,
        execution_date: Date,
        bills: &[BillId],
    ) -> Result<RunId, PaymentError> {
        let who = self.proposes.access().await;
        let new = NewRun {
            account: self.account,
            execution_date,
            bills: bills.to_vec(),
        };
        propose_run(&self.world().app, &who, new).await
    }

    pub async fn view(&self, run: RunId) -> RunView {
        let who = self.releases.access().await;
        view_run(&self.world().app, &who, run).await.expect("there")
    }

    pub async fn seen(&self, run: RunId) -> Seen {
        let view = self.view(run).await;
        Seen {
            run,
            version: view.run.version,
            digest: view.digest,
        }
    }

    pub async fn countersign(&self, who: &Somebody, run: RunId) -> Result<(), PaymentError> {
        let seen = self.seen(run).await;
        countersign_run(&self.world().app, &who.access().await, seen).await
    }

    pub async fn generate(&self, run: RunId) -> Result<(), PaymentError> {
        let seen = self.seen(run).await;
        generate_file(&self.world().app, &self.releases.access().await, seen).await
    }

    pub async fn release(&self, run: RunId) -> Result<(), PaymentError> {
        let seen = self.seen(run).await;
        release_run(&self.world().app, &self.releases.access().await, seen).await
    }

    /// A run of these bills with its countersignature.
    pub async fn countersigned(&self, bills: &[BillId]) -> RunId {
        let run = self.propose(bills).await.expect("proposed");
        self.countersign(&self.releases, run)
            .await
            .expect("countersigned");
        run
    }
}

fn sample(
    tx: &Tx<'_>,
    (entity, vendor): (EntityId, VendorId),
    who: Who,
    number: i64,
    minor: i64,
) -> Bill {
    let issued = date(2025, 1, 1)
        .checked_add(jiff::Span::new().days(number))
        .expect("a day");
    let number = format!("NW-{number:04}");
    Bill {
        id: tx.id(),
        entity_id: entity,
        document_id: None,
        vendor_id: Some(vendor),
        vendor_name: String::new(),
        kind: BillKind::Standard,
        number_key: number_key(&number),
        number,
        issue_date: Some(issued),
        due_date: Some(date(2026, 1, 10)),
        currency: Some(Currency::EUR),
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

fn line(tx: &Tx<'_>, minor: i64) -> BillLine {
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
