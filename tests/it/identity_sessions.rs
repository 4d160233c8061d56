//! How long sessions live is what the configuration says.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use countersign::platform::clock::{Clock, Micros};
use countersign::platform::config::{CommandLine, Config, Environment, Sessions};
use countersign::platform::installation;
use countersign_sealing::SystemEntropy;

use super::support::app::{Browser, TestApp, on_both_apps};
use super::support::stores::START;
use super::support::temp::TempDir;

const MINUTE: i64 = Micros::MINUTE;

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/me").await.status == 200
}

/// Ann's browser, signed in under these limits.
async fn under(t: &mut TestApp, idle_minutes: u64, absolute_minutes: u64) -> Browser {
    let app = Arc::get_mut(&mut t.app).expect("nobody else has it yet");
    app.sessions = Sessions {
        idle: Duration::from_mins(idle_minutes),
        absolute: Duration::from_mins(absolute_minutes),
    };
    t.set_up().await.browser
}

#[test]
fn a_session_ends_after_the_idle_minutes_that_are_set() {
    on_both_apps(|mut t| async move {
        let mut ann = under(&mut t, 5, 60).await;
        t.store.clock.advance(4 * MINUTE);
        assert!(is_in(&mut ann).await);
        t.store.clock.advance(5 * MINUTE);
        assert!(!is_in(&mut ann).await);
    });
}

#[test]
fn a_busy_session_ends_after_the_absolute_minutes_that_are_set() {
    on_both_apps(|mut t| async move {
        let mut ann = under(&mut t, 10, 20).await;
        for _ in 0..4 {
            assert!(is_in(&mut ann).await);
            t.store.clock.advance(5 * MINUTE);
        }
        assert!(!is_in(&mut ann).await);
    });
}

#[test]
fn a_longer_life_than_the_standard_is_had_too() {
    on_both_apps(|mut t| async move {
        let mut ann = under(&mut t, 24 * 60, 48 * 60).await;
        t.store.clock.advance(23 * Micros::HOUR);
        assert!(is_in(&mut ann).await);
        t.store.clock.advance(23 * Micros::HOUR);
        assert!(is_in(&mut ann).await);
        t.store.clock.advance(3 * Micros::HOUR);
        assert!(!is_in(&mut ann).await);
    });
}

#[test]
fn the_installation_hands_the_keys_on() {
    let data = TempDir::new("sessions");
    let given = CommandLine {
        data: Some(data.path().to_owned()),
        ..CommandLine::default()
    };
    let open = |variables: &[(&str, &str)]| {
        let variables = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let config = Config::load(&given, &Environment::of(variables)).expect("it is sound");
        tokio::runtime::Runtime::new()
            .expect("a runtime")
            .block_on(installation::open(
                &config,
                Clock::manual(START),
                Arc::new(SystemEntropy),
                None,
                installation::Opening::MakeOrUpdate,
            ))
            .expect("it opens")
            .sessions
    };
    let standard = open(&[]);
    assert_eq!(standard.idle, Sessions::STANDARD.idle);
    assert_eq!(standard.absolute, Sessions::STANDARD.absolute);
    let set = open(&[
        ("COUNTERSIGN_SESSIONS_IDLE_MINUTES", "7"),
        ("COUNTERSIGN_SESSIONS_ABSOLUTE_MINUTES", "70"),
    ]);
    assert_eq!(set.idle, Duration::from_mins(7));
    assert_eq!(set.absolute, Duration::from_mins(70));
}
