//! Whoever is let in.

use countersign::identity::throttles::ADDRESS;

use super::attacks::refused;
use super::{House, MFA_CONTEXT, PASSWORD_CONTEXT};
use crate::support::app::on_both_apps;

#[test]
fn somebody_new_arrives_with_an_account_and_her_groups_roles() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.t.browser();
        let answer = house.arrives(&mut browser, |_| {}).await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        let bills = browser.get("/bills").await;
        assert_eq!(bills.status, 200);
        assert!(bills.body.contains("ingrid@harbour.example"));
        let people = house.ann.browser.get("/people").await;
        assert!(people.body.contains("ingrid@harbour.example"));
    });
}

#[test]
fn without_a_second_factor_elsewhere_ours_is_asked_for() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        let answer = house
            .arrives(&mut browser, |facts| {
                facts.context = PASSWORD_CONTEXT.to_owned();
            })
            .await;
        assert_eq!(answer.location(), "/enrol?next=%2Fbills", "{}", answer.body);
        // Ann has an account with a factor of ours.
        let mut browser = house.t.browser();
        let answer = house
            .arrives(&mut browser, |facts| {
                facts.context = PASSWORD_CONTEXT.to_owned();
                facts.name = "s-ann".to_owned();
                facts.mail = "ann@harbour.example".to_owned();
            })
            .await;
        assert_eq!(answer.location(), "/sign-in/code?next=%2Fbills");
    });
}

#[test]
fn a_known_device_is_known_again_and_no_mail_is_sent() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        let device = |browser: &crate::support::app::Browser| {
            let mut cookies = browser.cookies.iter();
            let found = cookies.find(|(name, _)| name == "__Host-device");
            found.map(|(_, value)| value.clone())
        };
        let first = device(&browser).expect("it is remembered");
        house.arrives(&mut browser, |_| {}).await;
        assert_eq!(device(&browser), Some(first), "it is hers already");
    });
}

#[test]
fn the_sign_in_page_offers_the_connection() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let page = house.t.browser().get("/sign-in").await;
        let link = format!("/sso/{}/start?next=", house.connection);
        assert!(page.body.contains(&link), "{}", page.body);
        let mut elsewhere = house.t.browser();
        let chosen = elsewhere.get("/sso?organisation=harbour-foods").await;
        assert!(chosen.body.contains(&link), "{}", chosen.body);
        let unknown = elsewhere.get("/sso?organisation=nobody").await;
        assert!(!unknown.body.contains("/start"));
    });
}

#[test]
fn roles_follow_groups_at_each_sign_in() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        assert_eq!(browser.get("/bills/upload").await.status, 200, "a clerk");
        let mut again = house.t.browser();
        house
            .arrives(&mut again, |facts| facts.groups.clear())
            .await;
        assert_eq!(again.get("/bills/upload").await.status, 404, "nobody");
        let old = browser.get("/bills").await;
        assert!(old.location().starts_with("/sign-in"), "her sessions ended");
        assert_eq!(house.facts(None).context, MFA_CONTEXT);
    });
}

#[test]
fn a_known_device_gets_in_while_its_network_is_locked_and_nobody_else_by_it() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut hers, mut olafs) = (house.t.browser(), house.t.browser());
        house.arrives(&mut hers, |_| {}).await;
        let answer = house
            .arrives(&mut olafs, |facts| {
                facts.name = "s-olaf".to_owned();
                facts.mail = "olaf@harbour.example".to_owned();
            })
            .await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        house.t.lock_network().await;
        for mut stranger in [house.t.browser(), house.t.made_up_device()] {
            let answer = stranger.get(&house.at("start")).await;
            assert_eq!(answer.problem, Some("error-too-many"));
        }
        let mut other = house.t.only_device(&olafs);
        let answer = house.arrives(&mut other, |_| {}).await;
        assert!(refused(&answer), "his device, and she is not its person");
        let mut own = house.t.only_device(&hers);
        let answer = house.arrives(&mut own, |_| {}).await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        // The twin: by the same device of his, once nothing but the lock is gone.
        house.t.store.clock.advance(ADDRESS.forget_us);
        let mut other = house.t.only_device(&olafs);
        let answer = house.arrives(&mut other, |_| {}).await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
    });
}
