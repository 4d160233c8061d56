//! How people come in: setup, invitations, signing in and out.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::identity::factors::{Seed, code_at, step_of};
use countersign::platform::clock::Micros;

use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::poll;
use crate::support::server::Server;

pub const PASSWORD: &str = "kiwi jam on toast";

/// Somebody with an authenticator app.
pub struct Person {
    pub name: String,
    pub email: String,
    seed: Seed,
    /// The step of the newest code that was used: each is good once.
    used: i64,
}

impl Person {
    /// The next code that was not used yet; waits for it as a person does.
    pub fn code(&mut self) -> String {
        let step = poll(Duration::from_secs(65), || {
            Some(present()).filter(|step| *step > self.used)
        })
        .expect("time goes on");
        self.used = step;
        code_at(&self.seed, step)
    }
}

fn present() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    step_of(Micros(
        i64::try_from(since.as_micros()).expect("before the year 292277"),
    ))
}

pub fn choose(browser: &Browser, css: &str) {
    browser.press(css);
}

/// Sets up "Harbour Foods" with Ann as its administrator, through the printed link.
pub fn set_up(server: &Server, browser: &Browser, shot: impl Fn(&Browser, &str)) -> Person {
    browser.goto(&server.setup_link());
    browser.fill("[name=organisation_name]", "Harbour Foods");
    shot(browser, "setup-organisation");
    browser.submit("form");
    for (field, value) in [
        ("entity_name", "Harbour Foods GmbH"),
        ("street", "Kaistraße"),
        ("building", "7"),
        ("postcode", "20457"),
        ("town", "Hamburg"),
        ("vat_id", "DE 123 456 789"),
        ("iban", "DE02 1203 0000 0000 2020 51"),
        ("bic", "BYLADEM1001"),
    ] {
        browser.fill(&format!("[name={field}]"), value);
    }
    choose(browser, "[name=country] option[value=DE]");
    choose(browser, "[name=currency] option[value=EUR]");
    shot(browser, "setup-entity");
    browser.submit("form");
    browser.fill("[name=name]", "Ann Lindqvist");
    browser.fill("[name=email]", "ann@harbour.example");
    browser.fill("[name=password]", PASSWORD);
    browser.fill("[name=password_again]", PASSWORD);
    browser.submit("form");
    enrol(browser, "Ann Lindqvist", "ann@harbour.example", shot)
}

/// The second factor by the key that is shown under the QR code, then the recovery codes.
fn enrol(browser: &Browser, name: &str, email: &str, shot: impl Fn(&Browser, &str)) -> Person {
    browser.press("form details summary");
    // The text is empty until the browser has opened what folds it.
    let seed = poll(Duration::from_secs(10), || {
        Seed::from_base32(browser.text(&browser.find(".secret.binds")).trim())
    })
    .expect("the key by hand");
    let used = present();
    browser.fill("[name=code]", &code_at(&seed, used));
    shot(browser, "second-factor");
    browser.submit("form");
    choose(browser, "#kept");
    shot(browser, "recovery-codes");
    browser.submit("form");
    // Without a person there is no menu.
    browser.find("header summary");
    Person {
        name: name.to_owned(),
        email: email.to_owned(),
        seed,
        used,
    }
}

/// Invites somebody and gives the link that is shown once.
pub fn invite(
    server: &Server,
    browser: &Browser,
    name: &str,
    email: &str,
    roles: &[&str],
) -> String {
    browser.goto(&server.url("/people/invite"));
    browser.fill("form.sheet [name=name]", name);
    browser.fill("form.sheet [name=email]", email);
    for role in roles {
        choose(browser, &format!("[name=roles][value={role}]"));
    }
    browser.submit("form.sheet");
    browser.text(&browser.find("#link"))
}

/// Accepts an invitation in a browser of one's own.
pub fn accept(browser: &Browser, link: &str, name: &str, email: &str) -> Person {
    browser.goto(link);
    browser.fill("[name=name]", name);
    browser.fill("[name=password]", PASSWORD);
    browser.fill("[name=password_again]", PASSWORD);
    browser.submit("form");
    enrol(browser, name, email, |_, _| {})
}

pub fn sign_out(server: &Server, browser: &Browser) {
    browser.goto(&server.url("/"));
    choose(browser, "header summary");
    browser.submit("form[action='/sign-out']");
    browser.find("form[action='/sign-in']");
}

pub fn sign_in(server: &Server, browser: &Browser, person: &mut Person) {
    browser.goto(&server.url("/sign-in"));
    browser.fill("[name=email]", &person.email);
    browser.fill("[name=password]", PASSWORD);
    browser.submit("form");
    browser.find("[name=code]");
    browser.fill("[name=code]", &person.code());
    browser.submit("form");
    browser.find("header summary");
}

/// A client with the browser's session, for what a story does not show.
pub fn beside(server: &Server, browser: &Browser) -> Client {
    let cookies: Vec<String> = browser
        .cookies()
        .iter()
        .map(|cookie| {
            let part = |name: &str| cookie[name].as_str().unwrap_or_default().to_owned();
            format!("{}={}", part("name"), part("value"))
        })
        .collect();
    server.client().always("Cookie", &cookies.join("; "))
}
