//! Deciding on bills on somebody's behalf. Whoever tries it without the right is stopped; beside each try stands its twin, which
//! differs in the one thing that stops it.

mod absent;
mod attacks;

use std::sync::Arc;

use countersign::identity::access::{Access, Denied, Permission, Role};
use countersign::identity::delegations::{
    DELEGATION_MAIL, DelegationError, DelegationId, NewDelegation, delegate, end, list,
};
use countersign::identity::organisations::EntityId;
use countersign::params;
use countersign::payables::approvals::actions::{
    ApprovalError, Decided, NewDecision, decide, inbox, look,
};
use countersign::payables::approvals::rules::Verdict;
use countersign::payables::approvals::store::newest_request;
use countersign::payables::approvals::{Standing, standing};
use countersign::payables::bills;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::bills::store::list::{Filter, View};
use countersign::payables::home::actions::{waiting, waiting_for_others};
use countersign::payables::home::rules::QueueKind;
use countersign::payables::ids::BillId;
use countersign::platform::clock::Micros;
use countersign::platform::ids::PersonId;
use countersign::platform::keys::KeyError;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::payments::house::House;
use super::support::stores::{TestStore, on_both};
use super::support::world::Somebody;
use super::vendors::IBAN;

const ZONE: Sql = Sql::change(
    "organisations",
    "UPDATE organisations SET time_zone = $2, version = version + 1 WHERE org_id = $1 RETURNING id",
);
const ACTORS: Sql = Sql::read(
    "SELECT actor_id, on_behalf_of_id FROM journal_entries WHERE org_id = $1 AND action = 'bill.approved' AND object_id = $2",
);
const MAILS: Sql =
    Sql::read("SELECT payload FROM jobs WHERE org_id = $1 AND kind = $2 ORDER BY id");

/// Cleo approves; Dora codes and reads, and decides on nothing of her own.
struct Two {
    house: House,
    dora: Somebody,
    bill: BillId,
}

impl Two {
    /// With a bill that Ann entered and that waits for its approver.
    async fn new(t: &Arc<TestStore>) -> Self {
        let house = House::new(t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.captured(vendor, 10_000, BillKind::Standard, "").await;
        house.send(bill).await;
        Self {
            dora: house.world().somebody("Dora", &[Role::Coder]).await,
            house,
            bill,
        }
    }

    fn cleo(&self) -> &Somebody {
        &self.house.approves
    }

    fn today(&self) -> Date {
        let now = self.house.world().app.now().timestamp();
        now.to_zoned(TimeZone::UTC).date()
    }

    async fn delegate(&self, from: &Somebody, to: &Somebody) -> DelegationId {
        self.delegate_in(from, to, None).await.expect("delegated")
    }

    async fn delegate_in(
        &self,
        from: &Somebody,
        to: &Somebody,
        entity: Option<EntityId>,
    ) -> Result<DelegationId, DelegationError> {
        let new = NewDelegation {
            delegate: to.person,
            entity,
            from: self.today(),
            until: self.today(),
        };
        delegate(&self.house.world().app, &from.access().await, new).await
    }

    async fn approves(&self, who: &Access) -> Result<Decided, ApprovalError> {
        let (world, bill) = (self.house.world(), self.bill);
        let seen = world
            .app
            .store
            .read::<_, StoreError, _>(Scope::of(world.organisation), move |read| {
                Ok(newest_request(read, bill)?.expect("a request").digest)
            })
            .await
            .expect("the database answers");
        let new = NewDecision {
            bill,
            verdict: Verdict::Approve,
            reason: String::new(),
            seen,
        };
        decide(&world.app, who, new).await
    }

    /// Tries it as she is now.
    async fn tries(&self, who: &Somebody) -> Result<Decided, ApprovalError> {
        self.approves(&who.access().await).await
    }

    async fn administrator(&self) -> Somebody {
        let world = self.house.world();
        world.somebody("Ada", &[Role::Administrator]).await
    }
}

fn is_denied(result: &Result<Decided, ApprovalError>) -> bool {
    matches!(
        result,
        Err(ApprovalError::Denied(Denied::Lacks(
            Permission::BillsDecide
        )))
    )
}

#[test]
fn a_delegate_decides_on_behalf_of_her_principal_and_both_are_written_down() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        assert!(is_denied(&two.tries(&two.dora).await));
        two.delegate(two.cleo(), &two.dora).await;
        let (world, access) = (two.house.world(), two.dora.access().await);
        let waiting = inbox(&world.app, &access, None, 10).await.expect("hers");
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].behalf.as_deref(), Some("Cleo"));
        let case = look(&world.app, &access, two.bill).await.expect("hers");
        assert!(case.blocked.is_none());
        assert_eq!(case.behalf.as_deref(), Some("Cleo"));
        two.approves(&access).await.expect("decided");
        let (bill, keys) = (two.bill, world.keys().await);
        let (actors, standing) = world
            .app
            .store
            .read::<_, KeyError, _>(Scope::of(world.organisation), move |read| {
                let actors: Vec<(PersonId, Option<PersonId>)> = read.all(&ACTORS, params![bill])?;
                Ok((actors, standing(read, &keys, bill)?))
            })
            .await
            .expect("the database answers");
        assert_eq!(actors, [(two.dora.person, Some(two.cleo().person))]);
        let Standing::Approved { by, approvals, .. } = standing else {
            panic!("{standing:?}");
        };
        assert_eq!(by, [two.dora.human, two.cleo().human]);
        assert_eq!(approvals, 1);
    });
}

