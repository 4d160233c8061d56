//! The configuration: one TOML file, every key of which the environment and some of which the command line override.
//!
//! - [`KEYS`] is the one list of keys: the reader, the sample file and docs/configuration.md are made from it.
//! - The order is: command line, environment, file, default. The first that names a key decides.
//! - A secret is never a value here. It is a file, or a systemd credential; what is kept is the path.
//! - All errors are found in one pass, each with the place it stands at.

pub mod cli;
mod conflicts;
mod custody;
mod error;
mod key;
mod keys;
mod prefixes;
mod reference;
mod secret;
mod sources;
mod suggest;
mod values;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::logs::Retention;
use super::outgoing::{Networks, Outgoing};
use super::witness::{self, Witness};

pub use custody::{Cryptoperiods, KeyBackups, Keys};
pub use error::{ConfigError, Origin};
pub use key::{Key, Kind, Standard};
pub use keys::KEYS;
pub use prefixes::Prefixes;
pub use reference::{reference, sample};
pub use secret::{Password, read_password};
pub use sources::{CommandLine, Environment};

use conflicts::conflicts;
use sources::Settled;

/// What the whole installation is told. Paths are as given or below the data folder.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that was read, if there is one.
    pub file: Option<PathBuf>,
    /// The data folder.
    pub data: PathBuf,
    /// Where the server listens: two addresses for `localhost` (IPv6 and IPv4).
    pub listen: Vec<SocketAddr>,
    /// Who says first whom a connection is of.
    pub proxies: Prefixes,
    /// What users type, and what links in mails begin with: `https`, without a path.
    pub public_url: Url,
    pub database: Database,
    pub tls: Tls,
    pub keys: Keys,
    pub documents: Documents,
    pub mail: Mail,
    /// How identity providers are reached.
    pub providers: Outgoing,
    /// Who cosigns the journals' heads.
    pub witness: Option<Witness>,
    /// Where the server keeps the journals' newest heads; none is nowhere.
    pub heads_folder: Option<PathBuf>,
    pub limits: Limits,
    pub workers: Workers,
    pub sessions: Sessions,
    pub log: Log,
}

/// Which engine, and how to reach it.
#[derive(Debug, Clone)]
pub struct Database {
    /// None is the embedded engine in the data folder.
    pub url: Option<Url>,
    pub password_file: Option<PathBuf>,
    /// Who migrates; none where the operator migrates with the command line elsewhere.
    pub owner_url: Option<Url>,
    pub owner_password_file: Option<PathBuf>,
    /// The authority that signed PostgreSQL's certificate; none is the system's list.
    pub ca_file: Option<PathBuf>,
}

/// The operator's certificate; both or neither.
#[derive(Debug, Clone)]
pub struct Tls {
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
}

/// Where sealed documents are.
#[derive(Debug, Clone)]
pub struct Documents {
    /// They are kept here, or pass through on their way to the bucket.
    pub folder: PathBuf,
    pub bucket: Option<Bucket>,
}

/// A bucket of an S3-compatible store, and how to reach it.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// `s3://BUCKET/PREFIX`
    pub url: Url,
    /// None is Amazon's, for the region.
    pub endpoint: Option<Url>,
    pub region: String,
    pub access_key_file: PathBuf,
    pub secret_key_file: PathBuf,
    /// The authority that signed the store's certificate; none is the system's list.
    pub ca_file: Option<PathBuf>,
}

/// Where mail goes.
#[derive(Debug, Clone)]
pub enum Mail {
    /// As `.eml` files into a folder.
    Folder {
        folder: PathBuf,
        from: String,
    },
    Smtp(Smtp),
}

#[derive(Debug, Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    /// TLS from the first byte, instead of STARTTLS. There is no third way.
    pub implicit_tls: bool,
    pub user: Option<String>,
    pub password_file: Option<PathBuf>,
    pub ca_file: Option<PathBuf>,
    pub from: String,
}

/// What one client may take.
#[derive(Debug, Clone)]
pub struct Limits {
    pub upload_bytes: u64,
    pub body_bytes: usize,
    pub header_bytes: usize,
    pub connections: usize,
    pub handshake_timeout: Duration,
    pub header_timeout: Duration,
    pub request_timeout: Duration,
    pub upload_timeout: Duration,
    pub idle_timeout: Duration,
    pub shutdown_timeout: Duration,
}

/// The processes that handle hostile bytes.
#[derive(Debug, Clone)]
pub struct Workers {
    pub count: usize,
    pub memory_bytes: u64,
    pub timeout: Duration,
}

#[derive(Debug, Clone, Copy)]
pub struct Sessions {
    /// A session ends after this time without a request.
    pub idle: Duration,
    /// It ends after this time in any case.
    pub absolute: Duration,
}

impl Sessions {
    /// What the keys say where nobody sets them.
    pub const STANDARD: Self = Self {
        idle: Duration::from_mins(30),
        absolute: Duration::from_mins(720),
    };
}

#[derive(Debug, Clone)]
pub struct Log {
    pub json: bool,
    /// One of error, warn, info, debug.
    pub level: String,
    /// Where a file per day is written beside the standard error stream, and how long it stays.
    pub retention: Retention,
}

impl Config {
    /// Reads file, environment and command line.
    ///
    /// # Errors
    /// All that is wrong, each with its place and what is accepted there.
    pub fn load(given: &CommandLine, environment: &Environment) -> Result<Self, Vec<ConfigError>> {
        let settled = Settled::gather(given, environment)?;
        let config = Self::assemble(&settled);
        let errors = conflicts(&settled);
        if errors.is_empty() {
            Ok(config)
        } else {
            Err(errors)
        }
    }

