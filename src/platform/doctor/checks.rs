//! Platform's own checks. None of them changes anything: the doctor may run beside the server, and before its first start.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_sealing::Entropy;
use rustix::process::{Resource, getrlimit};

use super::backups::key_backups;
use super::logs::logs;
use super::memory::memory;
use super::{Check, Context, Probe};
use crate::platform::clock::{Clock, Micros};
use crate::platform::config::{Mail, read_password};
use crate::platform::documents::{BucketError, reach};
use crate::platform::edge::certificate::{Pair, local_files};
use crate::platform::edge::client_tls;
use crate::platform::keys::{RootError, Roots};

/// In the order in which faults explain one another.
pub const PLATFORM: &[Probe] = &[
    configuration,
    clock,
    data_folder,
    disk_space,
    roots,
    certificate,
    password_files,
    authorities,
    bucket,
    open_files,
    memory,
    logs,
    key_backups,
];

/// The program is younger than this moment: 2026-01-01.
const BUILT_AFTER: Micros = Micros(1_767_225_600_000_000);
const FEW_BYTES: u64 = 1024 * 1024 * 1024;
const NO_BYTES: u64 = 64 * 1024 * 1024;
const SOON_US: i64 = 14 * Micros::DAY;

fn configuration(context: &Context<'_>) -> Vec<Check> {
    let what = match &context.config.file {
        Some(file) => format!("{} is accepted", file.display()),
        None => "no file; defaults, environment and command line are accepted".to_owned(),
    };
    vec![Check::ok("configuration", what)]
}

fn clock(context: &Context<'_>) -> Vec<Check> {
    let mend = "set this machine's clock, and let NTP keep it: approvals, cooling-off periods and the journal stand on it";
    let day = context.now.utc_date();
    if context.now < BUILT_AFTER {
        return vec![Check::fail(
            "clock",
            format!("it is {day}, before this program was made"),
            mend,
        )];
    }
    // Files of the installation that were written in the future mean that the clock went back.
    let newest = [
        context.config.data.clone(),
        context.config.documents.folder.clone(),
        context.config.tls_folder(),
    ]
    .iter()
    .filter_map(|path| std::fs::metadata(path).ok())
    .map(|metadata| Micros(metadata.mtime().saturating_mul(Micros::SECOND)))
    .max();
    match newest {
        Some(newest) if newest.since(context.now) > 5 * Micros::MINUTE => {
            vec![Check::fail(
                "clock",
                format!(
                    "it is {day}, but the data was written on {}",
                    newest.utc_date()
                ),
                mend,
            )]
        }
        _ => vec![Check::ok("clock", format!("it is {day}"))],
    }
}

fn data_folder(context: &Context<'_>) -> Vec<Check> {
    let data = &context.config.data;
    let shown = data.display();
    let metadata = match std::fs::metadata(data) {
        Ok(metadata) if metadata.is_dir() => metadata,
        Ok(_) => {
            return vec![Check::fail(
                "data-folder",
                format!("{shown} is no folder"),
                "name another with --data",
            )];
        }
        Err(error) => {
            let mend = format!(
                "name the right folder with --data, or start the server once: `countersign serve --data {shown}`"
            );
            return vec![Check::fail(
                "data-folder",
                format!("{shown}: {error}"),
                mend,
            )];
        }
    };
    let mode = metadata.mode() & 0o777;
    if mode & 0o077 != 0 {
        let mend = format!("run `chmod 700 {shown}`");
        return vec![Check::fail(
            "data-folder",
            format!("{shown} is open to others (mode {mode:o})"),
            mend,
        )];
    }
    let us = rustix::process::geteuid().as_raw();
    if metadata.uid() != us {
        let mend = format!(
            "run the doctor as the server's user, or `chown -R` the folder to it (this is user {us})"
        );
        return vec![Check::warn(
            "data-folder",
            format!("{shown} belongs to user {}", metadata.uid()),
            mend,
        )];
    }
    vec![Check::ok(
        "data-folder",
        format!("{shown} is there, for its owner alone"),
    )]
}

