//! `countersign sso explain` as an operator meets it.

#[path = "../../../crates/saml/tests/it/support/idp.rs"]
#[expect(
    dead_code,
    reason = "the identity provider of the crate's own tests, which use more of it"
)]
pub mod idp;

mod refused;
mod tolerated;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::temp::TempDir;
use idp::{Facts, Idp, Lock, Recipient, assertion, response};

const ACS: &str = "https://sp.example/acs";
const SP: &str = "https://sp.example/metadata";
const IDP: &str = "https://idp.example/metadata";
const REQUEST: &str = "id-request-1";
const ALICE: &str = "alice@example.com";
const AT: &str = "2026-01-15T12:00:00Z";

static HONEST: LazyLock<Idp> = LazyLock::new(Idp::new);
static NEW: LazyLock<Idp> = LazyLock::new(Idp::new);

/// A folder with files, and the command over them.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new("sso"));
        place.write("idp.xml", &HONEST.metadata());
        place
    }

    fn write(&self, name: &str, content: &str) -> String {
        let path: PathBuf = self.0.path().join(name);
        std::fs::write(&path, content).expect("it is written");
        path.to_str().expect("a plain name").to_owned()
    }

    fn path(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        path.to_str().expect("a plain name").to_owned()
    }

    /// Explains a response for these settings, with what else is said.
    fn explain(&self, idp: &str, response: &str, more: &[&str]) -> Output {
        let idp = self.path(idp);
        let mut arguments = vec!["sso", "explain", "--idp", &idp, "--sp", SP, "--acs", ACS];
        if !more.contains(&"--at") {
            arguments.extend(["--at", AT]);
        }
        arguments.extend_from_slice(more);
        arguments.push(response);
        run(&arguments)
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .output()
        .expect("the binary was built")
}

/// The exit code and the answer.
fn answer(output: &Output) -> (Option<i32>, Value) {
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {output:?}");
    });
    (output.status.code(), json)
}

fn status<'a>(answer: &'a Value, check: &str) -> &'a str {
    let checks = answer["checks"].as_array().expect("a list");
    let found = checks.iter().find(|c| c["id"] == check);
    found.expect(check)["status"].as_str().expect("a word")
}

fn good() -> String {
    HONEST.both_signed(&Facts::default())
}

#[test]
fn an_accepted_response_is_told_with_who_it_is_about() {
    let place = Place::new();
    let file = place.write("response.xml", &good());
    let (code, answer) = answer(&place.explain("idp.xml", &file, &["--request-id", REQUEST]));
    assert_eq!(code, Some(0));
    assert_eq!(answer["accepted"], true);
    assert_eq!(answer["reason"], Value::Null);
    let identity = &answer["identity"];
    assert_eq!(identity["name_id"], ALICE);
    assert_eq!(
        identity["format"],
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    );
    assert_eq!(identity["session_index"], "session-1");
    assert_eq!(identity["issuer"], IDP);
    assert_eq!(identity["assertion_id"], "assertion-1");
    assert_eq!(
        identity["attributes"]["groups"],
        serde_json::json!(["clerks", "approvers"])
    );
    assert_eq!(status(&answer, "audience"), "ok");
    assert_eq!(status(&answer, "in_response_to"), "ok");
}

#[test]
fn a_refused_response_has_a_reason_and_names_nobody() {
    let place = Place::new();
    let facts = Facts {
        audience: "https://other.example/",
        ..Facts::default()
    };
    let file = place.write("response.xml", &HONEST.both_signed(&facts));
    let (code, answer) = answer(&place.explain("idp.xml", &file, &[]));
    assert_eq!(code, Some(1));
    assert_eq!(answer["accepted"], false);
    assert_eq!(answer["identity"], Value::Null);
    assert_eq!(
        answer["reason"],
        "The audience is “https://other.example/”, expected “https://sp.example/metadata”."
    );
    assert_eq!(status(&answer, "audience"), "failed");
    assert_eq!(status(&answer, "assertion_signature"), "ok");
}

#[test]
fn a_response_is_read_in_every_form_that_people_save_it_in() {
    let place = Place::new();
    let base64 = STANDARD.encode(good());
    let form = format!("SAMLResponse={}&RelayState=x", base64.replace('+', "%2B"));
    for (name, content) in [("a.txt", &base64), ("b.txt", &form), ("c.xml", &good())] {
        let file = place.write(name, content);
        assert_eq!(
            place.explain("idp.xml", &file, &[]).status.code(),
            Some(0),
            "{name}"
        );
    }
    let file = place.write("d.txt", "no response");
    let (code, answer) = answer(&place.explain("idp.xml", &file, &[]));
    assert_eq!((code, status(&answer, "xml")), (Some(1), "failed"));
}

