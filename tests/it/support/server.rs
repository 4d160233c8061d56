//! The built binary as a server of its own, with its own data folder, started, killed and started again.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::Signal;

use super::child::Guarded;
use super::client::Client;
use super::temp::TempDir;
use super::{free_port, poll};

const PATIENCE: Duration = Duration::from_secs(30);

/// Where the server keeps the certificate it made at first start, below its data folder.
pub const LOCAL_CERTIFICATE: &str = "tls/local.pem";

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Launch {
    pub program: PathBuf,
    /// Before `--data DIR --listen 127.0.0.1:PORT`, which are added.
    pub arguments: Vec<OsString>,
    pub environment: Vec<(String, String)>,
}

impl Launch {
    /// The built `countersign serve` on the embedded engine.
    pub fn embedded() -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_countersign"));
        Self {
            program,
            arguments: vec!["serve".into()],
            environment: Vec::new(),
        }
    }

    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }
}

/// A running server. Its folder goes with it.
pub struct Server {
    launch: Launch,
    port: u16,
    lines: Arc<Mutex<Vec<String>>>,
    process: Option<Guarded>,
    data: Arc<TempDir>,
}

impl Server {
    /// Starts a server in an empty data folder and waits until it takes connections.
    pub fn start(launch: Launch) -> Self {
        Self::start_in(launch, Arc::new(TempDir::new("data")))
    }

    /// Starts a server in a data folder that somebody else may use too.
    pub fn start_in(launch: Launch, data: Arc<TempDir>) -> Self {
        let mut server = Self {
            launch,
            port: free_port(),
            lines: Arc::default(),
            process: None,
            data,
        };
        server.restart();
        server
    }

    /// Starts it again, on the same port and folder, after [`Self::kill`] or [`Self::stop`].
    pub fn restart(&mut self) {
        self.process = None;
        let mut command = Command::new(&self.launch.program);
        command
            .args(&self.launch.arguments)
            .arg("--data")
            .arg(self.data.path())
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .envs(self.launch.environment.iter().map(|(n, v)| (n, v)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = Guarded::spawn(&mut command, Signal::KILL, Some(self.data.path()));
        let child = process.child_mut();
        collect(
            child.stdout.take().expect("stdout was asked for"),
            &self.lines,
        );
        collect(
            child.stderr.take().expect("stderr was asked for"),
            &self.lines,
        );
        let up = poll(PATIENCE, || {
            if process.exited().is_some() {
                return Some(false);
            }
            TcpStream::connect(("127.0.0.1", self.port))
                .is_ok()
                .then_some(true)
        });
        self.process = Some(process);
        assert_eq!(
            up,
            Some(true),
            "the server did not start; it said:\n{}",
            self.said()
        );
    }

    /// Ends it as a power cut would: SIGKILL, no goodbye.
    pub fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    /// Asks it to end (SIGTERM) and waits. Gives whether it ended with exit code 0.
    pub fn stop(&mut self) -> bool {
        self.end(Signal::TERM)
            .is_some_and(|status| status.success())
    }

    fn end(&mut self, signal: Signal) -> Option<std::process::ExitStatus> {
        self.process.as_mut().and_then(|p| p.end(signal, PATIENCE))
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits for a mail with these words in the server's folder, and gives it with its lines joined (RFC 2045, 6.7): the server
    /// does its own jobs soon after it answered.
    pub fn wait_for_mail(&self, words: &str) -> String {
        let folder = self.data().join("mail");
        let found = || {
            let mails = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let texts = mails.filter_map(|mail| std::fs::read_to_string(mail.path()).ok());
            let mut joined = texts.map(|text| text.replace("=\r\n", ""));
            joined.find(|text| text.contains(words))
        };
        for _ in 0..300 {
            if let Some(mail) = found() {
                return mail;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("no mail with {words} within 30 s: {}", self.said());
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    pub fn process(&self) -> u32 {
        self.process
            .as_ref()
            .map(Guarded::id)
            .expect("the server was started")
    }

    /// `https://localhost:PORT` and `path`.
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// All that it has printed so far, on both streams.
    pub fn said(&self) -> String {
        self.lines.lock().expect("no reader panics").join("\n")
    }

    /// Waits for a printed line in which `find` sees something.
    pub fn wait_for_line<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        poll(PATIENCE, || self.said().lines().find_map(&find))
            .unwrap_or_else(|| panic!("the server printed no {what}; it said:\n{}", self.said()))
    }

    /// The setup link that a server without an organisation prints.
    pub fn setup_link(&self) -> String {
        self.wait_for_line("setup link", |line| {
            let link = &line[line.find("https://")?..];
            let link = link.split_whitespace().next()?;
            link.contains("/setup/").then(|| link.to_owned())
        })
    }

    /// A client without cookies that trusts the server's own certificate.
    pub fn client(&self) -> Client {
        let path = self.data.path().join(LOCAL_CERTIFICATE);
        let pem = poll(PATIENCE, || std::fs::read_to_string(&path).ok());
        Client::new(
            self.port,
            &pem.unwrap_or_else(|| panic!("the server made no {}", path.display())),
        )
    }
}

fn collect(stream: impl std::io::Read + Send + 'static, lines: &Arc<Mutex<Vec<String>>>) {
    let lines = Arc::clone(lines);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            lines.lock().expect("no reader panics").push(line);
        }
    });
}
