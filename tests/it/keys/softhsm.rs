//! The field root in a token: SoftHSM stands for any module of PKCS#11.

use std::fs;

use super::{FIELD, STORAGE, Variables, doctor, known_root, refusal, set_up, works};
use crate::support::server::Server;
use crate::support::softhsm::SoftHsm;

const TOKEN: &str = "countersign";

struct House {
    hsm: SoftHsm,
    server: Server,
}

impl House {
    /// A server that was set up with the field root in a token and the storage root in a file, and is stopped.
    fn stopped() -> Self {
        let hsm = SoftHsm::with_token(TOKEN);
        hsm.make_key(TOKEN, "field-root");
        let launch = hsm.launch().variable(FIELD, hsm.uri(TOKEN, "field-root"));
        let mut server = Server::start(launch);
        works(&mut set_up(&server), "Nordlicht GmbH");
        assert!(!server.data().join("keys/field.root").exists());
        assert!(server.stop(), "{}", server.said());
        Self { hsm, server }
    }

    fn variables(&self, field: &str) -> Vec<(&'static str, String)> {
        vec![self.hsm.variable(), (FIELD, field.to_owned())]
    }

    /// The server does not start so, and says these words; so does the doctor. No secret is among them.
    fn is_refused(&self, variables: &Variables, words: &str) {
        let said = refusal(self.server.data(), variables);
        assert!(said.contains(words), "{words}: {said}");
        let found = doctor(self.server.data(), variables);
        assert!(found.contains(words), "{words}: {found}");
        for pin in ["835716", "000000"] {
            assert!(!said.contains(pin) && !found.contains(pin), "{said}{found}");
        }
    }
}

#[test]
fn a_server_lives_with_its_field_root_in_a_token() {
    let mut house = House::stopped();
    let uri = house.hsm.uri(TOKEN, "field-root");
    assert_eq!(doctor(house.server.data(), &house.variables(&uri)), "");
    house.server.restart();
    // What is sealed now is opened by a key that the token unwrapped.
    let mut desk = crate::support::desk::Desk::at(house.server.client());
    assert_eq!(desk.get("/sign-in").status, 200);
    house.server.kill();
    house.server.restart();

    // Beside the running server, a command opens the same keys in a session of its own.
    let variables = house.variables(&uri);
    let verified = super::run(&["journal", "verify"], house.server.data(), &variables);
    let said = String::from_utf8_lossy(&verified.stderr);
    assert_eq!(verified.status.code(), Some(0), "{said}");
}

#[test]
fn what_is_wrong_with_a_token_is_said_before_anybody_is_served() {
    let mut house = House::stopped();
    let uri = house.hsm.uri(TOKEN, "field-root");
    let right = house.variables(&uri);
    let of = |uri: String| house.variables(&uri);

    house.hsm.write_pin("000000");
    house.is_refused(&right, "the token refused the PIN");
    fs::remove_file(house.hsm.pin_file()).expect("our own file");
    house.is_refused(&right, "the password file cannot be read");
    house.hsm.write_right_pin();

    let elsewhere = of(house.hsm.uri("another", "field-root"));
    house.is_refused(&elsewhere, "there is no such token");
    let unknown = of(house.hsm.uri(TOKEN, "storage-root"));
    house.is_refused(&unknown, "the token has no such key");
    let library = of(uri.replace("libsofthsm2", "libsofthsm3"));
    house.is_refused(&library, "its library cannot be loaded");

    // Keys that are no root.
    house.hsm.make_key_as(TOKEN, "short", "AES:16", &[]);
    house.is_refused(&of(house.hsm.uri(TOKEN, "short")), "not one of 256 bits");
    house
        .hsm
        .make_key_as(TOKEN, "loose", "AES:32", &["--extractable"]);
    house.is_refused(
        &of(house.hsm.uri(TOKEN, "loose")),
        "can be taken out of the token",
    );
    house.hsm.make_key(TOKEN, "loose");
    house.is_refused(&of(house.hsm.uri(TOKEN, "loose")), "more than one such key");

    // A root that works and is not the one that wrapped what is stored.
    house.hsm.make_key(TOKEN, "younger");
    let younger = of(house.hsm.uri(TOKEN, "younger"));
    house.is_refused(&younger, "does not open");
    let file = house.server.data().join("stray.root");
    fs::write(&file, [7; 32]).expect("our own folder");
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("ours");
    house.is_refused(
        &of(file.display().to_string()),
        "wrapped by a PKCS#11 token",
    );

    // It was right all the time; then the key goes, and then the token.
    house.server.restart();
    assert!(house.server.stop(), "{}", house.server.said());
    house.hsm.delete_key(TOKEN, "field-root");
    house.is_refused(&right, "the token has no such key");
    house.hsm.delete_token(TOKEN);
    house.is_refused(&right, "there is no such token");
}

#[test]
fn one_key_is_not_both_roots_wherever_it_lies() {
    let house = House::stopped();
    let hsm = &house.hsm;
    let field = hsm.uri(TOKEN, "field-root");
    let data = house.server.data();
    let both = |storage: &str, field: &str| {
        vec![
            hsm.variable(),
            (STORAGE, storage.to_owned()),
            (FIELD, field.to_owned()),
        ]
    };
    let said = refusal(data, &both(&field, &field));
    assert!(said.contains("must be two keys"), "{said}");
    // The same object by another attribute of its own.
    let (key, storage) = known_root(data);
    hsm.bring_key(TOKEN, "brought", &key);
    let by_label = hsm.uri(TOKEN, "brought");
    let by_id = by_label.replace("object=brought", "id=%0a");
    let said = refusal(data, &both(&by_label, &by_id));
    assert!(said.contains("are the same key"), "{said}");
    // The file's 32 bytes, brought into the token.
    let said = refusal(data, &both(&storage, &by_label));
    assert!(said.contains("are the same key"), "{said}");
    // In another token of the same library.
    hsm.add_token("second");
    hsm.bring_key("second", "copy", &key);
    let said = refusal(data, &both(&hsm.uri("second", "copy"), &by_label));
    assert!(said.contains("are the same key"), "{said}");
}
