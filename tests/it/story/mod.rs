//! The whole story in a real browser, with three people, with and without JavaScript. Pictures of every step are kept in
//! `target/screenshots`.

mod bill;
mod narrow;
mod openid_connect;
mod passkeys;
mod people;
mod proof;
mod single_sign_on;
mod step_up;

use super::support::browser::{Browser, JavaScript};
use super::support::server::{Launch, Server};
use bill::Post;
use people::{Person, accept, invite, set_up, sign_in, sign_out};

/// Plays the story.
fn play(javascript: JavaScript) {
    let server = Server::start(Launch::embedded());
    let (first, second, third) = (
        Browser::start(javascript),
        Browser::start(javascript),
        Browser::start(javascript),
    );
    let shot = |browser: &Browser, step: &str| {
        browser.screenshot_of(javascript, step);
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
    if let Some(post) = Post::gather() {
        let bill = bill::bring(&server, &first, javascript, &post);
        shot(&first, "bill");
        let vendor = bill::keep_vendor(&server, &first, javascript);
        bill::verify_account(&second, &vendor, javascript);
        if javascript == JavaScript::On {
            narrow::fits(&first, std::iter::once(format!("{bill}/coding")));
        }
        bill::code(&first, &bill, javascript);
        bill::cannot_decide(&first, &bill);
        bill::approve(&server, &second, javascript);
        let run = bill::propose(&server, &first, javascript);
        let file = bill::pay(&server, &third, &run, javascript);
        bill::prove(&server, &first, &bill, javascript);
        bill::prove_payment(&server, &first, &bill, &run, &file);
        bill::kept_nothing_in_clear(&server);
        first.goto(&server.url("/bills"));
        shot(&first, "bills");
        first.goto(&server.url("/"));
        shot(&first, "waiting");
        let deciding = bill.replace("/bills/", "/approvals/");
        if javascript == JavaScript::On {
            narrow::walk(&server, &first, &[&bill, &deciding, &vendor, &run]);
        }
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

/// The journal names everybody who did something.
fn journal(server: &Server, browser: &Browser, people: &[&Person]) {
    browser.goto(&server.url("/journal"));
    for person in people {
        browser.wait_for_text("main", &person.name);
    }
}

#[test]
fn three_people_with_javascript() {
    play(JavaScript::On);
}

#[test]
fn three_people_without_javascript() {
    play(JavaScript::Off);
}
