//! The harness proves itself: what it starts answers, what it must refuse is refused, and nothing is left behind.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use serde_json::json;

use crate::support::browser::{Browser, JavaScript};
use crate::support::certificate::Authority;
use crate::support::child::{Guarded, pid};
use crate::support::client::{Client, Part};
use crate::support::postgres::{Cluster, Durability, binaries, clear_abandoned, run};
use crate::support::server::{LOCAL_CERTIFICATE, Launch, Server};
use crate::support::temp::TempDir;
use crate::support::{counts, material, measured, poll};

const PAGE: &str = "<!doctype html><title>Loopback</title><form><input name=who><input type=file>\
    <button id=b type=button>Press</button><button>Send</button></form><p id=out>no script</p>\
    <script>out.textContent='script runs';console.error('a line for the log');\
    b.onclick=()=>out.textContent='pressed by '+document.forms[0].who.value+' '+document.querySelector('[type=file]').files.length</script>";

/// Serves [`PAGE`] on loopback until the test process ends, and gives its address.
fn serve_page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback gives a port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            drain_head(&mut BufReader::new(&stream));
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: seen=yes\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(format!("{head}{PAGE}").as_bytes());
        }
    });
    format!("http://{address}/")
}

/// Reads a request's head and gives it and the length of its body.
fn drain_head(from: &mut impl BufRead) -> (String, usize) {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            return (head, length);
        }
        if let Some((_, value)) = line.to_ascii_lowercase().split_once("content-length:") {
            length = value.trim().parse().expect("a length is a number");
        }
        head.push_str(&line);
    }
}

#[test]
fn browser_clicks_types_uploads_and_sees_scripts_run() {
    let browser = Browser::start(JavaScript::On);
    let address = serve_page();
    browser.goto(&address);
    assert_eq!(browser.url(), address);
    assert_eq!(browser.title(), "Loopback");
    browser.wait_for_text("#out", "script runs");
    browser.fill("[name=who]", "Ada");
    browser.upload("[type=file]", &[Path::new(env!("CARGO_MANIFEST_PATH"))]);
    let button = browser.find("#b");
    browser.click(&button);
    let out = browser.wait_for_text("#out", "pressed by Ada 1");
    assert_eq!(browser.text(&out), "pressed by Ada 1");
    assert_eq!(
        browser.attribute(&button, "type").as_deref(),
        Some("button")
    );
    assert_eq!(
        browser.execute("return arguments[0] + 1", &[json!(41)]),
        json!(42)
    );
    assert_eq!(browser.cookies()[0]["name"], "seen");
    assert!(
        browser
            .console()
            .iter()
            .any(|line| line.contains("a line for the log"))
    );
    let picture =
        std::fs::read(browser.screenshot("support-browser")).expect("the picture was written");
    assert!(picture.starts_with(b"\x89PNG"));
}

#[test]
fn browser_without_javascript_runs_none_and_can_still_be_driven() {
    let browser = Browser::start(JavaScript::Off);
    browser.goto(&serve_page());
    assert_eq!(browser.text(&browser.find("#out")), "no script");
    browser.fill("[name=who]", "Ada");
    browser.submit("form");
    browser.wait_for_text("#out", "no script");
    assert!(
        browser.url().contains("who=Ada"),
        "the form was sent: {}",
        browser.url()
    );
    assert_eq!(browser.text(&browser.find("#out")), "no script");
}

#[test]
fn postgres_answers_over_tls_and_each_clone_is_its_own() {
    let cluster = Cluster::shared();
    let mut made = 0;
    let first = cluster.template("support", |url| {
        made += 1;
        run(
            url,
            cluster.ca_pem(),
            "CREATE TABLE t (n BIGINT); INSERT INTO t VALUES (7)",
        )
        .expect("the table is made");
    });
    let second = cluster.template("support", |_| panic!("a template is made once"));
    assert_eq!(made, 1);
    assert_ne!(first.name(), second.name());
    first
        .query("UPDATE t SET n = 8")
        .expect("a clone takes writes");
    let cell = |rows: Vec<Vec<Option<String>>>| rows[0][0].clone().unwrap_or_default();
    assert_eq!(
        cell(second.query("SELECT n FROM t").expect("a clone answers")),
        "7"
    );
    let tls = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(
        cell(
            cluster
                .empty()
                .query(tls)
                .expect("an empty database answers")
        ),
        "t"
    );
    assert!(first.ca_path().exists());
    assert!(cluster.port() > 0);
}

