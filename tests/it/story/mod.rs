//! The whole story in a real browser, with three people, with and without JavaScript. Pictures of every step are kept in
//! `target/screenshots`.

mod people;

use std::path::Path;

use super::support::browser::{Browser, JavaScript};
use super::support::material;
use super::support::server::{Launch, Server};
use people::{Person, accept, invite, set_up, sign_in, sign_out};

/// Plays the story; `name` begins the names of its pictures.
fn play(javascript: JavaScript, name: &str) {
    let server = Server::start(Launch::embedded());
    let (first, second, third) = (
        Browser::start(javascript),
        Browser::start(javascript),
        Browser::start(javascript),
    );
    let shot = |browser: &Browser, step: &str| {
        browser.screenshot(&format!("{name}-{step}"));
    };

    let mut ann = set_up(&server, &first, |browser, step| shot(browser, step));
    let link = invite(
        &server,
        &first,
        "Tomás Okafor",
        "tomas@harbour.example",
        &["approver", "vendor-manager"],
    );
    shot(&first, "invited");
    let tomas = accept(&second, &link, "Tomás Okafor", "tomas@harbour.example");
    let link = invite(
        &server,
        &first,
        "Bea Sørensen",
        "bea@harbour.example",
        &["payer"],
    );
    let bea = accept(&third, &link, "Bea Sørensen", "bea@harbour.example");
    shot(&third, "third-person");

    // A link is good once.
    first.goto(&link);
    assert!(
        first.find_all("[name=password]").is_empty(),
        "nobody else can take the invitation"
    );

    sign_out(&server, &first);
    shot(&first, "signed-out");
    sign_in(&server, &first, &mut ann);
    shot(&first, "signed-in");
    if let Some(folder) = material("en16931-cen/ubl/examples") {
        bring(&server, &first, javascript, &folder);
        shot(&first, "bill");
        first.goto(&server.url("/bills"));
        shot(&first, "bills");
        first.goto(&server.url("/"));
        shot(&first, "waiting");
    }
    journal(&server, &first, &[&ann, &tomas, &bea]);
    shot(&first, "journal");
    for browser in [&first, &second, &third] {
        let mut complaints = browser.console();
        // The link that was taken already answers that there is nothing, and the browser says so.
        complaints.retain(|line| !(line.contains(&link) && line.contains("404")));
        assert!(
            complaints.is_empty(),
            "the browser complains: {complaints:?}"
        );
    }
}

/// Ann brings a real invoice and opens its bill.
fn bring(server: &Server, browser: &Browser, javascript: JavaScript, folder: &Path) {
    browser.goto(&server.url("/bills/upload"));
    let file = folder
        .join("ubl-tc434-example1.xml")
        .canonicalize()
        .expect("the example is there");
    browser.upload("[type=file]", &[&file]);
    // With the script a chosen file is on its way; without it the form is sent.
    if javascript == JavaScript::Off {
        browser.submit("main form");
    }
    let bill = browser.find("main a[href*='/bills/0']");
    browser.click(&bill);
    browser.wait_for_text("main", "12115118");
}

/// The journal names everybody who did something.
fn journal(server: &Server, browser: &Browser, people: &[&Person]) {
    browser.goto(&server.url("/journal"));
    for person in people {
        browser.wait_for_text("main", &person.name);
    }
}

#[test]
fn three_people_with_javascript() {
    play(JavaScript::On, "story");
}

#[test]
fn three_people_without_javascript() {
    play(JavaScript::Off, "story-plain");
}
