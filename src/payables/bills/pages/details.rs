//! What holds and findings say, in the reader's language. Stored are figures and names in no language, and the rule with
//! the reader's own sentence: what is shown is made of them here, so that a new language needs no new rows.

use countersign_einvoice::terms::Term;

use super::terms::label;
use super::words::digits;
use crate::msg;
use crate::payables::bills::holds::{Hold, HoldKind, UNLIKE, duplicate_of};
use crate::payables::bills::rules::BillField;
use crate::payables::bills::rules::totals::{Difference, Sum};
use crate::payables::bills::store::findings::FindingRow;
use crate::payables::vendors::pages::words::status_label;
use crate::payables::vendors::rules::VendorStatus;
use crate::platform::web::messages::{Argument, Messages};
use crate::platform::web::page::Page;

/// What a hold says. A detail that is of no known form is shown as it is stored: it is still true.
pub fn hold(page: &Page, hold: &Hold) -> String {
    told(page, hold.kind, &hold.detail).unwrap_or_else(|| hold.detail.clone())
}

fn told(page: &Page, kind: HoldKind, detail: &str) -> Option<String> {
    Some(match kind {
        // Nothing is to be added to the kind, or a person said it in her words.
        HoldKind::Unreadable
        | HoldKind::CreditNoteNegative
        | HoldKind::Uncoded
        | HoldKind::Manual => return None,
        HoldKind::MissingFields => {
            let name = |word: &str| Some(page.t(BillField::parse(word)?.label()));
            let names: Option<Vec<String>> = detail.split(' ').map(name).collect();
            page.t1("bills-why-missing", "fields", names?.join(", "))
        }
        HoldKind::VendorUnknown if detail.is_empty() => page.t(msg!("bills-why-vendor-unnamed")),
        HoldKind::VendorUnknown => page.t1("bills-why-vendor-unknown", "name", detail),
        HoldKind::VendorNotActive => {
            let status = status_label(page, VendorStatus::parse(detail)?);
            page.t1("bills-why-vendor-not-active", "status", status)
        }
        HoldKind::VendorNameDiffers => {
            let (named, known) = detail.split_once(UNLIKE)?;
            page.t2("bills-why-vendor-name", "named", named, "known", known)
        }
        HoldKind::VendorIdDiffers => {
            let (term, ids) = detail.split_once(' ')?;
            let (named, known) = ids.split_once(UNLIKE)?;
            let term = page.t(label(Term::from_id(term)?));
            let id = msg!("bills-why-vendor-id");
            let parts: [(&str, &dyn Argument); 3] =
                [("term", &term), ("named", &named), ("known", &known)];
            Messages::text_with(page.locale, id, &parts)
        }
        HoldKind::DuplicateSuspected => {
            let (number, _) = duplicate_of(detail)?;
            page.t1("bills-why-duplicate", "number", number)
        }
        HoldKind::NumberReused => {
            let (number, _) = duplicate_of(detail)?;
            page.t1("bills-why-number-reused", "number", number)
        }
        HoldKind::TotalsDiffer => {
            let each = |text| Some(difference(page, &Difference::parse(text)?));
            let all: Option<Vec<String>> = detail.split("; ").map(each).collect();
            all?.join(" ")
        }
        HoldKind::BankAccountDiffers => {
            let (named, known) = detail.split_once(" / ")?;
            page.t2("bills-why-account", "named", named, "known", known)
        }
        HoldKind::DocumentFindings => page.t1("bills-why-findings", "rules", detail),
        HoldKind::CurrencyUnsupported => page.t1("bills-why-currency", "currency", detail),
        HoldKind::AmountNotExact => page.t1("bills-why-not-exact", "currency", detail),
    })
}

fn difference(page: &Page, difference: &Difference) -> String {
    let currency = difference.currency;
    let money = |minor| page.money(minor, digits(currency), currency.code());
    let sum = match difference.what {
        Sum::Net => BillField::Net,
        Sum::Tax => BillField::Tax,
        Sum::Gross => BillField::Gross,
        Sum::Payable => BillField::Payable,
    };
    let sum = format!("{} ({})", page.t(sum.label()), difference.what.term());
    let (given, parts) = (money(difference.given), money(difference.parts));
    Messages::text_with(
        page.locale,
        msg!("bills-why-total"),
        &[("sum", &sum), ("given", &given), ("parts", &parts)],
    )
}

/// Where a finding stands: the term's name and place, and the document's line.
pub fn place(page: &Page, row: &FindingRow) -> Option<String> {
    let mut parts = Vec::new();
    if !row.term.is_empty() {
        let last = row.term.rsplit('/').next().unwrap_or_default();
        let id = last.split('[').next().unwrap_or_default();
        parts.push(match Term::from_id(id) {
            Some(term) => format!("{} ({})", page.t(label(term)), row.term),
            None => row.term.clone(),
        });
    }
    if let Some(line) = row.line {
        parts.push(page.t1("bills-finding-line", "line", line));
    }
    (!parts.is_empty()).then(|| parts.join(" \u{b7} "))
}

/// What a finding says, and with it the reader's own sentence with its figures. A rule that has no message yet speaks by
/// that sentence alone.
pub fn finding(page: &Page, rule_id: &str, sentence: &str) -> (String, Option<String>) {
    match rule(rule_id) {
        Some(id) => {
            let detail = page.t1("bills-finding-detail", "text", sentence);
            (page.t(id), Some(detail))
        }
        None => (sentence.to_owned(), None),
    }
}

