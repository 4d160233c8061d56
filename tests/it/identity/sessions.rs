//! How sessions end.

use countersign::platform::clock::Micros;

use super::{sign_in, signed_in_again};
use crate::support::app::{PASSWORD, on_both_apps};

#[test]
fn sessions_end_when_idle_and_other_sessions_end_with_the_password() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let mut first = ann.browser.clone();
        let mut second = signed_in_again(&t, ann).await.browser;
        second.get("/me").await;
        let new = "four random words";
        let fields = [
            ("current", PASSWORD),
            ("password", new),
            ("password_again", new),
        ];
        let answer = second.submit("/me/password", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(first.get("/me").await.status, 303);
        assert_eq!(second.get("/me").await.status, 200);
        t.store.clock.advance(Micros::HOUR);
        assert_eq!(second.get("/me").await.status, 303);
        assert_eq!(
            sign_in(&mut t.browser(), "ann@harbour.example", PASSWORD)
                .await
                .status,
            422
        );
    });
}
