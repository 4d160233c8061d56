use countersign_money::Currency;
use proptest::prelude::*;

use super::*;

fn chart() -> Chart {
    let list = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| ((*code).to_owned(), format!("Name of {code}")))
            .collect()
    };
    Chart {
        gl_accounts: list(&["6300", "6815"]),
        cost_centres: list(&["210"]),
    }
}

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn part(account: &str, centre: &str, amount: &str) -> TypedPart {
    TypedPart {
        gl_account: account.to_owned(),
        cost_centre: centre.to_owned(),
        amount: amount.to_owned(),
    }
}

fn spread(net: i64, amounts: &[&str]) -> Result<Vec<i64>, PartProblem> {
    let parts: Vec<TypedPart> = amounts.iter().map(|a| part("6300", "", a)).collect();
    distribute(eur(net), &parts, &chart())
        .map(|parts| parts.iter().map(|part| part.amount_minor).collect())
        .map_err(|errors| errors[0].problem)
}

#[test]
fn amounts_percentages_and_the_rest_sum_to_the_line() {
    assert_eq!(spread(10_000, &[""]), Ok(vec![10_000]));
    assert_eq!(spread(10_000, &["40", ""]), Ok(vec![4_000, 6_000]));
    assert_eq!(spread(10_000, &["33.34", "66.66"]), Ok(vec![3_334, 6_666]));
    assert_eq!(spread(10_001, &["50%", "50 %"]), Ok(vec![5_001, 5_000]));
    assert_eq!(spread(-10_000, &["-25", ""]), Ok(vec![-2_500, -7_500]));
    assert_eq!(spread(0, &[""]), Ok(vec![0]));
    assert_eq!(spread(1_234_500, &["12345.00"]), Ok(vec![1_234_500]));
    // A program writes neither marks between thousands nor a comma: a page reads its own language before.
    for text in ["12,345", "12 345.00", "12.345"] {
        let refused = spread(1_234_500, &[text]);
        assert_eq!(refused, Err(PartProblem::AmountUnreadable), "{text}");
    }
}

#[test]
fn what_does_not_sum_or_runs_against_the_line_is_refused() {
    assert_eq!(
        spread(10_000, &["40", "59.99"]),
        Err(PartProblem::SumDiffers)
    );
    assert_eq!(
        spread(10_000, &["40%", "59%"]),
        Err(PartProblem::SumDiffers)
    );
    assert_eq!(
        spread(10_000, &["40%", "60"]),
        Err(PartProblem::AmountMixed)
    );
    assert_eq!(spread(10_000, &["", ""]), Err(PartProblem::AmountMixed));
    assert_eq!(
        spread(10_000, &["150", "-50"]),
        Err(PartProblem::AmountSide)
    );
    assert_eq!(spread(10_000, &["100", "0"]), Err(PartProblem::AmountSide));
    assert_eq!(spread(10_000, &["100", ""]), Err(PartProblem::AmountSide));
    assert_eq!(spread(1, &["50%", "50%"]), Err(PartProblem::AmountSide));
    assert_eq!(spread(10_000, &["ten"]), Err(PartProblem::AmountUnreadable));
    assert_eq!(
        spread(10_000, &["0.001", ""]),
        Err(PartProblem::AmountUnreadable)
    );
    assert_eq!(
        spread(10_000, &["101%"]),
        Err(PartProblem::AmountUnreadable)
    );
}

#[test]
fn codes_must_be_in_use_and_every_problem_is_told() {
    let parts = [
        part("6300 Freight", "210 Depot", "40"),
        part("9999", "x", ""),
        part(" ", "", "1"),
    ];
    let errors = distribute(eur(10_000), &parts, &chart()).expect_err("three problems");
    let found: Vec<(usize, PartProblem)> = errors.iter().map(|e| (e.part, e.problem)).collect();
    assert_eq!(
        found,
        [
            (1, PartProblem::AccountUnknown),
            (1, PartProblem::CentreUnknown),
            (2, PartProblem::AccountMissing),
        ]
    );
    assert!(distribute(eur(1), &[], &chart()).is_err());
    assert!(distribute(eur(1), &vec![part("6300", "", ""); PARTS_MAX + 1], &chart()).is_err());
}

#[test]
fn codes_and_names_are_words_people_can_type() {
    assert_eq!(code(" 6300 "), Ok("6300".to_owned()));
    for bad in [
        "",
        "  ",
        "63 00",
        "6300;",
        "Größe",
        "1234567890123456789012345",
    ] {
        assert_eq!(code(bad), Err(CodeError::Code), "{bad}");
    }
    assert_eq!(
        name(" Bürobedarf & mehr "),
        Ok("Bürobedarf & mehr".to_owned())
    );
    for bad in ["", "a\nb", &"x".repeat(121)] {
        assert_eq!(name(bad), Err(CodeError::Name), "{bad}");
    }
}

proptest! {
    #[test]
    fn whatever_is_accepted_sums_exactly(
        net in -1_000_000_000i64..1_000_000_000,
        amounts in proptest::collection::vec("[0-9]{0,5}([.,][0-9]{1,2})?%?", 1..5),
    ) {
        let texts: Vec<&str> = amounts.iter().map(String::as_str).collect();
        if let Ok(spread) = spread(net, &texts) {
            prop_assert_eq!(spread.iter().sum::<i64>(), net);
        }
    }

    #[test]
    fn no_text_panics(amount in any::<String>(), account in any::<String>()) {
        let parts = [part(&account, &account, &amount), part("6300", "", "")];
        let _ = distribute(eur(12_345), &parts, &chart());
    }
}