#[test]
fn postgres_is_refused_by_a_client_of_another_authority_and_refuses_plain_text() {
    let cluster = Cluster::shared();
    let stranger = Authority::new();
    let refused = run(&cluster.url("postgres"), &stranger.ca_pem, "SELECT 1")
        .expect_err("a stranger's certificate");
    assert!(
        refused.contains("certificate"),
        "refused for another reason: {refused}"
    );
    let plain = cluster
        .url("postgres")
        .replace("sslmode=require", "sslmode=disable");
    let refused = run(&plain, cluster.ca_pem(), "SELECT 1").expect_err("no TLS");
    assert!(
        refused.contains("no encryption"),
        "refused for another reason: {refused}"
    );
}

#[test]
fn a_durable_cluster_flushes_and_leaves_nothing_behind() {
    let cluster = Cluster::start(Durability::Full);
    let shown =
        run(&cluster.url("postgres"), cluster.ca_pem(), "SHOW fsync").expect("the cluster answers");
    assert_eq!(shown[0][0].as_deref(), Some("on"));
    let (server, folder) = (
        cluster.process(),
        cluster
            .ca_path()
            .parent()
            .expect("a file has a folder")
            .to_owned(),
    );
    drop(cluster);
    assert!(!Path::new(&format!("/proc/{server}")).exists() && !folder.exists());
}

/// A test process killed without warning: this very binary, told to start a cluster and wait.
#[test]
fn a_killed_test_process_leaves_no_cluster() {
    let program = std::env::current_exe().expect("a running program has a path");
    let mut command = Command::new(program);
    command
        .args([
            "--exact",
            "support_test::helper_starts_a_cluster_and_waits",
            "--ignored",
            "--nocapture",
        ])
        .env("COUNTERSIGN_TEST_HELPER", "cluster")
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut victim = Guarded::spawn(&mut command, Signal::KILL, None);
    let output = victim
        .child_mut()
        .stdout
        .take()
        .expect("stdout was asked for");
    let server = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_once("cluster runs as ")
                .map(|(_, id)| id.to_owned())
        })
        .expect("the helper names its server");
    let process = format!("/proc/{server}");
    assert!(Path::new(&process).exists());
    kill_process(pid(victim.id()), Signal::KILL).expect("the helper is ours");
    let gone = poll(Duration::from_secs(10), || {
        (!Path::new(&process).exists()).then_some(())
    });
    assert!(gone.is_some(), "the cluster outlived its test process");
}

#[test]
#[ignore = "a helper of a_killed_test_process_leaves_no_cluster: it waits to be killed"]
fn helper_starts_a_cluster_and_waits() {
    if std::env::var("COUNTERSIGN_TEST_HELPER").as_deref() != Ok("cluster") {
        return;
    }
    println!("cluster runs as {}", Cluster::shared().process());
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn folders_of_dead_processes_are_cleared_and_those_of_the_living_stay() {
    let parent = TempDir::new("abandoned");
    // Process numbers end at 4,194,304 on Linux: this one never lives.
    let dead = parent.path().join("countersign-test-pg-4194305-0");
    let alive = parent
        .path()
        .join(format!("countersign-test-pg-{}-0", std::process::id()));
    for folder in [&dead, &alive] {
        std::fs::create_dir_all(folder.join("data")).expect("our own folder");
        // The number of a process that is not of this folder: it must not be touched.
        std::fs::write(
            folder.join("data/postmaster.pid"),
            std::process::id().to_string(),
        )
        .expect("our own folder");
    }
    clear_abandoned(parent.path());
    assert!(!dead.exists() && alive.exists());
}

#[test]
fn an_old_postgres_is_not_taken() {
    let parent = TempDir::new("versions");
    let install = |version: &str| {
        let bin = parent.path().join(version).join("bin");
        std::fs::create_dir_all(&bin).expect("our own folder");
        std::fs::write(bin.join("postgres"), "").expect("our own folder");
    };
    install("9");
    install("14");
    assert_eq!(binaries(parent.path()), None);
    install("15");
    assert!(binaries(parent.path()).is_some_and(|bin| bin.ends_with("15/bin")));
}

/// Stands in for the server: this very binary, told to serve. It prints a setup link and echoes requests.
#[test]
#[ignore = "a helper of server_is_started_killed_and_started_again: it serves until it is killed"]
fn helper_serves_and_echoes() {
    if std::env::var("COUNTERSIGN_TEST_HELPER").as_deref() != Ok("server") {
        return;
    }
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        let at = arguments
            .iter()
            .position(|a| a == name)
            .expect("the harness gives it");
        arguments[at + 1].clone()
    };
    let authority = Authority::new();
    let file = Path::new(&after("--data")).join(LOCAL_CERTIFICATE);
    std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("our own folder");
    std::fs::write(file, &authority.ca_pem).expect("our own folder");
    let listener = TcpListener::bind(after("--listen")).expect("the port is free");
    println!(
        "open {}setup/abc to begin",
        format_args!("https://{}/", after("--listen"))
    );
    let config = authority.server_config();
    for tcp in listener.incoming().flatten() {
        let Ok(connection) = rustls::ServerConnection::new(Arc::clone(&config)) else {
            continue;
        };
        let mut stream = BufReader::new(rustls::StreamOwned::new(connection, tcp));
        let (head, length) = drain_head(&mut stream);
        let mut body = vec![0; length];
        if std::io::Read::read_exact(&mut stream, &mut body).is_err() {
            continue;
        }
        let echo = format!("{head}\n{}", String::from_utf8_lossy(&body));
        let head = "HTTP/1.1 200 OK\r\nSet-Cookie: __Host-s=1; Path=/; Secure\r\nTransfer-Encoding: chunked\r\n\r\n";
        let answer = format!("{head}{:x}\r\n{echo}\r\n0\r\n\r\n", echo.len());
        let _ = stream.get_mut().write_all(answer.as_bytes());
        stream.get_mut().conn.send_close_notify();
        let _ = stream.get_mut().flush();
    }
}

