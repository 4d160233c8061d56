//! The ways in for bills, vendors and accounts of ours: the upload page, the API with and without a key, typing, forms, and a copy
//! taken out; and the tokens that last longer than a session.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Canary, Kind, canary, secret, token};
use crate::intake::ubl;
use crate::support::client::Part;
use crate::support::desk::Desk;
use crate::support::http::Response;
use crate::support::server::Server;

/// One way, and what is brought by it. Each has its own of everything, so that a find names the way.
struct Way {
    what: &'static str,
    vendor: &'static str,
    iban: &'static str,
    vat_id: &'static str,
}

const UPLOAD: Way = Way {
    what: "upload page",
    vendor: "Zeisig Kartonagen GmbH",
    iban: "BE68539007547034",
    vat_id: "DE277182818",
};
const API: Way = Way {
    what: "API upload",
    vendor: "Stieglitz Papier GmbH",
    iban: "AT611904300234573201",
    vat_id: "DE161803398",
};
const TYPED: Way = Way {
    what: "typing",
    vendor: "Girlitz Getriebe GmbH",
    iban: "GB82WEST12345698765432",
    vat_id: "DE141421356",
};
const FORM: Way = Way {
    what: "vendor form",
    vendor: "Distelfink Druck GmbH",
    iban: "FR1420041010050500013M02606",
    vat_id: "DE173205089",
};
const VENDOR_API: Way = Way {
    what: "vendor API",
    vendor: "Bluthaenfling Bau GmbH",
    iban: "NL91ABNA0417164300",
    vat_id: "DE223606797",
};
const LINE: &str = "Kanarienfutter grob gemahlen";

fn note(all: &mut Vec<Canary>, way: &Way) {
    all.push(canary(
        Kind::Name,
        &format!("{}: vendor", way.what),
        way.vendor,
    ));
    all.push(secret(&format!("{}: IBAN", way.what), way.iban));
    all.push(secret(&format!("{}: VAT id", way.what), way.vat_id));
}

fn document(way: &Way, number: &str) -> Vec<u8> {
    let xml = ubl(number, way.vendor, "119.00", way.iban, way.vat_id);
    let xml = String::from_utf8(xml).expect("our own text");
    xml.replace("Boxes", LINE).into_bytes()
}

fn moved(answer: &Response) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("a way on").to_owned()
}

pub fn walk(server: &Server, ann: &mut Desk, all: &mut Vec<Canary>) {
    for way in [&UPLOAD, &API, &TYPED, &FORM, &VENDOR_API] {
        note(all, way);
    }
    all.push(canary(Kind::Name, "line", LINE));
    let bill = upload(ann);
    type_over(ann, &bill);
    let vendor = vendor_form(ann);
    reveal(ann, &vendor);
    own_account(ann, all);
    lasting_tokens(server, ann, all);
    programs(server, ann, all);
    streamed(server, ann, all);
    ann.get("/journal");
    let copy = ann.submit("/journal/export", &[("format", "csv")]);
    assert_eq!(copy.status, 200, "{}", copy.text());
    // What is looked at is not kept either.
    for path in ["/bills", "/vendors", "/journal", &bill] {
        assert_eq!(ann.get(path).status, 200, "{path}");
    }
}

/// Gives the path of the bill that the upload became.
fn upload(ann: &mut Desk) -> String {
    ann.get("/bills/upload");
    let csrf = ann.csrf();
    let file = document(&UPLOAD, "ZEISIG-2026-1");
    let part = |name, file_name, bytes| Part {
        name,
        file_name,
        bytes,
    };
    let parts = [
        part("csrf", None, csrf.as_bytes()),
        part("files", Some("zeisig.xml"), &file),
    ];
    let answer = ann.client.multipart("/bills/upload", &parts);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = answer.text();
    let id = page
        .split("/bills/")
        .filter_map(|rest| rest.get(..36))
        .find(|id| id.parse::<uuid::Uuid>().is_ok())
        .unwrap_or_else(|| panic!("the page links to no bill: {page}"));
    format!("/bills/{id}")
}