#[test]
fn a_response_comes_by_the_standard_input_too() {
    let place = Place::new();
    let idp = place.path("idp.xml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args([
            "sso",
            "explain",
            "--idp",
            &idp,
            "--sp",
            SP,
            "--acs",
            ACS,
            "--at",
            "1768478400",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary was built");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(good().as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(answer(&output).0, Some(0));
}

#[test]
fn wrong_usage_and_files_that_cannot_be_used_are_no_answer() {
    let place = Place::new();
    let file = place.write("response.xml", &good());
    let idp = place.path("idp.xml");
    let none = place.path("none.xml");
    place.write("empty.xml", "");
    place.write("other.xml", "<x/>");
    let key = place.write("key.pem", "no key");
    let wrong: [&[&str]; 3] = [
        &["sso"],
        &[
            "sso", "explain", "--idp", &idp, "--acs", ACS, "--at", AT, &file,
        ],
        &[
            "sso", "explain", "--idp", &idp, "--sp", SP, "--acs", ACS, "--at", "now", &file,
        ],
    ];
    for arguments in wrong {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(place.explain("idp.xml", &none, &[]).status.code(), Some(2));
    for metadata in ["none.xml", "empty.xml", "other.xml"] {
        let output = place.explain(metadata, &file, &[]);
        assert_eq!(output.status.code(), Some(2), "{metadata}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(metadata), "{said}");
    }
    assert_eq!(
        place
            .explain("idp.xml", &file, &["--sp-key", &key])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn what_the_response_answers_is_compared_where_the_request_is_known() {
    let place = Place::new();
    let asked = place.write("asked.xml", &good());
    let (code, told) = answer(&place.explain("idp.xml", &asked, &[]));
    assert_eq!(
        (code, status(&told, "in_response_to")),
        (Some(0), "warning")
    );
    assert_eq!(
        place
            .explain("idp.xml", &asked, &["--request-id", "other"])
            .status
            .code(),
        Some(1)
    );
    let facts = Facts {
        request: None,
        ..Facts::default()
    };
    let unasked = place.write("unasked.xml", &HONEST.both_signed(&facts));
    assert_eq!(
        place.explain("idp.xml", &unasked, &[]).status.code(),
        Some(1)
    );
    let allowed = place.explain("idp.xml", &unasked, &["--allow-idp-initiated"]);
    assert_eq!(allowed.status.code(), Some(0));
}

#[test]
fn a_roll_over_is_tried_before_its_day() {
    let place = Place::new();
    place.write(
        "both.xml",
        &idp::metadata(&[&HONEST.certificate, &NEW.certificate]),
    );
    place.write("after.xml", &NEW.metadata());
    let old = place.write("old.xml", &good());
    let new = place.write("new.xml", &NEW.both_signed(&Facts::default()));
    let code = |metadata: &str, file: &str| place.explain(metadata, file, &[]).status.code();
    assert_eq!(
        (code("idp.xml", &old), code("idp.xml", &new)),
        (Some(0), Some(1))
    );
    assert_eq!(
        (code("both.xml", &old), code("both.xml", &new)),
        (Some(0), Some(0))
    );
    assert_eq!(
        (code("after.xml", &old), code("after.xml", &new)),
        (Some(1), Some(0))
    );
}

#[test]
fn one_of_several_identity_providers_is_found_by_the_response_or_named() {
    let place = Place::new();
    let other = NEW.metadata().replace(IDP, "https://other.example/");
    let several = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{other}{}</md:EntitiesDescriptor>",
        HONEST.metadata()
    );
    place.write("several.xml", &several);
    let file = place.write("response.xml", &good());
    let code = |more: &[&str]| place.explain("several.xml", &file, more).status.code();
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--idp-entity", IDP]), Some(0));
    assert_eq!(code(&["--idp-entity", "https://other.example/"]), Some(1));
    assert_eq!(code(&["--idp-entity", "https://third.example/"]), Some(2));
    // Whoever claims to be of the other one needs its key.
    let facts = Facts {
        issuer: "https://other.example/",
        ..Facts::default()
    };
    let claimed = place.write("claimed.xml", &HONEST.both_signed(&facts));
    assert_eq!(
        place.explain("several.xml", &claimed, &[]).status.code(),
        Some(1)
    );
}

#[test]
fn encrypted_assertions_open_with_our_key() {
    let place = Place::new();
    let ours = Recipient::new();
    let facts = Facts::default();
    let signed = HONEST.sign(&assertion(&facts), facts.id);
    let xml = response(
        &facts,
        &ours.encrypt("EncryptedAssertion", &signed, Lock::GcmOaepSha1),
    );
    let file = place.write("response.xml", &xml);
    let label = "PRIVATE KEY";
    let key = place.write(
        "key.pem",
        &format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            STANDARD.encode(&ours.pkcs8)
        ),
    );
    let (code, told) = answer(&place.explain("idp.xml", &file, &["--sp-key", &key]));
    assert_eq!(
        (code, told["identity"]["name_id"].as_str()),
        (Some(0), Some(ALICE))
    );
    let (code, told) = answer(&place.explain("idp.xml", &file, &[]));
    assert_eq!((code, status(&told, "encryption")), (Some(1), "failed"));
}

#[test]
fn a_bare_certificate_does_and_says_what_it_cannot_compare() {
    let place = Place::new();
    place.write("idp.txt", &STANDARD.encode(&HONEST.certificate));
    let file = place.write("response.xml", &good());
    let (code, told) = answer(&place.explain("idp.txt", &file, &[]));
    assert_eq!((code, status(&told, "issuer")), (Some(0), "warning"));
}

#[test]
fn sha1_is_refused_unless_it_is_asked_for() {
    let place = Place::new();
    let facts = Facts::default();
    let weak = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let signed = HONEST.sign_as(&assertion(&facts), facts.id, weak, |m| HONEST.rsa(m));
    let file = place.write("response.xml", &response(&facts, &signed));
    let said = |more: &[&str]| {
        let (code, told) = answer(&place.explain("idp.xml", &file, more));
        assert_eq!(code, Some(1));
        told["reason"].as_str().expect("a sentence").to_owned()
    };
    assert!(said(&[]).contains("SHA-1"));
    // It is looked at then, and is no signature with SHA-1 after all.
    assert!(!said(&["--legacy-sha1"]).contains("SHA-1"));
}
