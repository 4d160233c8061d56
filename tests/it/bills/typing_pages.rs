//! Typing a bill on its page: what is wrong stands beside its field, and amounts are in the reader's language.

use countersign::payables::bills::rules::Processing;

use super::pages::{browser, form, read};
use crate::intake::Desk;
use crate::support::app::between;
use crate::support::stores::on_both;

#[test]
fn what_no_reader_understands_is_typed_beside_its_advice() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let hostile = b"<html><script>alert(1)</script></html>";
        let bill = desk.send("a<b>.html", hostile).await.expect("kept").bill;
        let mut clerk = browser(&desk.world, &desk.clerk);
        let page = read(&mut clerk, &format!("/bills/{bill}")).await;
        assert!(page.body.contains("There is no preview of this file"));
        assert!(!page.body.contains("alert(1)") && !page.body.contains("a<b>"));
        let file = read(&mut clerk, &format!("/bills/{bill}/document")).await;
        assert_eq!(file.headers["content-type"], "application/octet-stream");
        let edit = format!("/bills/{bill}/edit");
        read(&mut clerk, &edit).await;
        let wrong = clerk
            .submit_all(&edit, &form(&[("net", "12;50"), ("iban", "DE00")]))
            .await;
        assert_eq!(wrong.status, 422);
        for field in ["id=\"net-error\"", "id=\"iban-error\"", "value=\"12;50\""] {
            assert!(wrong.body.contains(field), "{field} not in {}", wrong.body);
        }
        let saved = clerk.submit_all(&edit, &form(&[])).await;
        assert_eq!(saved.location(), format!("/bills/{bill}"), "{}", saved.body);
        let page = read(&mut clerk, &format!("/bills/{bill}")).await;
        assert!(page.body.contains("typed by Clara") && page.body.contains("119.00"));
        assert_eq!(
            desk.stored(bill).await.bill.processing,
            Processing::Captured
        );
        // The amount to pay follows the total: the field is empty, and says what that means.
        let page = read(&mut clerk, &edit).await;
        let field = between(&page.body, "id=\"payable\"", ">").expect("a field");
        assert!(field.contains("value=\"\""), "{field}");
        assert!(page.body.contains("Empty means the total less"));
        let other = form(&[("payable", "100.00")]);
        clerk.submit_all(&edit, &other).await;
        let page = read(&mut clerk, &edit).await;
        assert!(
            page.body.contains(
                "Kept is 100.00\u{a0}EUR, but the other amounts make 119.00\u{a0}EUR due"
            )
        );
        // The page that was open in another window names the version before.
        let stale = [&form(&[("total", "1.00")])[..], &[("version", "1")]].concat();
        let refused = clerk.submit(&edit, &stale).await;
        assert_eq!((refused.status, refused.problem), (409, None));
        assert_eq!(desk.stored(bill).await.bill.gross_minor, Some(11_900));
        // What she typed is in the form, beside who changed what; the next click is about the bill as it is now.
        for shown in [
            "id=\"total\" name=\"total\" type=\"text\" value=\"1.00\"",
            "Somebody else changed this bill while you worked on it.",
            "What changed in the meantime",
            "typed or corrected facts",
        ] {
            assert!(refused.body.contains(shown), "{shown}: {}", refused.body);
        }
        let again = clerk.submit_all(&edit, &form(&[("total", "1.00")])).await;
        assert_eq!(again.status, 303, "{}", again.body);
        assert_eq!(desk.stored(bill).await.bill.gross_minor, Some(100));
    });
}

#[test]
fn amounts_are_typed_and_shown_in_the_language_of_the_page() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = desk.send("a.txt", b"Dear Sirs").await.expect("kept").bill;
        let edit = format!("/bills/{bill}/edit");
        let mut clerk = browser(&desk.world, &desk.clerk).speaking("de");
        read(&mut clerk, &edit).await;
        let typed = [("net", "1.000"), ("vat", "190,5"), ("total", "1.190,50")];
        let saved = clerk.submit_all(&edit, &form(&typed)).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let stored = desk.stored(bill).await.bill;
        assert_eq!(
            (stored.net_minor, stored.tax_minor, stored.gross_minor),
            (Some(100_000), Some(19_050), Some(119_050))
        );
        let page = read(&mut clerk, &edit).await;
        for shown in ["value=\"1000,00\"", "value=\"190,50\"", "value=\"1190,50\""] {
            assert!(page.body.contains(shown), "{shown}");
        }
        // The same form in English: what stands in it then means the same, and a thousand is written otherwise.
        let mut clerk = browser(&desk.world, &desk.clerk).speaking("en");
        let page = read(&mut clerk, &edit).await;
        assert!(page.body.contains("value=\"1190.50\""));
        let typed = [("net", "1,000"), ("vat", "190.5"), ("total", "1.190")];
        let refused = clerk.submit_all(&edit, &form(&typed)).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains("id=\"total-error\"")
                && !refused.body.contains("id=\"net-error\"")
        );
    });
}
