//! A request, its answer, and what a code is worth.

use serde_json::json;

use super::*;

fn provider(names_issuer: bool, auth: &str) -> Provider {
    let said = json!({
        "issuer": "https://idp.example",
        "authorization_endpoint": "https://idp.example/auth?tenant=7",
        "token_endpoint": "https://idp.example/token",
        "jwks_uri": "https://idp.example/jwks",
        "token_endpoint_auth_methods_supported": [auth],
        "authorization_response_iss_parameter_supported": names_issuer,
        "scopes_supported": if names_issuer { ["openid", "groups"] } else { ["openid", "email"] },
    });
    Provider::parse(said.to_string().as_bytes(), "https://idp.example").expect("read")
}

const CLIENT: Client<'_> = Client {
    id: "counter:sign",
    redirect: "https://ap.example/sso/1/callback",
};

#[test]
fn the_standards_own_verifier_has_its_challenge() {
    // RFC 7636, B.
    let challenge = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn a_request_is_marked_and_keeps_its_verifier_to_itself() {
    let marks = Marks {
        state: "s",
        nonce: "n",
        verifier: "v",
    };
    let url = request(&provider(false, "client_secret_basic"), CLIENT, marks, true);
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(of, _)| of == name)
            .map(|(_, value)| value.as_str())
    };
    for (name, wanted) in [
        ("tenant", "7"),
        ("response_type", "code"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", CLIENT.redirect),
        ("response_mode", "query"),
        ("scope", "openid profile email"),
    ] {
        assert_eq!(value(name), Some(wanted), "{name}");
    }
    assert_eq!(value("code_challenge"), Some(challenge("v").as_str()));
    assert_eq!((value("prompt"), value("max_age")), (None, None));
    let anew = anew(url.clone());
    let more = anew.as_str().strip_prefix(url.as_str());
    assert_eq!(more, Some("&prompt=login&max_age=0"));
    assert!(!pairs.iter().any(|(_, value)| value == "v"));
}

#[test]
fn groups_are_asked_for_where_they_are_wanted_and_known() {
    let marks = Marks {
        state: "s",
        nonce: "n",
        verifier: "v",
    };
    let asks = |knows: bool, wants: bool| {
        let url = request(
            &provider(knows, "client_secret_basic"),
            CLIENT,
            marks,
            wants,
        );
        url.as_str().contains("email+groups&")
    };
    assert!(asks(true, true));
    assert!(!asks(true, false) && !asks(false, true));
}

#[test]
fn why_nothing_was_given_is_a_word_and_no_text_of_somebody_elses() {
    assert_eq!(
        refusal(br#"{"error":"invalid_client","error_description":"x"}"#).as_deref(),
        Some("invalid_client")
    );
    assert_eq!(
        refusal(br#"{"error":"<b>forged\n line"}"#).as_deref(),
        Some("bforgedline")
    );
    for nothing in [
        &b"<html>"[..],
        b"{}",
        br#"{"error":7}"#,
        br#"{"error":"!"}"#,
    ] {
        assert_eq!(refusal(nothing), None);
    }
}

#[test]
fn a_code_of_another_issuer_is_not_shown_to_this_one() {
    let (silent, naming) = (provider(false, "none"), provider(true, "none"));
    let code = |query: &str, provider: &Provider| {
        Answer::parse(query).map(|answer| answer.code_of(provider).map(str::to_owned))
    };
    let given = Some(Ok("c".to_owned()));
    assert_eq!(code("state=s&code=c", &silent), given);
    assert_eq!(
        code("state=s&code=c&iss=https%3A%2F%2Fidp.example", &silent),
        given
    );
    assert_eq!(
        code("state=s&code=c&iss=https%3A%2F%2Fidp.example", &naming),
        given
    );
    for provider in [&silent, &naming] {
        let other = code("state=s&code=c&iss=https%3A%2F%2Fthief.example", provider);
        assert_eq!(other, Some(Err(NoCode::Issuer)));
    }
    assert_eq!(code("state=s&code=c", &naming), Some(Err(NoCode::NoIssuer)));
}

#[test]
fn what_is_there_twice_or_not_at_all_is_no_answer() {
    let silent = provider(false, "none");
    let code =
        |query: &str| Answer::parse(query).map(|one| one.code_of(&silent).map(str::to_owned));
    for nothing in ["", "code=c", "state=a&state=b&code=c"] {
        assert_eq!(code(nothing), None, "{nothing}");
    }
    for wrong in [
        "state=s",
        "state=s&code=",
        "state=s&code=c&code=d",
        "state=s&code=c&iss=a&iss=b",
    ] {
        assert_eq!(code(wrong), Some(Err(NoCode::Shape)), "{wrong}");
    }
    let refused = code("state=s&error=access_denied%0Aforged+line&code=c");
    assert_eq!(
        refused,
        Some(Err(NoCode::Refused("access_deniedforgedline".to_owned())))
    );
}

#[test]
fn the_secret_goes_where_the_provider_wants_it() {
    let by = |auth: &str, secret| exchange(&provider(false, auth), CLIENT, secret, ("c", "v"));
    let basic = by("client_secret_basic", Some("s&cret"));
    let wanted = format!("Basic {}", STANDARD.encode("counter%3Asign:s%26cret"));
    assert_eq!(basic.authorization, Some(wanted));
    assert!(!basic.form.contains("cret") && basic.form.contains("code_verifier=v"));
    let post = by("client_secret_post", Some("s&cret"));
    assert!(post.authorization.is_none() && post.form.ends_with("client_secret=s%26cret"));
    let public = by("client_secret_basic", None);
    assert!(public.authorization.is_none() && public.form.ends_with("client_id=counter%3Asign"));
    assert_eq!(format!("{post:?}"), "TokenRequest(..)");
}

#[test]
fn tokens_are_bearers_or_none() {
    let parse = |answer: serde_json::Value| Tokens::parse(answer.to_string().as_bytes());
    let good = json!({ "id_token": "i", "access_token": "a", "token_type": "Bearer" });
    assert!(parse(good).is_ok());
    for bad in [
        json!({ "access_token": "a", "token_type": "Bearer" }),
        json!({ "id_token": "i", "access_token": "a", "token_type": "mac" }),
        json!({ "id_token": 7 }),
        json!([]),
    ] {
        assert_eq!(parse(bad.clone()), Err(NoTokens), "{bad}");
    }
}
