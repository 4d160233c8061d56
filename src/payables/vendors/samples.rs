//! The pages of vendors with sample data.

use super::views::*;
use crate::payables::bills::samples::{events, page};
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::check;
use crate::platform::web::view::*;

fn list(locale: Locale) -> VendorsPage {
    let page = page(locale, Section::Vendors, VendorsPage::TITLE);
    let row = |id: &str, name: &str, place: &str, state: Badge| VendorRow {
        id: id.into(),
        name: name.into(),
        place: place.into(),
        state,
        open_bills: "3".into(),
    };
    let active = || Badge::new(Tone::Good, "Active");
    let rows = vec![
        row("7", "Nordwind Verpackungen GmbH", "Hamburg, DE", active()),
        row("8", "Müller & Söhne OHG", "Köln, DE", active()),
        row(
            "9",
            "Brightwater Supplies",
            "",
            Badge::new(Tone::Warn, "Requested"),
        ),
    ];
    let tab = |label: &str, count, current| Tab {
        label: label.into(),
        href: "/vendors?view=x".into(),
        count,
        current,
    };
    VendorsPage {
        tabs: vec![
            tab("Active", Some(84), true),
            tab("Requested", Some(1), false),
            tab("To verify", Some(2), false),
        ],
        query: String::new(),
        view: String::new(),
        can_edit: true,
        rows,
        pager: Pager::default(),
        page,
    }
}

fn chain() -> Vec<ChainStep> {
    [
        ("Entered", "by you", Tone::Info, "Now"),
        ("Call back", "by another person", Tone::Neutral, "Then"),
        ("Cooling off", "3 days", Tone::Neutral, "Then"),
        ("Payable", "", Tone::Neutral, "At last"),
    ]
    .into_iter()
    .map(|(who, why, tone, state)| ChainStep {
        who: who.into(),
        why: why.into(),
        state: Badge::new(tone, state),
    })
    .collect()
}

fn show(locale: Locale) -> VendorPage {
    let mut page = page(locale, Section::Vendors, VendorsPage::TITLE);
    page.title = "Nordwind Verpackungen GmbH".into();
    let account = |id: &str,
                   masked: &str,
                   state: Badge,
                   explained: &str,
                   verified: Option<&str>,
                   can_verify| AccountRow {
        id: id.into(),
        masked: masked.into(),
        in_full: format!("vendor-iban:{id}"),
        holder: "Nordwind Verpackungen GmbH".into(),
        state,
        explained: explained.into(),
        entered_by: "Ann Lindqvist, 05 Nov 2026".into(),
        verified_by: verified.map(Into::into),
        can_verify,
    };
    VendorPage {
        id: "7".into(),
        state: Badge::new(Tone::Good, "Active"),
        summary: "V-00071, since 12 Jan 2025".into(),
        warning: None,
        accounts: vec![
            account(
                "2",
                "DE•• •••• 1300",
                Badge::new(Tone::Warn, "Call-back pending"),
                "Not payable yet",
                None,
                true,
            ),
            account(
                "1",
                "DE•• •••• 0342",
                Badge::new(Tone::Good, "Verified"),
                "Payable since 16 Jan 2025",
                Some("Maeve Byrne, 13 Jan 2025"),
                false,
            ),
        ],
        bills: vec![VendorBill {
            id: "1".into(),
            number: "NW-2026-1187".into(),
            due_date: "03 Dec 2026".into(),
            state: Badge::new(Tone::Info, "In approval"),
            amount: page.money(245_140, 2, "EUR"),
        }],
        facts: vec![
            Fact::new(
                "VAT id",
                Some("DE118572044".into()),
                Some(Source::Term("BT-31".into())),
            ),
            Fact::new(
                "Payment terms",
                Some("30 days net".into()),
                Some(Source::Typed("Ann Lindqvist".into())),
            ),
            Fact::new("Telephone", None, None),
        ],
        events: events(&page),
        can_edit: true,
        steps: vec![StatusStep {
            to: "blocked",
            label: "Block".into(),
            primary: false,
            danger: true,
        }],
        version: 3,
        errors: FormErrors::default(),
        can_add_account: true,
        ids: vec![Choice::new("vendor-vat-id:7", "VAT id", "")],
        seen: "/vendors/7/seen".into(),
        page,
    }
}

