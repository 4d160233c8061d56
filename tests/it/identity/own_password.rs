//! Changing one's own password: the one in use is asked for, and guessing at it ends.

use countersign::platform::clock::Micros;

use super::{change_password, sign_in};
use crate::support::app::{PASSWORD, on_both_apps};

const NEW: &str = "another jar of kiwi jam";

#[test]
fn a_wrong_present_password_changes_nothing() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let answer = change_password(&mut ann.browser, "a wrong guess", NEW).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        let answer = sign_in(&mut t.browser(), &ann.email, NEW).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
        // The twin: the right one.
        let answer = change_password(&mut ann.browser, PASSWORD, NEW).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = sign_in(&mut t.browser(), &ann.email, NEW).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}

/// The twin is one guess less: the right one is taken then.
#[test]
fn after_ten_wrong_present_passwords_the_right_one_is_refused_as_well() {
    for (guesses, status) in [(9, 200), (10, 422)] {
        on_both_apps(|t| async move {
            let mut ann = t.set_up().await;
            for n in 0..guesses {
                let answer = change_password(&mut ann.browser, "a wrong guess", NEW).await;
                assert_eq!(answer.status, 422, "{n}: {}", answer.body);
                // Longer than any delay before the lock.
                t.store.clock.advance(20 * Micros::SECOND);
            }
            let answer = change_password(&mut ann.browser, PASSWORD, NEW).await;
            assert_eq!(answer.status, status, "{guesses}: {}", answer.body);
        });
    }
}
