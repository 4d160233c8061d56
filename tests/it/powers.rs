//! Power is granted by two. Whoever tries to get it by one alone is stopped; beside each try stands its twin, which differs in
//! the one thing that stops it.

use countersign::identity::access::{HumanId, Role};
use countersign::identity::people::{set_roles, set_suspended};
use countersign::identity::powers::{PowerError, PowerRequestId, Verdict, decide, list};
use countersign::params;
use countersign::platform::clock::Micros;
use countersign::platform::ids::PersonId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};

use super::support::app::{Member, between, on_both_apps};
use super::support::post::Post;
use super::support::stores::on_both;
use super::support::world::{Somebody, World};

const GRANTED: Sql = Sql::read(
    "SELECT role FROM role_grants WHERE org_id = $1 AND person_id = $2 AND revoked_us IS NULL ORDER BY role",
);
const WIDEN: Sql = Sql::change(
    "power_requests",
    "UPDATE power_requests SET roles = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

/// Ada and Ben administer; Tom has no power yet.
struct Two {
    world: World,
    ada: Somebody,
    ben: Somebody,
    tom: Somebody,
}

impl Two {
    async fn new(t: &std::sync::Arc<super::support::stores::TestStore>) -> Self {
        let world = World::new(t).await;
        Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            tom: world.somebody("Tom", &[Role::Clerk]).await,
            world,
        }
    }

    /// Ada asks for a role of Tom's; the request, if it waits.
    async fn asks(&self, role: Role) -> Option<PowerRequestId> {
        self.ask(&self.ada, &self.tom, &[Role::Clerk, role]).await
    }

    async fn ask(&self, by: &Somebody, of: &Somebody, roles: &[Role]) -> Option<PowerRequestId> {
        let access = by.access().await;
        set_roles(&self.world.app, &access, of.person, roles)
            .await
            .expect("asked");
        let requests = list(&self.world.app, &access).await.expect("listed");
        let newest = requests.open.last();
        newest.map(|listed| listed.request.id)
    }

    async fn confirm(&self, by: &Somebody, id: PowerRequestId) -> Result<(), PowerError> {
        decide(&self.world.app, &by.access().await, id, Verdict::Confirm).await
    }

    async fn again(&self, name: &str, human: HumanId) -> Somebody {
        self.world
            .somebody_as(name, &[Role::Administrator], human)
            .await
    }

    async fn roles(&self, of: PersonId) -> Vec<Role> {
        let found: Result<Vec<(Role,)>, StoreError> = self
            .world
            .app
            .store
            .read(Scope::of(self.world.organisation), move |read| {
                read.all(&GRANTED, params![of])
            })
            .await;
        let found = found.expect("the database answers");
        found.into_iter().map(|(role,)| role).collect()
    }

    async fn toms(&self) -> Vec<Role> {
        self.roles(self.tom.person).await
    }
}

const CLERK: &[Role] = &[Role::Clerk];
const WITH_POWER: &[Role] = &[Role::Clerk, Role::Payer];

#[test]
fn where_two_administer_a_grant_waits_for_the_second() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(Role::Payer).await.expect("it waits");
        assert_eq!(two.toms().await, CLERK);
        two.confirm(&two.ben, id).await.expect("another human");
        let mut toms = two.toms().await;
        toms.sort();
        assert_eq!(toms, WITH_POWER);
        let again = two.confirm(&two.ben, id).await;
        assert!(matches!(again, Err(PowerError::NotOpen)), "{again:?}");
        // What carries no power is given at once.
        let roles = [Role::Clerk, Role::Payer, Role::Auditor];
        assert_eq!(two.ask(&two.ada, &two.tom, &roles).await, None);
        assert!(two.toms().await.contains(&Role::Auditor));
    });
}

#[test]
fn whoever_proposed_does_not_confirm_under_any_account() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(Role::Approver).await.expect("it waits");
        let own = two.confirm(&two.ada, id).await;
        assert!(matches!(own, Err(PowerError::SameHuman)), "{own:?}");
        let other_account = two.again("Ada too", two.ada.human).await;
        let own = two.confirm(&other_account, id).await;
        assert!(matches!(own, Err(PowerError::SameHuman)), "{own:?}");
        assert_eq!(two.toms().await, CLERK);
        // The twin: a new account as well, of another human.
        let other_human = two.again("Ben too", two.ben.human).await;
        two.confirm(&other_human, id).await.expect("another human");
        assert!(two.toms().await.contains(&Role::Approver));
    });
}

