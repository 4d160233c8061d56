//! The pages of bills through the router: documents that cannot harm, holds, typing, closing, and whose bills they are.

use axum::body::Body;
use axum::http::{Request, header};
use countersign::identity::access::Role;
use countersign::payables;
use countersign::payables::bills::holds::HoldKind;
use countersign::payables::bills::rules::Processing;
use countersign::payables::ids::BillId;
use tower::ServiceExt as _;

use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::app::{Answer, Browser};
use crate::support::root;
use crate::support::stores::on_both;
use crate::support::world::{Somebody, World};

const UBL: &str = "xrechnung-testsuite/technical-cases/cius/01.01_comprehensive_test_ubl.xml";
const FACTUR_X: &str = "zugferd-corpus/XML-Rechnung/FX/EN16931_Einfach.pdf";

/// A browser in which somebody is signed in.
pub(super) fn browser(world: &World, somebody: &Somebody) -> Browser {
    let router = payables::routes().with_state(std::sync::Arc::clone(&world.app));
    let mut browser = Browser::new(router);
    browser.keep(somebody.cookie());
    browser
}

fn sample(path: &str) -> Option<Vec<u8>> {
    let file = root().join("../shared/data").join(path);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: the test data are not there: {}", file.display());
    }
    bytes
}

pub(super) async fn read(browser: &mut Browser, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer
}

/// The bytes of an answer as they are.
async fn bytes(world: &World, somebody: &Somebody, path: &str) -> Vec<u8> {
    let request = Request::get(path)
        .header(header::COOKIE, somebody.cookie())
        .body(Body::empty())
        .expect("a request");
    let router = payables::routes().with_state(std::sync::Arc::clone(&world.app));
    let answer = router
        .oneshot(request)
        .await
        .unwrap_or_else(|never| match never {});
    let body = axum::body::to_bytes(answer.into_body(), 64 << 20).await;
    body.expect("it ends").to_vec()
}

#[test]
fn a_structured_invoice_is_shown_as_rows_and_handed_out_as_a_file_only() {
    let Some(xml) = sample(UBL) else { return };
    on_both(|t| {
        let xml = xml.clone();
        async move {
            let desk = Desk::new(&t).await;
            let bill = desk.send("rechnung.xml", &xml).await.expect("taken").bill;
            let mut clerk = browser(&desk.world, &desk.clerk);
            let page = read(&mut clerk, &format!("/bills/{bill}")).await;
            for shown in [
                "BT-112",
                "BT-27",
                "class=\"chip term\"",
                "BG-25[1]/BT-131",
                "Not exported",
            ] {
                assert!(page.body.contains(shown), "{shown} not in {}", page.body);
            }
            let path = format!("/bills/{bill}/document");
            let file = read(&mut clerk, &path).await;
            let header = |name: &str| {
                file.headers
                    .get(name)
                    .and_then(|v| v.to_str().ok())
                    .unwrap_or_default()
            };
            assert!(
                header("content-disposition").starts_with("attachment; filename=\"rechnung.xml\"")
            );
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert!(header("content-security-policy").contains("sandbox"));
            assert_eq!(header("content-type"), "application/octet-stream");
            assert_eq!(bytes(&desk.world, &desk.clerk, &path).await, xml);
            assert_eq!(
                clerk
                    .get(&format!("/bills/{bill}/pages/1.png"))
                    .await
                    .status,
                404
            );
        }
    });
}

