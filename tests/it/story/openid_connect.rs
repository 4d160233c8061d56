//! Signing in through an OpenID provider that other people wrote, in a real browser: in, out at both, and out by the provider's
//! own word.

use super::people::{choose, set_up};
use crate::support::browser::{Browser, JavaScript};
use crate::support::openid_provider::{CLIENT, OidcProvider, SECRET};
use crate::support::server::{Launch, Server};

const NEW: &str = "/settings/sign-in/connections/new";

fn plays(javascript: JavaScript, name: &str) {
    let provider = OidcProvider::start();
    let launch = Launch::embedded()
        .variable("COUNTERSIGN_PROVIDERS_CA_FILE", provider.authority())
        .variable("COUNTERSIGN_PROVIDERS_NETWORKS", "private");
    let server = Server::start(launch);
    let (first, second) = (Browser::start(javascript), Browser::start(javascript));
    set_up(&server, &first, |_, _| {});
    let id = connect(&server, &first, &provider);
    first.screenshot(&format!("openid-{name}-settings"));
    provider.knows(&server, &id);

    comes_in(&server, &second);
    second.goto(&server.url("/me"));
    second.wait_for_text("main", "ingrid@harbour.example");
    second.screenshot(&format!("openid-{name}-me"));

    // Out here goes on to the provider, which asks, and sends her back.
    choose(&second, "header summary");
    second.submit("form[action='/sign-out']");
    second.wait_for_text("button[name=logout]", "Yes");
    second.press("button[name=logout]");
    second.find("form[action='/sign-in']");
    comes_in(&server, &second);

    // Out there: the provider tells our server by itself.
    second.goto(&format!("{}/session/end", provider.issuer()));
    second.press("button[name=logout]");
    second.wait_until("her session here has ended", || {
        second.goto(&server.url("/bills"));
        second.url().contains("/sign-in").then_some(())
    });
}

/// By the button of the sign-in page, to the home page. The provider asks who she is: it holds no session of hers.
fn comes_in(server: &Server, browser: &Browser) {
    browser.goto(&server.url("/sign-in"));
    browser.press("a[href^='/sso/']");
    browser.wait_for_text("form button", "Ingrid");
    browser.press("form button");
    browser.find("header summary");
    assert_eq!(browser.url(), server.url("/"), "the home page");
}

/// Ann, who administers alone, makes a connection and says which domain is theirs; gives the connection's id.
fn connect(server: &Server, browser: &Browser, provider: &OidcProvider) -> String {
    browser.goto(&server.url("/settings/sign-in"));
    browser.press("a[href$='kind=oidc']");
    let form = format!("form[action='{NEW}']");
    for (field, value) in [
        ("name", "Head office"),
        ("issuer", &provider.issuer()),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ] {
        browser.fill(&format!("{form} [name={field}]"), value);
    }
    browser.press(&format!("{form} [name=just_in_time]"));
    browser.press(&format!("{form} [name=trusts_factor]"));
    browser.submit(&form);
    let domains = "form[action='/settings/sign-in/domains']";
    browser.fill(&format!("{domains} [name=domain]"), "harbour.example");
    browser.submit(domains);
    browser.wait_for_text("main", "harbour.example");
    let link = browser.find("a[href^='/settings/sign-in/connections/0']");
    let path = browser.attribute(&link, "href").expect("a link");
    browser.goto(&server.url(&path));
    path.rsplit('/').next().expect("an id").to_owned()
}

#[test]
fn oidc_provider_signs_somebody_in_and_out() {
    plays(JavaScript::On, "script");
}

#[test]
fn oidc_provider_signs_somebody_in_and_out_without_javascript() {
    plays(JavaScript::Off, "plain");
}
