//! Invitations, roles, suspension.

use countersign::platform::clock::Micros;

use super::{sign_in, signed_in_again};
use crate::support::app::{PASSWORD, on_both_apps};

#[test]
fn an_invitation_is_good_once_and_for_a_week() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let link = ann.invite("late@harbour.example", &["approver"]).await;
        t.store.clock.advance(7 * Micros::DAY);
        assert_eq!(
            t.browser().get(&link).await.problem,
            Some("error-link-unusable")
        );

        let mut ann = signed_in_again(&t, ann).await;
        let link = ann.invite("tom@harbour.example", &["approver"]).await;
        let mut browsers = [t.browser(), t.browser()];
        for browser in &mut browsers {
            assert_eq!(browser.get(&link).await.status, 200);
        }
        let fields = [
            ("name", "Tom"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let first = browsers[0].submit(&link, &fields).await;
        assert_eq!(first.location(), "/enrol");
        let second = browsers[1].submit(&link, &fields).await;
        assert_eq!(second.problem, Some("error-link-unusable"));
        let again = ann.browser.get("/people/invite").await;
        assert_eq!(again.status, 200);
        let known = [
            ("name", "Tom"),
            ("email", "TOM@harbour.example"),
            ("roles", "clerk"),
        ];
        assert_eq!(
            ann.browser.submit("/people/invite", &known).await.status,
            422
        );
    });
}

#[test]
fn nobody_raises_herself_and_a_suspended_person_is_out_at_once() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["approver"]).await;
        assert_eq!(
            tom.browser.get("/people").await.status,
            404,
            "an approver does not see people"
        );
        let list = ann.browser.get("/people").await.body;
        let ids: Vec<&str> = list
            .split("href=\"/people/0")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let (own, toms) = (
            format!("/people/0{}", ids[0]),
            format!("/people/0{}", ids[1]),
        );
        ann.browser.get(&own).await;
        let all = [("roles", "administrator"), ("roles", "auditor")];
        let answer = ann.browser.submit(&format!("{own}/roles"), &all).await;
        assert_eq!(answer.problem, Some("error-person-oneself"));
        ann.browser.get(&own).await;
        let answer = ann
            .browser
            .submit(&format!("{own}/roles"), &[("roles", "clerk")])
            .await;
        assert_eq!(answer.problem, Some("error-person-last-administrator"));
        ann.browser.get(&toms).await;
        let answer = ann.browser.submit(&format!("{toms}/suspend"), &[]).await;
        assert_eq!(answer.location(), toms, "{:?}", answer.problem);
        assert_eq!(
            tom.browser.get("/me").await.location(),
            "/sign-in?next=%2Fme"
        );
        let answer = sign_in(&mut t.browser(), "tom@harbour.example", PASSWORD).await;
        assert_eq!(answer.status, 422);
    });
}
