//! The pages of vendors and payments, as browsers without JavaScript use them: from a new vendor to a settled run.

use std::sync::Arc;

use axum::Router;
use countersign::payables::bills::rules::Payment;
use countersign::payables::{payments, vendors};
use countersign::platform::web::render::problems;

use super::house::{DAY, House};
use crate::support::app::{Browser, between};
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::IBAN;

fn browser(house: &House, who: &Somebody) -> Browser {
    let router = Router::new()
        .merge(vendors::pages::routes())
        .merge(payments::pages::routes())
        .with_state(Arc::clone(&house.world().app))
        .layer(axum::middleware::from_fn(problems));
    Browser::new(router).with_cookie(&who.cookie)
}

/// Opens a page, which must be there.
async fn open(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert!(!answer.body.contains(IBAN), "{path} shows an IBAN");
    answer.body
}

/// Sends a form of the page that was opened last, and follows to where it leads.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.submit(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    answer.location().to_owned()
}

fn hidden(body: &str, name: &str) -> String {
    between(body, &format!("name=\"{name}\" value=\""), "\"")
        .unwrap_or_else(|| panic!("no field {name}"))
        .to_owned()
}

#[test]
fn the_story_of_a_vendor_and_a_run_goes_through_its_pages() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut ann = browser(&house, &house.office.enters);
        open(&mut ann, "/vendors").await;
        open(&mut ann, "/vendors/new").await;
        let wrong = [
            ("name", "Nordwind"),
            ("country", "XX"),
            ("terms_days", "30"),
        ];
        let answer = ann.submit("/vendors", &wrong).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("Nordwind"), "what was typed is kept");
        // Everything that is wrong is told at once, and what was typed comes back to be mended.
        let wrong = [
            ("name", ""),
            ("vat_id", "DE12345"),
            ("country", "XX"),
            ("terms_days", "soon"),
        ];
        let answer = ann.submit("/vendors", &wrong).await;
        assert_eq!(answer.status, 422);
        for field in ["name", "vat_id", "country", "terms_days"] {
            let error = format!("id=\"{field}-error\"");
            assert!(answer.body.contains(&error), "{field}: {}", answer.body);
        }
        assert!(answer.body.contains("one has the form DE123456789"));
        assert!(answer.body.contains("value=\"DE12345\""));
        let typed = [
            ("name", "Nordwind GmbH"),
            ("vat_id", "DE118572044"),
            ("town", "Hamburg"),
            ("country", "de"),
            ("terms_days", "30"),
        ];
        let saved = send(&mut ann, "/vendors", &typed).await;
        let (vendor, doubt) = saved.split_once('?').expect("a doubt");
        assert_eq!(doubt, "doubt=vat-id", "its last digit should be another");
        let warned = open(&mut ann, &saved).await;
        assert!(warned.contains("its check digits are not those that its country makes"));
        let vendor = vendor.to_owned();
        let page = open(&mut ann, &vendor).await;
        assert!(!warned.is_empty() && !page.contains("its check digits"));
        assert!(page.contains("DE•• 2044") && !page.contains("118572044"));
        let version = hidden(&page, "version");
        let step = [("version", version.as_str()), ("to", "active")];
        send(&mut ann, &format!("{vendor}/status"), &step).await;
        open(&mut ann, &format!("{vendor}/edit")).await;
        open(&mut ann, &format!("{vendor}/accounts/new")).await;
        let mut account = vec![
            ("holder", "Nordwind GmbH"),
            ("iban", "DE89370400440532013001"),
            ("currency", "EUR"),
            ("source", "letter"),
            ("evidence", "signed by the owner"),
        ];
        let path = format!("{vendor}/accounts");
        let empty = [
            ("holder", " "),
            ("iban", "DE00"),
            ("bic", "x"),
            ("currency", "?"),
        ];
        let answer = ann.submit(&path, &empty).await;
        assert_eq!(answer.status, 422);
        for field in ["holder", "iban", "bic", "currency", "source", "evidence"] {
            let error = format!("id=\"{field}-error\"");
            assert!(answer.body.contains(&error), "{field}: {}", answer.body);
        }
        let answer = ann.submit(&path, &account).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("value=\"DE89370400440532013001\""));
        account[1].1 = IBAN;
        send(&mut ann, &path, &account).await;
        let page = open(&mut ann, &vendor).await;
        let link = between(&page, &format!("href=\"{vendor}/accounts/"), "\"")
            .filter(|id| *id != "new")
            .map(ToOwned::to_owned)
            .or_else(|| {
                let rest = &page[page.find("/accounts/new").expect("a link") + 10..];
                between(rest, "/accounts/", "\"").map(ToOwned::to_owned)
            })
            .expect("the account's link");
        let account = format!("{vendor}/accounts/{link}");

        let mut ben = browser(&house, &house.office.verifies);
        let page = open(&mut ben, &format!("{account}/verify")).await;
        assert!(!page.contains("3000"), "the vendor reads the last four out");
        let digest = hidden(&page, "digest");
        let mut call = vec![
            ("digest", digest.as_str()),
            ("decision", "verify"),
            ("last_four", "9999"),
            ("spoke_with", "Mr Hansen"),
            ("number", "+49 40 5551200"),
            ("number_known_from", "the contract"),
        ];
        let answer = ben.submit(&format!("{account}/verify"), &call).await;
        assert_eq!(answer.status, 422);
        call[2].1 = "3000";
        send(&mut ben, &format!("{account}/verify"), &call).await;
        let page = open(&mut ben, &account).await;
        assert!(
            !page.contains("/reveals/"),
            "whoever verifies reveals nothing"
        );

        let vendor = vendor
            .trim_start_matches("/vendors/")
            .parse()
            .expect("an id");
        let bill = house.bill(vendor, 12_300).await;
        let mut pat = browser(&house, &house.proposes);
        let page = open(&mut pat, "/payments/propose").await;
        let account = hidden(&page, "account");
        let day = DAY.to_string();
        let bill_text = bill.to_string();
        let form = [
            ("account", account.as_str()),
            ("due_until", day.as_str()),
            ("execution_date", day.as_str()),
            ("bill", bill_text.as_str()),
        ];
        let run = send(&mut pat, "/payments", &form).await;
        let page = open(&mut pat, &run).await;
        assert!(page.contains("You proposed this run"), "{page}");

        let mut dan = browser(&house, &house.releases);
        for verb in ["countersign", "generate", "release", "settle"] {
            if verb == "settle" {
                let file = dan.get(&format!("{run}/file")).await;
                assert_eq!(file.status, 200);
                assert!(file.body.contains(IBAN) && file.body.contains("123.00"));
            }
            let page = open(&mut dan, &run).await;
            let (digest, version) = (hidden(&page, "digest"), hidden(&page, "version"));
            let step = [("digest", digest.as_str()), ("version", version.as_str())];
            send(&mut dan, &format!("{run}/{verb}"), &step).await;
        }
        open(&mut dan, "/payments").await;
        assert_eq!(house.find(bill).await.payment, Payment::Paid);
        let answer = dan.get("/payments/0/file").await;
        assert_eq!(answer.status, 404);
    });
}
