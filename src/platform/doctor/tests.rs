use std::ffi::OsString;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use countersign_sealing::SeededEntropy;

use super::checks::{disk_space_of, open_files_of};
use super::database::{are_delivered, keeps_up, verdict_on};
use super::memory::memory_of;
use super::sandbox::verdict;
use super::*;
use crate::platform::clock::Clock;
use crate::platform::config::{CommandLine, Environment};
use crate::platform::edge::certificate::local;
use crate::platform::folder::make_private;
use crate::platform::ids::OrgId;
use crate::platform::keys::Roots;
use crate::platform::store::ServerFacts;

/// A sound installation, to be broken.
struct Installation {
    folder: PathBuf,
    now: Micros,
    variables: Vec<(OsString, OsString)>,
}

impl Installation {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("countersign-doctor-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let now = Clock::System.now();
        for part in [folder.clone(), folder.join("keys")] {
            make_private(&part).unwrap();
        }
        let (storage, field) = (
            folder.join("keys/storage.root"),
            folder.join("keys/field.root"),
        );
        Roots::open(&storage, &field, true, &SeededEntropy::new(1)).unwrap();
        local(&folder.join("tls"), "localhost", now).unwrap();
        Self {
            folder,
            now,
            variables: Vec::new(),
        }
    }

    fn set(&mut self, variable: &str, value: impl Into<OsString>) {
        self.variables.push((variable.into(), value.into()));
    }

    fn mode(&self, file: &str, mode: u32) {
        set_permissions(self.folder.join(file), Permissions::from_mode(mode)).unwrap();
    }

    fn report(&self) -> Report {
        let given = CommandLine {
            data: Some(self.folder.clone()),
            ..CommandLine::default()
        };
        let config = Config::load(&given, &Environment::of(self.variables.clone())).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        Report::of(
            &Context {
                config: &config,
                now: self.now,
                runtime: &runtime,
            },
            PLATFORM,
        )
    }

    /// The checks that fail, each once.
    fn failing(&self) -> Vec<&'static str> {
        let report = self.report();
        let failing = report
            .checks
            .iter()
            .filter(|check| check.outcome == Outcome::Fail);
        assert!(failing.clone().all(|check| check.mend.is_some()));
        failing.map(|check| check.id).collect()
    }
}

#[test]
fn a_sound_installation_passes() {
    let sound = Installation::new("sound");
    assert_eq!(
        sound.failing(),
        Vec::<&str>::new(),
        "{}",
        sound.report().text()
    );
}

#[test]
fn a_missing_data_folder_fails() {
    let broken = Installation::new("missing");
    std::fs::remove_dir_all(&broken.folder).unwrap();
    assert_eq!(broken.failing(), ["data-folder", "roots", "certificate"]);
}

#[test]
fn an_open_data_folder_fails() {
    let broken = Installation::new("open");
    broken.mode("", 0o755);
    assert_eq!(broken.failing(), ["data-folder"]);
}

#[test]
fn roots_that_are_open_equal_or_missing_fail() {
    let broken = Installation::new("roots");
    broken.mode("keys/field.root", 0o604);
    assert_eq!(broken.failing(), ["roots"]);
    broken.mode("keys/field.root", 0o600);
    assert_eq!(broken.failing(), Vec::<&str>::new());
    std::fs::copy(
        broken.folder.join("keys/storage.root"),
        broken.folder.join("keys/field.root"),
    )
    .unwrap();
    assert_eq!(broken.failing(), ["roots"]);
    std::fs::remove_file(broken.folder.join("keys/field.root")).unwrap();
    assert_eq!(broken.failing(), ["roots"]);
}

#[test]
fn an_open_ended_or_foreign_certificate_fails() {
    let mut broken = Installation::new("certificate");
    broken.mode("tls/local.key", 0o644);
    assert_eq!(broken.failing(), ["certificate"]);
    broken.mode("tls/local.key", 0o600);
    broken.now = broken.now.plus_us(390 * Micros::DAY);
    let report = broken.report();
    assert!(
        report
            .checks
            .iter()
            .any(|check| check.id == "certificate" && check.outcome == Outcome::Warn)
    );
    broken.now = broken.now.plus_us(10 * Micros::DAY);
    assert_eq!(broken.failing(), ["certificate"]);
    let mut foreign = Installation::new("foreign");
    foreign.set("COUNTERSIGN_PUBLIC_URL", "https://ap.example.com");
    assert_eq!(foreign.failing(), ["certificate"]);
}

#[test]
fn a_clock_that_went_back_fails() {
    let mut broken = Installation::new("clock");
    broken.now = broken.now.plus_us(-Micros::HOUR);
    assert_eq!(broken.failing(), ["clock"]);
    broken.now = Micros(0);
    assert_eq!(broken.failing(), ["clock", "certificate"]);
}

#[test]
fn an_open_password_file_and_a_missing_authority_fail() {
    let mut broken = Installation::new("files");
    std::fs::write(broken.folder.join("password"), "secret\n").unwrap();
    broken.mode("password", 0o644);
    broken.set("COUNTERSIGN_DATABASE_URL", "postgresql://ap@localhost/ap");
    broken.set(
        "COUNTERSIGN_DATABASE_PASSWORD_FILE",
        broken.folder.join("password"),
    );
    broken.set(
        "COUNTERSIGN_DATABASE_CA_FILE",
        broken.folder.join("nothing.pem"),
    );
    assert_eq!(broken.failing(), ["password-files", "authorities"]);
}

