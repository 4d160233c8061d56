//! What cannot be meant together.

use super::error::ConfigError;
use super::sources::Settled;
use crate::platform::witness::{self, NoWitness};

/// What is accepted key by key, and yet cannot be meant together.
pub(super) fn conflicts(settled: &Settled) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let mut refuse = |key: &'static str, problem: &str| {
        errors.push(ConfigError::Conflict {
            origin: settled.origin(key),
            key,
            problem: problem.to_owned(),
        });
    };
    match (
        settled.is_given("tls.certificate"),
        settled.is_given("tls.key"),
    ) {
        (true, false) => refuse("tls.certificate", "its key is missing: name it in tls.key"),
        (false, true) => refuse(
            "tls.key",
            "its certificate is missing: name it in tls.certificate",
        ),
        _ => {}
    }
    if settled
        .required_root("keys.storage")
        .is_same_key(&settled.required_root("keys.field"))
    {
        refuse(
            "keys.field",
            "the storage root and the field root must be two keys in separate places",
        );
    }
    for (key, is) in [
        ("keys.storage_before", "keys.storage"),
        ("keys.field_before", "keys.field"),
    ] {
        let before = settled.root(key);
        if before.is_some_and(|before| before.is_same_key(&settled.required_root(is))) {
            refuse(
                key,
                "it is the root in use: name the one that was used before, or remove this",
            );
        }
    }
    if settled.is_given("mail.host") && settled.is_given("mail.folder") {
        refuse(
            "mail.folder",
            "mail goes to a mail server (mail.host) or into a folder, not both: remove one",
        );
    }
    if settled.is_given("mail.host") && !settled.is_given("mail.from") {
        refuse(
            "mail.host",
            "a mail server refuses mail without a sender: set mail.from to an address of yours",
        );
    }
    if settled.is_given("mail.user") != settled.is_given("mail.password_file") {
        refuse(
            "mail.user",
            "a mail server wants both user and password: set mail.user and mail.password_file, or neither",
        );
    }
    for key in [
        "database.owner_url",
        "database.password_file",
        "database.ca_file",
    ] {
        if settled.is_said(key) && !settled.is_given("database.url") {
            refuse(
                key,
                "it means nothing without database.url: set that too, or remove this for the embedded engine",
            );
        }
    }
    for key in [
        "documents.endpoint",
        "documents.region",
        "documents.access_key_file",
        "documents.secret_key_file",
        "documents.ca_file",
    ] {
        if settled.is_said(key) && !settled.is_given("documents.bucket") {
            refuse(
                key,
                "it means nothing without documents.bucket: set that too, or remove this to keep documents in a folder",
            );
        }
    }
    for key in ["documents.access_key_file", "documents.secret_key_file"] {
        if settled.is_given("documents.bucket") && !settled.is_given(key) {
            refuse(
                "documents.bucket",
                &format!("a bucket lets nobody in without a key: name its file in {key}"),
            );
        }
    }
    witness(settled, &mut refuse);
    if settled.whole("sessions.idle_minutes") > settled.whole("sessions.absolute_minutes") {
        refuse(
            "sessions.idle_minutes",
            "a session cannot idle for longer than it lives (sessions.absolute_minutes)",
        );
    }
    if settled.whole("limits.body_bytes") > settled.whole("limits.upload_bytes") {
        refuse(
            "limits.body_bytes",
            "an ordinary form cannot be larger than an uploaded file (limits.upload_bytes)",
        );
    }
    errors
}

fn witness(settled: &Settled, refuse: &mut impl FnMut(&'static str, &str)) {
    let (url, key) = ("journal.witness_url", "journal.witness_key");
    match (settled.text(url), settled.text(key)) {
        (Some(address), Some(verifier)) => match witness::parse(&address, &verifier) {
            Ok(_) => {}
            Err(error @ NoWitness::Url) => refuse(url, &error.to_string()),
            Err(error @ NoWitness::Key(_)) => refuse(key, &error.to_string()),
        },
        (Some(_), None) => refuse(
            url,
            "the witness's key is missing: name it in journal.witness_key",
        ),
        (None, Some(_)) => refuse(
            key,
            "its address is missing: name it in journal.witness_url",
        ),
        (None, None) => {}
    }
}
