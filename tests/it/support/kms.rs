//! A KMS for tests: moto's, over TLS with a certificate of an authority of its own. It verifies no signature: those are tried
//! against AWS's own vectors.

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
use super::{free_port, poll, root};

/// Python starts slowly on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Kms {
    port: u16,
    client: Client,
    folder: TempDir,
    process: Guarded,
}

impl Kms {
    pub fn start() -> Self {
        let program = root().join("target/moto/bin/moto_server");
        assert!(
            program.exists(),
            "{} is missing: run ./deploy/install-debian.sh test",
            program.display()
        );
        let (folder, authority, port) = (TempDir::new("kms"), Authority::new(), free_port());
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
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIATESTTESTTEST/20260101/eu-central-1/kms/aws4_request, \
             SignedHeaders=host, Signature=0";
        let client = Client::new(port, &authority.ca_pem)
            .always("Authorization", authorization)
            .always("Content-Type", "application/x-amz-json-1.1");
        let up = poll(PATIENCE, || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        assert!(up.is_some(), "the KMS did not start");
        Self {
            port,
            client,
            folder,
            process,
        }
    }

    fn call(&mut self, what: &str, body: &str) -> serde_json::Value {
        let target = format!("TrentService.{what}");
        let headers = [("X-Amz-Target", target.as_str())];
        let answer = self.client.request("POST", "/", &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// A new key's ARN.
    pub fn make_key(&mut self) -> String {
        let made = self.call("CreateKey", "{}");
        let arn = made["KeyMetadata"]["Arn"].as_str();
        arn.expect("a key has one").to_owned()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn uri(&self, arn: &str) -> String {
        let file = |name: &str| self.file(name).display().to_string();
        format!(
            "awskms:{arn}?access-key-file={}&secret-key-file={}&ca-file={}&endpoint=https://127.0.0.1:{}",
            file("access"),
            file("secret"),
            file("ca.pem"),
            self.port
        )
    }

    pub fn end(&mut self) {
        self.process.end(Signal::KILL, Duration::from_secs(5));
    }
}
