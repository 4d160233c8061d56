//! The upload page with sample data.

use super::views::*;
use crate::payables::bills::samples::page;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::check;

fn upload(locale: Locale) -> UploadPage {
    let page = page(locale, Section::Bills, UploadPage::TITLE);
    let outcomes = outcomes(&page);
    let result = |file: &str, outcome: usize, message: &str, findings: &[&str]| UploadResult {
        file: file.into(),
        outcome: outcomes[outcome].badge.clone(),
        message: message.into(),
        bill_href: (outcome < 4).then(|| "/bills/1".into()),
        findings: findings.iter().map(|text| (*text).into()).collect(),
    };
    let results = vec![
        result(
            "NW-2026-1187.xml",
            0,
            "Nordwind Verpackungen GmbH, 2,451.40 EUR",
            &[],
        ),
        result(
            "rechnung_417.pdf",
            1,
            "Müller & Söhne OHG, 12,049.50 EUR",
            &[
                "BR-CO-15: total with VAT is not net plus VAT",
                "BR-DE-15: buyer reference missing",
            ],
        ),
        result(
            "scan-2026-11-05.pdf",
            2,
            "No reader understands this PDF. Type what it says.",
            &[],
        ),
        result(
            "NW-2026-1187 (1).xml",
            3,
            "The same bytes came in on 05 Nov 2026.",
            &[],
        ),
        result(
            "notes.pdf",
            4,
            "This is a text file, not a PDF. Ask the sender for the invoice itself.",
            &[],
        ),
    ];
    UploadPage {
        max_size: "50 MB".into(),
        results,
        outcomes,
        page,
    }
}

#[test]
fn the_upload_page_renders() {
    check("intake-upload", |locale| UploadPage {
        results: Vec::new(),
        ..upload(locale)
    });
    check("intake-upload-done", upload);
}
