//! One server to a data folder, and commands that know where it answers.

use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::support::server::{Launch, Server};
use crate::support::temp::TempDir;
use crate::support::{free_port, poll};

fn countersign(server: &Server, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .arg("--data")
        .arg(server.data())
        .output()
        .expect("the binary was built")
}

/// A command that is to end by itself: one that serves is ended.
fn refused(server: &Server, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .arg("--data")
        .arg(server.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built");
    let ended = poll(Duration::from_secs(20), || child.try_wait().ok().flatten());
    if ended.is_none() {
        child.kill().expect("our own child");
    }
    child.wait_with_output().expect("it has ended")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_second_server_in_the_folder_is_refused_until_the_first_is_gone() {
    let mut first = Server::start(Launch::embedded());
    first.setup_link();
    let listen = format!("127.0.0.1:{}", free_port());
    let second = refused(&first, &["serve", "--listen", &listen]);
    assert_eq!(second.status.code(), Some(2), "{}", out(&second));
    let message = said(&second);
    for told in ["a server runs in", "already", &first.url("/"), "--data"] {
        assert!(message.contains(told), "{told}: {message}");
    }
    assert!(!out(&second).contains("ready"), "{}", out(&second));

    // Others work beside it as before.
    let verified = countersign(&first, &["journal", "verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));

    first.kill();
    first.restart();
    assert!(first.stop(), "{}", first.said());
}

#[test]
fn commands_name_the_address_that_the_server_answers_at() {
    let mut server = Server::start(Launch::embedded());
    server.setup_link();
    let link = countersign(&server, &["setup-link"]);
    let here = server.url("/setup/");
    assert!(out(&link).starts_with(&here), "{here}: {}", out(&link));
    let check = out(&countersign(&server, &["config", "check"]));
    assert!(
        check.contains(&format!("Its address is {}", server.url("/"))),
        "{check}"
    );

    // A server that is gone is not taken for one that runs: what the command is told counts.
    server.kill();
    let told = ["setup-link", "--listen", "localhost:9555"];
    let link = out(&countersign(&server, &told));
    assert!(link.starts_with("https://localhost:9555/setup/"), "{link}");
    let told = ["config", "check", "--listen", "localhost:9555"];
    let check = out(&countersign(&server, &told));
    assert!(
        check.contains("address will be https://localhost:9555/"),
        "{check}"
    );
}

#[test]
fn two_folders_have_a_server_each() {
    let one = Server::start(Launch::embedded());
    let other = Server::start_in(Launch::embedded(), Arc::new(TempDir::new("data")));
    assert_ne!(one.setup_link(), other.setup_link());
}
