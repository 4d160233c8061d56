//! The page of internal logs with sample data.

use super::views::LogsPage;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Tone};

#[test]
fn the_page_of_logs_renders() {
    check("journal-logs", |locale| {
        let mut page = sample_page(locale, Section::Journal, "");
        page.title = page.t(LogsPage::TITLE);
        LogsPage {
            page,
            verdict: Badge::new(Tone::Good, "Kept"),
            retained: "366 days, 92 of them as they are".into(),
            oldest: Some("05 Nov 2025".into()),
            online: "92".into(),
            archived: "274".into(),
            size: "81,920 KiB".into(),
        }
    });
}
