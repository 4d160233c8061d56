//! An organisation of three can pay: one enters, one checks, one releases. A fourth brings the strict rule back, and
//! nobody gets around it behind the application's back.

use countersign::identity::access::Role;
use countersign::payables::ids::BillId;
use countersign::payables::payments::actions::PaymentError;
use countersign::payables::payments::rules::RunStatus;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign::platform::store::journal::read::history_of;

use super::house::House;
use crate::support::stores::on_both;
use crate::vendors::IBAN;

/// A bill that Ann entered and Ben approved, to an account that Ann entered and Ben verified.
async fn bill(house: &House) -> BillId {
    let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
    house.bill(vendor, 100).await
}

fn left_out_for(error: &PaymentError) -> &[String] {
    match error {
        PaymentError::NotPayable(offending) => &offending[0].why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_enters_one_checks_one_releases_and_the_run_says_so() {
    on_both(|t| async move {
        let house = House::of_three(&t).await;
        let bill = bill(&house).await;
        let run = house.propose(&[bill]).await.expect("three are enough");
        assert_eq!(house.view(run).await.conceded.len(), 1);
        // Whoever entered proposed as well, and whoever checked has had her duty.
        let own = house.countersign(&house.proposes, run).await;
        assert!(matches!(own, Err(PaymentError::SameHuman)), "{own:?}");
        let checker = house
            .world()
            .somebody_as("Ben", &[Role::Payer], house.approves.human)
            .await;
        let both = house.countersign(&checker, run).await;
        assert!(matches!(both, Err(PaymentError::Duties(_))), "{both:?}");
        house
            .countersign(&house.releases, run)
            .await
            .expect("the third human");
        house.generate(run).await.expect("a file");
        house.release(run).await.expect("released");
        assert_eq!(house.view(run).await.run.status, RunStatus::Released);
        let told = house
            .world()
            .app
            .store
            .read::<_, StoreError, _>(Scope::of(house.world().organisation), move |reads| {
                history_of(reads, "payment-run", run, 50)
            })
            .await
            .expect("a history");
        let told = format!("{told:?}");
        assert!(told.contains("approved-and-verified-by-one"), "{told}");
    });
}

#[test]
fn with_a_fourth_each_duty_has_a_human_of_its_own() {
    on_both(|t| async move {
        let house = House::of_three(&t).await;
        let bill = bill(&house).await;
        let run = house.propose(&[bill]).await.expect("three are enough");
        house.world().somebody("Auditor", &[Role::Auditor]).await;
        assert!(
            house.view(run).await.troubles.is_empty(),
            "an auditor has no duty in payments"
        );
        house.world().somebody("Eve", &[Role::Approver]).await;
        let late = house.countersign(&house.releases, run).await;
        let late = late.expect_err("Eve could have approved");
        assert_eq!(left_out_for(&late), ["one human: approving and verifying"]);
    });
}

#[test]
fn nobody_makes_four_humans_three_behind_the_back() {
    const ATTACKS: [(&str, &str); 3] = [
        (
            "people",
            "UPDATE people SET status = 'suspended' WHERE id = '{eve}'",
        ),
        (
            "people",
            "UPDATE people SET human_id = '{ben}' WHERE id = '{eve}'",
        ),
        (
            "role_grants",
            "UPDATE role_grants SET role = 'auditor' WHERE person_id = '{eve}'",
        ),
    ];
    on_both(|t| async move {
        for (table, attack) in ATTACKS {
            let house = House::of_three(&t).await;
            let eve = house.world().somebody("Eve", &[Role::Approver]).await;
            let bill = bill(&house).await;
            let statement = attack
                .replace("{eve}", &eve.person.to_string())
                .replace("{ben}", &house.approves.human.to_string());
            house.world().tamper(table, &statement).await;
            let refused = house.propose(&[bill]).await;
            let refused = refused.expect_err("there are four all the same");
            assert_eq!(
                left_out_for(&refused),
                ["one human: approving and verifying"],
                "{attack}"
            );
        }
    });
}
