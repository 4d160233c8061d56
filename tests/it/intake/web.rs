//! Files through pages and API: what is sent is in the list, in whatever way, and what may not come in does not.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use countersign::platform::workers::WorkerConfig;
use countersign::platform::workers::pool::WorkerPool;
use serde_json::Value;

use super::{IBAN, VAT_ID, ubl};
use crate::support;
use crate::support::app::{Answer, Browser, Member, TestApp, on_both_apps};
use crate::support::stores::TestStore;

const BOUNDARY: &str = "----countersign-test";

type File<'a> = (&'a str, &'a [u8]);

/// Workers, and an administrator.
async fn open(t: &mut TestApp) -> Member {
    let mut config = WorkerConfig::new(
        env!("CARGO_BIN_EXE_countersign").into(),
        vec!["worker".into()],
    );
    config.timeout_ms = 20_000;
    let pool = WorkerPool::new(config).await.expect("workers start");
    let app = Arc::get_mut(&mut t.app).expect("nobody else has it yet");
    app.workers = Some(pool);
    app.upload_bytes = 4 * 1024 * 1024;
    t.set_up().await
}

async fn embedded() -> (TestApp, Member) {
    let mut t = TestApp::on(Arc::new(TestStore::embedded().await));
    let ann = open(&mut t).await;
    (t, ann)
}

fn multipart(csrf: Option<&str>, files: &[File<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    if let Some(csrf) = csrf {
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n"
            )
            .as_bytes(),
        );
    }
    for (name, bytes) in files {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

fn form(path: &str) -> axum::http::request::Builder {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    Request::post(path).header(header::CONTENT_TYPE, kind)
}

/// Sends files from the upload page.
async fn send(browser: &mut Browser, accept: &str, files: &[File<'_>]) -> Answer {
    let page = browser.get("/bills/upload").await;
    assert_eq!(page.status, 200, "{page:?}");
    let body = multipart(Some(&browser.csrf()), files);
    let request = form("/bills/upload")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, accept);
    browser.send(request, Body::from(body)).await
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("JSON: {answer:?}"))
}

