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

#[test]
fn another_kind_is_no_file() {
    let error = RootUri::parse("gcpkms:projects/x").expect_err("not known");
    assert!(error.contains("no kind of root gcpkms"), "{error}");
}