/// The message of a rule of ours.
fn rule(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "CS-INTAKE-AMOUNT" => msg!("bills-rule-intake-amount"),
        "CS-INTAKE-BUYER" => msg!("bills-rule-intake-buyer"),
        "CS-INTAKE-CURRENCY" => msg!("bills-rule-intake-currency"),
        "CS-INTAKE-DAMAGED" => msg!("bills-rule-intake-damaged"),
        "CS-INTAKE-KIND" => msg!("bills-rule-intake-kind"),
        "CS-INTAKE-PDF" => msg!("bills-rule-intake-pdf"),
        "CS-INTAKE-PLAIN" => msg!("bills-rule-intake-plain"),
        "CS-INTAKE-SIZE" => msg!("bills-rule-intake-size"),
        "CS-INTAKE-WORKER" => msg!("bills-rule-intake-worker"),
        "CS-READ-AMOUNT" => msg!("bills-rule-read-amount"),
        "CS-READ-BROKEN" => msg!("bills-rule-read-broken"),
        "CS-READ-CURRENCY" => msg!("bills-rule-read-currency"),
        "CS-READ-DATE" => msg!("bills-rule-read-date"),
        "CS-READ-DTD" => msg!("bills-rule-read-dtd"),
        "CS-READ-EMPTY" => msg!("bills-rule-read-empty"),
        "CS-READ-ENCODING" => msg!("bills-rule-read-encoding"),
        "CS-READ-ENTITY" => msg!("bills-rule-read-entity"),
        "CS-READ-IO" => msg!("bills-rule-read-io"),
        "CS-READ-LIMIT" => msg!("bills-rule-read-limit"),
        "CS-READ-MORE" => msg!("bills-rule-read-more"),
        "CS-READ-NOT-XML" => msg!("bills-rule-read-not-xml"),
        "CS-READ-REPEATED" => msg!("bills-rule-read-repeated"),
        "CS-READ-SYNTAX" => msg!("bills-rule-read-syntax"),
        "CS-READ-ZUGFERD-1" => msg!("bills-rule-read-zugferd-1"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::payables::ids::BillId;
    use crate::platform::ids::Id as _;
    use crate::platform::web::locale::Locale;

    fn said(locale: Locale, kind: HoldKind, detail: &str) -> String {
        let page = Page::signed_out(locale, "nav-bills", String::new());
        told(&page, kind, detail).expect("a detail of ours")
    }

    #[test]
    fn a_hold_speaks_the_readers_language() {
        let total = "BT-112 1119.00 EUR / 1118.99 EUR";
        let english = said(Locale::En, HoldKind::TotalsDiffer, total);
        assert!(english.contains("1,119.00\u{a0}EUR") && english.contains("1,118.99\u{a0}EUR"));
        let german = said(Locale::De, HoldKind::TotalsDiffer, total);
        assert!(
            german.contains("1.119,00\u{a0}EUR") && german.contains("BT-112"),
            "{german}"
        );
        let missing = said(Locale::De, HoldKind::MissingFields, "number due-date");
        assert!(
            missing.contains("Rechnungsnummer, F\u{e4}llig"),
            "{missing}"
        );
        let inactive = said(Locale::De, HoldKind::VendorNotActive, "requested");
        assert!(!inactive.contains("requested"), "{inactive}");
        let name = said(Locale::En, HoldKind::VendorNameDiffers, "A / B \u{2260} C");
        assert!(name.contains("names A / B, the vendor is C"), "{name}");
        let id = said(Locale::De, HoldKind::VendorIdDiffers, "BT-31 x \u{2260} y");
        assert!(id.contains("sagt x") && !id.contains("BT-31"), "{id}");
        let other = BillId::from_uuid(uuid::Uuid::nil());
        let detail = format!("RE (1) ({other})");
        let duplicate = said(Locale::En, HoldKind::DuplicateSuspected, &detail);
        assert!(duplicate.contains("RE (1)") && !duplicate.contains(&other.to_string()));
        let reused = said(Locale::En, HoldKind::NumberReused, &detail);
        assert!(
            reused.contains("RE (1)") && reused.contains("credit note"),
            "{reused}"
        );
    }

    #[test]
    fn a_detail_of_another_form_is_shown_as_it_is() {
        let page = Page::signed_out(Locale::De, "nav-bills", String::new());
        for kind in [
            HoldKind::TotalsDiffer,
            HoldKind::MissingFields,
            HoldKind::Manual,
        ] {
            assert_eq!(told(&page, kind, "as somebody said"), None);
        }
    }

    /// A rule that a reader reports has a message in every language.
    #[test]
    fn every_rule_of_ours_has_its_message() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        for folder in ["src/payables/intake", "crates/einvoice/src/read"] {
            rules_in(&root.join(folder), &mut found);
        }
        // Said by the command line about a path, of which no bill is made.
        found.retain(|id| id != "CS-INTAKE-FILE");
        assert!(found.len() > 15, "{found:?}");
        let silent: Vec<_> = found.iter().filter(|id| rule(id).is_none()).collect();
        assert!(silent.is_empty(), "{silent:?}");
    }

    fn rules_in(folder: &Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                rules_in(&path, into);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            for part in text.split("\"CS-").skip(1) {
                let id = part.split('"').next().unwrap_or_default();
                let is_rule = !id.is_empty() && !id.ends_with('-');
                if is_rule
                    && id
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
                {
                    into.push(format!("CS-{id}"));
                }
            }
        }
    }
}