#[test]
fn the_days_are_those_where_the_organisation_is() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        world
            .app
            .store
            .write::<_, StoreError, _>(world.caller(), move |tx| {
                tx.change_one(&ZONE, params!["Pacific/Auckland"])?;
                let organisation = tx.scope().organisation();
                tx.commit(
                    Entry::new("organisation.moved", "organisation", organisation),
                    (),
                )
            })
            .await
            .expect("moved");
        let zone = TimeZone::get("Pacific/Auckland").expect("a zone");
        let now = world.app.now().timestamp().to_zoned(zone.clone());
        let tomorrow = now.date().tomorrow().expect("a day");
        let new = NewDelegation {
            delegate: two.dora.person,
            entity: None,
            from: tomorrow,
            until: tomorrow,
        };
        delegate(&world.app, &two.cleo().access().await, new)
            .await
            .expect("delegated");
        let midnight = |day: Date| {
            let begins = day.to_zoned(zone.clone()).expect("it begins");
            begins.timestamp().as_microsecond()
        };
        let (begins, ends) = (
            midnight(tomorrow),
            midnight(tomorrow.tomorrow().expect("a day")),
        );
        let at = async |at: i64| {
            let (person, human) = (two.dora.person, two.dora.human);
            world
                .app
                .store
                .read::<_, StoreError, _>(Scope::of(world.organisation), move |read| {
                    countersign::identity::delegations::mandates(read, (person, human), Micros(at))
                })
                .await
                .expect("the database answers")
                .len()
        };
        assert_eq!(at(begins - 1).await, 0);
        assert_eq!(at(begins).await, 1);
        assert_eq!(at(ends - 1).await, 1);
        assert_eq!(at(ends).await, 0);
    });
}

#[test]
fn a_delegation_for_one_entity_is_for_no_other() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let elsewhere = two.house.other_entity().await;
        two.delegate_in(two.cleo(), &two.dora, Some(elsewhere))
            .await
            .expect("delegated");
        let refused = two.tries(&two.dora).await;
        let is_missing = matches!(refused, Err(ApprovalError::Store(StoreError::Missing)));
        assert!(is_missing, "{refused:?}");
        // Who decides in one entity alone delegates no other.
        let one = world.somebody_in("Una", &[Role::Approver], elsewhere).await;
        let other = two
            .delegate_in(&one, &two.dora, Some(two.house.entity))
            .await;
        assert!(matches!(
            other,
            Err(DelegationError::Store(StoreError::Missing))
        ));
        two.delegate_in(two.cleo(), &two.dora, Some(two.house.entity))
            .await
            .expect("delegated");
        two.tries(&two.dora).await.expect("this entity's");
    });
}

#[test]
fn both_are_told_and_see_it_in_their_lists() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let world = two.house.world();
        let delegation = two.delegate(two.cleo(), &two.dora).await;
        let app = &world.app;
        end(app, &two.dora.access().await, delegation)
            .await
            .expect("the delegate may end it too");
        let mails: Vec<(String,)> = app
            .store
            .read::<_, StoreError, _>(Scope::of(world.organisation), |read| {
                read.all(&MAILS, params![DELEGATION_MAIL])
            })
            .await
            .expect("the database answers");
        for event in ["made", "ended"] {
            for person in [two.cleo().person, two.dora.person] {
                let to = mails
                    .iter()
                    .filter(|(mail,)| mail.contains(event) && mail.contains(&person.to_string()));
                assert_eq!(to.count(), 1, "{event}");
            }
        }
        for person in [two.cleo(), &two.dora] {
            let own = list(app, &person.access().await).await.expect("hers");
            assert_eq!(own.listed.len(), 1);
            assert!(own.listed[0].delegation.ended.is_some());
        }
    });
}

#[test]
fn what_waits_for_the_principal_is_on_the_delegates_first_page_apart_and_named() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let app = &two.house.world().app;
        let others = async || {
            let access = two.dora.access().await;
            waiting_for_others(app, &access).await.expect("listed")
        };
        assert!(others().await.is_empty(), "nobody let her");
        two.delegate(two.cleo(), &two.dora).await;
        let waits = others().await;
        assert_eq!(waits.len(), 1);
        assert_eq!(waits[0].name, "Cleo");
        assert_eq!(waits[0].until, two.today());
        assert_eq!(waits[0].items[0].id, two.bill.to_string());
        // Her own queue stays as it was, and what was decided waits no more.
        let own = waiting(app, &two.dora.access().await)
            .await
            .expect("listed");
        assert!(own.iter().all(|(kind, _)| *kind != QueueKind::Approve));
        let page = super::home::page_of(&two.house, &two.dora).await;
        assert!(page.contains("to approve for Cleo, until"), "{page}");
        let listed = async |decided_for| {
            let filter = Filter {
                view: View::All,
                text: String::new(),
                vendor: None,
                due_until: None,
                decided_for: Some(decided_for),
                after: None,
                limit: 10,
            };
            let access = two.dora.access().await;
            let found = bills::actions::list(app, &access, filter).await;
            found.expect("listed").len()
        };
        assert_eq!(listed(two.cleo().person).await, 1);
        assert_eq!(listed(two.house.proposes.person).await, 0, "not for him");
        two.tries(&two.dora).await.expect("on her behalf");
        assert!(others().await.is_empty());
        assert_eq!(listed(two.cleo().person).await, 0);
    });
}
