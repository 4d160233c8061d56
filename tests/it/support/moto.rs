//! A cloud's services for tests: moto, over TLS with a certificate of an authority of its own. It verifies no signature.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use super::certificate::Authority;
use super::child::Guarded;
use super::client::Client;
use super::temp::TempDir;
use super::{free_port, root};

/// Python starts slowly on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A server that is starting, with its authority and the files of a key in a folder. It ends with this.
pub struct Moto {
    pub port: u16,
    authority: Authority,
    folder: TempDir,
    process: Guarded,
}

impl Moto {
    pub fn spawn(name: &str) -> Self {
        let program = root().join("target/moto/bin/moto_server");
        assert!(
            program.exists(),
            "{} is missing: run ./deploy/install-debian.sh test",
            program.display()
        );
        let (folder, authority, port) = (TempDir::new(name), Authority::new(), free_port());
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("our own folder");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
            path
        };
        put("ca.pem", &authority.ca_pem);
        put("access", "AKIATESTTESTTEST\n");
        put("secret", "a secret of the tests alone\n");
        let mut command = Command::new(program);
        command
            .args(["-H", "127.0.0.1", "-p", &port.to_string(), "-c"])
            .arg(put("certificate.pem", &authority.certificate_pem))
            .arg("-k")
            .arg(put("key.pem", &authority.key_pem))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = Guarded::spawn(&mut command, Signal::KILL, Some(folder.path()));
        Self {
            port,
            authority,
            folder,
            process,
        }
    }

    /// Whoever names a key is let in: it is our own program that has to sign, not this client.
    pub fn client(&self, authorization: &str) -> Client {
        Client::new(self.port, &self.authority.ca_pem).always("Authorization", authorization)
    }

    /// `ca.pem`, `access` or `secret`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn end(&mut self, patience: Duration) {
        self.process.end(Signal::KILL, patience);
    }
}
