//! How a bill goes from a file to a paid one, by what three people click and type.

use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_translog::Hash;
use countersign_translog::bundle::payment::Lives;
use countersign_translog::bundle::{Known, verify};

use super::people::beside;
use crate::canaries;
use crate::support::browser::{Browser, JavaScript};
use crate::support::server::Server;
use crate::support::temp::TempDir;
use crate::support::{material, root};

/// The invoice that goes all the way: a real vendor with a VAT id, a payment reference and an account.
const INVOICE: &str = "en16931-cen/ubl/examples/ubl-tc434-example1.xml";
const NUMBER: &str = "12115118";
const VENDOR: &str = "De Koksmaat";
/// The first account that the invoice names.
const IBAN: &str = "NL57 RABO 0107 3075 10";
const LAST_FOUR: &str = "7510";
/// Files that are dragged onto the page at once.
const FILES: usize = 20;

/// Twenty files of every kind: invoices and credit notes of both syntaxes, PDFs with and without an invoice inside, the
/// same bytes twice, and a text that calls itself a PDF. None where the material is missing.
pub struct Post {
    files: Vec<PathBuf>,
    _folder: TempDir,
}

impl Post {
    pub fn gather() -> Option<Self> {
        let folder = TempDir::new("post");
        let invoice = material(INVOICE)?.canonicalize().expect("it is there");
        let again = folder.path().join("the-same-again.xml");
        std::fs::copy(&invoice, &again).expect("our own folder");
        let text = folder.path().join("letter.pdf");
        std::fs::write(&text, "Dear Sirs, please find our invoice enclosed.").expect("ours");
        let mut files = vec![invoice.clone(), again, text];
        for (place, ending, count) in [
            ("en16931-cen/ubl/examples", "xml", 7),
            ("en16931-cen/cii/examples", "xml", 5),
            ("zugferd-corpus/XML-Rechnung/FX", "pdf", 4),
            ("zugferd-corpus/unstructured", "pdf", 1),
        ] {
            let mut found: Vec<PathBuf> = std::fs::read_dir(material(place)?)
                .expect("a folder of the material")
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.extension().is_some_and(|e| e == ending))
                .map(|path| path.canonicalize().expect("it is there"))
                .filter(|path| *path != invoice && !names_the_invoice(path))
                .collect();
            found.sort();
            files.extend(found.into_iter().take(count));
        }
        assert_eq!(files.len(), FILES, "{files:?}");
        Some(Self {
            files,
            _folder: folder,
        })
    }
}

/// Some of the material says the same invoice in another syntax, and would be held as its duplicate.
fn names_the_invoice(path: &Path) -> bool {
    let bytes = std::fs::read(path).expect("a file of the material");
    String::from_utf8_lossy(&bytes).contains(NUMBER)
}

/// Brings the post in and opens the invoice's bill; gives its address.
pub fn bring(server: &Server, browser: &Browser, javascript: JavaScript, post: &Post) -> String {
    browser.goto(&server.url("/bills/upload"));
    let files: Vec<_> = post.files.iter().map(PathBuf::as_path).collect();
    browser.upload("[type=file]", &files);
    // With the script chosen files are on their way; without it the form is sent.
    if javascript == JavaScript::Off {
        browser.submit("main form");
    }
    browser.wait_until("an answer for each file", || {
        let main = browser.text(&browser.find("main"));
        let named = |path: &&PathBuf| {
            let name = path.file_name().expect("a file").to_string_lossy();
            main.contains(name.as_ref())
        };
        let bills = browser.find_all("main a[href*='/bills/0']").len();
        (bills >= FILES && post.files.iter().all(|path| named(&path))).then_some(())
    });
    browser.screenshot_of(javascript, "brought");
    browser.goto(&server.url(&format!("/bills?q={NUMBER}")));
    browser.press("main a[href*='/bills/0']");
    browser.wait_for_text("main", NUMBER);
    browser.url()
}

/// The requested vendor becomes an active one, with an account that waits for its second human; gives its address.
pub fn keep_vendor(server: &Server, browser: &Browser, javascript: JavaScript) -> String {
    browser.goto(&server.url("/vendors?view=requested"));
    browser.click(&browser.wait_for_text("main a.row-link", VENDOR));
    let address = browser.url();
    browser.press("[name=to][value=active]");
    browser.press("a[href$='/accounts/new']");
    for (field, value) in [
        ("holder", VENDOR),
        ("iban", IBAN),
        ("currency", "EUR"),
        (
            "evidence",
            "On the letter of 9 January, which is filed with the contract",
        ),
    ] {
        browser.fill(&format!("[name={field}]"), value);
    }
    browser.press("[name=source] option[value=letter]");
    browser.screenshot_of(javascript, "account");
    browser.submit("form.sheet");
    browser.wait_for_text("main", LAST_FOUR);
    address
}

/// Somebody else calls the vendor back.
pub fn verify_account(browser: &Browser, vendor: &str, javascript: JavaScript) {
    browser.goto(vendor);
    browser.press("a[href$='/verify']");
    for (field, value) in [
        ("last_four", LAST_FOUR),
        ("spoke_with", "Mevrouw Blokker"),
        ("number", "+31 251 555 120"),
        ("number_known_from", "the contract of 2014"),
    ] {
        browser.fill(&format!("[name={field}]"), value);
    }
    browser.screenshot_of(javascript, "call-back");
    browser.press("[name=decision][value=verify]");
    browser.wait_for_text("main", "Verified");
}

