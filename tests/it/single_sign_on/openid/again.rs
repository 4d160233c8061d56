//! A sign-in at the provider is a factor of its own moment.

use serde_json::{Value, json};

use super::House;
use crate::single_sign_on::{asks_for_a_token, is_asked, is_given};
use crate::support::app::on_both_apps;

#[test]
fn a_sign_in_there_of_an_hour_ago_or_of_no_moment_is_no_factor_of_a_moment_ago() {
    on_both_apps(|t| async move {
        let house = House::new(t).await;
        let hour_ago = house.now_s() - 3600;
        for auth_time in [json!(hour_ago), Value::Null] {
            let mut browser = house.t.browser();
            let change = |claims: &mut Value| claims["auth_time"] = auth_time.clone();
            let answer = house.arrives(&mut browser, change).await;
            assert_eq!(answer.location(), "/bills", "she is in");
            let asked = asks_for_a_token(&mut browser).await;
            assert!(
                is_asked(&asked),
                "{auth_time}: {} {}",
                asked.status,
                asked.body
            );
        }
        // The twin: she signed in there just now.
        let mut browser = house.t.browser();
        house.arrives(&mut browser, |_| {}).await;
        let given = asks_for_a_token(&mut browser).await;
        assert!(is_given(&given), "{} {}", given.status, given.body);
    });
}
