//! Roots are replaced: the server opens by either, wraps anew while it serves, and lives without the former ones afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{FIELD, STORAGE, Variables, doctor, refusal, run, set_up, works};
use crate::support::poll;
use crate::support::server::{Launch, Server};
use crate::support::temp::TempDir;

const FIELD_BEFORE: &str = "COUNTERSIGN_KEYS_FIELD_BEFORE";
const STORAGE_BEFORE: &str = "COUNTERSIGN_KEYS_STORAGE_BEFORE";
const PATIENCE: Duration = Duration::from_secs(60);

fn launch(variables: &Variables) -> Launch {
    let start = Launch::embedded();
    variables
        .iter()
        .fold(start, |launch, (name, value)| launch.variable(name, value))
}

fn root(data: &Path, name: &str, byte: u8) -> String {
    let path = data.join("keys").join(name);
    fs::write(&path, [byte; 32]).expect("our own folder");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
    path.display().to_string()
}

fn status(data: &Path, variables: &Variables) -> String {
    let output = run(&["keys", "status"], data, variables);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn both_roots_are_replaced_and_the_former_ones_are_taken_away() {
    let folder = Arc::new(TempDir::new("data"));
    let data = folder.path().to_owned();
    let mut server = Server::start_in(Launch::embedded(), Arc::clone(&folder));
    let mut ann = set_up(&server);
    works(&mut ann, "Nordlicht GmbH");
    let file = data.join("database.key");
    let wrapped = fs::read(&file).expect("it is there");
    let said = status(&data, &[]);
    assert!(said.contains("harbour-foods: values version 1"), "{said}");
    assert!(!said.contains("former"), "{said}");
    for root in ["storage-root", "field-root"] {
        assert!(said.contains(&format!("{root}: in use since")), "{said}");
    }
    assert!(server.stop());

    let old = |name: &str| data.join("keys").join(name).display().to_string();
    let new = [
        (FIELD, root(&data, "field-2.root", 7)),
        (STORAGE, root(&data, "storage-2.root", 8)),
    ];
    let said = refusal(&data, &new);
    assert!(said.contains("not made under this storage root"), "{said}");
    // No root of one hierarchy is or was one of the other, under whatever name.
    let (storage, field) = (old("storage.root"), old("field.root"));
    let copied = |name: &str, from: &str| {
        let copy = root(&data, name, 0);
        fs::copy(from, &copy).expect("our own files");
        copy
    };
    let storage_again = copied("storage-again.root", &storage);
    let with = |before: &[(&'static str, &String)], after: &Variables| {
        let before = before.iter().map(|(name, path)| (*name, (*path).clone()));
        before
            .chain(after.iter().cloned())
            .collect::<Vec<(&'static str, String)>>()
    };
    for variables in [
        with(&[(FIELD_BEFORE, &storage)], &new[..1]),
        with(&[(FIELD_BEFORE, &storage_again)], &new[..1]),
        with(&[(STORAGE_BEFORE, &field)], &new[1..]),
        with(
            &[(STORAGE_BEFORE, &storage), (FIELD_BEFORE, &storage_again)],
            &new,
        ),
        with(&[(STORAGE_BEFORE, &field), (FIELD_BEFORE, &field)], &new),
    ] {
        let said = refusal(&data, &variables);
        assert!(said.contains("same key"), "{variables:?}: {said}");
    }

    let both = [
        new[0].clone(),
        new[1].clone(),
        (FIELD_BEFORE, old("field.root")),
        (STORAGE_BEFORE, old("storage.root")),
    ];
    let mut server = Server::start_in(launch(&both), Arc::clone(&folder));
    // Wherever it was in its work.
    server.kill();
    server.restart();
    let done = poll(PATIENCE, || {
        let said = status(&data, &both);
        said.contains("no key is under a former root")
            .then_some(said)
    });
    assert!(done.is_some(), "{}", status(&data, &both));
    assert_ne!(fs::read(&file).expect("it is there"), wrapped);
    assert!(server.stop());

    for name in ["field.root", "storage.root"] {
        fs::rename(data.join("keys").join(name), data.join(name)).expect("our own files");
    }
    let mut server = Server::start_in(launch(&new), Arc::clone(&folder));
    ann.client = server.client();
    let answer = ann.get("/vendors");
    assert!([200, 303].contains(&answer.status), "{}", answer.text());
    assert!(server.stop());
    assert_eq!(doctor(&data, &new), "");
    for name in ["field.root", "storage.root"] {
        fs::rename(data.join(name), data.join("keys").join(name)).expect("our own files");
    }
    let said = refusal(&data, &[]);
    assert!(said.contains("not made under this storage root"), "{said}");
    // Half of the way back: the field root alone is the former one.
    let half = [(STORAGE, new[1].1.clone())];
    let said = refusal(&data, &half);
    assert!(
        said.contains("do not open what this database holds"),
        "{said}"
    );
    let sound = run(&["journal", "verify"], &data, &new);
    let said = String::from_utf8_lossy(&sound.stdout).into_owned();
    assert!(sound.status.success(), "{said}");
}
