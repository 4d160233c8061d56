//! Debian's rsyslog as a receiver of syslog over TLS (RFC 5425) on loopback: it writes what it takes to a file, and is killed and started
//! again.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign::platform::outgoing::{Networks, Outgoing};
use rustix::process::{Signal, kill_process};

use super::certificate::Authority;
use super::child::{Guarded, pid};
use super::temp::TempDir;
use super::{free_port, poll};

const PROGRAM: &str = "/usr/sbin/rsyslogd";
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Rsyslog {
    port: u16,
    /// How often it was started: each life has a file of its own, of which the last line may be torn.
    lives: usize,
    process: Option<Guarded>,
    folder: TempDir,
}

impl Rsyslog {
    /// None, said loudly, where it is not installed: the test proves nothing there.
    pub fn start() -> Option<Self> {
        let has_tls = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
            .iter()
            .any(|folder| Path::new(folder).join("rsyslog/lmnsd_ossl.so").exists());
        if !has_tls || !Path::new(PROGRAM).exists() {
            eprintln!(
                "SKIPPED: Debian's rsyslog and rsyslog-openssl are not installed (`deploy/install-debian.sh test`); this test proves \
                 nothing here"
            );
            return None;
        }
        let (folder, authority) = (TempDir::new("rsyslog"), Authority::new());
        for (name, content) in [
            ("ca.pem", &authority.ca_pem),
            ("server.pem", &authority.certificate_pem),
            ("server.key", &authority.key_pem),
        ] {
            fs::write(folder.path().join(name), content).expect("our own folder");
        }
        let mut rsyslog = Self {
            port: free_port(),
            lives: 0,
            process: None,
            folder,
        };
        rsyslog.restart();
        Some(rsyslog)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, life: usize) -> PathBuf {
        self.at(&format!("journal-{life}.log"))
    }

    /// What rsyslog says of itself goes to no file: its inputs have a set of rules of their own.
    fn configuration(&self) -> String {
        let path = |name: &str| self.at(name).display().to_string();
        format!(
            "global(workDirectory=\"{}\" maxMessageSize=\"512k\" defaultNetstreamDriverCAFile=\"{}\" \
             defaultNetstreamDriverCertFile=\"{}\" defaultNetstreamDriverKeyFile=\"{}\")\n\
             module(load=\"imtcp\" streamDriver.name=\"ossl\" streamDriver.mode=\"1\" streamDriver.authMode=\"anon\")\n\
             template(name=\"whole\" type=\"string\" string=\"%rawmsg%\\n\")\n\
             ruleset(name=\"journal\") {{ action(type=\"omfile\" file=\"{}\" template=\"whole\") }}\n\
             input(type=\"imtcp\" address=\"127.0.0.1\" port=\"{}\" ruleset=\"journal\")\n",
            self.folder.path().display(),
            path("ca.pem"),
            path("server.pem"),
            path("server.key"),
            self.file(self.lives).display(),
            self.port
        )
    }

    /// Starts it, on the same port, after [`Self::kill`].
    pub fn restart(&mut self) {
        self.process = None;
        self.lives += 1;
        let configuration = self.at("rsyslog.conf");
        fs::write(&configuration, self.configuration()).expect("our own folder");
        let said = fs::File::create(self.at("said")).expect("our own folder");
        let mut command = Command::new(PROGRAM);
        command
            .arg("-n")
            .arg("-f")
            .arg(&configuration)
            .arg("-i")
            .arg(self.at("process"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said);
        // The file with its number is that of the life before.
        let _ = fs::remove_file(self.at("process"));
        let mut process = Guarded::spawn(&mut command, Signal::TERM, Some(self.folder.path()));
        let up = poll(PATIENCE, || {
            let has_ended = process.exited().is_some();
            let is_up = TcpStream::connect(("127.0.0.1", self.port)).is_ok();
            (has_ended || is_up).then_some(is_up)
        });
        self.process = Some(process);
        let said = fs::read_to_string(self.at("said")).unwrap_or_default();
        assert_eq!(up, Some(true), "rsyslog did not start: {said}");
    }

    fn process(&mut self) -> &mut Guarded {
        self.process.as_mut().expect("it was started")
    }

    /// SIGKILL: what it has read and not written is gone, and what the machine holds for it.
    pub fn kill(&mut self) {
        let ended = self.process().end(Signal::KILL, PATIENCE);
        assert!(ended.is_some(), "SIGKILL ends a process");
    }

    /// It reads nothing any more; the machine takes what is sent all the same.
    pub fn halt(&mut self) {
        kill_process(pid(self.process().id()), Signal::STOP).expect("our own child");
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn outgoing(&self) -> Outgoing {
        Outgoing {
            ca_file: Some(self.at("ca.pem")),
            networks: Networks::Private,
        }
    }

    /// The whole lines that it wrote, in their order.
    pub fn lines(&self) -> Vec<String> {
        let mut all = Vec::new();
        for life in 1..=self.lives {
            let text = fs::read_to_string(self.file(life)).unwrap_or_default();
            let mut lines: Vec<&str> = text.split('\n').collect();
            // Behind the last end of a line stands nothing, or what a kill has torn.
            lines.pop();
            all.extend(lines.into_iter().map(str::to_owned));
        }
        all
    }
}
