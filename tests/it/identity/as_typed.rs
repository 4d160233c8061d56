//! A password counts whole, and as it was typed (ASVS 5.0, 6.2.8 and 6.2.9).

use super::{change_password, sign_in};
use crate::support::app::{PASSWORD, on_both_apps};

/// Words that nobody guesses, in so many characters.
fn words(chars: usize) -> String {
    let words = "Nine loose Herons at Breakfast in the Rain; ";
    words.chars().cycle().take(chars).collect()
}

#[test]
fn a_password_in_another_case_or_changed_behind_its_72nd_character_is_refused() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let chosen = words(100);
        let answer = change_password(&mut ann.browser, PASSWORD, &chosen).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let changed = |at: usize| -> String {
            let chars = chosen.chars().enumerate();
            chars.map(|(n, c)| if n == at { '#' } else { c }).collect()
        };
        let others = [
            chosen.to_lowercase(),
            chosen.to_uppercase(),
            changed(72),
            changed(99),
            chosen[..72].to_owned(),
            format!("{chosen} "),
            format!(" {chosen}"),
        ];
        for other in others {
            let answer = sign_in(&mut t.browser(), &ann.email, &other).await;
            assert_eq!(answer.status, 422, "{other:?}");
            // So that the next one is looked at.
            t.store.clock.advance(20_000_000);
        }
        let answer = sign_in(&mut t.browser(), &ann.email, &chosen).await;
        assert_eq!(answer.location(), "/sign-in/code", "{}", answer.body);
    });
}

#[test]
fn passwords_of_64_and_of_256_characters_do_and_one_more_does_not() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        let mut current = PASSWORD.to_owned();
        for chars in [64, 256] {
            let new = words(chars);
            let answer = change_password(&mut ann.browser, &current, &new).await;
            assert_eq!(answer.status, 200, "{chars}: {}", answer.body);
            let answer = sign_in(&mut t.browser(), &ann.email, &new).await;
            assert_eq!(answer.location(), "/sign-in/code", "{chars}");
            current = new;
        }
        let answer = change_password(&mut ann.browser, &current, &words(257)).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("at most 256"), "{}", answer.body);
        // The last character counts as the first does.
        let answer = sign_in(&mut t.browser(), &ann.email, &words(255)).await;
        assert_eq!(answer.status, 422);
    });
}
