//! Each claim, and a token that fails by it alone.

use serde_json::json;

use super::*;
use crate::test_tokens::Signer;

const NOW: i64 = 1_800_000_000;
const EXPECTED: Expected<'_> = Expected {
    issuer: "https://idp.example",
    client_id: "countersign",
    nonce: "n-1",
    now_s: NOW,
    max_age_s: None,
    access_token: Some("a token"),
};

fn claims() -> Value {
    json!({
        "iss": "https://idp.example", "aud": "countersign", "sub": "ann", "nonce": "n-1", "exp": NOW + 300, "iat": NOW,
        "email": "ann@harbour.example", "email_verified": true, "groups": ["a", "b"], "amr": ["pwd", "otp"], "sid": "s-1",
    })
}

fn judged(claims: &Value, expected: &Expected<'_>) -> Result<Identity, Refused> {
    let signer = Signer::new("k1");
    let keys = json!({ "keys": [signer.public()] }).to_string();
    let keys = KeySet::parse(keys.as_bytes()).expect("keys");
    verify(&signer.sign(claims), &keys, expected)
}

/// The token with one claim changed; null takes it away.
fn with(name: &str, value: Value) -> Result<Identity, Refused> {
    let mut claims = claims();
    match value {
        Value::Null => drop(claims.as_object_mut().and_then(|all| all.remove(name))),
        value => claims[name] = value,
    }
    judged(&claims, &EXPECTED)
}

#[test]
fn an_honest_token_says_who_it_is() {
    let identity = judged(&claims(), &EXPECTED).expect("honest");
    assert_eq!(identity.subject, "ann");
    assert_eq!(identity.email_verified, Some(true));
    assert!(identity.shows_second_factor());
    assert_eq!(identity.said["groups"], ["a", "b"]);
    assert_eq!(identity.session.as_deref(), Some("s-1"));
    assert_eq!(format!("{identity:?}"), "Identity { .. }");
    // Clocks may be apart, and fractions of a second are seconds.
    for (name, value) in [
        ("exp", NOW - 179),
        ("iat", NOW + 180),
        ("iat", NOW - 600),
        ("nbf", NOW + 180),
    ] {
        assert!(with(name, json!(value)).is_ok(), "{name} {value}");
    }
    assert!(with("exp", json!(1_800_000_000.5)).is_ok());
}

#[test]
fn each_claim_stops_what_it_is_there_for() {
    use Refused as R;
    for (name, value, reason) in [
        ("iss", json!("https://idp.example/"), R::Issuer),
        ("iss", json!("https://thief.example"), R::Issuer),
        ("iss", Value::Null, R::Missing("iss")),
        ("aud", json!("another"), R::Audience),
        ("aud", json!(["another"]), R::Audience),
        ("aud", json!(["countersign", "another"]), R::AuthorizedParty),
        ("aud", json!([1]), R::Missing("aud")),
        ("aud", Value::Null, R::Missing("aud")),
        ("azp", json!("another"), R::AuthorizedParty),
        ("azp", json!(7), R::AuthorizedParty),
        ("exp", json!(NOW - 180), R::Expired),
        ("exp", json!("never"), R::Missing("exp")),
        ("exp", Value::Null, R::Missing("exp")),
        ("iat", json!(NOW + 181), R::NotYet),
        ("iat", json!(NOW - 601), R::Old),
        ("iat", Value::Null, R::Missing("iat")),
        ("nbf", json!(NOW + 181), R::NotYet),
        ("auth_time", json!(NOW + 181), R::NotYet),
        ("nonce", json!("n-2"), R::Nonce),
        ("nonce", json!(""), R::Nonce),
        ("nonce", Value::Null, R::Nonce),
        ("at_hash", json!("AAAA"), R::AccessToken),
        ("at_hash", json!(7), R::AccessToken),
        ("sub", json!(""), R::Missing("sub")),
        ("sub", json!("a".repeat(256)), R::Missing("sub")),
        ("sub", json!(7), R::Missing("sub")),
    ] {
        assert_eq!(
            with(name, value.clone()).err(),
            Some(reason),
            "{name} {value}"
        );
    }
    let several = json!(["countersign", "another"]);
    let mut claims = claims();
    (claims["aud"], claims["azp"]) = (several, json!("countersign"));
    assert!(judged(&claims, &EXPECTED).is_ok());
}

