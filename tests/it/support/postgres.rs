//! A private PostgreSQL cluster on loopback, over TLS only, one per test process.
//!
//! `Cluster::shared()` starts it once. [`Cluster::template`] runs an initialiser once per name (migrations)
//! and gives every caller a clone of its own. Roles belong to the cluster, not to a database: an
//! initialiser that makes roles must bear that they exist.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use rustix::process::{Signal, kill_process};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::certificate::{Authority, trusting};
use super::child::{Guarded, pid};
use super::temp::{TempDir, abandoned};
use super::{free_port, poll};

const OWNER: &str = "countersign_owner";
const PASSWORD: &str = "only-on-loopback-and-only-for-tests";
const OLDEST: u32 = 15;

/// Whether a commit reaches the disk: only tests that measure or kill the engine need that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    Off,
    Full,
}

/// A running cluster.
pub struct Cluster {
    port: u16,
    ca_pem: String,
    ca_path: PathBuf,
    templates: Mutex<HashMap<String, String>>,
    next: AtomicU32,
    // In this order: the server ends before its folder goes.
    server: Guarded,
    dir: TempDir,
}

/// A database of one test's own; dropped with the value.
pub struct Database {
    cluster: &'static Cluster,
    name: String,
}

impl Database {
    /// `postgresql://…` for the owner of the cluster; TLS is required, see [`Cluster::ca_path`].
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The authority whose certificate the cluster shows, as a PEM file.
    pub fn ca_path(&self) -> &Path {
        self.cluster.ca_path()
    }

    /// Runs `sql` (any number of statements) as the cluster's owner and gives the rows as text.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        run(&self.url(), &self.cluster.ca_pem, sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = self.cluster.admin(&sql);
    }
}

