//! A real S3 server for tests: moto, over TLS with a certificate of an authority of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign::platform::config;
use rustix::process::Signal;

use super::certificate::Authority;
use super::child::Guarded;
use super::client::Client;
use super::http::Response;
use super::temp::TempDir;
use super::{free_port, poll, root};

pub const NAME: &str = "countersign-test";
const PREFIX: &str = "some/prefix";
/// Python starts slowly on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server with one bucket. It ends with this.
pub struct BucketServer {
    port: u16,
    client: Client,
    folder: TempDir,
    process: Guarded,
}

impl BucketServer {
    pub fn start() -> Self {
        let program = root().join("target/moto/bin/moto_server");
        assert!(
            program.exists(),
            "{} is missing: run ./deploy/install-debian.sh test",
            program.display()
        );
        let (folder, authority, port) = (TempDir::new("bucket"), Authority::new(), free_port());
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
        // Whoever names a key is let in: it is our own program that has to sign, not this client.
        let mut client = Client::new(port, &authority.ca_pem).always(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
        );
        let made = poll(PATIENCE, || {
            let answer = client.try_request("PUT", &format!("/{NAME}"), &[], b"");
            answer.ok().filter(|answer| answer.status == 200)
        });
        assert!(made.is_some(), "the S3 server did not start");
        Self {
            port,
            client,
            folder,
            process,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a configuration says to use it.
    pub fn settings(&self) -> config::Bucket {
        config::Bucket {
            url: format!("s3://{NAME}/{PREFIX}").parse().expect("an address"),
            endpoint: Some(self.endpoint().parse().expect("an address")),
            region: "us-east-1".to_owned(),
            access_key_file: self.file("access"),
            secret_key_file: self.file("secret"),
            ca_file: Some(self.file("ca.pem")),
        }
    }

    pub fn endpoint(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The same, for a server's or a command's environment.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let shown = |path: PathBuf| path.to_str().expect("a plain name").to_owned();
        let settings = self.settings();
        vec![
            ("COUNTERSIGN_DOCUMENTS_BUCKET", settings.url.to_string()),
            ("COUNTERSIGN_DOCUMENTS_ENDPOINT", self.endpoint()),
            (
                "COUNTERSIGN_DOCUMENTS_ACCESS_KEY_FILE",
                shown(settings.access_key_file),
            ),
            (
                "COUNTERSIGN_DOCUMENTS_SECRET_KEY_FILE",
                shown(settings.secret_key_file),
            ),
            ("COUNTERSIGN_DOCUMENTS_CA_FILE", shown(self.file("ca.pem"))),
        ]
    }

    /// The keys of all objects.
    pub fn keys(&self) -> Vec<String> {
        tags(&self.get("?list-type=2"), "Key")
    }

    /// The keys of uploads in parts that are neither completed nor aborted.
    pub fn unfinished(&self) -> Vec<String> {
        tags(&self.get("?uploads"), "Key")
    }

    /// An object's bytes as the store has them.
    pub fn object(&self, key: &str) -> Vec<u8> {
        self.get(&format!("/{key}")).body
    }

    /// Puts other bytes in an object's place, as whoever runs the store can.
    pub fn overwrite(&self, key: &str, bytes: &[u8]) {
        let path = format!("/{NAME}/{key}");
        let answer = self.client.clone().request("PUT", &path, &[], bytes);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn get(&self, rest: &str) -> Response {
        let answer = self.client.clone().get(&format!("/{NAME}{rest}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer
    }

    /// The store is gone.
    pub fn kill(&mut self) {
        self.process.end(Signal::KILL, PATIENCE);
    }
}

fn tags(answer: &Response, tag: &str) -> Vec<String> {
    let text = answer.text();
    let start = format!("<{tag}>");
    let values = text.split(&start).skip(1);
    let value = |rest: &str| Some(rest.split_once('<')?.0.to_owned());
    values.filter_map(value).collect()
}
