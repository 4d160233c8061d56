//! Two accounts of one administrator, and who says that accounts are one human's, or are not.

use std::sync::Arc;

use countersign::identity::access::Role;
use countersign::identity::humans::{
    HumanError, HumanJoinId, decide_split, join, joins_of, propose_split,
};
use countersign::identity::people::{PeopleError, set_roles, set_suspended};
use countersign::identity::powers::{self, PowerError, Verdict as Says};

use super::dissolve;
use crate::support::app::on_both_apps;
use crate::support::post::Post;
use crate::support::stores::{TestStore, on_both};
use crate::support::world::{Somebody, World};

struct Office {
    world: World,
    ada: Somebody,
    ben: Somebody,
    tom: Somebody,
}

impl Office {
    async fn new(t: &Arc<TestStore>) -> Self {
        let world = World::new(t).await;
        Self {
            ada: world.somebody("Ada", &[Role::Administrator]).await,
            ben: world.somebody("Ben", &[Role::Administrator]).await,
            tom: world.somebody("Tom", &[Role::Clerk]).await,
            world,
        }
    }

    async fn asks(&self) -> usize {
        let (app, access) = (&self.world.app, self.ada.access().await);
        set_roles(app, &access, self.tom.person, &[Role::Clerk, Role::Payer])
            .await
            .expect("asked");
        powers::list(app, &access).await.expect("listed").open.len()
    }

    async fn join(&self, by: &Somebody, one: &Somebody, other: &Somebody) -> HumanJoinId {
        let both = (one.person, other.person);
        join(&self.world.app, &by.access().await, both)
            .await
            .expect("joined")
    }

    async fn confirm(&self, by: &Somebody) -> Result<(), PowerError> {
        let (app, access) = (&self.world.app, by.access().await);
        let open = powers::list(app, &access).await.expect("listed").open;
        powers::decide(app, &access, open[0].request.id, Says::Confirm).await
    }
}

#[test]
fn two_accounts_of_one_human_are_not_two_administrators() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.join(&office.ada, &office.ada, &office.ben).await;
        assert_eq!(office.asks().await, 1, "joining makes nobody alone");
        let own = office.confirm(&office.ben).await;
        assert!(matches!(own, Err(PowerError::SameHuman)), "{own:?}");
        // Nor does she give roles to her other account.
        let access = office.ada.access().await;
        let own = set_roles(
            &office.world.app,
            &access,
            office.ben.person,
            &[Role::Administrator, Role::Clerk],
        )
        .await;
        assert!(matches!(own, Err(PeopleError::Oneself)), "{own:?}");
        // The twin: once they are two humans, he confirms.
        dissolve(&office.world, id).await;
        office.confirm(&office.ben).await.expect("another human");
    });
}

#[test]
fn joining_takes_one_and_dissolving_takes_two_others() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (app, ada, ben) = (&office.world.app, &office.ada, &office.ben);
        let nia = office.world.somebody("Nia", &[Role::Administrator]).await;
        let both = (office.tom.person, nia.person);
        let by_clerk = join(app, &office.tom.access().await, both).await;
        assert!(
            matches!(by_clerk, Err(HumanError::Denied(_))),
            "{by_clerk:?}"
        );
        let id = office.join(ada, &office.tom, &nia).await;
        let again = join(app, &ben.access().await, both).await;
        assert!(matches!(again, Err(HumanError::Known)), "{again:?}");
        let decide =
            async |by: &Somebody| decide_split(app, &by.access().await, id, Says::Confirm).await;
        let unasked = decide(ada).await;
        assert!(matches!(unasked, Err(HumanError::NotOpen)), "{unasked:?}");
        let own = propose_split(app, &nia.access().await, id).await;
        assert!(matches!(own, Err(HumanError::Oneself)), "{own:?}");
        propose_split(app, &ada.access().await, id)
            .await
            .expect("asked");
        for (by, why) in [(ada, "she asked"), (&nia, "it frees her")] {
            let refused = decide(by).await;
            let is_refused = matches!(refused, Err(HumanError::SameHuman | HumanError::Oneself));
            assert!(is_refused, "{why}: {refused:?}");
        }
        let count = async || {
            let access = ada.access().await;
            let joins = joins_of(app, &access, office.tom.person).await;
            joins.expect("listed").len()
        };
        assert_eq!(count().await, 1);
        decide(ben).await.expect("the second one");
        assert_eq!(count().await, 0);
    });
}

#[test]
fn whoever_is_joined_to_the_receiver_after_she_proposed_gives_herself_nothing() {
    on_both(|t| async move {
        for is_joined in [true, false] {
            let office = Office::new(&t).await;
            assert_eq!(office.asks().await, 1);
            if is_joined {
                office.join(&office.ben, &office.ada, &office.tom).await;
            }
            let done = office.confirm(&office.ben).await;
            let refused = matches!(done, Err(PowerError::Oneself));
            assert_eq!(refused, is_joined, "{done:?}");
            assert_eq!(done.is_ok(), !is_joined, "{done:?}");
        }
    });
}

#[test]
fn nobody_suspends_or_lets_in_another_account_of_hers() {
    on_both(|t| async move {
        for is_joined in [true, false] {
            let office = Office::new(&t).await;
            let (app, tom) = (&office.world.app, office.tom.person);
            let (ada, ben) = (office.ada.access().await, office.ben.access().await);
            set_suspended(app, &ben, tom, true).await.expect("done");
            if is_joined {
                office.join(&office.ben, &office.ada, &office.tom).await;
            }
            for is_suspended in [false, true] {
                let done = set_suspended(app, &ada, tom, is_suspended).await;
                let refused = matches!(done, Err(PeopleError::Oneself));
                assert_eq!(refused, is_joined, "{done:?}");
                assert_eq!(done.is_ok(), !is_joined, "{done:?}");
            }
        }
    });
}

#[test]
fn accounts_are_joined_and_parted_on_the_pages_and_all_are_told() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let post = Post::of(&t);
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let page = ann.browser.get("/people").await.body;
        let id = page
            .split("href=\"/people/")
            .filter_map(|rest| rest.split('"').next())
            .filter(|id| id.len() == 36)
            .collect::<Vec<_>>();
        assert_eq!(id.len(), 2, "{page}");
        let page = format!("/people/{}", id[0]);
        ann.browser.get(&page).await;
        let done = ann
            .browser
            .submit(&format!("{page}/joins"), &[("other", id[1])])
            .await;
        assert_eq!(done.location(), page, "{:?}", done.problem);
        post.deliver().await;
        assert!(post.find(&tom.email, "are one human").is_some());
        let body = ann.browser.get(&page).await.body;
        assert!(body.contains("/joins/split"), "{body}");
    });
}
