//! Metadata out of a file: a real file of a browser without JavaScript, read into the form and proposed from there.

use axum::body::Body;
use axum::http::{Request, header};

use super::House;
use crate::single_sign_on::connections;
use crate::support::app::{Answer, between, on_both_apps, unescape};
use crate::support::idp::{ENTITY, Idp};

const NEW: &str = "/settings/sign-in/connections/new";
const LINE: &str = "a-line-between";

/// The file as a browser's own form sends it.
async fn read(house: &mut House, page: &str, file: &[u8]) -> Answer {
    house.ann.browser.get(page).await;
    let csrf = house.ann.browser.csrf();
    let head = format!(
        "--{LINE}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --{LINE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"idp.xml\"\r\nContent-Type: text/xml\r\n\r\n"
    );
    let body = [
        head.as_bytes(),
        file,
        format!("\r\n--{LINE}--\r\n").as_bytes(),
    ]
    .concat();
    let request = Request::post(format!("{page}/metadata"))
        .header("sec-fetch-site", "same-origin")
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={LINE}"),
        );
    house.ann.browser.send(request, Body::from(body)).await
}

fn filled(answer: &Answer) -> (String, String) {
    let area = between(&answer.body, "<textarea id=\"metadata\"", "</textarea>");
    let document = area.and_then(|area| area.split_once('>')).expect("an area");
    let entity = between(
        &answer.body,
        "name=\"entity_id\" type=\"text\" value=\"",
        "\"",
    );
    (unescape(document.1), unescape(entity.expect("a field")))
}

#[test]
fn a_file_fills_the_form_and_what_is_proposed_lets_somebody_in() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        house.idp = std::sync::Arc::new(Idp::new());
        let metadata = house.idp.metadata();
        // As some editors save it.
        let file = format!("\u{feff}{metadata}");
        let before = connections(&mut house.ann).await;
        let answer = read(&mut house, NEW, file.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let (document, entity_id) = filled(&answer);
        assert_eq!(
            (document.as_str(), entity_id.as_str()),
            (metadata.as_str(), ENTITY)
        );
        assert_eq!(
            connections(&mut house.ann).await,
            before,
            "none is there yet"
        );
        let made = house
            .connect(&[("metadata", &document), ("entity_id", &entity_id)])
            .await;
        house.connection = made;
        let mut browser = house.t.browser();
        let done = house.arrives(&mut browser, |_| {}).await;
        assert_eq!(done.location(), "/bills", "{}", done.body);
    });
}

#[test]
fn a_file_for_a_connection_in_force_replaces_the_document_in_its_form_alone() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let page = format!("/settings/sign-in/connections/{}", house.connection);
        let other = Idp::new().metadata();
        let answer = read(&mut house, &page, other.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(filled(&answer).0, other);
        let mut browser = house.t.browser();
        let done = house.arrives(&mut browser, |_| {}).await;
        assert_eq!(done.location(), "/bills", "the confirmed one counts");
    });
}

#[test]
fn what_is_wrong_with_a_file_is_said_beside_it() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let metadata = house.idp.metadata();
        let long = format!("{metadata}{}", " ".repeat(128 * 1024));
        let two = format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{metadata}{}</md:EntitiesDescriptor>",
            metadata.replace(ENTITY, "https://other.example/")
        );
        for (file, field, said) in [
            (&b""[..], "file", "Choose the identity provider"),
            (b"\xff\xfe<\0", "file", "not text in UTF-8"),
            (long.as_bytes(), "file", "larger than 128 KiB"),
            (
                b"code,name",
                "metadata",
                "no metadata of one identity provider",
            ),
            (two.as_bytes(), "metadata", "type the entity id"),
        ] {
            let answer = read(&mut house, NEW, file).await;
            assert_eq!(answer.status, 422, "{said}");
            let error = format!("id=\"{field}-error\"");
            let shown = between(&answer.body, &error, "</p>").expect("it is said at its field");
            assert!(shown.contains(said), "{shown}");
        }
    });
}
