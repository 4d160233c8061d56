//! On the screen of a phone no page is wider than the screen.

use crate::support::browser::Browser;
use crate::support::server::Server;

const WIDTH_PX: u32 = 390;
const PATHS: [&str; 17] = [
    "/",
    "/bills",
    "/bills?view=coding",
    "/bills/upload",
    "/approvals",
    "/approvals/policy",
    "/vendors",
    "/vendors/new",
    "/payments",
    "/payments/propose",
    "/journal",
    "/people",
    "/people/invite",
    "/chart",
    "/settings",
    "/settings/entities/new",
    "/me",
];

/// What stands out of the screen on the right, for whoever mends it.
const TOO_WIDE: &str = "const wide = innerWidth; \
    const scrolls = e => { for (let p = e.parentElement; p; p = p.parentElement) \
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return true; return false; }; \
    return [document.documentElement.scrollWidth, wide, [...document.querySelectorAll('body *')] \
      .filter(e => e.getBoundingClientRect().right > wide + 1 && !scrolls(e)) \
      .slice(0, 5).map(e => e.outerHTML.slice(0, 160)).join('\\n')];";

/// Opens the main pages, and those of `things`.
pub fn walk(server: &Server, browser: &Browser, things: &[&str]) {
    let main = PATHS.iter().map(|path| server.url(path));
    let things = things.iter().map(|address| (*address).to_owned());
    fits(browser, main.chain(things));
}

/// Each of these pages is as narrow as the screen.
pub fn fits(browser: &Browser, addresses: impl Iterator<Item = String>) {
    browser.resize(WIDTH_PX, 844);
    let mut wrong = Vec::new();
    for address in addresses {
        browser.goto(&address);
        let seen = browser.execute(TOO_WIDE, &[]);
        assert_eq!(seen[1].as_u64(), Some(u64::from(WIDTH_PX)), "{address}");
        let width = seen[0].as_u64().expect("a width");
        if width > u64::from(WIDTH_PX) {
            let name = address.rsplit('/').nth(1).unwrap_or_default();
            browser.screenshot(&format!("narrow-{name}"));
            wrong.push(format!(
                "{address}: {width} px\n{}",
                seen[2].as_str().unwrap_or_default()
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    browser.resize(1280, 1000);
}
