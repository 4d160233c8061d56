//! What a person types for a bill: texts in, values or a message for each field out.

use countersign_bankfile::account::Iban;
use countersign_money::{Currency, Money, MoneyError};
use jiff::civil::Date;

use super::axes::BillKind;
use crate::payables::bills::actions::TypedProblem;

/// Longest text of a typed field, in characters.
const LONGEST: usize = 200;

/// The form as it was sent. Amounts are in major units with a point; dates are ISO 8601.
#[derive(Debug, Clone, Default)]
pub struct TypedForm {
    pub kind: String,
    pub vendor_name: String,
    pub number: String,
    pub purchase_order: String,
    pub payment_reference: String,
    pub invoice_date: String,
    pub due_date: String,
    pub currency: String,
    pub net: String,
    pub vat: String,
    pub total: String,
    /// Empty means what the total makes due.
    pub payable: String,
}

/// The values of a form in which nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub kind: BillKind,
    pub vendor_name: String,
    pub number: String,
    pub purchase_order: String,
    pub payment_reference: String,
    pub issue_date: Option<Date>,
    pub due_date: Option<Date>,
    pub currency: Option<Currency>,
    pub net_minor: Option<i64>,
    pub tax_minor: Option<i64>,
    pub gross_minor: Option<i64>,
    /// None where it was left empty.
    pub payable_minor: Option<i64>,
}

/// A field by its name in the form, and what is wrong with it.
pub type Faults = Vec<(&'static str, TypedProblem)>;

/// Reads a form. An empty field is absent, not wrong: what is missing is a hold, and the rest is kept.
///
/// # Errors
/// Every field that cannot be used.
pub fn read(form: &TypedForm) -> Result<Typed, Faults> {
    let mut faults = Faults::new();
    let currency = optional(&form.currency, |code| {
        code.to_uppercase()
            .parse::<Currency>()
            .ok()
            .filter(|currency| currency.is_active())
    });
    let currency = currency.unwrap_or_else(|()| {
        faults.push(("currency", TypedProblem::Currency));
        None
    });
    let mut amount = |field, text: &str| match (currency, text.trim()) {
        (_, "") => None,
        (None, _) => {
            faults.push(("currency", TypedProblem::Required));
            None
        }
        (Some(currency), text) => match Money::parse_typed(text, currency) {
            Ok(money) => Some(money.minor()),
            Err(error) => {
                let problem = match error {
                    MoneyError::TooManyDecimals { .. } => TypedProblem::Decimals,
                    _ => TypedProblem::Amount,
                };
                faults.push((field, problem));
                None
            }
        },
    };
    let (net_minor, tax_minor) = (amount("net", &form.net), amount("vat", &form.vat));
    let gross_minor = amount("total", &form.total);
    let payable_minor = amount("payable", &form.payable);
    let mut date = |field, text: &str| {
        optional(text, |text| text.parse::<Date>().ok()).unwrap_or_else(|()| {
            faults.push((field, TypedProblem::Date));
            None
        })
    };
    let issue_date = date("invoice_date", &form.invoice_date);
    let due_date = date("due_date", &form.due_date);
    if let (Some(issued), Some(due)) = (issue_date, due_date)
        && due < issued
    {
        faults.push(("due_date", TypedProblem::DueBeforeIssue));
    }
    let kind = BillKind::parse(&form.kind).unwrap_or_else(|| {
        faults.push(("kind", TypedProblem::Choice));
        BillKind::Standard
    });
    let mut text = |field, text: &str| {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            faults.push((field, TypedProblem::TooLong));
        }
        text.chars().filter(|c| !c.is_control()).collect()
    };
    let typed = Typed {
        vendor_name: text("vendor_name", &form.vendor_name),
        number: text("number", &form.number),
        purchase_order: text("purchase_order", &form.purchase_order),
        payment_reference: text("payment_reference", &form.payment_reference),
        kind,
        issue_date,
        due_date,
        currency,
        net_minor,
        tax_minor,
        gross_minor,
        payable_minor,
    };
    faults.dedup();
    if faults.is_empty() {
        Ok(typed)
    } else {
        Err(faults)
    }
}

fn optional<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(()),
    }
}

/// An account as it is typed: an IBAN, whose check digits tell most slips.
///
/// # Errors
/// [`TypedProblem::Account`].
pub fn account(text: &str) -> Result<Option<Iban>, TypedProblem> {
    match text.trim() {
        "" => Ok(None),
        text => Iban::parse(text)
            .map(Some)
            .map_err(|_| TypedProblem::Account),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> TypedForm {
        TypedForm {
            kind: "standard".into(),
            vendor_name: " Nordwind GmbH ".into(),
            number: "A-1".into(),
            invoice_date: "2026-01-02".into(),
            due_date: "2026-02-01".into(),
            currency: "eur".into(),
            net: "100".into(),
            vat: "19.00".into(),
            total: "119.00".into(),
            ..TypedForm::default()
        }
    }

    #[test]
    fn a_form_reads_exactly() {
        let typed = read(&form()).expect("nothing is wrong");
        assert_eq!(typed.vendor_name, "Nordwind GmbH");
        assert_eq!(
            (typed.net_minor, typed.gross_minor),
            (Some(10_000), Some(11_900))
        );
        assert_eq!(typed.payable_minor, None, "it follows from the total");
        assert!(
            read(&TypedForm {
                kind: "standard".into(),
                ..TypedForm::default()
            })
            .is_ok()
        );
    }

    #[test]
    fn each_fault_names_its_field_and_all_are_told_at_once() {
        let mut wrong = form();
        wrong.net = "1,000.00".into();
        wrong.total = "119.005".into();
        wrong.invoice_date = "2026-02-30".into();
        wrong.kind = "gift".into();
        wrong.number = "9".repeat(300);
        let fields: Vec<_> = read(&wrong)
            .expect_err("much")
            .into_iter()
            .map(|f| f.0)
            .collect();
        assert_eq!(fields, ["net", "total", "invoice_date", "kind", "number"]);
        let mut thousand = form();
        thousand.net = "1.000".into();
        assert_eq!(
            read(&thousand),
            Err(vec![("net", TypedProblem::Decimals)]),
            "a thousand, or one?"
        );
        let mut early = form();
        early.due_date = "2026-01-01".into();
        assert_eq!(
            read(&early),
            Err(vec![("due_date", TypedProblem::DueBeforeIssue)])
        );
        let mut metal = form();
        metal.currency = "XAU".into();
        assert_eq!(
            read(&metal).expect_err("no money")[0],
            ("currency", TypedProblem::Currency)
        );
    }

    #[test]
    fn an_account_with_a_slip_is_refused() {
        assert!(matches!(
            account("DE89 3704 0044 0532 0130 00"),
            Ok(Some(_))
        ));
        assert_eq!(
            account("DE89 3704 0044 0532 0130 01").err(),
            Some(TypedProblem::Account)
        );
        assert!(matches!(account(" "), Ok(None)));
    }
}
