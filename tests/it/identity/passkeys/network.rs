//! Strangers lock a network: who signed in from a device there before gets in by her passkey, and nobody else by her device.

use super::{ALONE, add, options, send};
use crate::support::app::{Answer, Browser, on_both_apps};
use crate::support::authenticator::Authenticator;
use countersign::identity::throttles::ADDRESS;

/// Asks for a challenge as the script of the sign-in page does.
async fn asks(browser: &mut Browser) -> Answer {
    browser.get("/sign-in").await;
    let csrf = browser.csrf();
    browser
        .post(&format!("{ALONE}/options"), &[("csrf", &csrf)])
        .await
}

/// Asks in one browser and answers in it, with the device cookie that it has by then.
async fn enters(
    asking: &mut Browser,
    key: &mut Authenticator,
    answering: impl FnOnce(&mut Browser),
) -> Answer {
    asking.get("/sign-in").await;
    let csrf = asking.csrf();
    let given = options(asking, ALONE, &csrf).await;
    let fields = key.sign(&given);
    answering(asking);
    send(asking, ALONE, &csrf, &fields).await
}

#[test]
fn a_known_device_gets_in_while_its_network_is_locked_and_nobody_else_by_it() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut key = add(&mut ann, b"blue").await;
        let tom = t.join(&mut ann, "tom@harbour.example", &["clerk"]).await;
        t.lock_network().await;
        for mut stranger in [t.browser(), t.made_up_device()] {
            let answer = asks(&mut stranger).await;
            assert_eq!(answer.problem, Some("sign-in-passkey-refused"));
        }
        // His device asks, and she is not its person.
        let mut toms = t.only_device(&tom.browser);
        let answer = enters(&mut toms, &mut key, |_| {}).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        // Nor does it help to leave his device behind once it has asked.
        let answer = enters(&mut toms, &mut key, |browser| {
            browser.cookies.retain(|(name, _)| name != "__Host-device");
        })
        .await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        let mut hers = t.only_device(&ann.browser);
        let answer = enters(&mut hers, &mut key, |_| {}).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        // The twin: by the same device of his, once nothing but the lock is gone.
        t.store.clock.advance(ADDRESS.locked_us);
        let mut toms = t.only_device(&tom.browser);
        let answer = enters(&mut toms, &mut key, |_| {}).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
    });
}

#[test]
fn the_room_of_a_device_is_bounded() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut key = add(&mut ann, b"blue").await;
        t.lock_network().await;
        let mut hers = t.only_device(&ann.browser);
        for n in 0..5 {
            assert_eq!(asks(&mut hers).await.status, 200, "{n}");
        }
        let answer = asks(&mut hers).await;
        assert_eq!(answer.problem, Some("sign-in-passkey-refused"));
        t.store.clock.advance(1_000_000);
        let answer = enters(&mut hers, &mut key, |_| {}).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
    });
}
