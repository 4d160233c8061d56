//! A sign-in at the identity provider is a factor of its own moment.

use countersign::platform::clock::Micros;

use super::House;
use crate::single_sign_on::{asks_for_a_token, is_asked, is_given};
use crate::support::app::on_both_apps;

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