    fn assemble(settled: &Settled) -> Self {
        let listen = settled.listen("listen");
        let port = listen.first().map_or(8443, SocketAddr::port);
        let standard_url = || {
            Url::parse(&format!("https://localhost:{port}"))
                .expect("a number from 1 to 65535 is a port")
        };
        Self {
            file: settled.file.clone(),
            data: settled.data.clone(),
            public_url: settled.url("public_url").unwrap_or_else(standard_url),
            listen,
            proxies: settled
                .text("proxy_from")
                .and_then(|text| Prefixes::parse(&text))
                .unwrap_or_default(),
            database: Database {
                url: settled.url("database.url"),
                password_file: settled.path("database.password_file"),
                owner_url: settled.url("database.owner_url"),
                owner_password_file: settled.path("database.owner_password_file"),
                ca_file: settled.path("database.ca_file"),
            },
            tls: Tls {
                certificate: settled.path("tls.certificate"),
                key: settled.path("tls.key"),
            },
            keys: Keys::gather(settled),
            documents: Documents {
                folder: settled.required_path("documents.folder"),
                bucket: bucket(settled),
            },
            mail: mail(settled),
            providers: Outgoing {
                ca_file: settled.path("providers.ca_file"),
                networks: Networks::parse(&settled.required_text("providers.networks"))
                    .unwrap_or(Networks::Public),
            },
            heads_folder: settled.path("journal.heads_folder"),
            witness: settled
                .text("journal.witness_url")
                .zip(settled.text("journal.witness_key"))
                .and_then(|(url, key)| witness::parse(&url, &key).ok()),
            limits: limits(settled),
            workers: Workers {
                count: settled.size("workers.count"),
                memory_bytes: settled.whole("workers.memory_bytes"),
                timeout: settled.milliseconds("workers.timeout_ms"),
            },
            sessions: Sessions {
                idle: minutes(settled, "sessions.idle_minutes"),
                absolute: minutes(settled, "sessions.absolute_minutes"),
            },
            log: Log {
                json: settled.required_text("log.format") == "json",
                level: settled.required_text("log.level"),
                retention: Retention {
                    folder: settled.required_path("log.folder"),
                    online_days: days(settled, "log.online_days"),
                    keep_days: days(settled, "log.keep_days"),
                },
            },
        }
    }

    /// Where the server keeps its own certificate.
    #[must_use]
    pub fn tls_folder(&self) -> PathBuf {
        self.data.join("tls")
    }

    /// The host of the public address, which the certificate must name.
    #[must_use]
    pub fn public_host(&self) -> &str {
        self.public_url.host_str().unwrap_or("localhost")
    }

    /// Every key with the value in force and where it was said, for `countersign config check`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn in_force(
        given: &CommandLine,
        environment: &Environment,
    ) -> Result<Vec<(&'static str, String, Origin)>, Vec<ConfigError>> {
        Self::load(given, environment)?;
        Ok(Settled::gather(given, environment)?.shown())
    }
}

fn minutes(settled: &Settled, key: &str) -> Duration {
    Duration::from_secs(settled.whole(key).saturating_mul(60))
}

fn days(settled: &Settled, key: &str) -> u32 {
    u32::try_from(settled.whole(key)).unwrap_or(u32::MAX)
}

fn limits(settled: &Settled) -> Limits {
    Limits {
        upload_bytes: settled.whole("limits.upload_bytes"),
        body_bytes: settled.size("limits.body_bytes"),
        header_bytes: settled.size("limits.header_bytes"),
        connections: settled.size("limits.connections"),
        handshake_timeout: settled.milliseconds("limits.handshake_timeout_ms"),
        header_timeout: settled.milliseconds("limits.header_timeout_ms"),
        request_timeout: settled.milliseconds("limits.request_timeout_ms"),
        upload_timeout: settled.milliseconds("limits.upload_timeout_ms"),
        idle_timeout: settled.milliseconds("limits.idle_timeout_ms"),
        shutdown_timeout: settled.milliseconds("limits.shutdown_timeout_ms"),
    }
}

/// None too where a file of its key is missing, which is a conflict.
fn bucket(settled: &Settled) -> Option<Bucket> {
    Some(Bucket {
        url: settled.url("documents.bucket")?,
        endpoint: settled.url("documents.endpoint"),
        region: settled.required_text("documents.region"),
        access_key_file: settled.path("documents.access_key_file")?,
        secret_key_file: settled.path("documents.secret_key_file")?,
        ca_file: settled.path("documents.ca_file"),
    })
}

fn mail(settled: &Settled) -> Mail {
    let from = settled.required_text("mail.from");
    let Some(host) = settled.text("mail.host") else {
        return Mail::Folder {
            folder: settled.required_path("mail.folder"),
            from,
        };
    };
    let implicit_tls = settled.required_text("mail.security") == "tls";
    let standard_port = if implicit_tls { 465 } else { 587 };
    Mail::Smtp(Smtp {
        host,
        port: settled
            .optional_whole("mail.port")
            .and_then(|port| u16::try_from(port).ok())
            .unwrap_or(standard_port),
        implicit_tls,
        user: settled.text("mail.user"),
        password_file: settled.path("mail.password_file"),
        ca_file: settled.path("mail.ca_file"),
        from,
    })
}

/// The name of the file that is read from the data folder when none is named.
pub const FILE_NAME: &str = "countersign.toml";

/// The folder that relative paths of a file are below.
fn folder_of(file: &Path) -> PathBuf {
    file.parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

#[cfg(test)]
mod tests;
