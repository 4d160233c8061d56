use std::ffi::OsString;

use super::*;
use crate::platform::keys::RootUri;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::of(
        pairs
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value))),
    )
}

/// A folder with this configuration file in it.
fn folder(name: &str, toml: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("countersign-config-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(FILE_NAME), toml).unwrap();
    folder
}

fn in_data(folder: &Path) -> CommandLine {
    CommandLine {
        data: Some(folder.to_owned()),
        ..CommandLine::default()
    }
}

fn complaints(name: &str, toml: &str) -> String {
    let folder = folder(name, toml);
    let errors = Config::load(&in_data(&folder), &Environment::default())
        .expect_err("something is wrong in it");
    errors.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn nothing_said_is_a_whole_configuration() {
    let config = Config::load(&CommandLine::default(), &Environment::default()).unwrap();
    assert_eq!(
        config.listen,
        [
            "[::1]:8443".parse().unwrap(),
            "127.0.0.1:8443".parse().unwrap()
        ]
    );
    assert_eq!(config.public_url.as_str(), "https://localhost:8443/");
    assert_eq!(
        config.keys.field.own_file(),
        Some(Path::new("countersign-data/keys/field.root"))
    );
    assert!(config.database.url.is_none());
    assert!(matches!(config.mail, Mail::Folder { .. }));
    assert_eq!(config.limits.upload_bytes, 50 * 1024 * 1024);
}

#[test]
fn command_line_beats_environment_beats_file() {
    let folder = folder(
        "order",
        "listen = \"*:1001\"\n[limits]\nconnections = 100\nbody_bytes = 65_536\n",
    );
    let variables = [
        ("COUNTERSIGN_LISTEN", "127.0.0.1:1002"),
        ("COUNTERSIGN_LIMITS_CONNECTIONS", "200"),
    ];
    let config = Config::load(&in_data(&folder), &environment(&variables)).unwrap();
    assert_eq!(config.listen, ["127.0.0.1:1002".parse().unwrap()]);
    assert_eq!(
        (config.limits.connections, config.limits.body_bytes),
        (200, 65_536)
    );
    let given = CommandLine {
        listen: Some("[::1]:1003".to_owned()),
        ..in_data(&folder)
    };
    let config = Config::load(&given, &environment(&variables)).unwrap();
    assert_eq!(config.listen, ["[::1]:1003".parse().unwrap()]);
    assert_eq!(config.public_url.port(), Some(1003));
}

#[test]
fn unknown_keys_name_the_nearest_and_the_line() {
    let said = complaints(
        "unknown",
        "listen = \"localhost:1\"\n\n[limits]\nupload_byte = 1\n[databse]\nurl = \"x\"\n",
    );
    assert!(
        said.contains(
            "line 4: there is no key limits.upload_byte. The nearest is limits.upload_bytes"
        ),
        "{said}"
    );
    assert!(
        said.contains("line 6: there is no key databse.url. The nearest is database.url"),
        "{said}"
    );
}

#[test]
fn an_unknown_variable_of_a_section_is_refused_and_an_orchestrators_is_not() {
    let wrong = environment(&[
        ("COUNTERSIGN_TLS_CERTIFICATES", "x"),
        ("COUNTERSIGN_LISTNE", "x"),
    ]);
    let errors = Config::load(&CommandLine::default(), &wrong).expect_err("both are slips");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors
            .iter()
            .any(|error| error.to_string().contains("nearest is tls.certificate")),
        "{errors:?}"
    );
    let fine = environment(&[
        ("COUNTERSIGN_SERVICE_HOST", "10.0.0.1"),
        ("COUNTERSIGN_PORT_8443_TCP", "tcp://10.0.0.1"),
    ]);
    Config::load(&CommandLine::default(), &fine).unwrap();
}

#[test]
fn every_wrong_value_is_told_with_what_is_accepted() {
    let said = complaints(
        "values",
        "listen = \"here\"\npublic_url = \"http://example.com\"\n[limits]\nconnections = \"many\"\nbody_bytes = 1\n\
         [log]\nlevel = \"trace\"\nformat = true\n[mail]\nfrom = \"nobody\"\n[workers]\ncount = -1\n",
    );
    for expected in [
        "line 1: listen = \"here\" is not accepted: give localhost:PORT",
        "line 2: public_url = \"http://example.com\" is not accepted",
        "line 4: limits.connections = \"many\" is not accepted: give a whole number from 16 to 65536",
        "line 5: limits.body_bytes = 1 is not accepted: give a whole number from 16384",
        "line 7: log.level = \"trace\" is not accepted: give one of error, warn, info, debug",
        "line 8: log.format = true is not accepted",
        "line 10: mail.from = \"nobody\" is not accepted",
        "line 12: workers.count = -1 is not accepted",
    ] {
        assert!(said.contains(expected), "missing: {expected}\nin:\n{said}");
    }
}

#[test]
fn broken_toml_names_the_line() {
    let said = complaints("syntax", "listen = \"localhost:1\"\n[limits\n");
    assert!(said.contains("line 2: this is not TOML"), "{said}");
}

#[test]
fn a_password_in_an_address_is_refused_and_not_repeated() {
    for url in [
        "postgresql://ap:hunter2@db.example.com/ap",
        "postgresql://ap@db.example.com/ap?password=hunter2",
        "postgresql://ap:hunter2@db.example.com:notaport/ap",
    ] {
        let given = CommandLine {
            database_url: Some(url.to_owned()),
            ..CommandLine::default()
        };
        let variable = environment(&[("COUNTERSIGN_DATABASE_URL", url)]);
        for (given, environment) in [
            (given, Environment::default()),
            (CommandLine::default(), variable),
        ] {
            let errors = Config::load(&given, &environment).expect_err("a password in clear");
            assert!(
                matches!(errors[..], [ConfigError::Password { .. }]),
                "{errors:?}"
            );
            let said = format!("{} {errors:?}", errors[0]);
            assert!(
                said.contains("database.password_file") && !said.contains("hunter2"),
                "{said}"
            );
        }
    }
}

#[test]
fn what_cannot_be_meant_together_is_refused() {
    let said = complaints(
        "conflicts",
        "[tls]\ncertificate = \"c.pem\"\n[mail]\nhost = \"mail.example.com\"\nuser = \"ap\"\nfolder = \"out\"\n\
         [keys]\nstorage = \"root\"\nfield = \"root\"\n[sessions]\nidle_minutes = 600\nabsolute_minutes = 60\n\
         [database]\nca_file = \"ca.pem\"\n",
    );
    for expected in [
        "line 2: tls.certificate: its key is missing",
        "mail.folder: mail goes to a mail server",
        "mail.from",
        "mail.user: a mail server wants both",
        "keys.field: the storage root and the field root",
        "sessions.idle_minutes: a session cannot idle",
        "database.ca_file: it means nothing without database.url",
    ] {
        assert!(said.contains(expected), "missing: {expected}\nin:\n{said}");
    }
}

#[test]
fn the_file_in_the_data_folder_cannot_name_another_data_folder() {
    let said = complaints("moves", "data = \"elsewhere\"\n");
    assert!(
        said.contains("line 1: data: this file was found in the data folder"),
        "{said}"
    );
}

#[test]
fn a_named_file_decides_the_folder_and_its_paths_are_below_it() {
    let folder = folder("named", "data = \"store\"\n[log]\nfolder = \"logs\"\n");
    let given = CommandLine {
        config: Some(folder.join(FILE_NAME)),
        ..CommandLine::default()
    };
    let config = Config::load(&given, &Environment::default()).unwrap();
    assert_eq!(config.data, folder.join("store"));
    assert_eq!(config.log.retention.folder, folder.join("logs"));
    assert_eq!(config.documents.folder, folder.join("store/documents"));
    let missing = CommandLine {
        config: Some(folder.join("missing.toml")),
        ..CommandLine::default()
    };
    let errors =
        Config::load(&missing, &Environment::default()).expect_err("there is no such file");
    assert!(
        matches!(errors[..], [ConfigError::Unreadable { .. }]),
        "{errors:?}"
    );
}

#[test]
fn systemd_credentials_stand_in() {
    let folder = folder("credentials", "");
    std::fs::write(folder.join("storage-root"), "x").unwrap();
    let environment = environment(&[("CREDENTIALS_DIRECTORY", folder.to_str().unwrap())]);
    let config = Config::load(&CommandLine::default(), &environment).unwrap();
    assert_eq!(
        config.keys.storage,
        RootUri::Systemd {
            name: "storage-root".to_owned(),
            folder: Some(folder),
        }
    );
    assert_eq!(
        config.keys.field.own_file(),
        Some(Path::new("countersign-data/keys/field.root"))
    );
}

#[test]
fn a_password_file_that_everybody_reads_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = folder("password", "").join("password");
    std::fs::write(&file, "correct horse\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(read_password(&file).unwrap().expose(), "correct horse");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(
        read_password(&file),
        Err(ConfigError::PasswordReadable { mode: 0o644, .. })
    ));
    std::fs::write(&file, "two\nlines\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(
        read_password(&file),
        Err(ConfigError::PasswordMalformed { .. })
    ));
}