#[test]
fn holds_and_findings_speak_the_readers_language() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = desk.send("a.txt", b"Dear Sirs").await.expect("kept").bill;
        let mut clerk = browser(&desk.world, &desk.clerk);
        let path = format!("/bills/{bill}");
        let english = read(&mut clerk, &path).await;
        for shown in [
            "The file is of no kind that can be read here.",
            "In detail: ",
            "Missing: Vendor, ",
            "The document names no vendor.",
        ] {
            assert!(english.body.contains(shown), "{shown}: {}", english.body);
        }
        let request = Request::get(&path).header(header::ACCEPT_LANGUAGE, "de");
        let german = clerk.send(request, Body::empty()).await;
        for shown in [
            "Die Datei ist von keiner Art, die hier gelesen wird.",
            "Im Wortlaut: ",
            "Es fehlt: Lieferant, Rechnungsnummer",
            "Der Beleg nennt keinen Lieferanten.",
        ] {
            assert!(german.body.contains(shown), "{shown}: {}", german.body);
        }
        assert!(!german.body.contains("The file is of no kind"));
    });
}

#[test]
fn whoever_decides_sees_the_document_and_where_each_fact_came_from() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let (xml, pdf) = (
            ubl("RE-7", "Nordwind GmbH", "119.00", IBAN, VAT_ID),
            sample(FACTUR_X),
        );
        let bill = desk.send("re.xml", &xml).await.expect("taken").bill;
        let mut clerk = browser(&desk.world, &desk.clerk);
        let page = read(&mut clerk, &format!("/approvals/{bill}")).await;
        for shown in [
            "class=\"paper\"",
            "class=\"chip term\"",
            "BT-112",
            "re.xml",
            "Account on the document",
            "The vendor is not active",
            "does not wait for a decision",
        ] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        assert!(!page.body.contains(IBAN), "masked");
        let Some(pdf) = pdf else { return };
        let bill = desk.send("re.pdf", &pdf).await.expect("taken").bill;
        let page = read(&mut clerk, &format!("/approvals/{bill}")).await;
        let image = format!("src=\"/bills/{bill}/pages/1.png\"");
        let data = format!("/approvals/{bill}?document=data");
        assert!(page.body.contains(&image) && page.body.contains(&data));
        let page = read(&mut clerk, &data).await;
        assert!(page.body.contains("class=\"paper\"") && !page.body.contains(&image));
    });
}

#[test]
fn a_pdf_is_shown_as_images_that_a_worker_draws() {
    let Some(pdf) = sample(FACTUR_X) else { return };
    on_both(|t| {
        let pdf = pdf.clone();
        async move {
            let desk = Desk::new(&t).await;
            let bill = desk.send("facture.pdf", &pdf).await.expect("taken").bill;
            let mut clerk = browser(&desk.world, &desk.clerk);
            let page = read(&mut clerk, &format!("/bills/{bill}")).await;
            let image = format!("/bills/{bill}/pages/1.png");
            assert!(page.body.contains(&image), "{}", page.body);
            assert!(!page.body.contains("<object") && !page.body.contains("<iframe"));
            let data = read(&mut clerk, &format!("/bills/{bill}?document=data")).await;
            assert!(data.body.contains("BT-112") && !data.body.contains(&image));
            let png = bytes(&desk.world, &desk.clerk, &image).await;
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
            let width = u32::from_be_bytes(png[16..20].try_into().expect("four bytes"));
            assert!(width <= 1_240, "{width}");
            for none in [
                "0.png",
                "51.png",
                "999999999999999999999.png",
                "1.svg",
                "one.png",
            ] {
                let answer = clerk.get(&format!("/bills/{bill}/pages/{none}")).await;
                assert_eq!(answer.status, 404, "{none}");
            }
        }
    });
}

