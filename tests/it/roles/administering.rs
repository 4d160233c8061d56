//! Administering by a role of the organisation's own, and the pages.

use countersign::identity::access::{Grant, Permission, Role};
use countersign::identity::people::{set_grants, set_suspended};
use countersign::identity::{powers, roles};
use countersign::platform::clock::Micros;

use super::set;
use crate::support::app::{between, on_both_apps};
use crate::support::post::Post;
use crate::support::stores::on_both;
use crate::support::world::{Somebody, World};

/// Whoever administers by a role of the organisation's own counts as an administrator, and for a week after the role lost it.
#[test]
fn narrowing_a_role_makes_nobody_alone_at_once_and_takes_no_last_administrator() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let (app, access) = (&world.app, ada.access().await);
        let office = [Permission::PeopleRead, Permission::PeopleAdminister];
        let id = roles::make(app, &access, "Office", set(&office))
            .await
            .expect("made");
        world.somebody("Ole", &[Role::Custom(id)]).await;
        let tom = world.somebody("Tom", &[Role::Coder]).await;
        let waits = async |ada: &Somebody| {
            let access = ada.access().await;
            let grants = [Role::Coder, Role::Payer].map(Grant::everywhere);
            set_grants(app, &access, tom.person, &grants)
                .await
                .expect("asked");
            let requests = powers::list(app, &access).await.expect("listed");
            !requests.open.is_empty()
        };
        assert!(waits(&ada).await, "Ole administers");
        let narrowed = ("Office", set(&office[..1]));
        roles::change(app, &access, id, narrowed)
            .await
            .expect("changed");
        assert!(waits(&ada).await, "he did a moment ago");
        let gone = set_suspended(app, &access, ada.person, true).await;
        assert!(gone.is_err(), "{gone:?}");
        // The twin: when the week is over she is alone.
        t.clock.advance(7 * Micros::DAY);
        let ada = world
            .somebody_as("Ada", &[Role::Administrator], ada.human)
            .await;
        assert!(!waits(&ada).await);
    });
}

#[test]
fn a_role_is_made_given_and_widened_on_the_pages_and_all_are_told() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut ben = t
            .join(&mut ann, "ben@harbour.example", &["administrator"])
            .await;
        let post = Post::of(&t);
        ann.browser.get("/settings/roles/new").await;
        let typed = [
            ("name", "Travel desk"),
            ("permissions", "bills.read"),
            ("permissions", "bills.enter"),
        ];
        let made = ann.browser.submit("/settings/roles/new", &typed).await;
        let role = made.location().to_owned();
        assert!(role.starts_with("/settings/roles/"), "{:?}", made.problem);
        let page = ann.browser.get("/people/invite").await.body;
        let value = format!("custom:{}", role.trim_start_matches("/settings/roles/"));
        assert!(
            page.contains("Travel desk") && page.contains(&value),
            "{page}"
        );
        let mut tom = t.join(&mut ann, "tom@harbour.example", &[&value]).await;
        assert_eq!(tom.browser.get("/bills").await.status, 200);
        assert_eq!(tom.browser.get("/payments").await.status, 404);
        ann.browser.get(&role).await;
        let wider = [
            ("name", "Travel desk"),
            ("permissions", "bills.read"),
            ("permissions", "bills.enter"),
            ("permissions", "runs.read"),
            ("permissions", "bills.decide"),
        ];
        let asked = ann.browser.submit(&role, &wider).await;
        assert_eq!(asked.location(), "/settings/roles", "{:?}", asked.problem);
        post.deliver().await;
        assert!(post.find(&ben.email, "Travel desk").is_some());
        let page = ben.browser.get("/settings/roles").await.body;
        let change = between(&page, "action=\"/settings/roles/changes/", "\"").expect("it waits");
        let path = format!("/settings/roles/changes/{change}");
        let done = ben.browser.submit(&path, &[("decision", "confirm")]).await;
        assert_eq!(done.location(), "/settings/roles", "{:?}", done.problem);
        let page = ben.browser.get(&role).await.body;
        assert!(page.contains("id=\"meeting\""), "two duties meet: {page}");
        post.deliver().await;
        assert!(post.find(&ann.email, "has more power").is_some());
    });
}
