//! A KMS for tests: moto's. It verifies no signature: those are tried against AWS's own vectors.

use std::path::PathBuf;
use std::time::Duration;

use super::client::Client;
use super::moto::{Moto, PATIENCE};
use super::poll;

pub struct Kms {
    client: Client,
    server: Moto,
}

impl Kms {
    pub fn start() -> Self {
        let server = Moto::spawn("kms");
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIATESTTESTTEST/20260101/eu-central-1/kms/aws4_request, \
             SignedHeaders=host, Signature=0";
        let client = server
            .client(authorization)
            .always("Content-Type", "application/x-amz-json-1.1");
        let up = poll(PATIENCE, || {
            std::net::TcpStream::connect(("127.0.0.1", server.port)).ok()
        });
        assert!(up.is_some(), "the KMS did not start");
        Self { client, server }
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
        self.server.file(name)
    }

    pub fn uri(&self, arn: &str) -> String {
        let file = |name: &str| self.file(name).display().to_string();
        format!(
            "awskms:{arn}?access-key-file={}&secret-key-file={}&ca-file={}&endpoint=https://127.0.0.1:{}",
            file("access"),
            file("secret"),
            file("ca.pem"),
            self.server.port
        )
    }

    pub fn end(&mut self) {
        self.server.end(Duration::from_secs(5));
    }
}
