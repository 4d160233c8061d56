//! Bills are found by their amounts, however they are typed, and those of before are indexed anew.

use countersign::payables::bills::actions::{list, reindex};
use countersign::payables::bills::store::list::{Filter, View};
use countersign::payables::ids::BillId;

use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::on_both;

async fn found(desk: &Desk, typed: &str) -> Vec<BillId> {
    let filter = Filter {
        view: View::All,
        text: typed.to_owned(),
        vendor: None,
        due_until: None,
        decided_for: None,
        after: None,
        limit: 10,
    };
    let who = desk.clerk.access().await;
    let listed = list(desk.app(), &who, filter).await.expect("a list");
    listed.into_iter().map(|bill| bill.id).collect()
}

#[test]
fn a_bill_is_found_by_its_amount() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        for typed in [
            "119",
            "119.00",
            "119,00",
            "119,0",
            "Nordwind 119,00",
            "100.00",
        ] {
            assert_eq!(found(&desk, typed).await, [bill], "{typed}");
        }
        for typed in ["118,00", "119.01", "19.00", "Südwind 119,00"] {
            assert_eq!(found(&desk, typed).await, [], "{typed}");
        }

        // As an earlier version left it: words without amounts, and no note of how they were found.
        let forget = "DELETE FROM search_tokens WHERE token LIKE '1%.00' OR object_kind = 'way'";
        t.behind_the_back(forget).await;
        assert_eq!(found(&desk, "119,00").await, []);
        reindex(desk.app()).await.expect("indexed anew");
        assert_eq!(found(&desk, "119,00").await, [bill]);

        // Once is enough: what is indexed in the present way is left alone.
        t.behind_the_back("DELETE FROM search_tokens WHERE token LIKE '1%.00'")
            .await;
        reindex(desk.app()).await.expect("nothing to do");
        assert_eq!(found(&desk, "119,00").await, []);
    });
}
