//! A compact JWS (RFC 7515), verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::keys::{Algorithm, Key, KeySet};
use crate::members::{Object, object, text};

/// A token with the claims of somebody in hundreds of groups.
pub const MOST_BYTES: usize = 128 * 1024;

/// Why a token says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    #[error("it is not three parts of base64url with a JSON header")]
    Shape,
    #[error("its algorithm is none that signs with a public key")]
    Algorithm,
    #[error("it asks for an extension that is not understood (crit)")]
    Critical,
    #[error("no key of the provider is named by it and makes such signatures")]
    NoKey,
    #[error("several keys of the provider could have signed it, and it names none")]
    Ambiguous,
    #[error("its signature is not the key's")]
    Signature,
    #[error("what was signed is no JSON object")]
    Payload,
}

/// A token that was signed by a key of the provider: its claims, and the `typ` of its header.
#[derive(Debug, Clone)]
pub struct Signed {
    pub(crate) claims: Object,
    pub(crate) kind: Option<String>,
    pub(crate) algorithm: Algorithm,
}

/// Verifies a token. [`Unsigned::NoKey`] may mean that the provider has new keys.
pub fn verify(token: &str, keys: &KeySet) -> Result<Signed, Unsigned> {
    let (payload, kind, algorithm) = verified(token, keys)?;
    let claims = object(&payload, MOST_BYTES).ok_or(Unsigned::Payload)?;
    Ok(Signed {
        claims,
        kind,
        algorithm,
    })
}

type Verified = (Vec<u8>, Option<String>, Algorithm);

pub(crate) fn verified(token: &str, keys: &KeySet) -> Result<Verified, Unsigned> {
    if token.len() > MOST_BYTES {
        return Err(Unsigned::Shape);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Unsigned::Shape)?;
    let (header, payload) = message.split_once('.').ok_or(Unsigned::Shape)?;
    if payload.contains('.') {
        return Err(Unsigned::Shape);
    }
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Unsigned::Shape);
    let header = object(&decoded(header)?, MOST_BYTES).ok_or(Unsigned::Shape)?;
    let (payload, signature) = (decoded(payload)?, decoded(signature)?);
    let name = text(&header, "alg").ok_or(Unsigned::Algorithm)?;
    let algorithm = Algorithm::parse(name).ok_or(Unsigned::Algorithm)?;
    // RFC 7515, 4.1.11: whoever does not understand one of them refuses the whole. We understand none.
    if header.contains_key("crit") {
        return Err(Unsigned::Critical);
    }
    let key = chosen(keys, text(&header, "kid"), algorithm)?;
    if !key.verifies(algorithm, message.as_bytes(), &signature) {
        return Err(Unsigned::Signature);
    }
    Ok((payload, text(&header, "typ").map(str::to_owned), algorithm))
}

