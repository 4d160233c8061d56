//! Roots in files and among a service's credentials.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use super::{FIELD, STORAGE, doctor, refusal, set_up, works};
use crate::support::server::{Launch, Server};
use crate::support::temp::TempDir;

#[test]
fn a_service_takes_its_roots_from_systemd_credentials() {
    let credentials = TempDir::new("credentials");
    for (name, byte) in [("storage-root", 1), ("field-root", 2)] {
        let file = credentials.path().join(name);
        fs::write(&file, [byte; 32]).expect("our own folder");
        // As systemd shows a file that it opened to the service's user by an access list.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).expect("our own file");
    }
    let folder = credentials.path().display().to_string();
    let launch = Launch::embedded()
        .variable("CREDENTIALS_DIRECTORY", &folder)
        .variable(FIELD, "systemd:field-root");
    let mut server = Server::start(launch);
    let mut desk = set_up(&server);
    works(&mut desk, "Nordlicht GmbH");
    assert!(
        !server.data().join("keys").exists(),
        "nothing is made beside"
    );
    assert!(server.stop(), "{}", server.said());
    let variables = [
        ("CREDENTIALS_DIRECTORY", folder),
        (FIELD, "systemd:other-root".to_owned()),
    ];
    let said = refusal(server.data(), &variables);
    assert!(said.contains("other-root is missing"), "{said}");
    let without = [
        (STORAGE, "systemd:storage-root".to_owned()),
        (FIELD, "systemd:field-root".to_owned()),
    ];
    let said = refusal(server.data(), &without);
    assert!(said.contains("LoadCredential"), "{said}");
    server.restart();
}

#[test]
fn a_server_does_not_start_with_roots_that_are_open_equal_or_anothers() {
    let mut server = Server::start(Launch::embedded());
    set_up(&server);
    assert!(server.stop(), "{}", server.said());
    let data = server.data().to_owned();
    let (storage, field) = (data.join("keys/storage.root"), data.join("keys/field.root"));
    let none = [];

    fs::set_permissions(&field, fs::Permissions::from_mode(0o640)).expect("ours");
    let said = refusal(&data, &none);
    assert!(said.contains("can be read by others (mode 640)"), "{said}");
    fs::set_permissions(&field, fs::Permissions::from_mode(0o600)).expect("ours");

    // The same key under another name, and under a name of another kind.
    let copy = data.join("copy.root");
    fs::copy(&storage, &copy).expect("ours");
    for uri in [
        format!("file:{}", copy.display()),
        format!("file:{}", storage.display()),
    ] {
        let variables = [(FIELD, uri)];
        let said = refusal(&data, &variables);
        let is_told = said.contains("are the same key") || said.contains("must be two keys");
        assert!(is_told, "{said}");
    }

    let other = Arc::new(TempDir::new("other"));
    for (variable, told) in [
        (FIELD, "do not open what this database holds"),
        (STORAGE, "was not made under this storage root"),
    ] {
        let foreign = other.path().join(variable);
        fs::write(&foreign, [42; 32]).expect("ours");
        fs::set_permissions(&foreign, fs::Permissions::from_mode(0o600)).expect("ours");
        let variables = [(variable, foreign.display().to_string())];
        let said = refusal(&data, &variables);
        assert!(said.contains(told), "{said}");
        assert_ne!(doctor(&data, &variables), "", "the doctor finds it too");
    }
    server.restart();
}