/// Compares a file of the repository with what the program prints.
fn matches_file(path: &str, command: &str, made: &str, is_whole: bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let kept = std::fs::read_to_string(&path).unwrap();
    let same = if is_whole {
        kept == made
    } else {
        kept.contains(made)
    };
    assert!(
        same,
        "{} is not what `countersign {command}` prints: put that into it",
        path.display()
    );
}

#[test]
fn the_sample_file_and_the_handbook_list_every_key() {
    matches_file("deploy/countersign.toml", "config sample", &sample(), true);
    matches_file(
        "docs/configuration.md",
        "config reference",
        &reference(),
        false,
    );
}

#[test]
fn the_sample_file_is_accepted_with_every_comment_taken_away() {
    let text = sample();
    let mut keys = 0;
    let uncommented: String = text
        .lines()
        .map(
            |line| match line.strip_prefix("# ").filter(|rest| is_assignment(rest)) {
                // These exclude one another, and the file cannot name its own folder.
                Some(rest) if rest.starts_with("data =") => {
                    keys += 1;
                    String::from("\n")
                }
                Some(rest) => {
                    keys += 1;
                    format!("{rest}\n")
                }
                None => format!("{line}\n"),
            },
        )
        .collect();
    assert_eq!(keys, KEYS.len());
    let said = complaints("sample", &uncommented);
    assert_eq!(
        said.lines().count(),
        1,
        "only the two ways of sending mail exclude one another:\n{said}"
    );
    assert!(said.contains("mail.folder"), "{said}");
    // As it stands, it says nothing.
    Config::load(&in_data(&folder("sample", &text)), &Environment::default()).unwrap();
}

