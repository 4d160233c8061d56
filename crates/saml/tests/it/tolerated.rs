//! What others write and the standards allow, each beside what looks like it and is refused.

use countersign_saml::response::CheckId;
use jiff::Timestamp;

use crate::support::idp::{Facts, assertion, response};
use crate::support::{HONEST, verify};

/// A response whose assertion is signed after one thing in it was changed.
fn changed(facts: &Facts, part: &str, instead: &str) -> String {
    let untouched = assertion(facts);
    let changed = untouched.replacen(part, instead, 1);
    assert_ne!(changed, untouched, "{part} is not there");
    response(facts, &HONEST.sign(&changed, facts.id))
}

#[test]
fn what_never_ends_is_in_force_and_what_never_begins_is_not() {
    const INDEX: &str = "SessionIndex=\"session-1\"";
    for never in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999Z"] {
        let endless = Facts {
            not_on_or_after: never,
            ..Facts::default()
        };
        let session = format!("{INDEX} SessionNotOnOrAfter=\"{never}\"");
        let verified = verify(&changed(&endless, INDEX, &session)).expect("it is in force");
        assert_eq!(verified.session_not_on_or_after, Some(Timestamp::MAX));
        assert_eq!(verified.remember_until, Timestamp::MAX);
        let facts = Facts {
            not_before: never,
            ..Facts::default()
        };
        let refused = verify(&HONEST.assertion_signed(&facts)).expect_err("it never begins");
        assert_eq!(refused.check, CheckId::Conditions);
    }
    let facts = Facts {
        not_on_or_after: "9999-12-32T23:59:59Z",
        ..Facts::default()
    };
    let refused = verify(&HONEST.assertion_signed(&facts)).expect_err("there is no such day");
    assert!(
        refused.said.contains("which is no moment"),
        "{}",
        refused.said
    );
}
