//! Passkeys in a real browser, with the authenticator that its driver gives it.

use super::people::{PASSWORD, choose, invite, set_up, sign_out};
use crate::support::browser::{Browser, JavaScript};
use crate::support::server::{Launch, Server};

fn accept(browser: &Browser, link: &str) {
    browser.goto(link);
    browser.fill("[name=name]", "Bea Sørensen");
    browser.fill("[name=password]", PASSWORD);
    browser.fill("[name=password_again]", PASSWORD);
    browser.submit("form");
    browser.find("form[action='/enrol']");
}

#[test]
fn a_passkey_is_enrolled_and_lets_its_person_in_with_and_without_her_password() {
    let server = Server::start(Launch::embedded());
    let (first, second) = (
        Browser::start(JavaScript::On),
        Browser::start(JavaScript::On),
    );
    set_up(&server, &first, |_, _| {});
    let email = "bea@harbour.example";
    let link = invite(&server, &first, "Bea Sørensen", email, &["payer"]);

    // In place of the app.
    second.add_authenticator();
    accept(&second, &link);
    second.fill("[name=passkey_name]", "Bea's laptop");
    second.screenshot("passkey-enrol");
    second.submit("form[action='/enrol/passkey']");
    choose(&second, "#kept");
    second.submit("form[action='/enrol/done']");
    second.find("header summary");
    second.goto(&server.url("/me/security"));
    second.wait_for_text("main", "Bea's laptop");
    second.screenshot("passkey-security");

    // Alone.
    sign_out(&server, &second);
    second.screenshot("passkey-sign-in");
    second.submit("form[action='/sign-in/passkey']");
    second.find("header summary");

    // After the password.
    sign_out(&server, &second);
    second.fill("[name=email]", email);
    second.fill("[name=password]", PASSWORD);
    second.submit("form[action='/sign-in']");
    second.find("form[action='/sign-in/code/passkey']");
    second.submit("form[action='/sign-in/code/passkey']");
    second.find("header summary");
    let complaints = second.console();
    assert!(complaints.is_empty(), "{complaints:?}");

    // Beside the app, and gone again.
    first.add_authenticator();
    first.goto(&server.url("/me/security"));
    first.submit("form[action='/me/passkeys']");
    first.find("form[action='/me/passkeys/remove']");
    first.submit("form[action='/me/passkeys/remove']");
    first.wait_until("an empty list", || {
        first
            .find_all("form[action='/me/passkeys/remove']")
            .is_empty()
            .then_some(())
    });
}

#[test]
fn without_script_the_page_says_that_passkeys_need_it() {
    let server = Server::start(Launch::embedded());
    let browser = Browser::start(JavaScript::Off);
    browser.goto(&server.url("/sign-in"));
    browser.wait_for_text("form[action='/sign-in/passkey']", "JavaScript");
    let button = browser.find("form[action='/sign-in/passkey'] button");
    assert_eq!(browser.text(&button), "", "a button that does nothing");
}
