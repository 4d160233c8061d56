//! What the chart's page shows. The coding page's view stands beside the bill's.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{FormErrors, Tab};

/// `GET /chart/{list}`: general ledger accounts or cost centres.
#[derive(Debug, Template)]
#[template(path = "payables/coding/chart.html")]
pub struct ChartPage {
    pub page: Page,
    /// The two lists.
    pub tabs: Vec<Tab>,
    /// `gl-accounts` or `cost-centres`.
    pub list: &'static str,
    pub rows: Vec<ChartRow>,
    /// Whether this person may change it.
    pub can_edit: bool,
    /// The code that was typed to be added.
    pub code: String,
    /// The name that was typed to be added.
    pub name: String,
    pub errors: FormErrors,
    /// What an import did, in a sentence.
    pub imported: Option<String>,
    /// Lines of an imported file that were not taken.
    pub refused: Vec<RefusedLine>,
}

impl ChartPage {
    pub const TITLE: &'static str = msg!("coding-chart");
}

/// One code.
#[derive(Debug, Clone)]
pub struct ChartRow {
    pub id: String,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub retired: bool,
}

/// A line that was not taken, and why.
#[derive(Debug, Clone)]
pub struct RefusedLine {
    pub line: u64,
    pub text: String,
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::web::locale::Locale;
    use crate::platform::web::nav::Section;
    use crate::platform::web::render_check::{check, sample_page};

    fn sample(locale: Locale) -> ChartPage {
        let mut page = sample_page(locale, Section::Bills, "");
        page.title = page.t(ChartPage::TITLE);
        let mut errors = FormErrors::default();
        errors.add("code", page.t(msg!("coding-code-wrong")));
        let row = |code: &str, retired| ChartRow {
            id: code.to_owned(),
            version: 1,
            code: code.to_owned(),
            name: "Freight & customs".to_owned(),
            retired,
        };
        ChartPage {
            tabs: Vec::new(),
            list: "gl-accounts",
            rows: vec![row("5300", false), row("5400", true)],
            can_edit: true,
            code: "53 00".to_owned(),
            name: String::new(),
            errors,
            imported: Some("2 added".to_owned()),
            refused: vec![RefusedLine {
                line: 3,
                text: ";x".to_owned(),
                why: "?".to_owned(),
            }],
            page,
        }
    }

    #[test]
    fn the_chart_renders() {
        check("coding-chart", sample);
        check("coding-chart-reading", |locale| ChartPage {
            can_edit: false,
            errors: FormErrors::default(),
            imported: None,
            refused: Vec::new(),
            ..sample(locale)
        });
    }
}
