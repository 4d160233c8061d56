//! Signing in through other people's identity providers, in a real browser, from the button to the home page.

use super::people::set_up;
use crate::support::browser::{Browser, JavaScript};
use crate::support::saml_idps::Provider;
use crate::support::server::{Launch, Server};

const NEW: &str = "/settings/sign-in/connections/new";

fn plays(provider: &Provider, javascript: JavaScript, name: &str) {
    let launch = Launch::embedded()
        .variable("COUNTERSIGN_PROVIDERS_CA_FILE", provider.authority())
        .variable("COUNTERSIGN_PROVIDERS_NETWORKS", "private");
    let server = Server::start(launch);
    let (first, second) = (Browser::start(javascript), Browser::start(javascript));
    set_up(&server, &first, |_, _| {});
    let path = connect(&server, &first, provider, name);
    first.screenshot(&format!("sso-{name}-settings"));
    let id = path.rsplit('/').next().expect("an id");
    let ours = server.client().get(&format!("/sso/{id}/metadata"));
    assert_eq!(ours.status, 200, "{}", ours.text());
    provider.knows(&ours.text());

    second.goto(&server.url("/sign-in"));
    second.press("a[href^='/sso/']");
    if provider.takes_posts {
        sends(&server, &second, provider, (name, id));
    }
    second.wait_for_text("form button", "Ingrid");
    second.press("form button");
    second.find("header summary");
    assert_eq!(second.url(), server.url("/"), "the home page");
    second.screenshot(&format!("sso-{name}-home"));
    second.goto(&server.url("/me"));
    second.wait_for_text("main", "ingrid@harbour.example");
}

/// The page in between, whose form goes to the identity provider and, by the page's policy, nowhere else.
fn sends(server: &Server, browser: &Browser, provider: &Provider, (name, id): (&str, &str)) {
    browser.wait_for_text("form button", name);
    browser.screenshot(&format!("sso-{name}-sends"));
    let page = server.client().get(&format!("/sso/{id}/start"));
    let policy = page.header("content-security-policy").expect("a policy");
    let forms = policy
        .split(';')
        .find(|part| part.trim().starts_with("form-action"));
    let forms = forms.map(str::trim);
    let wanted = format!("form-action 'self' {}", provider.origin());
    assert_eq!(forms, Some(wanted.as_str()), "{policy}");
    browser.press("form button");
}

/// Ann, who administers alone, makes a connection and says which domain is theirs; gives the connection's path.
fn connect(server: &Server, browser: &Browser, provider: &Provider, name: &str) -> String {
    browser.goto(&server.url(&format!("{NEW}?kind=saml")));
    let form = format!("form[action='{NEW}']");
    for (field, value) in [
        ("name", name),
        ("metadata_address", &provider.metadata()),
        ("entity_id", &provider.metadata()),
        ("email", provider.attributes.0),
        ("full_name", provider.attributes.1),
    ] {
        browser.fill(&format!("{form} [name={field}]"), value);
    }
    browser.press(&format!("{form} [name=just_in_time]"));
    browser.press(&format!("{form} [name=trusts_factor]"));
    browser.submit(&form);
    let link = browser.find("a[href^='/settings/sign-in/connections/0']");
    let path = browser.attribute(&link, "href").expect("a link");
    let domains = "form[action='/settings/sign-in/domains']";
    browser.fill(&format!("{domains} [name=domain]"), "harbour.example");
    browser.submit(domains);
    browser.wait_for_text("section.sheet li:has(form)", "harbour.example");
    browser.goto(&server.url(&path));
    path
}

#[test]
fn pysaml2_signs_somebody_in() {
    plays(&Provider::pysaml2(), JavaScript::On, "pysaml2");
}

#[test]
fn pysaml2_signs_somebody_in_without_javascript() {
    plays(&Provider::pysaml2(), JavaScript::Off, "pysaml2-plain");
}

#[test]
fn samlify_signs_somebody_in_by_an_encrypted_assertion() {
    plays(&Provider::samlify(), JavaScript::Off, "samlify");
}

#[test]
fn pysaml2_takes_a_posted_request_with_javascript() {
    let provider = Provider::pysaml2_by_post();
    plays(&provider, JavaScript::On, "pysaml2-post");
}

#[test]
fn pysaml2_takes_a_posted_request_without_javascript() {
    let provider = Provider::pysaml2_by_post();
    plays(&provider, JavaScript::Off, "pysaml2-post-plain");
}
