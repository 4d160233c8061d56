//! While strangers take every turn at hashing and every place in its queue, whoever has signed in here before gets in.

use std::pin::Pin;

use countersign::platform::app::{Hashing, Lane, NoTurn, Turn};
use futures_util::FutureExt as _;

use super::sign_in;
use crate::support::app::{PASSWORD, on_both_apps};

type Waiting = Pin<Box<dyn Future<Output = Result<Turn, NoTurn>> + Send>>;

/// Takes all turns and all places of a lane, for as long as they are kept.
fn filled(hashing: &Hashing, lane: Lane) -> (Vec<Turn>, Vec<Waiting>) {
    let (mut turns, mut waiting) = (Vec::new(), Vec::new());
    loop {
        let hashing = hashing.clone();
        let mut next: Waiting = Box::pin(async move { hashing.turn(lane).await });
        match next.as_mut().now_or_never() {
            Some(Ok(turn)) => turns.push(turn),
            Some(Err(why)) => {
                assert_eq!(why, NoTurn::Full);
                return (turns, waiting);
            }
            None => waiting.push(next),
        }
    }
}

#[test]
fn a_full_queue_turns_strangers_away_and_a_known_device_gets_in() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let kept = filled(&t.app.hashing, Lane::Anybody);
        let before = t.app.hashing.turns();
        for mut stranger in [t.browser(), t.made_up_device()] {
            let answer = sign_in(&mut stranger, &ann.email, PASSWORD).await;
            assert_eq!(answer.status, 429, "{}", answer.body);
            assert_eq!(answer.problem, Some("error-too-busy"));
        }
        assert_eq!(t.app.hashing.turns(), before, "nothing was hashed");
        let mut device = t.only_device(&ann.browser);
        let answer = sign_in(&mut device, &ann.email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_eq!(answer.location(), "/sign-in/code");
        // With a place for them strangers are looked at again.
        drop(kept);
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}

/// The twin: with its own lane full the device is turned away, so that it was the lane that let it in.
#[test]
fn with_its_own_lane_full_a_known_device_is_turned_away_and_a_stranger_is_not() {
    on_both_apps(|t| async move {
        let ann = t.set_up().await;
        let _kept = filled(&t.app.hashing, Lane::Known);
        let mut device = t.only_device(&ann.browser);
        let answer = sign_in(&mut device, &ann.email, PASSWORD).await;
        assert_eq!(answer.status, 429, "{}", answer.body);
        assert_eq!(answer.problem, Some("error-too-busy"));
        let answer = sign_in(&mut t.browser(), &ann.email, PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}