fn disk_space(context: &Context<'_>) -> Vec<Check> {
    // Where the folder is missing, the one above it tells of the same disk.
    let mut folder: &Path = &context.config.data;
    while !folder.exists()
        && let Some(above) = folder.parent()
    {
        folder = if above.as_os_str().is_empty() {
            Path::new(".")
        } else {
            above
        };
    }
    match rustix::fs::statvfs(folder) {
        Ok(disk) => vec![disk_space_of(disk.f_bavail.saturating_mul(disk.f_frsize))],
        Err(error) => {
            let mend = "see that the disk is mounted and healthy";
            vec![Check::fail(
                "disk-space",
                format!("{}: {error}", folder.display()),
                mend,
            )]
        }
    }
}

/// The verdict on so many free bytes.
pub(super) fn disk_space_of(free_bytes: u64) -> Check {
    let what = format!("{} MiB are free", free_bytes / 1024 / 1024);
    let mend = "make room, or move the data folder to a larger disk: without room nothing can be taken in or approved";
    match free_bytes {
        ..NO_BYTES => Check::fail("disk-space", what, mend),
        NO_BYTES..FEW_BYTES => Check::warn("disk-space", what, mend),
        _ => Check::ok("disk-space", what),
    }
}

/// Reading existing roots asks for no randomness.
pub(super) struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&self, _out: &mut [u8]) {
        unreachable!("roots are made on first start alone, which the doctor never claims")
    }
}

fn roots(context: &Context<'_>) -> Vec<Check> {
    let keys = &context.config.keys;
    let clock = Clock::manual(context.now);
    let opened = Roots::of(keys, false, &NoEntropy, &clock);
    match context.runtime.block_on(opened) {
        Ok(_) => vec![Check::ok(
            "roots",
            "both root keys are there, apart, and for their owner alone",
        )],
        // The error's own words are for the server, which knows that there is data.
        Err(RootError::Missing { path }) => {
            let mend = "restore it from your backup of the keys; on a new installation, start the server once";
            vec![Check::fail(
                "roots",
                format!("the root key {} is missing", path.display()),
                mend,
            )]
        }
        Err(error) => vec![Check::fail("roots", error.to_string(), mend_roots(&error))],
    }
}

fn mend_roots(error: &RootError) -> &'static str {
    match error {
        RootError::Readable { .. } => {
            "close the file as the message says, then check who could read it"
        }
        RootError::Equal => {
            "restore the file that was overwritten from your backup of the keys, or name another key"
        }
        RootError::Unusable { mend, .. } => mend,
        RootError::Io { .. } => {
            "run the doctor as the server's user; see that the file is on a healthy disk"
        }
        _ => "restore the file from your backup of the keys",
    }
}

fn certificate(context: &Context<'_>) -> Vec<Check> {
    let config = context.config;
    let (certificate, key, is_local) = match (&config.tls.certificate, &config.tls.key) {
        (Some(certificate), Some(key)) => (certificate.clone(), key.clone(), false),
        _ => {
            let (certificate, key) = local_files(&config.tls_folder());
            (certificate, key, true)
        }
    };
    let pair = match Pair::load(&certificate, &key, context.now) {
        Ok(pair) => pair,
        Err(error) => {
            let mend = if is_local {
                "start the server: it makes a new local certificate"
            } else {
                "put the right pair into the files that tls.certificate and tls.key name"
            };
            return vec![Check::fail("certificate", error.to_string(), mend)];
        }
    };
    let host = config.public_host();
    if !pair.names(host) {
        let mend = "get a certificate that names the host of public_url, or set public_url to the host that users type";
        return vec![Check::fail(
            "certificate",
            format!("{} does not name {host}", certificate.display()),
            mend,
        )];
    }
    let what = format!(
        "{} names {host} and holds until {}",
        certificate.display(),
        pair.not_after.utc_date()
    );
    if pair.not_after.since(context.now) < SOON_US {
        return vec![Check::warn(
            "certificate",
            what,
            "get the next one now; the server takes it up when the file changes",
        )];
    }
    vec![Check::ok("certificate", what)]
}

