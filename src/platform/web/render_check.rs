//! What the render test of every template asks of the page, and the sample page they share.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::messages::Locale;
use super::nav::{NavItem, Section};
use super::page::{Page, PersonMark};
use super::view::{Notice, Tone};

/// A signed-in page with sample counts.
pub(crate) fn sample_page(locale: Locale, section: Section, title: &str) -> Page {
    Page {
        locale,
        title: title.to_owned(),
        person: Some(PersonMark::new("Ann Lindqvist", "ann@harbour.example")),
        organisation: Some("Harbour Foods".to_owned()),
        nav: NavItem::all(
            Some(section),
            &[
                (Section::Home, 7),
                (Section::Bills, 12),
                (Section::Approvals, 3),
                (Section::Payments, 1),
            ],
        ),
        can_upload: true,
        can_reveal: true,
        csrf: "sample-token".to_owned(),
        notice: None,
        zone: TimeZone::UTC,
    }
}

/// The same page with a notice of success.
pub(crate) fn with_notice(mut page: Page, text: &str) -> Page {
    page.notice = Some(Notice {
        tone: Tone::Good,
        text: text.to_owned(),
    });
    page
}

/// Renders a template in every language, checks each page, and keeps it for looking at under `COUNTERSIGN_PAGES`.
pub(crate) fn check<T: askama::Template>(name: &str, view: impl Fn(Locale) -> T) {
    for locale in Locale::ALL {
        let html = view(locale)
            .render()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = complaints(&html);
        assert!(
            found.is_empty(),
            "{name} ({}): {}\n{html}",
            locale.tag(),
            found.join("; ")
        );
        assert!(
            html.contains(&format!("<html lang=\"{}\">", locale.tag())),
            "{name}"
        );
        if let Some(folder) = std::env::var_os("COUNTERSIGN_PAGES") {
            let file = std::path::Path::new(&folder).join(format!("{name}.{}.html", locale.tag()));
            std::fs::write(file, html).expect("the folder named by COUNTERSIGN_PAGES is writable");
        }
    }
}

/// The names of fields that take a person's password.
const PASSWORDS: [&str; 3] = ["password", "password_again", "current"];

/// What the content security policy, accessibility or plain correctness would not bear.
fn complaints(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for forbidden in [
        " style=",
        "<style",
        "javascript:",
        "data:",
        " onclick=",
        " onchange=",
        " onsubmit=",
        " onload=",
        " onpaste=",
        "http:",
    ] {
        if html.contains(forbidden) {
            found.push(format!("contains {forbidden:?}"));
        }
    }
    if html.matches("<script").count() != html.matches("<script src=\"/assets/").count() {
        found.push("a script that is not one of our assets".to_owned());
    }
    if html.contains("/assets/unknown") {
        found.push("an asset that does not exist".to_owned());
    }
    if html.matches("<h1").count() != 1 {
        found.push(format!(
            "{} first-level headings",
            html.matches("<h1").count()
        ));
    }
    let mut ids = BTreeSet::new();
    for id in attributes(html, " id=\"") {
        if !ids.insert(id) {
            found.push(format!("id {id} twice"));
        }
    }
    for (attribute, prefix) in [
        (" for=\"", ""),
        (" href=\"#", ""),
        (" aria-describedby=\"", ""),
    ] {
        for target in attributes(html, attribute) {
            if !ids.contains(target) {
                found.push(format!("{attribute}{prefix}{target} points nowhere"));
            }
        }
    }
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or(form);
        let head = form.split('>').next().unwrap_or(form);
        // A form that goes to another site must not tell it our token.
        let is_ours = !head.contains("action=\"https://");
        let has_token = form.contains("name=\"csrf\"");
        if head.contains("method=\"post\"") && has_token != is_ours {
            let what = if is_ours {
                "without"
            } else {
                "that gives away its"
            };
            found.push(format!("a form {what} token: {head}"));
        }
    }
    for input in html.split("<input").skip(1) {
        let input = input.split('>').next().unwrap_or(input);
        found.extend(password_complaints(input));
    }
    for image in html.split("<img").skip(1) {
        if !image.split('>').next().unwrap_or(image).contains(" alt=") {
            found.push("an image without alt".to_owned());
        }
    }
    found
}

/// A password is masked, and managers fill it in (ASVS 5.0, 6.2.6 and 6.2.7).
fn password_complaints(input: &str) -> Vec<String> {
    let name = attributes(input, " name=\"").first().copied();
    let mut found = Vec::new();
    let Some(name) = name.filter(|name| PASSWORDS.contains(name)) else {
        return found;
    };
    if !input.contains(" type=\"password\"") {
        found.push(format!("{name} is shown as it is typed"));
    }
    if input.contains(" autocomplete=\"off\"") {
        found.push(format!("{name} is kept from managers"));
    }
    found
}

fn attributes<'a>(html: &'a str, opening: &str) -> Vec<&'a str> {
    html.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn a_bad_page_is_found() {
    let bad = "<h1>a</h1><h1>b</h1><p id=\"x\" style=\"color:red\"><i id=\"x\"></i><label for=\"y\"></label>\
               <form method=\"post\" action=\"/\"></form>\
               <form method=\"post\" action=\"https://idp.example/\"><input name=\"csrf\"></form>\
               <input id=\"p\" name=\"password\" type=\"text\"><input name=\"password_again\" type=\"password\" autocomplete=\"off\"><input name=\"current\" onpaste=\"return false\"><img src=\"/a\"><script>1</script><a href=\"javascript:1\">";
    let found = complaints(bad).join("\n");
    for expected in [
        "style=",
        "javascript:",
        "not one of our assets",
        "2 first-level",
        "id x twice",
        "points nowhere",
        "without token",
        "gives away its token",
        "without alt",
        "password is shown as it is typed",
        "current is shown as it is typed",
        "password_again is kept from managers",
        "onpaste=",
    ] {
        assert!(found.contains(expected), "{expected} not in:\n{found}");
    }
}

#[test]
fn a_field_that_hides_a_password_and_lets_it_be_filled_in_is_right() {
    let right = "<input id=\"password\" name=\"password\" type=\"password\" value=\"\" autocomplete=\"new-password\" required>\
                 <input name=\"email\" type=\"email\" autocomplete=\"off\">";
    let found = complaints(&format!("<h1>a</h1>{right}"));
    assert!(found.is_empty(), "{}", found.join("; "));
}
