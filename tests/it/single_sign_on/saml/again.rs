//! A sign-in at the identity provider is a factor of its own moment.

use countersign::platform::clock::Micros;

use super::attacks::refused;
use super::{House, PASSWORD_CONTEXT};
use crate::single_sign_on::{asks_for_a_token, is_asked, is_given, way_there};
use crate::support::app::{Answer, Browser, on_both_apps};
use crate::support::idp::Facts;

type Change = fn(&mut Facts, Micros);

impl House {
    /// Somebody who signed in there an hour ago, and has just come.
    async fn came_late(&self) -> Browser {
        let mut browser = self.t.browser();
        let hour_ago = self.t.app.now().plus_us(-Micros::HOUR);
        let answer = self
            .arrives(&mut browser, |facts| facts.signed_in = Some(hour_ago))
            .await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        browser
    }

    /// Goes there once more by the link of the page that asks, and comes back.
    async fn shows(&self, browser: &mut Browser, said: impl FnOnce(&mut Facts)) -> Answer {
        let asked = browser.get("/step-up?next=%2Fme%2Fsecurity").await;
        let way = way_there(&asked).expect("she came from there");
        let begun = self.begin_at(browser, &way).await;
        assert!(begun.xml.contains(" ForceAuthn=\"true\""), "{}", begun.xml);
        let mut facts = self.facts(Some(&begun.request));
        said(&mut facts);
        let response = self.idp.response(&facts);
        self.post(browser, &response, &begun.relay).await
    }
}

#[test]
fn a_sign_in_there_of_an_hour_ago_is_no_factor_of_a_moment_ago() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let (mut old, mut new) = (house.t.browser(), house.t.browser());
        let hour_ago = house.t.app.now().plus_us(-Micros::HOUR);
        let answer = house
            .arrives(&mut old, |facts| facts.signed_in = Some(hour_ago))
            .await;
        assert_eq!(answer.location(), "/bills", "she is in");
        let asked = asks_for_a_token(&mut old).await;
        assert!(is_asked(&asked), "{} {}", asked.status, asked.body);
        // The twin: she signed in there just now.
        house.arrives(&mut new, |_| {}).await;
        let given = asks_for_a_token(&mut new).await;
        assert!(is_given(&given), "{} {}", given.status, given.body);
    });
}

#[test]
fn who_came_through_an_identity_provider_shows_her_factor_there_again() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.came_late().await;
        let asked = asks_for_a_token(&mut browser).await;
        assert!(is_asked(&asked) && way_there(&asked).is_some());
        let mut before = browser.clone();
        let shown = house.shows(&mut browser, |_| {}).await;
        assert_eq!(shown.location(), "/me/security", "{}", shown.body);
        let given = asks_for_a_token(&mut browser).await;
        assert!(is_given(&given), "{} {}", given.status, given.body);
        let old = before.get("/bills").await;
        assert!(old.location().starts_with("/sign-in"), "it is over");
        // Whoever signs in as anybody does is not asked to do it anew.
        let begun = house.begin(&mut house.t.browser()).await;
        assert!(!begun.xml.contains("ForceAuthn"), "{}", begun.xml);
    });
}

#[test]
fn what_comes_back_has_to_be_her_own_sign_in_of_now_and_with_a_factor() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let mut browser = house.came_late().await;
        // Longer ago than clocks may be apart; twenty seconds later it is taken, below.
        let before = house.t.app.now().plus_us(-190 * Micros::SECOND);
        let wrong: [(&str, Change); 3] = [
            ("there from before", |facts, before| {
                facts.signed_in = Some(before);
            }),
            ("somebody else", |facts, _| {
                facts.name = "s-olaf".to_owned();
                facts.mail = "olaf@harbour.example".to_owned();
            }),
            ("no factor", |facts, _| {
                facts.context = PASSWORD_CONTEXT.to_owned();
            }),
        ];
        for (what, change) in wrong {
            let answer = house
                .shows(&mut browser, |facts| change(facts, before))
                .await;
            assert!(refused(&answer), "{what}: {}", answer.status);
            assert!(answer.body.contains("Your factor was not shown"), "{what}");
            let asked = asks_for_a_token(&mut browser).await;
            assert!(is_asked(&asked), "{what}: {}", asked.status);
            assert_eq!(browser.get("/bills").await.status, 200, "as before");
        }
        let later = before.plus_us(20 * Micros::SECOND);
        let shown = house
            .shows(&mut browser, |facts| facts.signed_in = Some(later))
            .await;
        assert_eq!(shown.location(), "/me/security", "{}", shown.body);
    });
}

/// The guard away: in an answer to a question that did not ask anew, each of the same is a sign-in. None shows a factor now that
/// was not.
#[test]
fn the_same_answers_to_a_question_that_asks_nothing_anew_let_in() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        house.came_late().await;
        let mut olafs = house.t.browser();
        let answer = house
            .arrives(&mut olafs, |facts| {
                facts.name = "s-olaf".to_owned();
                facts.mail = "olaf@harbour.example".to_owned();
            })
            .await;
        assert_eq!(answer.location(), "/bills", "{}", answer.body);
        let mut again = house.came_late().await;
        assert!(is_asked(&asks_for_a_token(&mut again).await));
    });
}

#[test]
fn the_way_there_leads_back_to_a_page_of_ours_alone() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let mut browser = house.came_late().await;
        let page = browser.get("/step-up?next=//evil.example").await;
        let way = way_there(&page).expect("she came from there");
        assert!(way.ends_with("/start?again=1&next=%2F"), "{way}");
        let foreign = house.at("start?again=1&next=%2F%2Fevil.example");
        let begun = house.begin_at(&mut browser, &foreign).await;
        let facts = house.facts(Some(&begun.request));
        let response = house.idp.response(&facts);
        let shown = house.post(&mut browser, &response, &begun.relay).await;
        assert_eq!(shown.location(), "/", "{}", shown.body);
        // Whoever came by her password is not sent to anybody.
        let page = house.ann.browser.get("/step-up").await;
        assert_eq!(way_there(&page), None);
    });
}