#[test]
fn real_files_of_each_kind_become_bills_of_the_list_without_script() {
    let names = [
        "xrechnung-testsuite/technical-cases/cius/01.03_comprehensive_test_ubl.xml",
        "xrechnung-testsuite/technical-cases/cius/01.01_comprehensive_test_uncefact.xml",
        "zugferd-corpus/XML-Rechnung/FX/EN16931_Einfach.pdf",
    ];
    let Some(paths) = names
        .iter()
        .map(|name| support::material(name))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let bytes: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).expect("it reads"))
        .collect();
    let bytes = &bytes;
    on_both_apps(|mut t| async move {
        let mut ann = open(&mut t).await;
        let mut clerk = t.join(&mut ann, "clerk@harbour.example", &["clerk"]).await;
        let empty = clerk.browser.get("/bills").await;
        assert!(empty.body.contains("No bills yet"), "{}", empty.body);
        let files: [File<'_>; 4] = [
            ("ubl.xml", &bytes[0]),
            ("cii.xml", &bytes[1]),
            ("facturx.pdf", &bytes[2]),
            ("letter.pdf", b"Dear Sirs, please find attached"),
        ];
        let answer = send(&mut clerk.browser, "text/html", &files).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        for (name, _) in files {
            assert!(answer.body.contains(name), "{name}: {}", answer.body);
        }
        let list = &answer.body[answer.body.find("data-upload-list").expect("a list")..];
        let list = &list[..list.find("<template").expect("its end")];
        assert_eq!(list.matches("href=\"/bills/").count(), 4, "{list}");
        assert_eq!(list.matches("Waits for typing").count(), 1, "{list}");
        let all = clerk.browser.get("/bills").await;
        assert_eq!(all.body.matches("data-row").count(), 4, "{}", all.body);
        assert!(all.body.contains("letter.pdf") && all.body.contains("EUR"));
        let typing = clerk.browser.get("/bills?view=typing").await;
        assert!(typing.body.contains("letter.pdf"), "{}", typing.body);
        let none = clerk.browser.get("/bills?q=nosuchword").await;
        assert!(none.body.contains("No bill matches"), "{}", none.body);
        let again = send(&mut clerk.browser, "text/html", &files[..1]).await;
        assert!(again.body.contains("This file came in before"), "{again:?}");
        let all = clerk.browser.get("/bills").await;
        assert_eq!(all.body.matches("data-row").count(), 4);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_gets_a_line_for_each_file_and_refusals_are_lines_too() {
    let (t, mut ann) = embedded().await;
    let mut clerk = t.join(&mut ann, "clerk@harbour.example", &["clerk"]).await;
    let good = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let large = vec![b'x'; 4 * 1024 * 1024 + 1];
    let files: [File<'_>; 3] = [
        ("too-large.pdf", &large),
        ("good.xml", &good),
        ("letter.pdf", b"Dear Sirs"),
    ];
    let answer = send(&mut clerk.browser, "application/json", &files).await;
    let lines = json(&answer);
    let said: Vec<_> = (0..3).map(|n| &lines[n]["outcome"]).collect();
    assert_eq!(said[0], "failed", "{lines}");
    assert_eq!(
        lines[0]["error"],
        "The file is larger than 4 MB. Ask the sender for a smaller one."
    );
    assert!(
        said[1] == "created" || said[1] == "findings",
        "the file after a refused one is taken: {lines}"
    );
    assert!(
        lines[1]["bill_url"]
            .as_str()
            .expect("a bill")
            .starts_with("/bills/")
    );
    assert_eq!(said[2], "typing");
    assert_eq!(lines[2]["findings"][0]["rule"], "CS-INTAKE-KIND");

    // A control character in a name loses neither that file nor the one after it.
    let odd = ubl("A-3", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let files: [File<'_>; 2] = [("scan\u{8}\u{7f}.xml", &odd), ("letter-2.pdf", b"Dear Sir")];
    let lines = json(&send(&mut clerk.browser, "application/json", &files).await);
    assert_eq!(lines[0]["file"], "scan__.xml", "{lines}");
    assert!(lines[0]["bill_url"].is_string(), "{lines}");
    assert_eq!(lines[1]["file"], "letter-2.pdf", "{lines}");

    let answer = send(&mut clerk.browser, "application/json", &[]).await;
    assert_eq!(
        (answer.status, &json(&answer)[0]["outcome"]),
        (422, &"failed".into())
    );
    let answer = send(&mut clerk.browser, "text/html", &[("", b"")]).await;
    assert_eq!(answer.problem, Some("intake-no-file"));

    // A form that breaks off keeps what came before, and says so.
    clerk.browser.get("/bills/upload").await;
    let other = ubl("A-2", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let mut body = multipart(
        Some(&clerk.browser.csrf()),
        &[("whole.xml", &other), ("cut.xml", b"<Invoice")],
    );
    body.truncate(body.len() - 30);
    let request = form("/bills/upload")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "application/json");
    let lines = json(&clerk.browser.send(request, Body::from(body)).await);
    assert_ne!(lines[0]["outcome"], "failed", "{lines}");
    assert_eq!(
        (&lines[1]["file"], &lines[1]["outcome"]),
        (&"cut.xml".into(), &"failed".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_enter_bills_sees_no_upload_and_a_foreign_form_is_refused() {
    let (t, mut ann) = embedded().await;
    let mut clerk = t.join(&mut ann, "clerk@harbour.example", &["clerk"]).await;
    let mut auditor = t
        .join(&mut ann, "audit@harbour.example", &["auditor"])
        .await;
    assert_eq!(auditor.browser.get("/bills/upload").await.status, 404);
    let list = auditor.browser.get("/bills").await;
    assert_eq!(list.status, 200);
    let main = &list.body[list.body.find("<main").expect("main")..];
    assert!(!main.contains("href=\"/bills/upload\""), "{main}");
    auditor.browser.get("/me").await;
    let good = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let body = multipart(Some(&auditor.browser.csrf()), &[("good.xml", &good)]);
    let request = form("/bills/upload").header("sec-fetch-site", "same-origin");
    assert_eq!(
        auditor.browser.send(request, Body::from(body)).await.status,
        403
    );
    for csrf in [None, Some("x")] {
        let body = multipart(csrf, &[("good.xml", &good)]);
        let request = form("/bills/upload").header("sec-fetch-site", "same-origin");
        assert_eq!(
            clerk.browser.send(request, Body::from(body)).await.status,
            403
        );
    }
    let list = clerk.browser.get("/bills").await;
    assert!(list.body.contains("No bills yet"), "nothing came in");
}

/// A token of this person with these permissions.
async fn token(of: &mut Member, permissions: &[&str]) -> String {
    of.browser.get("/me").await;
    let mut fields = vec![("name", "import"), ("days", "30")];
    fields.extend(permissions.iter().map(|name| ("permissions", *name)));
    let answer = of.browser.submit("/me/tokens", &fields).await;
    let at = answer.body.find("csk_").expect("the token is shown once");
    answer.body[at..at + 47].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_brings_bills_once_and_reads_them() {
    let (t, mut ann) = embedded().await;
    let mut clerk = t.join(&mut ann, "clerk@harbour.example", &["clerk"]).await;
    let full = token(&mut clerk, &["bills.read", "bills.enter"]).await;
    let reader = token(&mut clerk, &["bills.read"]).await;
    let mut program = t.browser();
    let good = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let post = |token: &str, key: &str, path: &str| {
        let mut request = Request::post(path.to_owned())
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/xml");
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        request
    };
    let path = "/api/v1/bills?file_name=a.xml";
    let nobody = program
        .send(Request::post(path), Body::from(good.clone()))
        .await;
    assert_eq!(nobody.status, 401);
    let refused = program
        .send(post(&reader, "", path), Body::from(good.clone()))
        .await;
    assert_eq!(refused.status, 403);
    let unnamed = program
        .send(post(&full, "", "/api/v1/bills"), Body::from(good.clone()))
        .await;
    assert_eq!(unnamed.problem, Some("intake-name-missing"));
    let large = vec![b'x'; 4 * 1024 * 1024 + 1];
    let large = program.send(post(&full, "", path), Body::from(large)).await;
    assert_eq!(
        (large.status, large.problem),
        (413, Some("intake-too-large"))
    );

    let first = program
        .send(post(&full, "k1", path), Body::from(good.clone()))
        .await;
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(json(&first)["outcome"], "new");
    let again = program
        .send(post(&full, "k1", path), Body::from(good.clone()))
        .await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    let other = program
        .send(post(&full, "k1", path), Body::from("other"))
        .await;
    assert_eq!(
        (other.status, other.problem),
        (422, Some("error-idempotency-other-request"))
    );
    let body = multipart(None, &[("b.xml", &good)]);
    let request = form("/api/v1/bills").header(header::AUTHORIZATION, format!("Bearer {full}"));
    let known = program.send(request, Body::from(body)).await;
    assert_eq!(
        (known.status, &json(&known)["outcome"]),
        (200, &"duplicate".into())
    );

    let get = |path: &str| {
        Request::get(path.to_owned()).header(header::AUTHORIZATION, format!("Bearer {reader}"))
    };
    // The list is in the order of arrival, to the millisecond.
    t.store.clock.advance(1_000);
    program
        .send(post(&full, "", path), Body::from("Dear Sirs"))
        .await;
    let list = json(
        &program
            .send(get("/api/v1/bills?limit=1"), Body::empty())
            .await,
    );
    assert_eq!(list["bills"].as_array().expect("a list").len(), 1);
    let next = format!(
        "/api/v1/bills?after={}",
        list["next"].as_str().expect("more")
    );
    let list = json(&program.send(get(&next), Body::empty()).await);
    assert_eq!(
        (
            &list["bills"][0]["number"],
            &list["bills"][0]["payable"],
            &list["next"]
        ),
        (&"A-1".into(), &"119.00".into(), &Value::Null)
    );
    let bad = program
        .send(get("/api/v1/bills?view=everything"), Body::empty())
        .await;
    assert_eq!(bad.problem, Some("error-bad-filter"));
    let id = json(&first)["bill"].as_str().expect("an id").to_owned();
    let bill = json(
        &program
            .send(get(&format!("/api/v1/bills/{id}")), Body::empty())
            .await,
    );
    assert_eq!(
        (&bill["gross"], &bill["lines"][0]["net"]),
        (&"119.00".into(), &"100.00".into())
    );
    for nothing in ["x", "0197d3a0-0000-7000-8000-000000000000"] {
        let answer = program
            .send(get(&format!("/api/v1/bills/{nothing}")), Body::empty())
            .await;
        assert_eq!(answer.status, 404);
    }
}