impl Cluster {
    /// The cluster of this test process, started at first use, without durable commits.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Durability::Off))
    }

    /// Starts a cluster of the caller's own.
    pub fn start(durability: Durability) -> Self {
        clear_abandoned(&std::env::temp_dir());
        let bin = binaries(Path::new("/usr/lib/postgresql")).expect(
            "no PostgreSQL 15 or newer under /usr/lib/postgresql: run `deploy/install-debian.sh test` (Debian's `postgresql`)",
        );
        let dir = TempDir::new("pg");
        let data = dir.path().join("data");
        let ca_path = dir.path().join("ca.pem");
        let authority = Authority::new();
        write(&ca_path, &authority.ca_pem, 0o644);
        write(
            &dir.path().join("server.pem"),
            &authority.certificate_pem,
            0o644,
        );
        write(&dir.path().join("server.key"), &authority.key_pem, 0o600);
        write(&dir.path().join("password"), PASSWORD, 0o600);
        give_to_postgres(dir.path());

        let made = as_postgres(&bin.join("initdb"))
            .arg("--pgdata")
            .arg(&data)
            .args([
                "--username",
                OWNER,
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
            ])
            .arg("--no-sync")
            .arg("--pwfile")
            .arg(dir.path().join("password"))
            .output()
            .expect("initdb can be started");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        // No line for plain TCP: a client that would speak without TLS is refused.
        write(
            &data.join("pg_hba.conf"),
            "hostssl all all 127.0.0.1/32 scram-sha-256\n",
            0o644,
        );

        for _ in 0..5 {
            // Another process may take the port between the look and the start: then the server ends at once.
            let port = free_port();
            let mut server = spawn(&bin, dir.path(), port, durability);
            if answers(&mut server, &url(port, "postgres"), &authority.ca_pem) {
                let templates = Mutex::default();
                let next = AtomicU32::new(0);
                return Self {
                    port,
                    ca_pem: authority.ca_pem,
                    ca_path,
                    templates,
                    next,
                    server,
                    dir,
                };
            }
        }
        let log = fs::read_to_string(dir.path().join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start:\n{log}");
    }

    pub fn ca_path(&self) -> &Path {
        &self.ca_path
    }

    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the server, for tests that look from outside.
    pub fn process(&self) -> u32 {
        self.server.id()
    }

    /// Ends the server as a crash would, SIGKILL to its first process alone, and waits until it is gone.
    pub fn crash(&mut self) {
        let ended = self.server.end(Signal::KILL, Duration::from_secs(10));
        assert!(ended.is_some(), "SIGKILL ends a process");
    }

    /// Starts it again after [`Self::crash`], on the same port and files. It recovers first.
    pub fn restart(&mut self, durability: Durability) {
        let bin = binaries(Path::new("/usr/lib/postgresql")).expect("it was there at the start");
        let (port, url) = (self.port, self.url("postgres"));
        let up = poll(Duration::from_secs(60), || {
            // It refuses to start while a process of the crashed one still holds the shared memory.
            self.server = spawn(&bin, self.dir.path(), port, durability);
            answers(&mut self.server, &url, &self.ca_pem).then_some(())
        });
        let log = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        assert!(up.is_some(), "PostgreSQL did not come back:\n{log}");
    }

    /// `postgresql://…` of a database, for the cluster's owner.
    pub fn url(&self, database: &str) -> String {
        url(self.port, database)
    }

    /// An empty database.
    pub fn empty(&'static self) -> Database {
        self.clone_of("template0")
    }

    /// A clone of the template `name`. The first caller's `init` makes it, given the template's URL; it runs
    /// on a thread of its own, so that it may use a runtime. Others wait for it.
    pub fn template(&'static self, name: &str, init: impl FnOnce(&str) + Send) -> Database {
        // Held while the template is made: an `init` that panics poisons it, and every later test says so.
        let mut templates = self
            .templates
            .lock()
            .expect("an earlier initialiser of a template failed");
        let source = templates.entry(name.to_owned()).or_insert_with(|| {
            let database = format!("template_{name}");
            self.admin(&format!("CREATE DATABASE {database} TEMPLATE template0")).expect("a template can be made");
            let url = self.url(&database);
            std::thread::scope(|s| s.spawn(|| init(&url)).join()).expect("the template's initialiser succeeds");
            // A connection that the initialiser left open would make every clone fail.
            self.admin(&format!("ALTER DATABASE {database} ALLOW_CONNECTIONS false")).expect("the owner may");
            self.admin(&format!(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'"
            ))
            .expect("the owner may");
            database
        });
        let source = source.clone();
        drop(templates);
        self.clone_of(&source)
    }

    fn clone_of(&'static self, source: &str) -> Database {
        let name = format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.admin(&format!("CREATE DATABASE {name} TEMPLATE {source}"))
            .expect("a template can be cloned");
        Database {
            cluster: self,
            name,
        }
    }

    fn admin(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        run(&self.url("postgres"), &self.ca_pem, sql)
    }
}

fn url(port: u16, database: &str) -> String {
    format!("postgresql://{OWNER}:{PASSWORD}@127.0.0.1:{port}/{database}?sslmode=require")
}

fn answers(server: &mut Guarded, url: &str, ca_pem: &str) -> bool {
    let outcome = poll(Duration::from_secs(20), || {
        if server.exited().is_some() {
            return Some(false);
        }
        run(url, ca_pem, "SELECT 1").is_ok().then_some(true)
    });
    outcome.unwrap_or(false)
}

/// Runs `sql` over a fresh connection that trusts `ca_pem` only. The error is the whole chain, as text.
pub fn run(url: &str, ca_pem: &str, sql: &str) -> Result<Vec<Vec<Option<String>>>, String> {
    let work = async {
        let tls = MakeRustlsConnect::new(trusting(ca_pem));
        let (client, connection) = tokio_postgres::connect(url, tls).await.map_err(chain)?;
        let driver = tokio::spawn(connection);
        let messages = client.simple_query(sql).await.map_err(chain);
        drop(client);
        let _ = driver.await;
        let mut rows = Vec::new();
        for message in messages? {
            if let tokio_postgres::SimpleQueryMessage::Row(row) = message {
                rows.push(
                    (0..row.len())
                        .map(|i| row.get(i).map(str::to_owned))
                        .collect(),
                );
            }
        }
        Ok(rows)
    };
    // A thread of its own: the caller may stand inside a runtime, which cannot block on another.
    std::thread::scope(|s| {
        s.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime can be built").block_on(work)
        })
        .join()
        .expect("the query thread does not panic")
    })
}