fn is_assignment(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(name, _)| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    })
}

#[test]
fn every_default_is_accepted_by_its_own_key() {
    for (key, value, origin) in
        Config::in_force(&CommandLine::default(), &Environment::default()).unwrap()
    {
        assert_eq!(origin, Origin::Standard, "{key}");
        let standard = keys::find(key).unwrap().standard;
        assert_eq!(
            value.is_empty(),
            matches!(standard, Standard::None(_)),
            "{key} = {value}"
        );
    }
}

#[test]
fn a_bucket_is_reached_over_https_with_a_key_in_files_or_not_at_all() {
    let said = complaints(
        "bucket",
        "[documents]\nbucket = \"s3://key:secret@documents\"\nendpoint = \"http://store.example.com\"\n",
    );
    for expected in [
        "documents.bucket holds a password",
        "name that file in documents.secret_key_file",
        "documents.endpoint",
        "https, a host, and no path",
    ] {
        assert!(said.contains(expected), "missing: {expected}\nin:\n{said}");
    }
    assert!(!said.contains("key:secret"), "{said}");
    let said = complaints(
        "bucket-http",
        "[documents]\nbucket = \"https://documents\"\n",
    );
    assert!(said.contains("give a bucket such as s3://"), "{said}");
    let said = complaints("bucket-key", "[documents]\nbucket = \"s3://documents\"\n");
    assert!(
        said.contains("name its file in documents.access_key_file")
            && said.contains("name its file in documents.secret_key_file"),
        "{said}"
    );
    let said = complaints("no-bucket", "[documents]\nca_file = \"ca.pem\"\n");
    assert!(
        said.contains("it means nothing without documents.bucket"),
        "{said}"
    );
}
