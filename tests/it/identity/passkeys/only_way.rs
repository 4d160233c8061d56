//! Passkeys and passwords where identity providers are the only way to sign in.

use super::{add, alone, second};
use crate::identity::sign_in;
use crate::single_sign_on::rule::{any_way, only_way};
use crate::support::app::{PASSWORD, on_both_apps};

#[test]
fn neither_a_passkey_nor_a_password_lets_in_who_is_to_come_by_an_identity_provider() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        let mut anns = add(&mut ann, b"anns").await;
        let mut toms = add(&mut tom, b"toms").await;
        only_way(&mut ann).await;
        assert_eq!(alone(&t, &mut toms).await.status, 422, "by a passkey");
        let mut browser = t.browser();
        let answer = sign_in(&mut browser, &tom.email, PASSWORD).await;
        assert_eq!(answer.status, 422, "by a password");
        assert_eq!(alone(&t, &mut anns).await.location(), "/", "she is marked");
        assert_eq!(second(&t, &ann.email, &mut anns).await.location(), "/");
        // The guard taken away: the same passkey and the same password are taken.
        any_way(&mut ann).await;
        assert_eq!(alone(&t, &mut toms).await.location(), "/");
        assert_eq!(second(&t, &tom.email, &mut toms).await.location(), "/");
    });
}
