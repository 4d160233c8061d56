//! The field root in AWS KMS, which moto plays.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{FIELD, STORAGE, doctor, refusal, set_up, works};
use crate::support::kms::Kms;
use crate::support::server::{Launch, Server};

#[test]
fn a_server_lives_with_its_field_root_in_kms_and_says_what_is_wrong_with_it() {
    let mut kms = Kms::start();
    let (arn, younger) = (kms.make_key(), kms.make_key());
    let uri = kms.uri(&arn);
    let mut server = Server::start(Launch::embedded().variable(FIELD, &uri));
    let mut desk = set_up(&server);
    works(&mut desk, "Nordlicht GmbH");
    assert!(server.stop(), "{}", server.said());
    server.restart();
    assert!(server.stop(), "{}", server.said());
    let data = server.data();
    let refused = |uri: &str, words: &str| {
        let variables = [(FIELD, uri.to_owned())];
        let said = refusal(data, &variables);
        assert!(said.contains(words), "{words}: {said}");
        let found = doctor(data, &variables);
        assert!(found.contains(words), "{words}: {found}");
        assert!(
            !said.contains("AKIATEST") && !said.contains("a secret of"),
            "{said}"
        );
    };
    assert_eq!(doctor(data, &[(FIELD, uri.clone())]), "");

    let same = [(STORAGE, uri.clone()), (FIELD, uri.clone())];
    let said = refusal(data, &same);
    assert!(said.contains("must be two keys"), "{said}");
    let nothing =
        kms.uri("arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000");
    refused(&nothing, "there is no such key");
    // A key of the same account is another key: AWS says so by itself, moto by refusing the access.
    let said = refusal(data, &[(FIELD, kms.uri(&younger))]);
    assert!(
        said.contains("cannot be opened") || said.contains("do not open"),
        "{said}"
    );
    fs::remove_file(kms.file("secret")).expect("our own file");
    refused(&uri, "the password file cannot be read");
    fs::write(kms.file("secret"), "a secret of the tests alone\n").expect("our own folder");
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(kms.file("secret"), private).expect("our own file");
    kms.end();
    refused(&uri, "its host cannot be reached");
}