/// The one key that may have signed: the named one, or the only one of its kind where none is named.
fn chosen<'a>(
    keys: &'a KeySet,
    id: Option<&str>,
    algorithm: Algorithm,
) -> Result<&'a Key, Unsigned> {
    let mut fitting = keys.0.iter().filter(|key| key.fits(algorithm));
    let mut named = fitting
        .by_ref()
        .filter(|key| id.is_none_or(|id| key.id.as_deref() == Some(id)));
    match (named.next(), named.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err(Unsigned::Ambiguous),
        (None, _) => Err(Unsigned::NoKey),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_tokens::{Signer, forged};

    fn set(keys: serde_json::Value) -> KeySet {
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).expect("keys")
    }

    /// RFC 7515, A.2: its modulus in lines of its own.
    const RSA: &str = concat!(
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47s",
        "oMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8",
        "NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    );
    const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const RSA_SIGNATURE: &str = concat!(
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLg",
        "rnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgG",
        "Y9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    );
    const EC_SIGNATURE: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn rsa() -> serde_json::Value {
        json!({ "kty": "RSA", "n": RSA, "e": "AQAB" })
    }

    fn ec() -> serde_json::Value {
        json!({
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        })
    }

    #[test]
    fn the_standards_own_signatures_are_verified() {
        // RFC 7515, A.2 and A.3.
        let rs256 = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{RSA_SIGNATURE}");
        let es256 = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{EC_SIGNATURE}");
        for (token, keys) in [(&rs256, set(json!([rsa()]))), (&es256, set(json!([ec()])))] {
            let signed = verify(token, &keys).expect("the standard's own");
            assert_eq!(signed.claims["iss"], "joe");
        }
        // RFC 8037, A.4.
        let keys = json!([{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }]);
        let eddsa = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
                     hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let (payload, ..) = verified(eddsa, &set(keys)).expect("the standard's own");
        assert_eq!(payload, b"Example of Ed25519 signing");
    }

    #[test]
    fn one_bit_less_and_it_says_nothing() {
        let keys = set(json!([ec()]));
        let other = EC_SIGNATURE.replacen('D', "E", 1);
        let payload = PAYLOAD
            .replacen("joe", "moe", 1)
            .replacen("eyJpc3", "eyJpc4", 1);
        for token in [
            format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{other}"),
            format!("eyJhbGciOiJFUzI1NiJ9.{payload}.{EC_SIGNATURE}"),
            format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}."),
        ] {
            assert_eq!(verify(&token, &keys).err(), Some(Unsigned::Signature));
        }
    }

    #[test]
    fn what_signs_nothing_or_with_a_shared_secret_is_no_algorithm() {
        let keys = set(json!([rsa(), { "kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ" }]));
        for name in [
            "none", "None", "NONE", "", "HS256", "HS512", "rs256", "RS1", "ES256K", "dir",
        ] {
            let token = forged(&json!({ "alg": name }), &json!({ "iss": "joe" }), b"");
            assert_eq!(
                verify(&token, &keys).err(),
                Some(Unsigned::Algorithm),
                "{name}"
            );
        }
        // The classic one: the public key's text as the secret of a MAC (CVE-2015-9235).
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, RSA.as_bytes());
        let unsigned = forged(&json!({ "alg": "HS256" }), &json!({ "iss": "joe" }), b"");
        let message = unsigned.trim_end_matches('.');
        let tag = aws_lc_rs::hmac::sign(&secret, message.as_bytes());
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag));
        assert_eq!(verify(&token, &keys).err(), Some(Unsigned::Algorithm));
    }

    #[test]
    fn keys_come_from_the_provider_and_never_from_the_token() {
        let (ours, thief) = (Signer::new("k1"), Signer::new("k1"));
        let keys = set(json!([ours.public()]));
        assert!(verify(&ours.sign(&json!({ "sub": "ann" })), &keys).is_ok());
        let foreign = thief.sign(&json!({ "sub": "ann" }));
        assert_eq!(verify(&foreign, &keys).err(), Some(Unsigned::Signature));
        let header = json!({ "alg": "ES256", "kid": "k1", "jwk": thief.public(), "jku": "https://thief.example/keys" });
        let brought = thief.sign_with(&header, &json!({ "sub": "ann" }));
        assert_eq!(verify(&brought, &keys).err(), Some(Unsigned::Signature));
        let unknown = Signer::new("k2").sign(&json!({ "sub": "ann" }));
        assert_eq!(verify(&unknown, &keys).err(), Some(Unsigned::NoKey));
    }

    #[test]
    fn a_key_is_used_for_what_it_is_said_to_be_for() {
        let signer = Signer::new("k1");
        let token = signer.sign(&json!({ "sub": "ann" }));
        let with = |name: &str, value: serde_json::Value| {
            let mut key = signer.public();
            key[name] = value;
            KeySet::parse(json!({ "keys": [key, rsa()] }).to_string().as_bytes()).expect("keys")
        };
        assert!(verify(&token, &with("use", json!("sig"))).is_ok());
        assert!(verify(&token, &with("key_ops", json!(["verify"]))).is_ok());
        for (name, value) in [
            ("use", json!("enc")),
            ("key_ops", json!(["encrypt"])),
            ("alg", json!("ES384")),
            ("alg", json!("HS256")),
            ("crv", json!("P-521")),
            ("x", json!("AAAA")),
        ] {
            let refused = verify(&token, &with(name, value.clone()));
            assert_eq!(refused.err(), Some(Unsigned::NoKey), "{name} {value}");
        }
    }

    #[test]
    fn without_a_name_one_key_is_meant_or_none() {
        let (one, two) = (Signer::new("k1"), Signer::new("k2"));
        let token = one.sign_with(&json!({ "alg": "ES256" }), &json!({}));
        assert!(verify(&token, &set(json!([one.public(), rsa()]))).is_ok());
        let both = set(json!([one.public(), two.public()]));
        assert_eq!(verify(&token, &both).err(), Some(Unsigned::Ambiguous));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let signer = Signer::new("k1");
        let keys = set(json!([signer.public()]));
        let critical = json!({ "alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": false });
        let token = signer.sign_with(&critical, &json!({}));
        assert_eq!(verify(&token, &keys).err(), Some(Unsigned::Critical));
        let good = signer.sign(&json!({}));
        for bad in [
            "",
            ".",
            "..",
            "a.b",
            &format!("{good}.x"),
            &format!("{good}="),
            &good.replacen('.', "", 1),
        ] {
            assert_eq!(verify(bad, &keys).err(), Some(Unsigned::Shape), "{bad}");
        }
        let text = signer.sign_bytes(&json!({ "alg": "ES256", "kid": "k1" }), b"[1]");
        assert_eq!(verify(&text, &keys).err(), Some(Unsigned::Payload));
    }
}