fn account_new(locale: Locale) -> AccountNewPage {
    let page = page(locale, Section::Vendors, AccountNewPage::TITLE);
    let mut errors = FormErrors::default();
    errors.add(
        "iban",
        "The check digits do not fit. Compare the number with the vendor's letter.".into(),
    );
    AccountNewPage {
        vendor_id: "7".into(),
        vendor: "Nordwind Verpackungen GmbH".into(),
        form: AccountForm {
            holder: "Nordwind Verpackungen GmbH".into(),
            ..AccountForm::default()
        },
        sources: vec![
            Choice::new("letter", "Signed letter", "letter"),
            Choice::new("email", "E-mail", "letter"),
        ],
        errors,
        chain: chain(),
        page,
    }
}

fn account_verify(locale: Locale) -> AccountVerifyPage {
    let page = page(locale, Section::Vendors, AccountVerifyPage::TITLE);
    AccountVerifyPage {
        vendor_id: "7".into(),
        vendor: "Nordwind Verpackungen GmbH".into(),
        account_id: "2".into(),
        digest: "77aa".into(),
        blocked: None,
        warnings: vec![Notice {
            tone: Tone::Bad,
            text: "Ben rejected this IBAN for Nordwind.".into(),
        }],
        facts: vec![
            Fact::new(
                "Account holder",
                Some("Nordwind Verpackungen GmbH".into()),
                Some(Source::Typed("Ann Lindqvist".into())),
            ),
            Fact::new(
                "Number to call",
                Some("+49 40 5551200".into()),
                Some(Source::Computed("known since 2025".into())),
            ),
        ],
        form: VerifyForm::default(),
        errors: FormErrors::default(),
        chain: chain(),
        page,
    }
}

fn edit(locale: Locale) -> VendorEditPage {
    let page = page(locale, Section::Vendors, VendorEditPage::TITLE);
    let mut errors = FormErrors::default();
    errors.add("country", "This is no country.".into());
    VendorEditPage {
        action: "/vendors/7/edit".into(),
        back: "/vendors/7".into(),
        meanwhile: events(&page),
        form: VendorForm {
            name: "Nordwind Verpackungen GmbH".into(),
            vat_id_hint: "Stored: DE•• 2044.".into(),
            ..VendorForm::default()
        },
        errors,
        page,
    }
}

fn account(locale: Locale) -> AccountPage {
    let page = page(locale, Section::Vendors, AccountVerifyPage::TITLE);
    AccountPage {
        vendor_id: "7".into(),
        vendor: "Nordwind Verpackungen GmbH".into(),
        account_id: "2".into(),
        warnings: vec![Notice {
            tone: Tone::Bad,
            text: "Ben rejected this IBAN for Nordwind.".into(),
        }],
        facts: Vec::new(),
        in_full: "vendor-iban:2".into(),
        seen: "/vendors/7/accounts/2/seen".into(),
        can_reject: true,
        events: events(&page),
        errors: FormErrors::default(),
        page,
    }
}

#[test]
fn every_page_of_vendors_renders() {
    check("vendors-edit", edit);
    check("vendors-account", account);
    check("vendors-list", list);
    check("vendors-list-empty", |locale| VendorsPage {
        rows: Vec::new(),
        ..list(locale)
    });
    check("vendors-show", show);
    check("vendors-show-new", |locale| VendorPage {
        accounts: Vec::new(),
        bills: Vec::new(),
        warning: Some(Notice {
            tone: Tone::Warn,
            text: "Not active, so nothing can be paid.".into(),
        }),
        ..show(locale)
    });
    check("vendors-account-new", account_new);
    check("vendors-account-verify", account_verify);
    check("vendors-account-verify-blocked", |locale| {
        AccountVerifyPage {
            blocked: Some("You entered this account, so another person verifies it.".into()),
            ..account_verify(locale)
        }
    });
}

#[test]
fn an_iban_as_typed_does_not_reach_a_log() {
    let form = AccountForm {
        iban: "DE89370400440532013000".into(),
        ..AccountForm::default()
    };
    assert!(
        !format!(
            "{:?}",
            AccountNewPage {
                form,
                ..account_new(Locale::En)
            }
        )
        .contains("0532013000")
    );
}
