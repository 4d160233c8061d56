//! One row for each route: what it needs, and a request that reaches the question whether its sender may.

use countersign::identity::access::{Access, Permission};

pub enum Needs {
    /// Whoever asks.
    Nobody,
    /// Whoever is signed in.
    Anybody,
    /// A directory, by its own token: no person is one.
    Directory,
    /// One of these. Who has none is told what lacking the first one means.
    OneOf(&'static [Permission]),
}

impl Needs {
    pub fn are_met_by(&self, access: &Access) -> bool {
        match self {
            Self::Nobody | Self::Anybody => true,
            Self::Directory => false,
            Self::OneOf(permissions) => permissions.iter().any(|one| access.may_anywhere(*one)),
        }
    }
}

pub enum Sends {
    Nothing,
    Form(&'static [(&'static str, &'static str)]),
    /// A form with a file.
    File,
    Json(&'static str),
}

pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub needs: Needs,
    pub sends: Sends,
}

impl Route {
    /// Whether the path names something that belongs to one organisation.
    pub fn names_a_thing(&self) -> bool {
        ["{id}", "{hold}", "{account}"]
            .iter()
            .any(|part| self.path.contains(part))
    }

    /// Routes of the binary itself, which knows no organisation there.
    pub fn is_of_the_whole_program(&self) -> bool {
        ["/health", "/assets/{name}", "/api/openapi.json"].contains(&self.path)
    }
}

pub const fn get(path: &'static str, needs: Needs) -> Route {
    Route {
        method: "GET",
        path,
        needs,
        sends: Sends::Nothing,
    }
}

pub const fn form(
    path: &'static str,
    needs: Needs,
    fields: &'static [(&'static str, &'static str)],
) -> Route {
    Route {
        method: "POST",
        path,
        needs,
        sends: Sends::Form(fields),
    }
}

pub const fn file(path: &'static str, needs: Needs) -> Route {
    Route {
        method: "POST",
        path,
        needs,
        sends: Sends::File,
    }
}

pub const fn one(permission: &'static [Permission]) -> Needs {
    Needs::OneOf(permission)
}

use Needs::{Anybody, Nobody};
use Permission as P;

pub const MAY_HOLD: &[P] = &[P::BillsEnter, P::BillsCode, P::BillsDecide, P::RunsPropose];
const VERSION: (&str, &str) = ("version", "1");
const STEP: &[(&str, &str)] = &[VERSION, ("digest", "@digest"), ("reason", "because")];
const CLOSING: &[(&str, &str)] = &[VERSION, ("reason", "because")];
const TYPED: &[(&str, &str)] = &[
    VERSION,
    ("kind", "standard"),
    ("vendor_name", "Nordwind"),
    ("vendor_vat_id", ""),
    ("iban", ""),
    ("number", "T-1"),
    ("purchase_order", ""),
    ("payment_reference", ""),
    ("invoice_date", "2026-01-02"),
    ("due_date", ""),
    ("currency", "EUR"),
    ("net", "1"),
    ("vat", "0"),
    ("total", "1"),
    ("payable", ""),
];
const VENDOR: &[(&str, &str)] = &[
    VERSION,
    ("name", "Seestern"),
    ("country", "DE"),
    ("terms_days", "30"),
];
const ACCOUNT: &[(&str, &str)] = &[
    ("holder", "Seestern"),
    ("iban", "DE02120300000000202051"),
    ("currency", "EUR"),
    ("source", "letter"),
    ("evidence", "signed"),
];
const CALL: &[(&str, &str)] = &[
    ("digest", "@digest"),
    ("decision", "verify"),
    ("last_four", "3000"),
    ("spoke_with", "Mr Hansen"),
    ("number", "+49 40 5551200"),
    ("number_known_from", "the contract"),
];

/// Every route, in an order in which each can be tried.
pub fn all() -> impl Iterator<Item = &'static Route> {
    let (passkeys, people) = (super::table_passkeys::PASSKEYS, super::table_people::PEOPLE);
    let (directories, scim) = super::table_directories::rows();
    let own = passkeys.iter().chain(people).chain(super::table_sso::SSO);
    let own = own.chain(directories).chain(scim);
    let own = own.chain(super::table_reveals::REVEALS);
    super::table_api::API.iter().chain(own).chain(PAGES)
}

const PAGES: &[Route] = &[
    get("/health", Nobody),
    get("/assets/{name}", Nobody),
    get("/api/openapi.json", Nobody),
    // Signing in and setting up.
    get("/setup/{token}", Nobody),
    form("/setup/organisation", Nobody, &[]),
    form("/setup/entity", Nobody, &[]),
    form("/setup/administrator", Nobody, &[]),
    get("/sign-in", Nobody),
    form("/sign-in", Nobody, &[]),
    get("/sign-in/code", Nobody),
    form("/sign-in/code", Nobody, &[]),
    get("/sign-in/recovery", Nobody),
    form("/sign-in/recovery", Nobody, &[]),
    get("/forgot-password", Nobody),
    form(
        "/forgot-password",
        Nobody,
        &[("email", "nobody@harbour.example")],
    ),
    get("/reset/{token}", Nobody),
    form("/reset/{token}", Nobody, &[]),
    form("/password-strength", Nobody, &[("password", "kiwi jam")]),
    get("/invitations/{token}", Nobody),
    form("/invitations/{token}", Nobody, &[]),
    get("/enrol", Anybody),
    form("/enrol", Anybody, &[("code", "123456")]),
    form("/enrol/done", Anybody, &[]),
    // One's own.
    get("/", Anybody),
    get("/me", Anybody),
    form(
        "/me/password",
        Anybody,
        &[("current", "x"), ("password", "x"), ("password_again", "x")],
    ),
    form(
        "/me/tokens",
        one(&[P::OwnTokens]),
        &[("name", "t"), ("days", "1"), ("permissions", "bills.read")],
    ),
    form("/me/tokens/{id}/revoke", one(&[P::OwnTokens]), &[]),
    // People.
    get("/people", one(&[P::PeopleRead])),
    get("/people/invite", one(&[P::PeopleAdminister])),
    form(
        "/people/invite",
        one(&[P::PeopleAdminister]),
        &[
            ("name", "Nia"),
            ("email", "nia@x.example"),
            ("roles", "clerk"),
        ],
    ),
    get("/people/{id}", one(&[P::PeopleRead])),
    form(
        "/people/{id}/roles",
        one(&[P::PeopleAdminister]),
        &[("roles", "clerk")],
    ),
    form("/people/{id}/invite", one(&[P::PeopleAdminister]), &[]),
    form("/people/{id}/suspend", one(&[P::PeopleAdminister]), &[]),
    form("/people/{id}/resume", one(&[P::PeopleAdminister]), &[]),
    // The journal.
    get("/trust", Anybody),
    get("/journal", one(&[P::JournalRead])),
    form(
        "/journal/export",
        one(&[P::JournalRead]),
        &[("format", "csv")],
    ),
    form("/journal/verify", one(&[P::JournalRead]), &[]),
    form("/journal/bundle", one(&[P::JournalRead]), &[]),
    get("/journal/checkpoint", one(&[P::JournalRead])),
    get("/journal/logs", one(&[P::JournalRead])),
    get("/journal/{number}", one(&[P::JournalRead])),
    get("/journal/{number}/proof", one(&[P::JournalRead])),
    // Bills.
    get("/bills", one(&[P::BillsRead])),
    get("/bills/upload", one(&[P::BillsEnter])),
    file("/bills/upload", one(&[P::BillsEnter])),
    get("/bills/{id}", one(&[P::BillsRead])),
    get("/bills/{id}/document", one(&[P::BillsRead])),
    get("/bills/{id}/pages/{image}", one(&[P::BillsRead])),
    get("/bills/{id}/edit", one(&[P::BillsEnter])),
    form("/bills/{id}/edit", one(&[P::BillsEnter]), TYPED),
    form("/bills/{id}/holds", one(MAY_HOLD), &[("reason", "because")]),
    form(
        "/bills/{id}/holds/{hold}/release",
        one(&[P::HoldsRelease]),
        CLOSING,
    ),
    get("/bills/{id}/coding", one(&[P::BillsCode])),
    form("/bills/{id}/coding", one(&[P::BillsCode]), &[VERSION]),
    form("/bills/{id}/send", one(&[P::BillsCode]), &[VERSION]),
    get("/bills/{id}/cancel", one(&[P::BillsEnter])),
    form("/bills/{id}/cancel", one(&[P::BillsEnter]), CLOSING),
    get("/bills/{id}/reject", one(&[P::BillsEnter])),
    form("/bills/{id}/reject", one(&[P::BillsEnter]), CLOSING),
    get("/bills/{id}/dispute", one(&[P::BillsEnter])),
    form("/bills/{id}/dispute", one(&[P::BillsEnter]), CLOSING),
    // The chart.
    get("/chart", Anybody),
    get("/chart/{list}", one(&[P::BillsRead])),
    form(
        "/chart/{list}",
        one(&[P::SettingsEdit]),
        &[("code", "4711"), ("name", "Scent")],
    ),
    file("/chart/{list}/import", one(&[P::SettingsEdit])),
    form(
        "/chart/{list}/{id}/rename",
        one(&[P::SettingsEdit]),
        &[VERSION, ("name", "Other")],
    ),
    form(
        "/chart/{list}/{id}/retire",
        one(&[P::SettingsEdit]),
        &[VERSION],
    ),
    form(
        "/chart/{list}/{id}/restore",
        one(&[P::SettingsEdit]),
        &[VERSION],
    ),
    form(
        "/bills/{id}/settle",
        one(&[P::RunsRelease]),
        &[VERSION, ("reason", "paid in advance")],
    ),
    // Approvals.
    get("/approvals", one(&[P::BillsDecide])),
    get("/approvals/policy", one(&[P::BillsRead])),
    form(
        "/approvals/policy",
        one(&[P::SettingsEdit]),
        &[VERSION, ("then", "set")],
    ),
    get("/approvals/{id}", one(&[P::BillsRead])),
    form(
        "/approvals/{id}",
        one(&[P::BillsDecide]),
        &[("digest", "@digest"), ("decision", "approve")],
    ),
    // Vendors.
    get("/vendors", one(&[P::VendorsRead])),
    form("/vendors", one(&[P::VendorsEdit]), VENDOR),
    get("/vendors/new", one(&[P::VendorsEdit])),
    get("/vendors/{id}", one(&[P::VendorsRead])),
    get("/vendors/{id}/edit", one(&[P::VendorsEdit])),
    form("/vendors/{id}/edit", one(&[P::VendorsEdit]), VENDOR),
    form(
        "/vendors/{id}/status",
        one(&[P::VendorsEdit]),
        &[VERSION, ("to", "suspended"), ("reason", "because")],
    ),
    get("/vendors/{id}/accounts/new", one(&[P::BankAccountsEnter])),
    form(
        "/vendors/{id}/accounts",
        one(&[P::BankAccountsEnter]),
        ACCOUNT,
    ),
    get("/vendors/{id}/accounts/{account}", one(&[P::VendorsRead])),
    get(
        "/vendors/{id}/accounts/{account}/verify",
        one(&[P::BankAccountsVerify]),
    ),
    form(
        "/vendors/{id}/accounts/{account}/verify",
        one(&[P::BankAccountsVerify]),
        CALL,
    ),
    form(
        "/vendors/{id}/accounts/{account}/reject",
        one(&[P::BankAccountsVerify]),
        &[("comment", "because")],
    ),
    // Payments.
    get("/payments", one(&[P::RunsRead])),
    get("/payments/propose", one(&[P::RunsPropose])),
    form(
        "/payments",
        one(&[P::RunsPropose]),
        &[
            ("account", "@account"),
            ("execution_date", "2026-01-15"),
            ("bill", "@bill"),
        ],
    ),
    get("/payments/{id}", one(&[P::RunsRead])),
    get("/payments/{id}/file", one(&[P::RunsRelease])),
    form(
        "/payments/{id}/countersign",
        one(&[P::RunsCountersign]),
        STEP,
    ),
    form("/payments/{id}/generate", one(&[P::RunsRelease]), STEP),
    form("/payments/{id}/release", one(&[P::RunsRelease]), STEP),
    form("/payments/{id}/settle", one(&[P::RunsRelease]), STEP),
    form(
        "/payments/{id}/return",
        one(&[P::RunsRelease]),
        &[
            VERSION,
            ("digest", "@digest"),
            ("payment", "@payment"),
            ("why", "because"),
        ],
    ),
    form(
        "/payments/{id}/remove",
        one(&[P::RunsCountersign]),
        &[
            VERSION,
            ("digest", "@digest"),
            ("payment", "@payment"),
            ("why", "because"),
        ],
    ),
    form(
        "/payments/{id}/void",
        one(&[P::RunsPropose, P::RunsCountersign]),
        STEP,
    ),
    // Settings.
    get("/settings", one(&[P::RunsRead])),
    get("/settings/entities/new", one(&[P::SettingsEdit])),
    form("/settings/entities/new", one(&[P::SettingsEdit]), &[]),
    get("/settings/entities/{id}/accounts", one(&[P::SettingsEdit])),
    form(
        "/settings/entities/{id}/accounts",
        one(&[P::SettingsEdit]),
        &[],
    ),
    get(
        "/settings/accounts/{id}",
        one(&[P::SettingsEdit, P::RunsCountersign]),
    ),
    form(
        "/settings/accounts/{id}",
        one(&[P::SettingsEdit, P::RunsCountersign]),
        &[("iban", "IE29AIBK93115212345678")],
    ),
    form(
        "/settings/accounts/{id}/close",
        one(&[P::SettingsEdit, P::RunsCountersign]),
        &[("reason", "")],
    ),
    form("/me/language", Anybody, &[("locale", "en")]),
    // The last one: it ends the sessions.
    form("/sign-out", Nobody, &[]),
];
