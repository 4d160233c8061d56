//! What comes back from the bank.

use countersign::payables::bills::rules::{BillKind, Payment};
use countersign::payables::ids::{BillId, RunId};
use countersign::payables::payments::actions::{PaymentError, return_payment, settle_run};
use countersign::payables::payments::rules::RunStatus;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::verify;

use super::house::House;
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::{IBAN, OTHER_IBAN};

async fn returned(house: &House, run: RunId, bill: BillId) -> Result<(), PaymentError> {
    let view = house.view(run).await;
    let row = view.rows.iter().find(|row| row.bill == bill);
    let payment = row.ok_or(PaymentError::Missing)?.id;
    let (app, who) = (&house.world().app, house.releases.access().await);
    return_payment(
        app,
        &who,
        house.seen(run).await,
        payment,
        "AC04 closed account",
    )
    .await
}

fn browser(house: &House, who: &Somebody) -> Browser {
    let app = std::sync::Arc::clone(&house.world().app);
    let router = countersign::payables::routes().with_state(app);
    Browser::new(router).with_cookie(who.cookie())
}

#[test]
fn what_the_bank_returned_is_unpaid_again_with_all_that_was_netted_into_it() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let app = &house.world().app;
        let (nordwind, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let (port, _) = house.office.payable_vendor("Port", OTHER_IBAN).await;
        let bill = house.bill(nordwind, 100).await;
        let credit = house.bill_of(nordwind, 40, BillKind::CreditNote, "").await;
        let other = house.bill(port, 500).await;
        let run = house.countersigned(&[bill, credit, other]).await;
        house.generate(run).await.expect("a file");
        let early = returned(&house, run, bill).await;
        assert!(
            matches!(early, Err(PaymentError::NotNow(RunStatus::FileGenerated))),
            "{early:?}"
        );
        house.release(run).await.expect("released");
        returned(&house, run, bill).await.expect("noted");
        for (bill, payment) in [
            (bill, Payment::Unpaid),
            (credit, Payment::Unpaid),
            (other, Payment::Scheduled),
        ] {
            assert_eq!(house.find(bill).await.payment, payment);
        }
        let who = house.releases.access().await;
        settle_run(app, &who, house.seen(run).await)
            .await
            .expect("the rest is paid");
        let view = house.view(run).await;
        assert_eq!(view.run.status, RunStatus::PartlyReturned);
        assert_eq!(view.removed[0].reason, "AC04 closed account");
        assert_eq!(house.find(other).await.payment, Payment::Paid);
        assert_eq!(house.find(bill).await.payment, Payment::Unpaid);
        let again = house.propose(&[bill, credit]).await.expect("payable again");

        let mut dan = browser(&house, &house.releases);
        let page = dan.get(&format!("/payments/{run}")).await;
        assert!(page.body.contains("/return\"") && page.body.contains("Returned by the bank"));
        let page = dan.get(&format!("/payments/{again}")).await;
        assert!(!page.body.contains("/return\""), "{}", page.body);

        returned(&house, run, other)
            .await
            .expect("after it was paid");
        assert_eq!(house.find(other).await.payment, Payment::Unpaid);
        let twice = returned(&house, run, other).await;
        assert!(matches!(twice, Err(PaymentError::Missing)), "{twice:?}");
        let verified = verify(&app.store, Scope::of(house.world().organisation), app.now())
            .await
            .expect("it reads");
        assert_eq!(verified.bad, None);
    });
}
