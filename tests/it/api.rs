//! The API as a whole, at the running binary: every refusal is a problem of ours, and the description is whole.

use std::collections::BTreeSet;

use serde_json::Value;

use super::access::routes::described;
use super::support::client::Client;
use super::support::desk::{Desk, Typed};
use super::support::http::Response;
use super::support::server::{Launch, Server};

/// Checks an answer's shape (RFC 9457) and gives it.
fn problem(answer: &Response, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{}",
        answer.text()
    );
    let body = answer.json();
    assert_eq!(body["status"], status);
    for member in ["type", "title", "detail", "code", "request"] {
        let text = body[member].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{member} of {body}");
    }
    body
}

#[test]
fn every_refusal_under_the_api_is_a_problem_of_ours() {
    let small = Launch::embedded().variable("COUNTERSIGN_LIMITS_BODY_BYTES", "65536");
    let server = Server::start(small);
    let (mut ann, _) = Desk::set_up(&server, &Typed::default());
    let token = ann.api_token("program", &["bills.read", "vendors.read", "settings.edit"]);
    let mut program = server
        .client()
        .always("Authorization", &format!("Bearer {token}"));

    let unreadable = program.get("/api/v1/vendors?limit=abc");
    assert_eq!(
        problem(&unreadable, 400)["code"],
        "error-request-unreadable"
    );
    let json = [("Content-Type", "application/json")];
    let latin = program.request(
        "POST",
        "/api/v1/vendors",
        &json,
        b"{\"name\": \"M\xfcller\"}",
    );
    problem(&latin, 400);
    let large = program.request("POST", "/api/v1/vendors", &json, &[b' '; 66_000]);
    assert_eq!(problem(&large, 413)["code"], "error-request-too-large");
    let method = program.request("DELETE", "/api/v1/bills", &[], &[]);
    assert_eq!(problem(&method, 405)["code"], "error-request-method");
    let allowed = method.header("allow").expect("the methods that are taken");
    assert!(allowed.contains("GET") && allowed.contains("POST"));
    for nowhere in ["/api/v1/nowhere", "/api/v2/bills", "/api/"] {
        problem(&program.get(nowhere), 404);
    }
    is_challenged(&server.client(), &mut program);
    // A browser gets a page for the same.
    let page = ann.client.request("DELETE", "/bills", &[], &[]);
    assert_eq!(page.status, 405);
    assert!(page.text().contains("<html"), "{}", page.text());
}

/// RFC 6750, 3: who showed no token is told the scheme alone, who showed one also what is wrong with it.
fn is_challenged(stranger: &Client, program: &mut Client) {
    let challenge = |answer: &Response| {
        let challenge = answer.header("www-authenticate");
        challenge.unwrap_or_default().to_owned()
    };
    let answer = stranger.clone().get("/api/v1/bills");
    problem(&answer, 401);
    assert_eq!(challenge(&answer), "Bearer realm=\"countersign\"");
    let mut wrong = stranger.clone().always("Authorization", "Bearer csk_no");
    let answer = wrong.get("/api/v1/bills");
    problem(&answer, 401);
    assert!(challenge(&answer).ends_with("error=\"invalid_token\""));
    let answer = program.json("POST", "/api/v1/bills", &Value::Null);
    problem(&answer, 403);
    assert!(challenge(&answer).ends_with("error=\"insufficient_scope\""));
    let answer = program.get("/api/v1/bills");
    assert_eq!((answer.status, challenge(&answer).as_str()), (200, ""));
}

#[test]
fn the_description_is_served_whole_and_names_every_route() {
    let server = Server::start(Launch::embedded());
    let answer = server.client().get("/api/openapi.json");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let document = answer.json();
    let problems = flaws(&document);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    let named: BTreeSet<(String, String)> = operations(&document)
        .map(|(method, path, _)| (method.to_uppercase(), path.to_owned()))
        .collect();
    let described = described().into_iter();
    let described = described.map(|(method, path)| (method, path.replace("{*", "{")));
    assert_eq!(named, described.collect());
    assert_eq!(document["info"]["title"], "Countersign");
    let scheme = &document["components"]["securitySchemes"]["bearer"];
    assert_eq!(
        (scheme["type"].as_str(), scheme["scheme"].as_str()),
        (Some("http"), Some("bearer"))
    );
    assert_eq!(document["security"][0]["bearer"], serde_json::json!([]));
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        METHODS
            .iter()
            .filter_map(move |method| Some((*method, path.as_str(), item.get(method)?)))
    })
}

/// What breaks OpenAPI 3.1 or our own use of it.
fn flaws(document: &Value) -> Vec<String> {
    let mut flaws = Vec::new();
    if !document["openapi"]
        .as_str()
        .is_some_and(|v| v.starts_with("3.1."))
    {
        flaws.push(format!("openapi: {}", document["openapi"]));
    }
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(document) {
        let at = format!("{method} {path}");
        let mut wanted: BTreeSet<&str> = path
            .split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["in"] == "path" {
                let known = wanted.remove(name) && parameter["required"] == true;
                if !known {
                    flaws.push(format!("{at}: the path has no {{{name}}}"));
                }
            }
            if parameter["schema"].is_null() {
                flaws.push(format!("{at}: {name} has no schema"));
            }
        }
        flaws.extend(
            wanted
                .iter()
                .map(|name| format!("{at}: {{{name}}} is not described")),
        );
        let id = operation["operationId"].as_str().unwrap_or_default();
        if !ids.insert(id) {
            flaws.push(format!("{at}: the operationId {id:?} is another's"));
        }
        let responses = operation["responses"].as_object();
        if !responses.is_some_and(|all| all.keys().any(|status| status.starts_with('2'))) {
            flaws.push(format!("{at}: no answer for success"));
        }
    }
    dangling(document, document, &mut flaws);
    flaws
}

/// References that lead nowhere.
fn dangling(document: &Value, at: &Value, flaws: &mut Vec<String>) {
    match at {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap_or_default();
                if pointer.is_empty() || document.pointer(pointer).is_none() {
                    flaws.push(format!("{reference} leads nowhere"));
                }
            }
            members
                .values()
                .for_each(|value| dangling(document, value, flaws));
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| dangling(document, value, flaws)),
        _ => {}
    }
}

#[test]
fn a_flawed_description_is_found() {
    let flawed = serde_json::json!({
        "openapi": "3.0.3",
        "paths": { "/x/{id}": {
            "get": { "operationId": "a", "responses": { "404": { "$ref": "#/components/responses/no" } },
                "parameters": [{ "name": "other", "in": "path", "required": true, "schema": {} }] },
            "post": { "operationId": "a", "responses": { "200": {} } },
        } },
    });
    assert_eq!(flaws(&flawed).len(), 7, "{:?}", flaws(&flawed));
}