#[test]
fn a_second_account_of_one_human_is_no_second_administrator() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let alone = two.world.beside().await;
        let ada = alone.somebody("Ada", &[Role::Administrator]).await;
        alone
            .somebody_as("Ada too", &[Role::Administrator], ada.human)
            .await;
        let requests = list(&alone.app, &ada.access().await).await.expect("listed");
        assert!(requests.alone.is_some());
        let requests = list(&two.world.app, &two.ada.access().await)
            .await
            .expect("listed");
        assert!(requests.alone.is_none());
    });
}

#[test]
fn a_confirmation_after_the_deadline_is_refused() {
    for (after_us, is_late) in [(7 * Micros::DAY - 1, false), (7 * Micros::DAY, true)] {
        on_both(|t| async move {
            let two = Two::new(&t).await;
            let id = two.asks(Role::Payer).await.expect("it waits");
            t.clock.advance(after_us);
            // She signs in anew: no session lives that long.
            let ben = two.again("Ben", two.ben.human).await;
            let done = two.confirm(&ben, id).await;
            assert_eq!(matches!(done, Err(PowerError::Late)), is_late, "{done:?}");
            assert_eq!(two.toms().await.len() == 1, is_late);
        });
    }
}

#[test]
fn a_role_added_to_a_request_behind_the_back_is_given_to_nobody() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(Role::Approver).await.expect("it waits");
        let widen = "UPDATE power_requests SET roles = 'approver payer administrator'";
        t.behind_the_back(widen).await;
        let forged = two.confirm(&two.ben, id).await;
        let is_forged = matches!(
            forged,
            Err(PowerError::Store(StoreError::Forged {
                table: "power_requests",
                ..
            }))
        );
        assert!(is_forged, "{forged:?}");
        assert_eq!(two.toms().await, CLERK);
    });
}

/// The guard taken away: the same change with the row's code renewed is believed, so that it is the code that stops it.
#[test]
fn a_role_added_by_whoever_can_make_the_rows_code_is_given() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(Role::Approver).await.expect("it waits");
        let caller = two.ada.access().await.caller();
        let widened: Result<(), StoreError> = two
            .world
            .app
            .store
            .write(caller, move |tx| {
                tx.change_one(&WIDEN, params![id, "approver payer"])?;
                tx.commit(
                    Entry::new("test.widened", "power-request", id).version(2),
                    (),
                )
            })
            .await;
        widened.expect("written");
        two.confirm(&two.ben, id).await.expect("it is believed");
        assert!(two.toms().await.contains(&Role::Payer));
    });
}

/// Nobody makes herself alone: not by suspending, not by taking the role, not in the database.
#[test]
fn whoever_removes_the_other_administrator_is_not_alone_at_once() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (app, ben) = (&two.world.app, two.ben.person);
        let access = two.ada.access().await;
        set_suspended(app, &access, ben, true).await.expect("done");
        let waits = two.asks(Role::Payer).await;
        assert!(waits.is_some(), "suspended");
        set_roles(app, &access, ben, &[]).await.expect("taken");
        assert_ne!(two.asks(Role::Payer).await, waits, "a new request");
        assert_eq!(two.toms().await, CLERK, "the role was taken just now");
        // The twin: when the week is over she is alone, and what she gives is given.
        t.clock.advance(7 * Micros::DAY);
        let ada = two.again("Ada", two.ada.human).await;
        let roles = [Role::Clerk, Role::Payer];
        assert_eq!(two.ask(&ada, &two.tom, &roles).await, None);
        assert!(two.toms().await.contains(&Role::Payer));
    });
    let alone = |attack: &'static str| {
        on_both(move |t| async move {
            let two = Two::new(&t).await;
            let ben = two.ben.person;
            t.behind_the_back(&format!("{attack} = '{ben}'")).await;
            assert!(two.asks(Role::Payer).await.is_some(), "{attack}");
            assert_eq!(two.toms().await, CLERK);
        });
    };
    alone("UPDATE people SET status = 'invited' WHERE id");
    alone("UPDATE role_grants SET revoked_us = 1 WHERE person_id");
}

