//! A real S3 server for tests: moto's.

use std::path::PathBuf;

use countersign::platform::config;

use super::client::Client;
use super::http::Response;
use super::moto::{Moto, PATIENCE};
use super::poll;

pub const NAME: &str = "countersign-test";
const PREFIX: &str = "some/prefix";

/// A server with one bucket. It ends with this.
pub struct BucketServer {
    client: Client,
    server: Moto,
}

impl BucketServer {
    pub fn start() -> Self {
        let server = Moto::spawn("bucket");
        let mut client = server.client(
            "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
        );
        let made = poll(PATIENCE, || {
            let answer = client.try_request("PUT", &format!("/{NAME}"), &[], b"");
            answer.ok().filter(|answer| answer.status == 200)
        });
        assert!(made.is_some(), "the S3 server did not start");
        Self { client, server }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.server.file(name)
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
        format!("https://localhost:{}", self.server.port)
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
        self.server.end(PATIENCE);
    }
}

fn tags(answer: &Response, tag: &str) -> Vec<String> {
    let text = answer.text();
    let start = format!("<{tag}>");
    let values = text.split(&start).skip(1);
    let value = |rest: &str| Some(rest.split_once('<')?.0.to_owned());
    values.filter_map(value).collect()
}
