//! What a provider says of itself: followed each day, held to the issuer that was confirmed, and fetched again no more often
//! than strangers should make us.

use std::sync::Arc;

use countersign::platform::clock::Micros;

use super::tokens::of_nobody;
use super::{House, refused};
use crate::support::app::on_both_apps;
use crate::support::openid::Signer;
use crate::support::post::Post;

async fn arrives(house: &House) -> u16 {
    house.arrives(&mut house.t.browser(), |_| {}).await.status
}

#[test]
fn strangers_make_us_fetch_keys_once_a_minute_at_most() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        assert_eq!(arrives(&house).await, 303);
        let before = house.idp.says().key_fetches;
        for number in 0..20 {
            let answer = house.is_told(&of_nobody(&format!("k-{number}"))).await;
            assert_eq!(answer.status, 400);
        }
        assert_eq!(house.idp.says().key_fetches, before + 1);
        house.t.store.clock.advance(Micros::MINUTE - 1);
        house.is_told(&of_nobody("k-30")).await;
        assert_eq!(house.idp.says().key_fetches, before + 1);
        // The twin: a minute later.
        house.t.store.clock.advance(1);
        house.is_told(&of_nobody("k-31")).await;
        assert_eq!(house.idp.says().key_fetches, before + 2);
        // The guard taken away: what remembers the last time is forgotten, and each token is a fetch.
        for number in 0..3 {
            let store = &house.t.store;
            store.behind_the_back("DELETE FROM sso_seen").await;
            house.is_told(&of_nobody(&format!("k-4{number}"))).await;
        }
        assert_eq!(house.idp.says().key_fetches, before + 5);
    });
}

#[test]
fn a_new_key_counts_at_once_and_an_old_one_until_it_is_gone() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        assert_eq!(arrives(&house).await, 303);
        house.idp.says().keys.push(Arc::new(Signer::new("k-2")));
        assert_eq!(arrives(&house).await, 303, "the new one, fetched just now");
        let old = house.idp.says().keys.remove(0);
        house.t.store.clock.advance(Micros::DAY);
        Post::of(&house.t).deliver().await;
        let mut browser = house.t.browser();
        let asked = house.begin(&mut browser).await;
        let token = old.sign(&house.claims(&asked));
        let answer = house.brings(&mut browser, &asked, token).await;
        assert!(refused(&answer), "it was taken away a day ago");
        assert_eq!(arrives(&house).await, 303);
    });
}

#[test]
fn what_cannot_be_used_leaves_what_was() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        Post::of(&house.t).deliver().await;
        let other = "{\"issuer\": \"https://thief.example\"}".to_owned();
        for (status, text) in [
            (200, "<html/>".to_owned()),
            (200, other),
            (500, String::new()),
            (302, String::new()),
            (200, " ".repeat(300 * 1024)),
        ] {
            house.idp.says().documents = Some((status, text));
            house.t.store.clock.advance(Micros::DAY);
            Post::of(&house.t).deliver().await;
            assert_eq!(arrives(&house).await, 303, "{status}");
        }
    });
}

#[test]
fn keys_that_were_changed_behind_the_back_let_nobody_in() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        assert_eq!(arrives(&house).await, 303);
        let widen = "UPDATE sso_metadata SET version = version + 1";
        house.t.store.behind_the_back(widen).await;
        let answer = house.t.browser().get(&house.at("start")).await;
        assert_eq!(answer.problem, Some("error-forged"), "{}", answer.body);
    });
}