fn chain(error: tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text.push_str(&format!(": {inner}"));
        source = inner.source();
    }
    text
}

fn spawn(bin: &Path, dir: &Path, port: u16, durability: Durability) -> Guarded {
    let log = fs::File::create(dir.join("log")).expect("the log can be made");
    let mut command = as_postgres(&bin.join("postgres"));
    command.arg("-D").arg(dir.join("data"));
    let mut set = |name: &str, value: &str| {
        command.arg("-c").arg(format!("{name}={value}"));
    };
    set("listen_addresses", "127.0.0.1");
    set("port", &port.to_string());
    set("unix_socket_directories", "");
    set("ssl", "on");
    set("ssl_cert_file", &dir.join("server.pem").to_string_lossy());
    set("ssl_key_file", &dir.join("server.key").to_string_lossy());
    set("max_connections", "200");
    set("shared_buffers", "64MB");
    if durability == Durability::Off {
        set("fsync", "off");
        set("synchronous_commit", "off");
        set("full_page_writes", "off");
        // Half of what a clone costs is its log, which nobody reads here.
        set("wal_level", "minimal");
        set("max_wal_senders", "0");
        set("autovacuum", "off");
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    // SIGQUIT is PostgreSQL's immediate shutdown: it frees the shared memory, which SIGKILL leaves behind.
    Guarded::spawn(&mut command, Signal::QUIT, Some(dir))
}

/// PostgreSQL refuses to run as root, so root hands over to Debian's user `postgres`.
fn as_postgres(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            "--",
        ])
        .arg(program);
    command
}

fn give_to_postgres(dir: &Path) {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let passwd = fs::read_to_string("/etc/passwd").expect("the list of users is readable");
    let ids = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next() == Some("postgres");
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        found.then_some((uid, gid))
    });
    let (uid, gid) = ids.expect("Debian's postgresql package makes the user `postgres`");
    let own = |path: &Path| chown(path, Some(uid), Some(gid)).expect("root may give files away");
    own(dir);
    for entry in fs::read_dir(dir).expect("our own folder").flatten() {
        own(&entry.path());
    }
}

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap_or_else(|e| panic!("cannot write {}: {e}", path.display()));
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("our own file");
}

/// The newest `VERSION/bin` under `parent` that is recent enough.
pub fn binaries(parent: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(parent).ok()?.flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| {
            parent
                .join(version.to_string())
                .join("bin/postgres")
                .exists()
        })
        .max()?;
    (newest >= OLDEST).then(|| parent.join(newest.to_string()).join("bin"))
}

/// Ends clusters whose test process is gone and whose watcher was killed too, and removes their folders.
pub fn clear_abandoned(parent: &Path) {
    for dir in abandoned(parent, "pg") {
        let lock = fs::read_to_string(dir.join("data/postmaster.pid")).unwrap_or_default();
        if let Some(server) = lock
            .lines()
            .next()
            .and_then(|line| line.trim().parse::<u32>().ok())
        {
            // The number may belong to something else by now: only a process of this very folder is ended.
            let command = fs::read(format!("/proc/{server}/cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&command).contains(&*dir.to_string_lossy()) {
                let _ = kill_process(pid(server), Signal::QUIT);
                let gone = || (!Path::new(&format!("/proc/{server}")).exists()).then_some(());
                let _ = poll(Duration::from_secs(5), gone);
            }
        }
        let _ = fs::remove_dir_all(&dir);
    }
}