#[test]
fn the_access_token_is_the_one_that_came_with_it() {
    let hash = half(Algorithm::Es256, "a token");
    assert!(with("at_hash", json!(hash)).is_ok());
    let mut claims = claims();
    claims["at_hash"] = json!(hash);
    let another = Expected {
        access_token: Some("another"),
        ..EXPECTED
    };
    assert_eq!(judged(&claims, &another).err(), Some(Refused::AccessToken));
    let nothing = Expected {
        access_token: None,
        ..EXPECTED
    };
    assert_eq!(judged(&claims, &nothing).err(), Some(Refused::AccessToken));
    // OpenID Connect Core, A.3: its access token and hash.
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(half(Algorithm::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn a_sign_in_of_long_ago_is_none_where_a_new_one_was_asked_for() {
    let asked = Expected {
        max_age_s: Some(60),
        ..EXPECTED
    };
    let at = |auth_time: Value| {
        let mut claims = claims();
        claims["auth_time"] = auth_time;
        judged(&claims, &asked).err()
    };
    assert_eq!(at(json!(NOW - 240)), None);
    assert_eq!(at(json!(NOW - 241)), Some(Refused::AuthTime));
    assert_eq!(at(Value::Null), Some(Refused::AuthTime));
}

#[test]
fn when_she_signed_in_there_is_what_the_token_says() {
    let said = |value: Value| with("auth_time", value).expect("honest").signed_in_s;
    assert_eq!(said(json!(NOW - 3600)), Some(NOW - 3600));
    assert_eq!(said(json!(NOW + 180)), Some(NOW + 180), "clocks differ");
    assert_eq!(said(Value::Null), None);
}

#[test]
fn two_factors_are_methods_of_two_kinds_or_the_providers_word() {
    let shows = |methods: &[&str]| {
        let identity = with("amr", json!(methods)).expect("honest");
        identity.shows_second_factor()
    };
    for one in [
        "pwd", "pin", "kba", "otp", "hwk", "swk", "sc", "fpt", "face", "iris", "retina", "vbm",
        "sms", "tel", "mca", "user", "MFA",
    ] {
        assert!(!shows(&[one]), "{one}");
        assert!(!shows(&[one, one]), "{one} twice");
    }
    for of_one_kind in [
        ["pwd", "pin"],
        ["otp", "hwk"],
        ["fpt", "face"],
        ["pwd", "sms"],
    ] {
        assert!(!shows(&of_one_kind), "{of_one_kind:?}");
    }
    for both in [
        ["pwd", "otp"],
        ["pin", "hwk"],
        ["fpt", "swk"],
        ["pwd", "face"],
    ] {
        assert!(shows(&both), "{both:?}");
    }
    assert!(shows(&["mfa"]) && shows(&["pwd", "mfa"]) && !shows(&[]));
}

#[test]
fn another_kind_of_token_is_no_id_token() {
    let signer = Signer::new("k1");
    let keys = json!({ "keys": [signer.public()] }).to_string();
    let keys = KeySet::parse(keys.as_bytes()).expect("keys");
    for (kind, is_one) in [
        ("JWT", true),
        ("jwt", true),
        ("at+jwt", false),
        ("logout+jwt", false),
    ] {
        let header = json!({ "alg": "ES256", "kid": "k1", "typ": kind });
        let judged = verify(&signer.sign_with(&header, &claims()), &keys, &EXPECTED);
        assert_eq!(judged.is_ok(), is_one, "{kind}");
    }
}

#[test]
fn an_address_is_verified_where_the_provider_says_so_and_nowhere_else() {
    for (value, is_verified) in [
        (json!(true), Some(true)),
        (json!("true"), Some(true)),
        (json!(false), Some(false)),
        (json!("yes"), Some(false)),
        (json!(1), Some(false)),
        (Value::Null, None),
    ] {
        let identity = with("email_verified", value.clone()).expect("honest");
        assert_eq!(identity.email_verified, is_verified, "{value}");
    }
}

#[test]
fn user_info_is_about_her_and_changes_nothing_that_was_signed() {
    let info = |claims: Value| {
        let identity = with("email", Value::Null).expect("honest");
        identity.and_user_info(claims.to_string().as_bytes())
    };
    let more =
        json!({ "sub": "ann", "email": "ann@harbour.example", "groups": ["administrators"] });
    let both = info(more).expect("about her");
    assert_eq!(both.said["email"], ["ann@harbour.example"]);
    assert_eq!(both.said["groups"], ["a", "b"]);
    assert_eq!(
        both.email_verified, None,
        "the id token spoke of another address, or of none"
    );
    let other = info(json!({ "sub": "ben", "email": "ben@harbour.example" }));
    assert_eq!(other.err(), Some(Refused::OtherSubject));
    assert_eq!(info(json!([])).err(), Some(Refused::UserInfo));
}
