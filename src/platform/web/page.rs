//! The context every template holds as its field `page`: who reads, in which language and zone, and what frames the page.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::assets;
use super::messages::{Argument, Locale, Messages};
use super::nav::{NavItem, Section};
use super::view::Notice;

/// What every page knows. Built by the web layer once a request is authenticated, filled on by the page's own handler.
/// Its Debug prints neither the token nor the person.
#[derive(Clone)]
pub struct Page {
    /// The reader's language.
    pub locale: Locale,
    /// The page's title, translated; it stands in `<title>` and in the heading.
    pub title: String,
    /// Who is signed in.
    pub person: Option<PersonMark>,
    /// The organisation the person acts for.
    pub organisation: Option<String>,
    /// The left navigation; empty on pages without a session.
    pub nav: Vec<NavItem>,
    /// Whether the reader may add bills: every page offers it to those alone.
    pub can_upload: bool,
    /// Whether the reader may ask to see sealed values in full: masks lead there for those alone.
    pub can_reveal: bool,
    /// The token each form sends back as `csrf`.
    pub csrf: String,
    /// What the last action has to say.
    pub notice: Option<Notice>,
    /// The organisation's time zone.
    pub zone: TimeZone,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("locale", &self.locale)
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

/// The signed-in person as the top bar shows her.
#[derive(Clone)]
pub struct PersonMark {
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub email: String,
    /// Up to two letters for the round mark.
    pub initials: String,
}

impl fmt::Debug for PersonMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonMark(..)")
    }
}

impl PersonMark {
    /// A mark with the initials of the first and the last part of the name.
    pub fn new(name: &str, email: &str) -> Self {
        let mut parts = name
            .split_whitespace()
            .filter_map(|part| part.chars().next());
        let first = parts.next();
        let initials = first
            .into_iter()
            .chain(parts.next_back())
            .flat_map(char::to_uppercase)
            .collect();
        Self {
            name: name.to_owned(),
            email: email.to_owned(),
            initials,
        }
    }
}

impl Page {
    /// A page before anybody has signed in.
    pub fn signed_out(locale: Locale, title_id: &str, csrf: String) -> Self {
        Self {
            locale,
            title: Messages::text(locale, title_id),
            person: None,
            organisation: None,
            nav: Vec::new(),
            can_upload: false,
            can_reveal: false,
            csrf,
            notice: None,
            zone: TimeZone::UTC,
        }
    }

    /// Whether the reader's navigation leads to the journal.
    #[must_use]
    pub fn reads_journal(&self) -> bool {
        let mut sections = self.nav.iter().map(|item| item.section);
        sections.any(|section| section == Section::Journal)
    }

    /// The text of a message.
    pub fn t(&self, id: &str) -> String {
        Messages::text(self.locale, id)
    }

    /// The text of a message with one variable.
    pub fn t1(&self, id: &str, name: &str, value: impl Argument) -> String {
        Messages::text_with(self.locale, id, &[(name, &value)])
    }

    /// The text of a message with two variables.
    pub fn t2(
        &self,
        id: &str,
        name: &str,
        value: impl Argument,
        name2: &str,
        value2: impl Argument,
    ) -> String {
        Messages::text_with(self.locale, id, &[(name, &value), (name2, &value2)])
    }

    /// The text of a message with three variables, as pairs.
    pub fn t3(
        &self,
        id: &str,
        a: (&str, &dyn Argument),
        b: (&str, &dyn Argument),
        c: (&str, &dyn Argument),
    ) -> String {
        Messages::text_with(self.locale, id, &[a, b, c])
    }

    /// An amount with its currency (ISO 4217) and that currency's number of decimals: `1,234.56 EUR`.
    pub fn money(&self, minor: i64, digits: u8, currency: &str) -> String {
        format!("{}\u{a0}{currency}", self.locale.decimal(minor, digits))
    }

    /// An amount without its currency, for columns whose heading names it.
    pub fn amount(&self, minor: i64, digits: u8) -> String {
        self.locale.decimal(minor, digits)
    }

    /// A civil date: `05 Nov 2026`, `05.11.2026`.
    pub fn date(&self, date: Date) -> String {
        let day = format!("{:02}", date.day());
        let year = date.year().to_string();
        let month = date.month();
        Messages::text_with(
            self.locale,
            crate::msg!("platform-date"),
            &[("day", &day), ("month", &month), ("year", &year)],
        )
    }

    /// A moment, given in microseconds since 1970 UTC, in the organisation's zone: `05 Nov 2026, 14:03`. A moment
    /// outside the calendar's range shows as a dash.
    pub fn time(&self, utc_micros: i64) -> String {
        let Ok(moment) = Timestamp::from_microsecond(utc_micros) else {
            return "\u{2013}".to_owned();
        };
        let local = moment.to_zoned(self.zone.clone());
        let date = self.date(local.date());
        let clock = format!("{:02}:{:02}", local.hour(), local.minute());
        self.t2("platform-date-time", "date", date, "clock", clock)
    }

    /// The same moment for `<time datetime>` (RFC 3339, UTC).
    pub fn machine_time(&self, utc_micros: i64) -> String {
        Timestamp::from_microsecond(utc_micros)
            .map(|moment| moment.to_string())
            .unwrap_or_default()
    }

    /// The address of an asset with the hash of its content.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn page(locale: Locale) -> Page {
        let mut page = Page::signed_out(locale, "nav-home", String::new());
        page.zone = TimeZone::fixed(jiff::tz::offset(1));
        page
    }

    #[test]
    fn dates_times_and_amounts_follow_the_language() {
        let (en, de) = (page(Locale::En), page(Locale::De));
        assert_eq!(en.date(date(2026, 11, 5)), "05 Nov 2026");
        assert_eq!(de.date(date(2026, 11, 5)), "05.11.2026");
        assert_eq!(en.money(-123_456, 2, "EUR"), "\u{2212}1,234.56\u{a0}EUR");
        assert_eq!(de.money(5_000, 0, "JPY"), "5.000\u{a0}JPY");
        // 2026-11-05T23:30:00Z is half past midnight of the next day one hour east.
        let moment = 1_793_921_400_000_000;
        assert_eq!(en.time(moment), "06 Nov 2026, 00:30");
        assert_eq!(en.machine_time(moment), "2026-11-05T23:30:00Z");
        assert_eq!(en.time(i64::MAX), "\u{2013}");
    }

    #[test]
    fn neither_the_token_nor_the_person_is_printed() {
        let mut page = Page::signed_out(Locale::En, "nav-home", "the-token".to_owned());
        page.person = Some(PersonMark::new("Ann Lee", "ann@harbour.example"));
        let printed = format!("{page:?} {:?}", page.person);
        for secret in ["the-token", "Ann", "ann@", "AL"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert!(printed.starts_with("Page {"), "{printed}");
    }

    #[test]
    fn initials_come_from_the_first_and_last_name() {
        for (name, initials) in [
            ("Ann Lee", "AL"),
            ("Jean-Luc de la Cour", "JC"),
            ("  ", ""),
            ("Øyvind", "Ø"),
            ("ßen", "SS"),
        ] {
            assert_eq!(PersonMark::new(name, "").initials, initials);
        }
    }
}
