use std::path::Path;

use super::*;

const TOKEN: &str = "pkcs11:token=The%20vault;object=field-root;type=secret-key?module-path=/usr/lib/hsm.so&pin-source=file:/etc/countersign/pin";

#[test]
fn a_path_is_a_file_with_or_without_its_scheme() {
    for text in ["/etc/countersign/a:b", "file:/etc/countersign/a:b"] {
        let uri = RootUri::parse(text).expect("a path");
        assert_eq!(uri.own_file(), Some(Path::new("/etc/countersign/a:b")));
    }
    let relative = RootUri::parse("keys/root").expect("a path");
    assert_eq!(
        relative.below(Path::new("/etc")),
        RootUri::File("/etc/keys/root".into())
    );
    assert!(RootUri::parse("file:").is_err());
}

#[test]
fn a_credential_is_a_name_and_no_path() {
    let uri = RootUri::parse("systemd:field-root").expect("a name");
    let uri = uri.with_credentials(Some(Path::new("/run/credentials/x")));
    assert_eq!(uri.to_string(), "systemd:field-root");
    assert_eq!(uri.own_file(), None);
    for bad in ["systemd:", "systemd:..", "systemd:a/b", "systemd:../x"] {
        assert!(RootUri::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_token_is_read_and_written_as_the_rfc_says() {
    let uri = RootUri::parse(TOKEN).expect("a token");
    let RootUri::Pkcs11(token) = &uri else {
        panic!("{uri:?}")
    };
    assert_eq!(token.token.as_deref(), Some("The vault"));
    assert_eq!(token.object.as_deref(), Some("field-root"));
    assert_eq!(token.pin_source, Path::new("/etc/countersign/pin"));
    assert_eq!(RootUri::parse(&uri.to_string()), Ok(uri.clone()));
    let by_id = RootUri::parse(&TOKEN.replace("object=field-root", "id=%01%fF")).expect("an id");
    assert_eq!(RootUri::parse(&by_id.to_string()), Ok(by_id.clone()));
    assert!(!uri.is_same_key(&by_id));
    let other_pin = RootUri::parse(&TOKEN.replace("/pin", "/other")).expect("a token");
    assert!(uri.is_same_key(&other_pin), "another PIN is no other key");
}

#[test]
fn what_a_token_lacks_is_named_and_a_pin_is_never_repeated() {
    for (from, to, expected) in [
        ("token=The%20vault;", "", "does not name the token"),
        ("object=field-root;", "", "does not name the key"),
        (
            "module-path=/usr/lib/hsm.so&",
            "",
            "does not name the library",
        ),
        (
            "&pin-source=file:/etc/countersign/pin",
            "",
            "the file with the PIN",
        ),
        ("secret-key", "private", "type=secret-key"),
        ("object=", "slot=", "there is no slot"),
        ("/etc/countersign/pin", "pin", "absolute path"),
        ("The%20vault", "The%2", "two hexadecimal digits"),
        ("The%20vault", "%ff", "not UTF-8"),
        ("module-path", "module-name", "there is no module-name"),
        ("&pin-source=", "&module-path=/x&pin-source=", "given twice"),
        (
            "pin-source=file:/etc/countersign/pin",
            "pin-value=835716",
            "pin-value",
        ),
    ] {
        assert!(TOKEN.contains(from), "{from}");
        let error = RootUri::parse(&TOKEN.replace(from, to)).expect_err(to);
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("835716"), "{error}");
    }
}

const VAULT: &str = "vault:https://vault.example:8200/v1/eu/transit/keys/ap-field?token-file=/etc/countersign/token&namespace=finance/ap&ca-file=/etc/ca.pem";

#[test]
fn a_vault_is_named_by_its_keys_address() {
    let uri = RootUri::parse(VAULT).expect("a Vault");
    let RootUri::Vault(vault) = &uri else {
        panic!("{uri:?}")
    };
    assert_eq!(
        (vault.mount.as_str(), vault.key.as_str()),
        ("eu/transit", "ap-field")
    );
    assert_eq!(
        vault.endpoint("encrypt").as_str(),
        "https://vault.example:8200/v1/eu/transit/encrypt/ap-field"
    );
    assert_eq!(RootUri::parse(&uri.to_string()), Ok(uri.clone()));
    let other_token = RootUri::parse(&VAULT.replace("/token", "/other")).expect("a Vault");
    assert!(uri.is_same_key(&other_token));
    for (from, to) in [
        ("https:", "http:"),
        ("vault.example", "root:hvs.secret@vault.example"),
        ("/keys/", "/key/"),
        ("ap-field", "../sys"),
        ("/v1/", "/v2/"),
        ("token-file=/etc/countersign/token&", ""),
        ("token-file=/etc/", "token-file=etc/"),
        ("token-file=", "token=hvs.secret&token-file="),
        ("finance/ap", "finance%0d%0aX-Vault-Token:x"),
        ("?", "#x?"),
    ] {
        assert!(VAULT.contains(from), "{from}");
        let error = RootUri::parse(&VAULT.replace(from, to)).expect_err(to);
        assert!(!error.contains("hvs.secret"), "{error}");
    }
}

const KMS: &str = "awskms:arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab?access-key-file=/etc/id&secret-key-file=/etc/secret";

#[test]
fn a_key_of_kms_is_named_by_its_own_arn() {
    let uri = RootUri::parse(KMS).expect("a key");
    let RootUri::Kms(kms) = &uri else {
        panic!("{uri:?}")
    };
    let address = kms.address().expect("an address");
    assert_eq!(address.as_str(), "https://kms.eu-central-1.amazonaws.com/");
    assert_eq!(RootUri::parse(&uri.to_string()), Ok(uri.clone()));
    let more = format!("{KMS}&session-token-file=/etc/t&endpoint=https://kms.example/&ca-file=/ca");
    let other = RootUri::parse(&more).expect("a key");
    assert_eq!(RootUri::parse(&other.to_string()), Ok(other.clone()));
    assert!(uri.is_same_key(&other));
    for (from, to) in [
        ("key/1234abcd-12ab", "alias/root"),
        ("arn:aws:kms", "arn:aws:s3"),
        ("eu-central-1", "evil.example/"),
        ("secret-key-file=/etc/secret", "secret-key=wJalr"),
        ("&secret-key-file=/etc/secret", ""),
        ("?", "?endpoint=http://kms.example/&"),
        ("?", "?endpoint=https://user:wJalr@kms.example/&"),
    ] {
        assert!(KMS.contains(from), "{from}");
        let error = RootUri::parse(&KMS.replacen(from, to, 1)).expect_err(to);
        assert!(!error.contains("wJalr"), "{error}");
    }
}

#[test]
fn another_kind_is_no_file() {
    let error = RootUri::parse("gcpkms:projects/x").expect_err("not known");
    assert!(error.contains("no kind of root gcpkms"), "{error}");
}
