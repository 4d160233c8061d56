//! One key for the spellings of one company's name: case, accents, punctuation and legal form do not tell companies apart.

/// Words that say in what legal form a company stands; they are dropped from the end of a name alone.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "bvba",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "doo",
    "eg",
    "ek",
    "eu",
    "gbr",
    "gesmbh",
    "gmbh",
    "haftungsbeschraenkt",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "lda",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "mbh",
    "nv",
    "ohg",
    "oy",
    "oyj",
    "plc",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "sca",
    "se",
    "sl",
    "slu",
    "snc",
    "spa",
    "spzoo",
    "srl",
    "sro",
    "ug",
    "vof",
    "zrt",
];

/// Words that only join others: a name is written with `&`, with one of them, or with neither.
const JOINERS: &[&str] = &["and", "et", "und"];

/// The key that vendors are found by when a document has neither VAT id nor legal id; empty where a name has no letter.
#[must_use]
pub fn name_key(name: &str) -> String {
    let mut words = words(name);
    words.retain(|word| !JOINERS.contains(&word.as_str()));
    while words.len() > 1
        && words
            .last()
            .is_some_and(|word| LEGAL_FORMS.contains(&word.as_str()))
    {
        words.pop();
    }
    words.join(" ")
}

/// Whether two names can be one company's: spellings that differ in case, accents, punctuation, white space or legal form.
#[must_use]
pub fn same_company(one: &str, other: &str) -> bool {
    let key = |name: &str| name_key(name).replace(' ', "");
    let (key_of_one, key_of_other) = (key(one), key(other));
    if key_of_one.is_empty() && key_of_other.is_empty() {
        return one.trim() == other.trim();
    }
    key_of_one == key_of_other
}

/// The words of a text as search finds them: folded, in order, single letters joined (`G.m.b.H.` is `gmbh`).
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(fold).collect();
    let mut words: Vec<String> = Vec::new();
    let mut joins = false;
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let single = word.chars().count() == 1;
        match words.last_mut() {
            Some(last) if single && joins => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
        joins = single;
    }
    join_polish_form(words)
}

/// `sp. z o.o.` is one legal form of which only the tail is single letters.
fn join_polish_form(mut words: Vec<String>) -> Vec<String> {
    if let [.., sp, zoo] = words.as_slice()
        && sp == "sp"
        && zoo == "zoo"
    {
        words.truncate(words.len() - 2);
        words.push("spzoo".to_owned());
    }
    words
}

/// A character in small letters without its accent; German umlauts as their usual transcription.
fn fold(character: char) -> impl Iterator<Item = char> {
    let lower: Vec<char> = character.to_lowercase().collect();
    lower.into_iter().flat_map(|lower| {
        let plain = match lower {
            'ä' => "ae",
            'ö' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
            'ď' | 'đ' | 'ð' => "d",
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
            'ĥ' | 'ħ' => "h",
            'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
            'ĵ' => "j",
            'ķ' => "k",
            'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
            'ñ' | 'ń' | 'ņ' | 'ň' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
            'ŕ' | 'ŗ' | 'ř' => "r",
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
            'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
            'ù' | 'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
            'ŵ' => "w",
            'ý' | 'ÿ' | 'ŷ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            // Marks that stand after their letter, and apostrophes within a word, part nothing.
            '\u{300}'..='\u{36f}' | '\'' | '\u{2019}' => "",
            _ => return vec![lower].into_iter(),
        };
        plain.chars().collect::<Vec<_>>().into_iter()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_company_have_one_key() {
        for (key, spellings) in [
            (
                "mueller soehne",
                vec![
                    "Müller & Söhne GmbH",
                    "MUELLER UND SOEHNE G.m.b.H.",
                    "Müller & Söhne GmbH & Co. KG",
                    "  müller söhne   gmbh ",
                ],
            ),
            (
                "electricite du port",
                vec!["Électricité du Port S.A.R.L.", "Electricite du Port"],
            ),
            (
                "obrien cold storage",
                vec!["O'Brien Cold Storage Ltd.", "O’Brien Cold Storage Limited"],
            ),
            ("zabka", vec!["Żabka Sp. z o.o.", "zabka"]),
            ("co", vec!["Co", "CO. AG"]),
            ("ag", vec!["AG"]),
        ] {
            for spelling in spellings {
                assert_eq!(name_key(spelling), key, "{spelling}");
            }
        }
    }

    #[test]
    fn white_space_parts_no_company() {
        for (one, other, same) in [
            ("Data Port GmbH", "dataport", true),
            ("NORDWIND", "Nordwind G.m.b.H.", true),
            ("Nordwind", "Nordwind Verpackungen GmbH", false),
            ("Nordwind", "", false),
            ("…", "…", true),
            ("…", "—", false),
        ] {
            assert_eq!(same_company(one, other), same, "{one} / {other}");
            assert_eq!(same_company(other, one), same, "{other} / {one}");
        }
    }

    #[test]
    fn different_companies_stay_apart() {
        assert_ne!(
            name_key("Nordwind GmbH"),
            name_key("Nordwind Verpackungen GmbH")
        );
        assert_ne!(name_key("AG Weser"), name_key("Weser"));
        assert_eq!(name_key("… — !"), "");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in ".{0,60}") {
            let key = name_key(&name);
            prop_assert_eq!(words(&key).join(" ").len() <= key.len(), true);
        }
    }
}