#[test]
fn a_proposal_ends_with_its_proposers_right_to_administer() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let id = two.asks(Role::Payer).await.expect("it waits");
        let (app, access) = (&two.world.app, two.ben.access().await);
        set_suspended(app, &access, two.ada.person, true)
            .await
            .expect("suspended");
        let gone = two.confirm(&two.ben, id).await;
        assert!(matches!(gone, Err(PowerError::ProposerGone)), "{gone:?}");
        assert_eq!(two.toms().await, CLERK);
        set_suspended(app, &access, two.ada.person, false)
            .await
            .expect("let in");
    });
}

#[test]
fn whoever_receives_confirms_only_where_nobody_else_can() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let roles = [Role::Administrator, Role::Payer];
        let id = two.ask(&two.ada, &two.ben, &roles).await.expect("it waits");
        let third = two.world.somebody("Cleo", &[Role::Administrator]).await;
        let own = two.confirm(&two.ben, id).await;
        assert!(matches!(own, Err(PowerError::Receiver)), "{own:?}");
        // Cleo is made invisible in the database: that lowers nothing.
        let cleo = third.person;
        let status = |status| format!("UPDATE people SET status = '{status}' WHERE id = '{cleo}'");
        t.behind_the_back(&status("suspended")).await;
        let own = two.confirm(&two.ben, id).await;
        assert!(matches!(own, Err(PowerError::Receiver)), "{own:?}");
        t.behind_the_back(&status("active")).await;
        // The twin: Cleo really is suspended, and two humans are all there are.
        set_suspended(&two.world.app, &two.ada.access().await, cleo, true)
            .await
            .expect("suspended");
        two.confirm(&two.ben, id).await.expect("nobody else could");
        assert!(two.roles(two.ben.person).await.contains(&Role::Payer));
    });
}

async fn request_of(by: &mut Member) -> Option<String> {
    let page = by.browser.get("/people/requests").await.body;
    between(&page, "action=\"/people/requests/", "\"").map(str::to_owned)
}

#[test]
fn one_administrator_begins_and_with_two_the_second_confirms_an_invitation() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let people = ann.browser.get("/people").await.body;
        assert!(people.contains("id=\"alone\""), "{people}");
        let mut ben = t
            .join(&mut ann, "ben@harbour.example", &["administrator"])
            .await;
        assert_eq!(ben.browser.get("/people/invite").await.status, 200);
        post.deliver().await;
        assert!(post.find(&ann.email, "has one administrator").is_some());
        assert!(post.find(&ben.email, "has one administrator").is_none());

        let people = ann.browser.get("/people").await.body;
        assert!(!people.contains("id=\"alone\""), "{people}");
        let mut nia = t
            .join(&mut ann, "nia@harbour.example", &["payer", "coder"])
            .await;
        assert_eq!(nia.browser.get("/payments").await.status, 404, "it waits");
        assert_eq!(
            nia.browser.get("/bills").await.status,
            200,
            "a coder at once"
        );
        post.deliver().await;
        for administrator in [&ann, &ben] {
            let mail = post.find(&administrator.email, "Payer");
            assert!(mail.is_some_and(|mail| mail.contains("/people/requests")));
        }
        assert!(post.find(&nia.email, "Payer.").is_none());
        let id = request_of(&mut ben).await.expect("it is listed");
        let path = format!("/people/requests/{id}");
        let confirm = [("decision", "confirm")];
        ann.browser.get("/people/requests").await;
        let own = ann.browser.submit(&path, &confirm).await;
        assert_eq!(own.problem, Some("error-power-same-human"));
        ben.browser.get("/people/requests").await;
        let answer = ben.browser.submit(&path, &confirm).await;
        assert_eq!(
            answer.location(),
            "/people/requests",
            "{:?}",
            answer.problem
        );
        assert_eq!(nia.browser.get("/payments").await.status, 200);
        post.deliver().await;
        assert!(post.find(&ann.email, "confirmed it").is_some());
        let late = ben.browser.submit(&path, &[("decision", "refuse")]).await;
        assert_ne!(late.status, 303, "once");
    });
}