/// Codes every line to one account and centre and sends the bill to approval.
pub fn code(browser: &Browser, bill: &str, javascript: JavaScript) {
    browser.goto(&format!("{bill}/coding"));
    // The invoice stands beside the lines.
    browser.wait_for_text("main", "BT-112");
    for field in browser.find_all("[name$='-account']") {
        browser.type_into(&field, "5000");
    }
    for field in browser.find_all("[name$='-centre']") {
        browser.type_into(&field, "100");
    }
    browser.screenshot_of(javascript, "coding");
    browser.press("[name=then][value=send]");
    browser.wait_for_text("main", NUMBER);
}

/// Whoever entered the bill is told that somebody else decides.
pub fn cannot_decide(browser: &Browser, bill: &str) {
    browser.goto(&bill.replace("/bills/", "/approvals/"));
    assert!(
        browser.find_all("[name=decision]").is_empty(),
        "nobody approves what she entered"
    );
}

pub fn approve(server: &Server, browser: &Browser, javascript: JavaScript) {
    browser.goto(&server.url("/approvals"));
    browser.click(&browser.wait_for_text("main a.row-link", VENDOR));
    browser.screenshot_of(javascript, "decision");
    browser.press("[name=decision][value=approve]");
    // The inbox is next: what she decided is not in it any more.
    browser.wait_for_text("main", "Nothing waits for your decision");
}

/// Proposes what is due; gives the run's address.
pub fn propose(server: &Server, browser: &Browser, javascript: JavaScript) -> String {
    browser.goto(&server.url("/payments/propose"));
    browser.wait_for_text("main", NUMBER);
    browser.screenshot_of(javascript, "proposal");
    browser.submit("form[action='/payments']");
    browser.wait_for_text("main", NUMBER);
    assert!(
        browser.find_all("form[action$='/countersign']").is_empty(),
        "nobody countersigns her own run"
    );
    browser.url()
}

/// The third human takes the run to the bank, and says when the bank has paid; gives the payment file.
pub fn pay(server: &Server, browser: &Browser, run: &str, javascript: JavaScript) -> Vec<u8> {
    browser.goto(run);
    browser.screenshot_of(javascript, "run");
    for verb in ["countersign", "generate", "release"] {
        browser.submit(&format!("form[action$='/{verb}']"));
        browser.find(match verb {
            "countersign" => "form[action$='/generate']",
            "generate" => "form[action$='/release']",
            _ => "form[action$='/settle']",
        });
    }
    let link = browser.find("a[href$='/file']");
    let href = browser.attribute(&link, "href").expect("a link");
    let file = fetch(server, browser, &href);
    assert_valid(&file);
    browser.submit("form[action$='/settle']");
    browser.wait_for_text("main", "Settled");
    browser.screenshot_of(javascript, "settled");
    file
}

/// What the browser would keep from this link: the same request, by the same session.
fn fetch(server: &Server, browser: &Browser, href: &str) -> Vec<u8> {
    let answer = beside(server, browser).get(href.strip_prefix(&server.url("")).unwrap_or(href));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.body
}

/// The file pays this vendor, on its reference, and is what the bank's schema asks for.
fn assert_valid(file: &[u8]) {
    let text = String::from_utf8_lossy(file);
    for part in ["NL57RABO0107307510", VENDOR, "DE02120300000000202051"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let folder = TempDir::new("pain");
    let path = folder.path().join("run.xml");
    std::fs::write(&path, file).expect("our own folder");
    for schema in ["pain.001.001.09.xsd", "pain.001.001.09_GBIC_5.xsd"] {
        let Some(schema) = material(&format!("iso20022/xsd/sepa-crate/{schema}")) else {
            return;
        };
        let output = Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(schema)
            .arg(&path)
            .output()
            .expect("xmllint is installed with the tests' packages");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}

/// Neither account of the payment, nor the payment's reference, stands in the server's folder in clear: not in its database, its
/// documents or its logs, and not in a payment file that was left behind.
pub fn kept_nothing_in_clear(server: &Server) {
    canaries::none_below(server, &[IBAN, "DE02120300000000202051", VENDOR]);
}

/// The bill says that it is paid, and the journal proves itself on the page and from the command line.
pub fn prove(server: &Server, browser: &Browser, bill: &str, javascript: JavaScript) {
    browser.goto(bill);
    browser.wait_for_text("main", "Paid");
    browser.screenshot_of(javascript, "paid");
    browser.goto(&server.url("/journal"));
    browser.submit("form[action='/journal/verify']");
    browser.find("main");
    browser.screenshot_of(javascript, "proved");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["journal", "verify", "--data"])
        .arg(server.data())
        .current_dir(root())
        .output()
        .expect("the binary was built");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("harbour-foods: sound"), "{said}");
}

/// An auditor at home, with the journal, the payment file and the bill's document: all that led to the payment is proven, and no
/// other file passes for it.
pub fn prove_payment(server: &Server, browser: &Browser, bill: &str, run: &str, file: &[u8]) {
    let document = fetch(server, browser, &format!("{bill}/document"));
    let folder = TempDir::new("home");
    let taken = folder.path().join("journal.bundle");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args([
            "journal",
            "export",
            "--org",
            "harbour-foods",
            "--values",
            "--data",
        ])
        .arg(server.data())
        .arg("--out")
        .arg(&taken)
        .output()
        .expect("the binary was built");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let bundle = std::fs::read(&taken).expect("it was written");
    let id = run.rsplit('/').next().expect("an address ends with an id");
    let mut lives = Lives::default();
    let report = verify(
        bundle.as_slice(),
        &Known::default(),
        |number, entry, values| {
            lives.take(number, entry, values);
        },
    );
    report.expect("the bundle proves itself");
    let (file, document) = (Hash::of(file), Hash::of(&document));
    let lived = lives.prove(id, Some(file), &[document]).expect("proven");
    assert!(lived.documents.contains(&document));
    lives
        .prove(id, Some(document), &[])
        .expect_err("another file was not released");
}