fn password_files(context: &Context<'_>) -> Vec<Check> {
    let config = context.config;
    let mail = match &config.mail {
        Mail::Smtp(smtp) => smtp.password_file.as_ref(),
        Mail::Folder { .. } => None,
    };
    let bucket = config.documents.bucket.as_ref();
    let files = [
        config.database.password_file.as_ref(),
        config.database.owner_password_file.as_ref(),
        mail,
        bucket.map(|bucket| &bucket.access_key_file),
        bucket.map(|bucket| &bucket.secret_key_file),
    ];
    let found: Vec<Check> = files
        .into_iter()
        .flatten()
        .filter_map(|file| read_password(file).err())
        .map(|error| {
            Check::fail(
                "password-files",
                error.to_string(),
                "mend the file as the message says",
            )
        })
        .collect();
    if found.is_empty() {
        vec![Check::ok(
            "password-files",
            "all that are named can be used",
        )]
    } else {
        found
    }
}

/// Without authorities our clients trust nobody, and nothing connects.
fn authorities(context: &Context<'_>) -> Vec<Check> {
    let config = context.config;
    let mut wanted: Vec<Option<PathBuf>> = Vec::new();
    if config.database.url.is_some() {
        wanted.push(config.database.ca_file.clone());
    }
    if let Mail::Smtp(smtp) = &config.mail {
        wanted.push(smtp.ca_file.clone());
    }
    if let Some(bucket) = &config.documents.bucket {
        wanted.push(bucket.ca_file.clone());
    }
    let found: Vec<Check> = wanted
        .iter()
        .filter_map(|file| client_tls(file.as_deref()).err())
        .map(|error| {
            let mend = "install the system's list (package ca-certificates), or put your authority's certificate into the named file";
            Check::fail("authorities", error.to_string(), mend)
        })
        .collect();
    if found.is_empty() {
        vec![Check::ok(
            "authorities",
            "servers that we connect to can be verified",
        )]
    } else {
        found
    }
}

/// Says nothing where documents are kept in a folder: the checks of the data folder look at it.
fn bucket(context: &Context<'_>) -> Vec<Check> {
    let documents = &context.config.documents;
    let Some(bucket) = &documents.bucket else {
        return Vec::new();
    };
    let entropy: Arc<dyn Entropy> = Arc::new(NoEntropy);
    let reached = context.runtime.block_on(reach(documents, bucket, &entropy));
    let url = &bucket.url;
    match reached {
        Ok(()) => vec![Check::ok(
            "bucket",
            format!("{url} is there and lets us in"),
        )],
        Err(error) => vec![Check::fail(
            "bucket",
            format!("{url}: {error}"),
            mend_bucket(&error),
        )],
    }
}

fn mend_bucket(error: &BucketError) -> &'static str {
    match error {
        BucketError::Settings(_) => {
            "mend the file as the message says (documents.access_key_file, documents.secret_key_file, documents.ca_file)"
        }
        BucketError::Denied => {
            "see that documents.access_key_file and documents.secret_key_file hold one key, and that it may list the bucket \
             and read and write its objects"
        }
        BucketError::NoBucket => {
            "make the bucket, or name the right one in documents.bucket and the store that has it in documents.endpoint"
        }
        BucketError::Unanswered { .. } => {
            "see that documents.endpoint is the store's address and this machine reaches it; if its certificate is not \
             trusted, name the authority that signed it in documents.ca_file"
        }
        BucketError::Failed { .. } => {
            "see what the store's own log says of this moment; documents.region must be the one that the bucket is in"
        }
    }
}

fn open_files(context: &Context<'_>) -> Vec<Check> {
    vec![open_files_of(
        getrlimit(Resource::Nofile).current,
        context.config.limits.connections,
    )]
}

/// The verdict on a limit of open files (none: unlimited) for so many connections.
pub(super) fn open_files_of(limit: Option<u64>, connections: usize) -> Check {
    // A connection is one; the database, documents, workers and logs need some hundred more.
    let needed = connections as u64 + 256;
    match limit {
        Some(limit) if limit < needed => {
            let mend = format!(
                "raise it to {needed} or more (LimitNOFILE= in the service's unit, `ulimit -n`), or lower limits.connections"
            );
            Check::fail(
                "open-files",
                format!("this process may open {limit} files, and {needed} are needed"),
                mend,
            )
        }
        Some(limit) => Check::ok("open-files", format!("this process may open {limit} files")),
        None => Check::ok("open-files", "this process may open any number of files"),
    }
}
