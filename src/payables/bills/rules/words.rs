//! The words by which a bill is found: the same on both engines, since no engine's own text search is used.

use countersign_money::Currency;

/// Longest word kept, in characters.
const LONGEST: usize = 40;
/// Words kept of one bill.
const MOST: usize = 64;

/// Lower-case words of letters and digits, each once, sorted.
#[must_use]
pub fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = texts
        .into_iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(MOST * 4)
        .map(|word| word.to_lowercase().chars().take(LONGEST).collect())
        .collect();
    found.sort();
    found.dedup();
    found.truncate(MOST);
    found
}

/// Figures with their separators, as an amount is written: without grouping, with a full stop before the decimals. The last
/// separator stands before decimals unless three digits follow it; the same figures always give the same text, so that what
/// was indexed is found however it is typed.
fn figures(text: &str) -> String {
    let last = text.rfind(['.', ',']);
    let decimals = last.filter(|at| text.len() - at - 1 != 3);
    text.char_indices()
        .filter_map(|(at, c)| match c {
            '.' | ',' if Some(at) == decimals => Some('.'),
            '.' | ',' => None,
            digit => Some(digit),
        })
        .collect()
}

/// Runs of digits with a separator between them: `119,00`, `1.234,56`, the number `2026.17`.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .map(|run| run.trim_matches(['.', ',']))
        .filter(|run| run.contains(['.', ',']))
}

/// The words of a bill: those of its texts, figures in them as they would be typed, and its amounts.
#[must_use]
pub fn of_bill<'a>(
    texts: impl IntoIterator<Item = &'a str> + Clone,
    currency: Option<Currency>,
    amounts_minor: impl IntoIterator<Item = i64>,
) -> Vec<String> {
    let mut found = words(texts.clone());
    let typed = texts.into_iter().flat_map(runs).take(MOST).map(figures);
    found.extend(typed.map(|word| word.chars().take(LONGEST).collect()));
    if let Some(currency) = currency {
        let digits = currency.digits() as usize;
        found.extend(amounts_minor.into_iter().map(|minor| {
            let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
            let (whole, fraction) = text.split_at(text.len() - digits);
            if digits == 0 {
                whole.to_owned()
            } else {
                format!("{whole}.{fraction}")
            }
        }));
    }
    found.sort();
    found.dedup();
    found
}

/// The words of what was typed to search: figures with separators are one word.
#[must_use]
pub fn of_query(typed: &str) -> Vec<String> {
    let is_figures = |part: &&str| {
        let fits = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
        part.chars().all(fits) && runs(part).next().is_some()
    };
    let (amounts, texts): (Vec<&str>, Vec<&str>) = typed.split_whitespace().partition(is_figures);
    let mut found = words(texts);
    let amounts = amounts.into_iter().flat_map(runs).map(figures);
    found.extend(amounts.map(|word| word.chars().take(LONGEST).collect::<String>()));
    found
}

/// The range of words that begin with `prefix`: from it (inclusive) to the text behind the last of them (exclusive).
#[must_use]
pub fn prefix_range(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}\u{10FFFF}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_folded_and_bounded() {
        let found = words(["Müller & Söhne OHG", "RE-2026/00417", "müller"]);
        assert_eq!(found, ["00417", "2026", "müller", "ohg", "re", "söhne"]);
        let long = "x".repeat(10_000);
        let many: String = (0..10_000).map(|n| format!("w{n} ")).collect();
        let found = words([long.as_str(), many.as_str()]);
        assert!(found.len() <= MOST && found.iter().all(|word| word.chars().count() <= LONGEST));
    }

    #[test]
    fn amounts_are_found_however_they_are_written() {
        let of = |minor| of_bill([""], Some(Currency::EUR), [minor]);
        assert_eq!(of(11_900), ["119.00"]);
        assert_eq!(of(5), ["0.05"]);
        assert_eq!(of(-123_456), ["1234.56"]);
        assert_eq!(of_bill([""], "JPY".parse().ok(), [5000]), ["5000"]);
        assert!(of_bill([""], None, [5000]).is_empty());
        for (typed, word) in [
            ("119", "119"),
            ("119.00", "119.00"),
            ("119,00", "119.00"),
            ("119,0", "119.0"),
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1,234", "1234"),
            ("5.000", "5000"),
            ("119,00.", "119.00"),
        ] {
            assert_eq!(of_query(typed), [word], "{typed}");
        }
        assert_eq!(of_query("Müller 119,00"), ["müller", "119.00"]);
        assert_eq!(of_query("RE-2026.17"), ["17", "2026", "re"]);
        assert_eq!(of_query("..., ,"), Vec::<String>::new());
        // A number with a full stop in it stays findable by its figures.
        let found = of_bill(["RE-2026.17"], None, []);
        for typed in ["2026.17", "2026", "RE-2026.17", "17"] {
            for word in of_query(typed) {
                let (from, to) = prefix_range(&word);
                let inside = |token: &String| *token >= from && *token < to;
                assert!(found.iter().any(inside), "{typed} in {found:?}");
            }
        }
    }

    #[test]
    fn a_prefix_range_holds_its_words_alone() {
        let (from, to) = prefix_range("mül");
        let inside = |word: &str| word >= from.as_str() && word < to.as_str();
        assert!(inside("mül") && inside("müller") && inside("mülz𝄞"));
        assert!(!inside("mum") && !inside("müm") && !inside("mü"));
    }
}
