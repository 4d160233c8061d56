//! A structured invoice for people: every term that it gives, under a name they know, with its place in the standard.

use countersign_einvoice::model::{Identifier, Invoice};
use countersign_einvoice::plain::{Row, Section, SectionKind, Value, sections};

use super::terms::label;
use crate::msg;
use crate::payables::bills::views::{FactGroup, ReadableInvoice};
use crate::platform::web::page::Page;
use crate::platform::web::view::{Fact, Source};

/// Lines shown at most: a page of thousands helps nobody.
const MOST_LINES: usize = 200;
/// Characters of a secret that stay readable, as on a receipt.
const SHOWN_CHARS: usize = 4;

pub fn invoice(page: &Page, invoice: &Invoice) -> ReadableInvoice {
    let all = sections(invoice);
    let lines = all.iter().filter(|s| s.kind == SectionKind::Line).count();
    let shown = all.iter().filter(|section| {
        section.kind != SectionKind::Line
            || usize::try_from(section.number).is_ok_and(|number| number <= MOST_LINES)
    });
    let number = invoice.number.as_deref().unwrap_or_default();
    ReadableInvoice {
        title: format!("{} {number}", page.t(msg!("bills-section-header"))),
        sections: shown.map(|section| group(page, section)).collect(),
        cut: lines
            .checked_sub(MOST_LINES)
            .filter(|more| *more > 0)
            .map(|more| page.t1("bills-more-lines", "count", more)),
    }
}

fn group(page: &Page, section: &Section) -> FactGroup {
    let number = section.number;
    let title = match section.kind {
        SectionKind::Header => page.t("bills-section-header"),
        SectionKind::Seller => page.t("bills-seller"),
        SectionKind::Buyer => page.t("bills-buyer"),
        SectionKind::Delivery => page.t("bills-section-delivery"),
        SectionKind::Payment => page.t("bills-section-payment"),
        SectionKind::Line => page.t1("bills-section-line", "number", number),
        SectionKind::AllowanceOrCharge => page.t1("bills-section-allowance", "number", number),
        SectionKind::Vat => page.t1("bills-section-vat", "number", number),
        SectionKind::Totals => page.t("bills-totals"),
        SectionKind::Attachment => page.t1("bills-section-attachment", "number", number),
    };
    FactGroup {
        title,
        facts: section.rows.iter().map(|row| fact(page, row)).collect(),
    }
}

fn fact(page: &Page, row: &Row) -> Fact {
    let source = Source::Term(row.path.to_string());
    Fact {
        numeric: matches!(
            row.value,
            Value::Amount { .. } | Value::Quantity(_) | Value::Percentage(_)
        ),
        ..Fact::new(
            page.t(label(row.path.term)),
            Some(value(page, &row.value)),
            Some(source),
        )
    }
}

fn value(page: &Page, value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Code(text) => text.clone(),
        Value::Identifier(Identifier { value, scheme }) => match scheme {
            Some(scheme) => format!("{value} ({scheme})"),
            None => value.clone(),
        },
        Value::Sensitive(secret) => masked(secret.expose()),
        Value::Date(date) => page.date(*date),
        // With the digits that the document wrote: an amount is never rounded for the eye.
        Value::Amount { value, currency } => match currency {
            Some(currency) => format!(
                "{}\u{a0}{}",
                decimal(page, &value.to_string()),
                currency.as_str()
            ),
            None => decimal(page, &value.to_string()),
        },
        Value::Quantity(quantity) => {
            let number = decimal(page, &quantity.value.to_string());
            match &quantity.unit {
                Some(unit) => format!("{number} {unit}"),
                None => number,
            }
        }
        Value::Percentage(rate) => format!("{}\u{a0}%", decimal(page, &rate.to_string())),
    }
}

/// A decimal in the reader's way, digit by digit, however many it has.
fn decimal(page: &Page, plain: &str) -> String {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    match (whole.parse::<i64>(), fraction) {
        (Ok(whole), "") => page.amount(whole, 0),
        (Ok(_), fraction) => {
            let digits = u8::try_from(fraction.len()).unwrap_or(u8::MAX);
            let minor = plain.replacen('.', "", 1).parse::<i64>();
            minor.map_or_else(|_| plain.to_owned(), |minor| page.amount(minor, digits))
        }
        (Err(_), _) => plain.to_owned(),
    }
}

/// The last characters alone; nothing of a text that is as short as they are.
fn masked(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().filter(|c| !c.is_whitespace()).collect();
    let hidden = chars.len().saturating_sub(SHOWN_CHARS);
    if hidden < SHOWN_CHARS {
        return "\u{2022}".repeat(chars.len());
    }
    let tail: String = chars[hidden..].iter().collect();
    format!("{}{tail}", "\u{2022}".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::web::locale::Locale;
    use countersign_einvoice::terms::Term;

    #[test]
    fn a_secret_shows_its_end_alone() {
        assert_eq!(masked("DE89 3704 0044"), "\u{2022}".repeat(8) + "0044");
        assert_eq!(masked("1234567"), "\u{2022}".repeat(7));
    }

    #[test]
    fn numbers_keep_the_digits_that_the_document_wrote() {
        let page = Page::signed_out(Locale::De, "nav-bills", String::new());
        assert_eq!(decimal(&page, "1234.5000"), "1.234,5000");
        assert_eq!(decimal(&page, "-0.05"), "\u{2212}0,05");
        assert_eq!(decimal(&page, "12"), "12");
        let long = "12345678901234567890.123";
        assert_eq!(decimal(&page, long), long);
    }

    #[test]
    fn the_terms_that_stand_in_sections_have_names_of_their_own() {
        let unnamed: Vec<&str> = Term::ALL
            .iter()
            .filter(|term| label(**term) == "bills-term-other")
            .map(|term| term.id())
            .filter(|id| id.starts_with("BT-"))
            .collect();
        // Schemes stand beside their identifiers; process control and attached bytes are shown nowhere.
        let expected = [
            "BT-18-1", "BT-23", "BT-24", "BT-29-1", "BT-30-1", "BT-34-1", "BT-46-1", "BT-47-1",
            "BT-49-1", "BT-60-1", "BT-61-1", "BT-71-1", "BT-125", "BT-128-1", "BT-157-1",
            "BT-158-2",
        ];
        assert_eq!(unnamed, expected);
    }
}