fn type_over(ann: &mut Desk, bill: &str) {
    let path = format!("{bill}/edit");
    assert_eq!(ann.get(&path).status, 200);
    let fields = [
        ("kind", "standard"),
        ("vendor_name", TYPED.vendor),
        ("vendor_vat_id", TYPED.vat_id),
        ("iban", TYPED.iban),
        ("number", "GIRLITZ-2026-1"),
        ("purchase_order", ""),
        ("payment_reference", ""),
        ("invoice_date", "2026-01-02"),
        ("due_date", "2026-02-01"),
        ("currency", "EUR"),
        ("net", "100.00"),
        ("vat", "19.00"),
        ("total", "119.00"),
        ("payable", ""),
    ];
    // Once with a fault: what was typed goes through the error's page as well.
    let mut wrong = fields;
    wrong[10].1 = "hundred";
    assert_eq!(ann.submit_all(&path, &wrong).status, 422);
    assert_eq!(ann.get(&path).status, 200);
    moved(&ann.submit_all(&path, &fields));
}

fn vendor_form(ann: &mut Desk) -> String {
    ann.get("/vendors/new");
    let vendor = moved(&ann.submit(
        "/vendors",
        &[
            ("name", FORM.vendor),
            ("vat_id", FORM.vat_id),
            ("country", "DE"),
            ("terms_days", "30"),
        ],
    ));
    ann.get(&format!("{vendor}/accounts/new"));
    moved(&ann.submit(
        &format!("{vendor}/accounts"),
        &[
            ("holder", FORM.vendor),
            ("iban", FORM.iban),
            ("currency", "EUR"),
            ("source", "letter"),
            ("evidence", "signed by the owner"),
        ],
    ));
    vendor
}

/// The account is seen in full once, and on no other page, before or after: what was shown is looked for in files like all else.
fn reveal(ann: &mut Desk, vendor: &str) {
    let masked = |ann: &mut Desk, path: &str| {
        let page = ann.get(path).text();
        let bare: String = page.split_whitespace().collect();
        assert!(!bare.contains(FORM.iban), "{path} shows it: {page}");
        page
    };
    let page = masked(ann, vendor);
    let form = page
        .split('"')
        .find(|part| part.starts_with("/reveals/new?value=vendor-iban:"))
        .unwrap_or_else(|| panic!("nothing leads to it: {page}"))
        .to_owned();
    masked(ann, &form);
    let value = form.split('=').next_back().expect("its name");
    let fields = [
        ("value", value),
        ("purpose", "bank"),
        ("reason", "the bank asks about a payment"),
    ];
    let shown = ann.submit("/reveals", &fields);
    assert_eq!(shown.status, 200, "{}", shown.text());
    let bare: String = shown.text().split_whitespace().collect();
    assert!(bare.contains(FORM.iban), "{}", shown.text());
    let seen = masked(ann, &format!("{vendor}/seen"));
    assert!(seen.contains("the bank asks about a payment"), "{seen}");
    for path in ["/", "/reveals", "/vendors", "/journal", "/me/seen", vendor] {
        masked(ann, path);
    }
}

/// A second account to pay from, typed in the settings.
fn own_account(ann: &mut Desk, all: &mut Vec<Canary>) {
    const IBAN: &str = "ES9121000418450200051332";
    all.push(secret("settings: IBAN", IBAN));
    let page = ann.get("/settings").text();
    let path = page
        .split('"')
        .find(|part| part.starts_with("/settings/entities/") && part.ends_with("/accounts"))
        .unwrap_or_else(|| panic!("no account can be added: {page}"))
        .to_owned();
    ann.get(&path);
    let fields = [
        ("label", "Second"),
        ("iban", IBAN),
        ("bic", ""),
        ("currency", "EUR"),
    ];
    moved(&ann.submit(&path, &fields));
}

