//! Showing a factor again in a real browser: what was typed before goes on by itself, or by a press where there is no script.

use std::thread::sleep;
use std::time::Duration;

use super::people::set_up;
use crate::support::browser::{Browser, JavaScript};
use crate::support::server::{Launch, Server};

const TOKEN: &str = "form[action='/me/tokens']";
/// The shortest time for which an organisation lets a factor count, and a little.
const STALE: Duration = Duration::from_secs(63);

fn plays(javascript: JavaScript) {
    let server = Server::start(Launch::embedded());
    let browser = Browser::start(javascript);
    let mut ann = set_up(&server, &browser, |_, _| {});
    browser.goto(&server.url("/settings/security"));
    let form = "form[action='/settings/security']";
    browser.fill(&format!("{form} [name=fresh_minutes]"), "1");
    browser.submit(form);
    // Hers was shown at the setup.
    sleep(STALE);
    browser.goto(&server.url("/me"));
    browser.fill(&format!("{TOKEN} [name=name]"), "the \"warehouse\" & co");
    browser.fill(&format!("{TOKEN} [name=days]"), "30");
    browser.press(&format!("{TOKEN} [value='bills.read']"));
    browser.submit(TOKEN);
    let asks = "form[action='/step-up']:has([name=code])";
    browser.find(asks);
    browser.screenshot_of(javascript, "step-up-asks");
    browser.fill(&format!("{asks} [name=code]"), &ann.code());
    browser.submit(asks);
    if javascript == JavaScript::Off {
        browser.submit("form[data-go-on]");
    }
    browser.find("#token");
    browser.screenshot_of(javascript, "step-up-done");
    browser.wait_for_text("main", "the \"warehouse\" & co");
    let mut complaints = browser.console();
    // The page that asks for a factor is a refusal, and the browser says so.
    complaints.retain(|line| !line.contains("403"));
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn what_was_typed_goes_on_by_itself_with_javascript() {
    plays(JavaScript::On);
}

#[test]
fn what_was_typed_goes_on_by_a_press_without_javascript() {
    plays(JavaScript::Off);
}