#[test]
fn little_room_warns_and_no_room_fails() {
    let outcomes = [10, 500, 5_000].map(|mebibytes| disk_space_of(mebibytes * 1024 * 1024).outcome);
    assert_eq!(outcomes, [Outcome::Fail, Outcome::Warn, Outcome::Ok]);
}

#[test]
fn too_few_open_files_fail() {
    let outcomes = [Some(1024), Some(1280), None].map(|limit| open_files_of(limit, 1024).outcome);
    assert_eq!(outcomes, [Outcome::Fail, Outcome::Ok, Outcome::Ok]);
}

#[test]
fn keys_that_may_come_into_swap_warn() {
    let tried = [(true, true), (true, false), (false, false), (false, true)];
    let outcomes = tried.map(|(may_lock, has_swap)| memory_of(may_lock, has_swap).outcome);
    assert_eq!(outcomes[..3], [Outcome::Ok; 3]);
    assert_eq!(outcomes[3], Outcome::Warn);
}

#[test]
fn a_server_that_is_old_or_whose_role_is_wrong_fails() {
    let sound = ServerFacts {
        version: 150_000,
        has_role: true,
        may_become_role: true,
        is_bound: true,
    };
    assert_eq!(verdict_on(&sound), None);
    let broken = [
        ServerFacts {
            version: 140_012,
            ..sound
        },
        ServerFacts {
            has_role: false,
            ..sound
        },
        ServerFacts {
            may_become_role: false,
            ..sound
        },
        ServerFacts {
            is_bound: false,
            ..sound
        },
    ];
    for facts in broken {
        let check = verdict_on(&facts).expect("a failing check");
        assert_eq!(check.outcome, Outcome::Fail, "{facts:?}");
    }
}

#[test]
fn an_entry_that_waits_long_for_its_number_fails() {
    let outcomes = [None, Some(2 * Micros::SECOND), Some(Micros::HOUR)]
        .map(|waits_us| keeps_up(waits_us).outcome);
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Ok, Outcome::Fail]);
}

#[test]
fn a_stream_that_delivers_nothing_fails() {
    let stream = |error: &str| (OrgId::SYSTEM, "0197".to_owned(), Some(error.to_owned()));
    assert_eq!(are_delivered(&[]).outcome, Outcome::Ok);
    let check = are_delivered(&[stream("late"), stream("forged")]);
    assert_eq!(check.outcome, Outcome::Fail);
    assert!(check.what.starts_with("2 of"), "{}", check.what);
    assert!(check.what.contains("late") && check.mend.is_some());
}

#[test]
fn a_wrong_configuration_is_a_failing_report() {
    let given = CommandLine {
        listen: Some("here".to_owned()),
        ..CommandLine::default()
    };
    let errors = Config::load(&given, &Environment::default()).expect_err("no such address");
    let report = Report::of_configuration(&errors);
    assert_eq!(report.worst(), Outcome::Fail);
    assert!(
        report
            .text()
            .starts_with("FAIL  configuration: command line, --listen"),
        "{}",
        report.text()
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["checks"][0]["outcome"], "fail");
}

#[test]
fn a_worker_that_manages_anything_fails() {
    use crate::platform::workers::Confinement;
    use crate::platform::workers::probe::{Act, Outcome as Tried};
    let confined = Confinement {
        landlock: true,
        seccomp: true,
    };
    let stopped = Act::ALL.map(|act| (act, Tried::Killed));
    assert_eq!(verdict(confined, &stopped).outcome, Outcome::Ok);
    for hole in 0..stopped.len() {
        for managed in [
            Tried::Allowed,
            Tried::Unknown("it did not answer".to_owned()),
        ] {
            let mut acts = stopped.clone();
            acts[hole].1 = managed;
            assert_eq!(verdict(confined, &acts).outcome, Outcome::Fail);
        }
    }
    assert_eq!(verdict(confined, &[]).outcome, Outcome::Fail);
    let unfiltered = Confinement {
        seccomp: false,
        ..confined
    };
    assert_eq!(verdict(unfiltered, &stopped).outcome, Outcome::Fail);
    let one_layer = Confinement {
        landlock: false,
        ..confined
    };
    assert_eq!(verdict(one_layer, &stopped).outcome, Outcome::Warn);
}

fn verdict_on_logs(installation: &Installation) -> Check {
    let mut checks = installation.report().checks.into_iter();
    checks.find(|check| check.id == "logs").unwrap()
}

#[test]
fn logs_that_are_kept_too_short_warn_and_those_that_should_be_gone_fail() {
    let mut broken = Installation::new("logs");
    assert_eq!(verdict_on_logs(&broken).outcome, Outcome::Ok);
    let logs = broken.folder.join("logs");
    make_private(&logs).unwrap();
    let day = broken.now.utc_date();
    std::fs::write(logs.join(format!("countersign-{day}.log")), "{}\n").unwrap();
    let sound = verdict_on_logs(&broken);
    assert!(
        sound
            .what
            .contains(&format!("1 days as they are and 0 archived since {day}"))
    );

    let old = logs.join("countersign-2020-01-01.log.gz");
    std::fs::write(&old, "").unwrap();
    assert_eq!(broken.failing(), ["logs"]);
    std::fs::remove_file(&old).unwrap();

    broken.set("COUNTERSIGN_LOG_ONLINE_DAYS", "91");
    let short = verdict_on_logs(&broken);
    assert_eq!(short.outcome, Outcome::Warn, "{}", short.what);
    assert!(
        short
            .mend
            .is_some_and(|mend| mend.contains("log.online_days to 92"))
    );
}