/// The device's token, and that of a link for a forgotten password, which the mail alone holds.
fn lasting_tokens(server: &Server, ann: &mut Desk, all: &mut Vec<Canary>) {
    let device = ann.client.cookie("__Host-device").expect("a known device");
    all.extend(token("device token", device));
    let mut visitor = Desk::at(server.client());
    visitor.get("/forgot-password");
    let asked = visitor.submit("/forgot-password", &[("email", "ann@harbour.example")]);
    assert_eq!(asked.status, 200, "{}", asked.text());
    let link = server.wait_for_mail("/reset/");
    let shown = link
        .split("/reset/")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    all.extend(token("reset link", shown.expect("a token")));
}

/// Each write goes twice under one key: the second answer comes from the one that is kept.
fn programs(server: &Server, ann: &mut Desk, all: &mut Vec<Canary>) {
    let token = ann.api_token(
        "canaries",
        &[
            "bills.enter",
            "bills.read",
            "vendors.edit",
            "bank-accounts.enter",
        ],
    );
    all.extend(super::token("API token of the ways", &token));
    let mut program = server
        .client()
        .always("Authorization", &format!("Bearer {token}"));
    let mut twice = |path: &str, key: &str, body: &[u8]| {
        let headers = [
            ("Content-Type", "application/octet-stream"),
            ("Idempotency-Key", key),
        ];
        let answers = [(); 2].map(|()| program.request("POST", path, &headers, body));
        assert_eq!(answers[0].status, 201, "{}", answers[0].text());
        assert_eq!(answers[0].text(), answers[1].text());
        answers[0].json()
    };
    let file = document(&API, "STIEGLITZ-2026-1");
    let key = "key-of-a-goldfinch";
    all.push(secret("idempotency key", key));
    twice("/api/v1/bills?file_name=stieglitz.xml", key, &file);
    let body = serde_json::json!({ "name": VENDOR_API.vendor, "vat_id": VENDOR_API.vat_id, "country": "DE" });
    let made = twice("/api/v1/vendors", "two", body.to_string().as_bytes());
    let vendor = made["id"].as_str().expect("an id");
    let body = serde_json::json!({
        "holder": VENDOR_API.vendor, "iban": VENDOR_API.iban, "currency": "EUR", "source": "letter",
    });
    twice(
        &format!("/api/v1/vendors/{vendor}/accounts"),
        "three",
        body.to_string().as_bytes(),
    );
    let shown = ann.get(&format!("/vendors/{vendor}")).text();
    assert!(!shown.contains(VENDOR_API.iban), "it is masked");
}

/// What signs a webhook of the journal: shown once to whoever confirms it, and once to whoever renews it.
fn streamed(server: &Server, ann: &mut Desk, all: &mut Vec<Canary>) {
    const PASSWORD: &str = "a linnet on a lamp post";
    let link = ann.invite("sven@harbour.example", &["security-officer"]);
    let mut sven = Desk::at(server.client());
    sven.get(&link);
    let fields = [
        ("name", "Sven"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    sven.submit(&link, &fields);
    sven.enrol();
    ann.get("/settings/streams");
    let fields = [
        ("name", "Linnet"),
        ("kind", "webhook"),
        ("address", "https://127.0.0.1:1/linnet"),
        ("format", "jsonl"),
        ("begins", "first"),
    ];
    moved(&ann.submit("/settings/streams", &fields));
    let page = sven.get("/settings/streams").text();
    let path = page
        .split('"')
        .find(|part| part.starts_with("/settings/streams/"))
        .unwrap_or_else(|| panic!("nothing waits: {page}"))
        .to_owned();
    let confirmed = sven.submit(&path, &[("decision", "confirm")]).text();
    sven.get("/settings/streams");
    let renewed = sven.submit(&format!("{path}/secret"), &[]).text();
    for page in [confirmed, renewed] {
        let shown = page.split("whsec_").nth(1);
        let shown = shown.unwrap_or_else(|| panic!("no secret is shown: {page}"));
        let bare = &shown[..44];
        let raw = STANDARD.decode(bare);
        let raw = raw.unwrap_or_else(|e| panic!("{bare}: {e}"));
        all.push(secret("webhook secret", bare));
        all.push(secret("webhook secret", raw));
    }
}