#[test]
fn a_hold_is_placed_and_released_with_a_reason() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let (mut clerk, path) = (browser(&desk.world, &desk.clerk), format!("/bills/{bill}"));
        let page = read(&mut clerk, &path).await;
        assert!(!page.body.contains(IBAN), "accounts are masked");
        let holds = format!("{path}/holds");
        assert_eq!(clerk.submit(&holds, &[("reason", " ")]).await.status, 422);
        let placed = clerk
            .submit(&holds, &[("reason", "Wait for the goods")])
            .await;
        assert_eq!(placed.location(), path);
        let again = clerk.submit(&holds, &[("reason", "Me too")]).await;
        assert_ne!(again.status, 500);
        let page = read(&mut clerk, &path).await;
        assert!(page.body.contains("Wait for the goods") && page.body.contains("held the bill"));
        let hold = desk.stored(bill).await.holds;
        let hold = hold
            .iter()
            .find(|h| h.kind == HoldKind::Manual)
            .expect("placed")
            .id;
        let release = format!("{holds}/{hold}/release");
        let silent = clerk
            .submit(&release, &[("version", "1"), ("reason", "")])
            .await;
        assert_eq!(silent.status, 422, "{}", silent.body);
        let stale = clerk
            .submit(&release, &[("version", "9"), ("reason", "Come")])
            .await;
        assert_eq!(stale.problem, Some("bills-conflict"));
        read(&mut clerk, &path).await;
        let done = clerk
            .submit(&release, &[("version", "1"), ("reason", "They came")])
            .await;
        assert_eq!(done.location(), path, "{}", done.body);
        let page = read(&mut clerk, &path).await;
        assert!(page.body.contains("They came") && !desk.stored(bill).await.held(HoldKind::Manual));
        let twice = clerk
            .submit(&release, &[("version", "1"), ("reason", "Twice")])
            .await;
        assert_eq!(twice.problem, Some("bills-hold-not-open"));
    });
}

#[test]
fn a_bill_is_closed_with_a_reason_and_then_nobody_types_on_it() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let (mut clerk, path) = (browser(&desk.world, &desk.clerk), format!("/bills/{bill}"));
        for way in ["cancel", "reject", "dispute"] {
            read(&mut clerk, &format!("{path}/{way}")).await;
        }
        let reject = format!("{path}/reject");
        read(&mut clerk, &reject).await;
        assert_eq!(
            clerk.submit_all(&reject, &[("reason", "")]).await.status,
            422
        );
        let done = clerk
            .submit_all(&reject, &[("reason", "Never ordered")])
            .await;
        assert_eq!(done.location(), path, "{}", done.body);
        assert_eq!(
            desk.stored(bill).await.bill.processing,
            Processing::Rejected
        );
        let edit = clerk.get(&format!("{path}/edit")).await;
        assert_eq!(edit.problem, Some("bills-is-closed"));
        let page = read(&mut clerk, &path).await;
        assert!(
            page.body.contains("Never ordered") && !page.body.contains(&format!("{path}/cancel"))
        );
    });
}

#[test]
fn another_organisation_finds_nothing_and_an_auditor_changes_nothing() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill: BillId = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let auditor = desk.world.somebody("Otto", &[Role::Auditor]).await;
        let mut reader = browser(&desk.world, &auditor);
        let page = read(&mut reader, &format!("/bills/{bill}")).await;
        for way in ["/edit", "/cancel", "/holds"] {
            assert!(!page.body.contains(&format!("/bills/{bill}{way}")), "{way}");
        }
        let held = reader
            .submit(&format!("/bills/{bill}/holds"), &[("reason", "x")])
            .await;
        assert_eq!(held.status, 403);
        assert_eq!(reader.get(&format!("/bills/{bill}/edit")).await.status, 404);
        let other = World::new(&t).await;
        let stranger = other.somebody("Eve", &[Role::Clerk]).await;
        let mut outside = browser(&other, &stranger);
        for path in ["", "/document", "/pages/1.png", "/edit", "/cancel"] {
            let answer = outside.get(&format!("/bills/{bill}{path}")).await;
            assert_eq!(answer.status, 404, "{path}");
        }
        assert_eq!(outside.get("/bills/none").await.status, 404);
    });
}

/// All fields of the form but the version, with some changed.
pub(super) fn form<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("kind", "standard"),
        ("vendor_name", "Nordwind GmbH"),
        ("vendor_vat_id", ""),
        ("iban", ""),
        ("number", "A-1"),
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
    for (name, value) in &mut fields {
        if let Some((_, other)) = changed.iter().find(|(changed, _)| changed == name) {
            *value = other;
        }
    }
    fields
}
