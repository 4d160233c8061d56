//! A running server's memory: in no dump, out of reach of its own user's other programs, and out of swap where the system allows.

use std::fs;
use std::io::Read as _;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign::platform::memory::may_lock;
use rustix::process::Signal;

use crate::support::child::Guarded;
use crate::support::server::{Launch, Server};
use crate::support::temp::TempDir;
use crate::support::{free_port, poll};

/// More than SQLCipher locks by itself, where it may lock a little.
const WHOLE_KIB: u64 = 32 * 1024;
/// Nobody, where the tests run as root: root reaches everything, and may lock everything.
const NOBODY: u32 = 65_534;

fn kib_locked(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number
        .and_then(|n| n.parse().ok())
        .expect("a number of KiB")
}

fn core_limit(process: u32) -> String {
    let limits = fs::read_to_string(format!("/proc/{process}/limits")).expect("it runs");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("there is such a limit");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_server_leaves_no_core_and_locks_its_memory_where_it_may() {
    let server = Server::start(Launch::embedded());
    server.setup_link();
    let process = server.process();
    assert_eq!(core_limit(process), "Max core file size 0 0 bytes");
    // A process that takes no care, under the same limits of this one.
    let mut careless = careless(None);
    assert_eq!(kib_locked(careless.id()), 0);
    let locked = kib_locked(process);
    assert_eq!(
        locked > WHOLE_KIB,
        may_lock(),
        "{locked}: {}",
        server.said()
    );
    assert_eq!(
        server.said().contains("memory cannot be locked"),
        !may_lock(),
        "{}",
        server.said()
    );
    careless.end(Signal::KILL, Duration::from_secs(5));
}

/// A program that sleeps, as this user.
fn careless(user: Option<u32>) -> Guarded {
    let mut command = Command::new("sleep");
    command.arg("600");
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    Guarded::spawn(&mut command, Signal::KILL, None)
}

/// Who owns the process' memory as the kernel shows it: root, where its own user may not look.
fn owner_of_memory(process: u32) -> u32 {
    let memory = fs::metadata(format!("/proc/{process}/mem"));
    memory.expect("it runs").uid()
}

#[test]
fn no_other_program_of_the_servers_user_looks_into_its_memory() {
    let is_root = rustix::process::geteuid().is_root();
    let user = is_root.then_some(NOBODY);
    let us = user.unwrap_or(rustix::process::geteuid().as_raw());
    let data = TempDir::new("data");
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).expect("our own folder");
    if let Some(user) = user {
        chown(data.path(), Some(user), Some(user)).expect("root may");
    }
    let port = free_port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    let mut server = Guarded::spawn(&mut command, Signal::KILL, Some(data.path()));
    let up = poll(Duration::from_secs(60), || {
        TcpStream::connect(("127.0.0.1", port)).ok()
    });
    let process = server.id();
    let (owner, core) = (owner_of_memory(process), core_limit(process));
    let mut sleeper = careless(user);
    let owner_of_careless = owner_of_memory(sleeper.id());
    let locked = kib_locked(process);
    server.end(Signal::KILL, Duration::from_secs(5));
    sleeper.end(Signal::KILL, Duration::from_secs(5));
    let mut said = String::new();
    let stderr = server.child_mut().stderr.take();
    stderr
        .expect("asked for")
        .read_to_string(&mut said)
        .expect("text");
    assert!(up.is_some(), "{said}");
    assert_eq!(owner_of_careless, us, "without care, its user may look");
    assert_eq!(owner, 0, "{said}");
    assert_eq!(core, "Max core file size 0 0 bytes");
    // Somebody without the right to lock is told, and served all the same.
    let is_told = said.contains("memory cannot be locked");
    assert_eq!(locked < WHOLE_KIB, is_told, "{locked}: {said}");
}
