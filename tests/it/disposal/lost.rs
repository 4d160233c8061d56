//! The key store is lost altogether, and the program's own backup brings it back: with the built binary, on both engines.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use countersign::platform::keys::backups::folder;

use crate::support::desk::{Desk, Typed};
use crate::support::postgres::Cluster;
use crate::support::server::{Launch, Server};
use crate::support::temp::TempDir;
use crate::support::{free_port, poll};
use crate::two_servers::settings;

const PATIENCE: Duration = Duration::from_secs(60);

type Variables = Vec<(&'static str, String)>;

struct House {
    data: Arc<TempDir>,
    backups: TempDir,
    variables: Variables,
}

impl House {
    fn new(mut variables: Variables) -> Self {
        let (data, backups) = (Arc::new(TempDir::new("data")), TempDir::new("key-backups"));
        fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).expect("ours");
        let to = backups.path().display().to_string();
        variables.push(("COUNTERSIGN_KEYS_BACKUP_FOLDER", to));
        Self {
            data,
            backups,
            variables,
        }
    }

    fn server(&self) -> Server {
        let variables = self.variables.iter();
        let launch = variables.fold(Launch::embedded(), |launch, (name, value)| {
            launch.variable(name, value)
        });
        Server::start_in(launch, Arc::clone(&self.data))
    }

    /// What the command says, and its exit code. One that serves is ended.
    fn run(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(arguments)
            .arg("--data")
            .arg(self.data.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary was built");
        if poll(PATIENCE, || child.try_wait().ok().flatten()).is_none() {
            child.kill().expect("our own child");
        }
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().expect("it has ended");
        let said = [stdout, stderr].concat();
        (String::from_utf8_lossy(&said).into_owned(), status.code())
    }

    /// The newest backup that the server made.
    fn newest(&self) -> PathBuf {
        let found = poll(PATIENCE, || {
            let found = folder::look(self.backups.path()).expect("our own folder");
            found.into_iter().find(|file| !file.is_part)
        });
        found.expect("the server makes one").path
    }
}

/// Sealing and opening under the organisation's keys: a vendor with a tax number.
fn works(desk: &mut Desk, name: &str) {
    desk.get("/vendors/new");
    let fields = [
        ("name", name),
        ("vat_id", "DE173205089"),
        ("country", "DE"),
        ("terms_days", "30"),
    ];
    let answer = desk.submit("/vendors", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let vendor = answer.header("location").expect("its page").to_owned();
    assert_eq!(desk.get(&vendor).status, 200);
}

fn is_lost_and_comes_back(house: &House, lose: impl Fn()) {
    let mut server = house.server();
    let mut ann = Desk::set_up(&server, &Typed::default()).0;
    works(&mut ann, "Nordlicht GmbH");
    // The server looks as it starts, and there is somebody by now.
    assert!(server.stop());
    server.restart();
    let newest = house.newest();
    let file = newest.display().to_string();
    let page = ann.get("/settings/keys");
    let newest_of = "newest backup that holds this organisation";
    assert!(page.text().contains(newest_of), "{}", page.text());
    let (said, code) = house.run(&["keys", "restore", &file]);
    assert!(
        code == Some(2) && said.contains("a server runs in"),
        "{said}"
    );
    let elsewhere = TempDir::new("key-backups");
    let to = elsewhere.path().display().to_string();
    let (said, code) = house.run(&["keys", "backup", "--to", &to]);
    assert!(code == Some(0) && said.contains("It expires on"), "{said}");
    let (said, code) = house.run(&["doctor"]);
    assert!(
        code == Some(0) && said.contains("key-backup: the newest"),
        "{said}"
    );
    assert!(server.stop());

    lose();
    let listen = format!("127.0.0.1:{}", free_port());
    let (said, code) = house.run(&["serve", "--listen", &listen]);
    assert!(
        code == Some(2) && said.contains("key store is not there"),
        "{said}"
    );
    let (said, code) = house.run(&["keys", "restore", &file]);
    assert!(code == Some(0) && said.contains("are back"), "{said}");
    server.restart();
    works(&mut ann, "Südlicht GmbH");
    assert!(server.stop());
    let (said, code) = house.run(&["journal", "verify"]);
    assert_eq!(code, Some(0), "{said}");
    let (said, code) = house.run(&["doctor"]);
    assert_eq!(code, Some(0), "{said}");
}

fn remove_key_store(data: &Path) {
    for name in ["keys.db", "keys.db-wal", "keys.db-shm", "keys.key"] {
        let path = data.join(name);
        if path.exists() {
            fs::remove_file(path).expect("our own folder");
        }
    }
}

#[test]
fn a_lost_file_of_keys_is_made_again_from_the_servers_backup() {
    let house = House::new(Variables::new());
    let data = house.data.path().to_owned();
    is_lost_and_comes_back(&house, || remove_key_store(&data));
}

#[test]
fn a_lost_schema_of_keys_is_made_again_from_the_servers_backup() {
    let database = Cluster::shared().empty();
    let house = House::new(settings(&database));
    is_lost_and_comes_back(&house, || {
        let dropped = database.query("DROP SCHEMA countersign_keys CASCADE");
        dropped.expect("the owner may");
    });
}

/// In the data folder it would be in the general backup.
#[test]
fn a_folder_of_backups_inside_the_data_folder_fails_the_doctor() {
    let mut house = House::new(Variables::new());
    let mut server = house.server();
    assert!(server.stop());
    assert_eq!(house.run(&["doctor"]).1, Some(0));
    let inside = house.data.path().join("backups").display().to_string();
    house.variables = vec![("COUNTERSIGN_KEYS_BACKUP_FOLDER", inside)];
    let (said, code) = house.run(&["doctor"]);
    assert!(
        code == Some(1) && said.contains("FAIL  key-backup"),
        "{said}"
    );
    house.variables.clear();
    let (said, code) = house.run(&["doctor"]);
    assert!(
        code == Some(0) && said.contains("WARN  key-backup"),
        "{said}"
    );
    let late = [("COUNTERSIGN_KEYS_BACKUP_DAYS", "31".to_owned())];
    house.variables = late.to_vec();
    assert!(house.run(&["doctor"]).0.contains("from 1 to 30"));
}