fn stand_in() -> Launch {
    let mut launch = Launch::embedded().variable("COUNTERSIGN_TEST_HELPER", "server");
    launch.program = std::env::current_exe().expect("a running program has a path");
    launch.arguments.clear();
    [
        "--exact",
        "support_test::helper_serves_and_echoes",
        "--ignored",
        "--nocapture",
        "--",
    ]
    .into_iter()
    .fold(launch, |launch, argument| launch.argument(argument))
}

#[test]
fn server_is_started_killed_and_started_again() {
    let mut server = Server::start(stand_in());
    assert_eq!(
        server.setup_link(),
        format!("https://127.0.0.1:{}/setup/abc", server.port())
    );
    let first = server.process();
    let mut client = server.client().always("Authorization", "Bearer x");
    assert_eq!(client.get("/one").status, 200);
    assert_eq!(client.cookie("__Host-s"), Some("1"));
    let echo = client.json("PATCH", "/two", &json!({ "a": 1 })).text();
    assert!(
        echo.starts_with("PATCH /two HTTP/1.1") && echo.contains("Bearer x"),
        "{echo}"
    );
    assert!(
        echo.contains("__Host-s=1") && echo.ends_with(r#"{"a":1}"#),
        "{echo}"
    );
    let echo = client.form("/three", &[("name", "O'Brien & Söhne")]).text();
    assert!(echo.ends_with("name=O%27Brien+%26+S%C3%B6hne"), "{echo}");
    let file = Part {
        name: "file",
        file_name: Some("a\"b.xml"),
        bytes: b"<x/>",
    };
    let echo = client.multipart("/four", &[file]).text();
    assert!(
        echo.contains("filename=\"a%22b.xml\"") && echo.contains("\r\n\r\n<x/>\r\n--"),
        "{echo}"
    );

    server.kill();
    assert!(
        client.try_request("GET", "/", &[], &[]).is_err(),
        "a killed server answers no more"
    );
    server.restart();
    assert_ne!(server.process(), first);
    let mut stranger = Client::new(server.port(), &Authority::new().ca_pem);
    assert!(
        stranger.try_request("GET", "/", &[], &[]).is_err(),
        "a stranger's certificate must be refused"
    );
    assert!(server.url("/x").ends_with("/x") && server.data().exists());
    assert!(
        !server.stop(),
        "the stand-in ends by the signal, not by itself"
    );
}

#[test]
fn missing_material_is_said_and_not_invented() {
    assert_eq!(material("no-such-folder"), None);
}

#[test]
fn a_clone_of_a_template_costs_little() {
    const PART: &str = "support_test";
    const RESULT: &str = "clones of a template database";
    if measured::already(PART, RESULT) {
        return;
    }
    let count = counts::of(PART, 3, 200);
    let start = Instant::now();
    let clone = || {
        let start = Instant::now();
        drop(Cluster::shared().template("support_cost", |_| ()));
        u64::try_from(start.elapsed().as_millis()).expect("a clone is quick")
    };
    let mut each_ms: Vec<u64> = (0..count).map(|_| clone()).collect();
    each_ms.sort_unstable();
    let median_ms = each_ms[each_ms.len() / 2];
    assert!(median_ms < 5_000, "a test's database takes {median_ms} ms");
    let figures = json!({ "median_ms": median_ms, "worst_ms": each_ms.last() });
    measured::record(PART, RESULT, count, 0, start.elapsed(), figures);
}
