//! The command line as an operator meets it: words, streams and exit codes.

use std::path::Path;
use std::process::{Command, Output};

use countersign::platform::keys::Roots;
use countersign_sealing::SystemEntropy;

use crate::support::postgres::Cluster;
use crate::support::temp::TempDir;
use crate::two_servers::settings;

fn countersign(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .output()
        .expect("the binary was built")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

#[test]
fn version_and_help_are_fine_and_wrong_usage_is_not() {
    let version = countersign(&["--version"]);
    assert_eq!(
        (code(&version), text(&version.stdout)),
        (
            Some(0),
            format!("countersign {}\n", env!("CARGO_PKG_VERSION"))
        )
    );
    assert_eq!(code(&countersign(&["--help"])), Some(0));
    for wrong in [&["serv"][..], &[], &["doctor", "--jsn"]] {
        assert_eq!(code(&countersign(wrong)), Some(2), "{wrong:?}");
    }
}

#[test]
fn config_check_tells_what_is_in_force_and_what_is_wrong() {
    let folder = TempDir::new("config");
    let data = shown(folder.path());
    let fine = countersign(&["config", "check", "--data", data]);
    assert_eq!(code(&fine), Some(0));
    assert!(
        text(&fine.stdout).contains("listen = localhost:8443"),
        "{}",
        text(&fine.stdout)
    );
    std::fs::write(
        folder.path().join("countersign.toml"),
        "lisen = \"*:1\"\n[log]\nlevel = \"loud\"\n",
    )
    .unwrap();
    let wrong = countersign(&["config", "check", "--data", data]);
    assert_eq!(code(&wrong), Some(1));
    let said = text(&wrong.stdout);
    assert!(
        said.contains("line 1: there is no key lisen. The nearest is listen"),
        "{said}"
    );
    assert!(
        said.contains("line 3: log.level = \"loud\" is not accepted"),
        "{said}"
    );
    assert_eq!(
        code(&countersign(&["serve", "--data", data])),
        Some(2),
        "the server does not start with it"
    );
}

#[test]
fn a_password_on_the_command_line_is_refused_and_not_repeated() {
    let output = countersign(&[
        "serve",
        "--database-url",
        "postgresql://ap:hunter2@db.example.com/ap",
    ]);
    assert_eq!(code(&output), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("database.password_file") && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn the_doctor_finds_a_missing_installation() {
    let folder = TempDir::new("doctor");
    let data = folder.path().join("missing");
    let output = countersign(&["doctor", "--json", "--data", shown(&data)]);
    assert_eq!(code(&output), Some(1));
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("one JSON object");
    let checks = report["checks"].as_array().unwrap();
    let failing: Vec<_> = checks
        .iter()
        .filter(|check| check["outcome"] == "fail")
        .collect();
    assert!(
        failing
            .iter()
            .any(|check| check["id"] == "data-folder" && check["mend"].is_string()),
        "{report}"
    );
    let workers = checks.iter().find(|check| check["id"] == "workers");
    assert_eq!(
        workers.map(|check| &check["outcome"]),
        Some(&"ok".into()),
        "{report}"
    );
    assert!(!data.exists(), "the doctor changes nothing");
}

#[test]
fn a_taken_port_is_told_with_what_to_do() {
    let folder = TempDir::new("port");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    // Often, since it ends while the engine's own thread closes the database.
    for _ in 0..10 {
        let output = countersign(&[
            "serve",
            "--data",
            shown(folder.path()),
            "--listen",
            &address,
        ]);
        assert_eq!(code(&output), Some(2), "{}", output.status);
        assert!(
            text(&output.stderr).contains(&format!("{address} is in use")),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn only_the_server_makes_an_installation() {
    let folder = TempDir::new("mistyped");
    let data = folder.path().join("dta");
    for command in [
        &["journal", "verify"][..],
        &["setup-link"],
        &["bills", "import", "--org", "harbour", "/dev/null"],
    ] {
        for made in [false, true] {
            if made {
                std::fs::create_dir_all(&data).unwrap();
            }
            let output = countersign(&[command, &["--data", shown(&data)]].concat());
            let said = text(&output.stderr);
            assert_eq!(code(&output), Some(2), "{command:?}: {said}");
            assert!(
                said.contains("there is no installation in") && said.contains("--data"),
                "{command:?}: {said}"
            );
            assert_eq!(text(&output.stdout), "", "nothing is called sound");
            let found = std::fs::read_dir(&data).map_or(0, Iterator::count);
            assert_eq!(
                (data.exists(), found),
                (made, 0),
                "{command:?} made something"
            );
        }
        std::fs::remove_dir(&data).unwrap();
    }
}

#[test]
fn the_verifier_changes_no_schema() {
    let database = Cluster::shared().template("empty", |_| {});
    let folder = TempDir::new("verifier");
    let keys = folder.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    let file = |name: &str| keys.join(name);
    Roots::open(
        &file("storage.root"),
        &file("field.root"),
        true,
        &SystemEntropy,
    )
    .expect("a fresh folder takes root keys");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["journal", "verify", "--data", shown(folder.path())])
        .envs(settings(&database))
        .output()
        .expect("the binary was built");
    let said = text(&output.stderr);
    assert_eq!(code(&output), Some(2), "{said}");
    assert!(said.contains("Only `countersign serve`"), "{said}");
    let tables = database
        .query("SELECT count(*)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'")
        .expect("it reads");
    assert_eq!(tables, [[Some("0".to_owned())]]);
}
