//! A provider's documents and a token, as anybody can send them: read or refused, never a panic.
#![no_main]

use countersign_oidc::discovery::Provider;
use countersign_oidc::flow::{Answer, Tokens};
use countersign_oidc::id_token::{self, Expected};
use countersign_oidc::keys::KeySet;
use countersign_oidc::logout;
use libfuzzer_sys::fuzz_target;

const ISSUER: &str = "https://idp.example";

fuzz_target!(|bytes: &[u8]| {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let _ = Provider::parse(bytes, ISSUER);
    let _ = Tokens::parse(bytes);
    let text = String::from_utf8_lossy(second);
    let _ = Answer::parse(&text);
    let Ok(keys) = KeySet::parse(first) else {
        return;
    };
    let expected = Expected {
        issuer: ISSUER,
        client_id: "countersign",
        nonce: "n",
        now_s: 1_800_000_000,
        max_age_s: Some(60),
        access_token: None,
    };
    let _ = id_token::verify(&text, &keys, &expected);
    let _ = logout::verify(&text, &keys, (ISSUER, "countersign"), 1_800_000_000);
});
