//! What stands for a character outside the SEPA set, after EPC217-08 with the German banks' practice for
//! umlauts. Each row: characters, and what each of them becomes.

/// Umlauts and ligatures as two letters; all else loses its marks.
const LATIN: &[(&str, &str)] = &[
    ("ŉ", "'n"),
    ("ÀÁÂÃÅĀĂĄǍḀẠẢẤẦẨẪẬẮẰẲẴẶ", "A"),
    ("àáâãåāăąǎḁạảấầẩẫậắằẳẵặ", "a"),
    ("Ä", "Ae"),
    ("äæ", "ae"),
    ("Æ", "AE"),
    ("ḂḄḆ", "B"),
    ("ḃḅḇ", "b"),
    ("ÇĆĈĊČḈ", "C"),
    ("çćĉċčḉ", "c"),
    ("ÐĎĐḊḌḎḐḒ", "D"),
    ("ðďđḋḍḏḑḓ", "d"),
    ("ÈÉÊËĒĔĖĘĚƏḔḖḘḚḜẸẺẼẾỀỂỄỆ", "E"),
    ("èéêëēĕėęěəḕḗḙḛḝẹẻẽếềểễệ", "e"),
    ("Ḟ", "F"),
    ("ƒḟ", "f"),
    ("ĜĞĠĢǦḠ", "G"),
    ("ĝğġģǧḡ", "g"),
    ("ĤĦḢḤḦḨḪ", "H"),
    ("ĥħḣḥḧḩḫẖ", "h"),
    ("ÌÍÎÏĨĪĬĮİǏḬḮỈỊ", "I"),
    ("ìíîïĩīĭįıǐḭḯỉị", "i"),
    ("Ĳ", "IJ"),
    ("ĳ", "ij"),
    ("Ĵ", "J"),
    ("ĵ", "j"),
    ("ĶǨḰḲḴ", "K"),
    ("ķĸǩḱḳḵ", "k"),
    ("ĹĻĽĿŁḶḸḺḼ", "L"),
    ("ĺļľŀłḷḹḻḽ", "l"),
    ("ḾṀṂ", "M"),
    ("ḿṁṃ", "m"),
    ("ÑŃŅŇŊṄṆṈṊ", "N"),
    ("ñńņňŋṅṇṉṋ", "n"),
    ("ÒÓÔÕØŌŎŐǑǪǬṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ", "O"),
    ("òóôõøōŏőǒǫǭṍṏṑṓọỏốồổỗộớờởỡợ", "o"),
    ("Œ", "OE"),
    ("Ö", "Oe"),
    ("öœ", "oe"),
    ("ṔṖ", "P"),
    ("ṕṗ", "p"),
    ("ŔŖŘṘṚṜṞ", "R"),
    ("ŕŗřṙṛṝṟ", "r"),
    ("ŚŜŞŠȘṠṢṤṦṨ", "S"),
    ("śŝşšſșṡṣṥṧṩ", "s"),
    ("ẞ", "SS"),
    ("ß", "ss"),
    ("ŢŤŦȚṪṬṮṰ", "T"),
    ("ţťŧțṫṭṯṱẗ", "t"),
    ("Þ", "TH"),
    ("þ", "th"),
    ("ÙÚÛŨŪŬŮŰŲǓṲṴṶṸṺỤỦỨỪỬỮỰ", "U"),
    ("ùúûũūŭůűųǔṳṵṷṹṻụủứừửữự", "u"),
    ("ÜǕǗǙǛ", "Ue"),
    ("üǖǘǚǜ", "ue"),
    ("ṼṾ", "V"),
    ("ṽṿ", "v"),
    ("ŴẀẂẄẆẈ", "W"),
    ("ŵẁẃẅẇẉẘ", "w"),
    ("ẊẌ", "X"),
    ("ẋẍ", "x"),
    ("ÝŶŸẎỲỴỶỸ", "Y"),
    ("ýÿŷẏẙỳỵỷỹ", "y"),
    ("ŹŻŽẐẒẔ", "Z"),
    ("źżžẑẓẕ", "z"),
];

/// Greek by sound (ELOT 743, simplified).
const GREEK: &[(&str, &str)] = &[
    ("ΑΆ", "A"),
    ("αά", "a"),
    ("Χ", "Ch"),
    ("χ", "ch"),
    ("Δ", "D"),
    ("δ", "d"),
    ("ΕΈ", "E"),
    ("εέ", "e"),
    ("Φ", "F"),
    ("φ", "f"),
    ("Γ", "G"),
    ("γ", "g"),
    ("ΗΙΉΊΪ", "I"),
    ("ηιήίϊΐ", "i"),
    ("Κ", "K"),
    ("κ", "k"),
    ("Λ", "L"),
    ("λ", "l"),
    ("Μ", "M"),
    ("μ", "m"),
    ("Ν", "N"),
    ("ν", "n"),
    ("ΟΩΌΏ", "O"),
    ("οωόώ", "o"),
    ("Π", "P"),
    ("π", "p"),
    ("Ψ", "Ps"),
    ("ψ", "ps"),
    ("Ρ", "R"),
    ("ρ", "r"),
    ("Σ", "S"),
    ("σς", "s"),
    ("Τ", "T"),
    ("τ", "t"),
    ("Θ", "Th"),
    ("θ", "th"),
    ("Β", "V"),
    ("β", "v"),
    ("Ξ", "X"),
    ("ξ", "x"),
    ("ΥΎΫ", "Y"),
    ("υύϋΰ", "y"),
    ("Ζ", "Z"),
    ("ζ", "z"),
];

/// Bulgarian by its transliteration act of 2009; letters that other languages add as in passports (ICAO 9303).
const CYRILLIC: &[(&str, &str)] = &[
    ("є", "ie"),
    ("Є", "Ie"),
    ("АЪ", "A"),
    ("аъ", "a"),
    ("Б", "B"),
    ("б", "b"),
    ("Ћ", "C"),
    ("ћ", "c"),
    ("Ч", "Ch"),
    ("ч", "ch"),
    ("Д", "D"),
    ("д", "d"),
    ("Ђ", "Dj"),
    ("ђ", "dj"),
    ("ЏЅ", "Dz"),
    ("џѕ", "dz"),
    ("ЕЁЭ", "E"),
    ("еёэ", "e"),
    ("Ф", "F"),
    ("ф", "f"),
    ("ГЃҐ", "G"),
    ("гѓґ", "g"),
    ("Х", "H"),
    ("х", "h"),
    ("ИЍІЇ", "I"),
    ("иѝії", "i"),
    ("Ј", "J"),
    ("ј", "j"),
    ("КЌ", "K"),
    ("кќ", "k"),
    ("Л", "L"),
    ("л", "l"),
    ("Љ", "Lj"),
    ("љ", "lj"),
    ("М", "M"),
    ("м", "m"),
    ("Н", "N"),
    ("н", "n"),
    ("Њ", "Nj"),
    ("њ", "nj"),
    ("О", "O"),
    ("о", "o"),
    ("П", "P"),
    ("п", "p"),
    ("Р", "R"),
    ("р", "r"),
    ("С", "S"),
    ("с", "s"),
    ("Ш", "Sh"),
    ("ш", "sh"),
    ("Щ", "Sht"),
    ("щ", "sht"),
    ("Т", "T"),
    ("т", "t"),
    ("Ц", "Ts"),
    ("ц", "ts"),
    ("УЎ", "U"),
    ("уў", "u"),
    ("В", "V"),
    ("в", "v"),
    ("ЙЬЫ", "Y"),
    ("йьы", "y"),
    ("Я", "Ya"),
    ("я", "ya"),
    ("Ю", "Yu"),
    ("ю", "yu"),
    ("З", "Z"),
    ("з", "z"),
    ("Ж", "Zh"),
    ("ж", "zh"),
];

/// Signs by their nearest kin.
const SIGNS: &[(&str, &str)] = &[
    ("&", "+"),
    ("_=~‐‑‒–—―−", "-"),
    ("\"`´‘’‚‛“”„«»‹›", "'"),
    (";", ","),
    ("[{<", "("),
    ("]}>", ")"),
    ("\\|", "/"),
    ("!#$%*@^·•", "."),
    ("…", "..."),
    ("€", "EUR"),
    ("№", "No"),
];

/// The replacement of a character that is not in the SEPA set, if it has one.
pub(super) fn replacement(character: char) -> Option<&'static str> {
    [SIGNS, LATIN, GREEK, CYRILLIC]
        .into_iter()
        .flatten()
        .find(|(characters, _)| characters.contains(character))
        .map(|(_, replacement)| *replacement)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::pain001::is_in_character_set;

    #[test]
    fn every_row_leads_into_the_set_and_no_character_is_listed_twice() {
        let mut seen = HashSet::new();
        for (characters, replacement) in [SIGNS, LATIN, GREEK, CYRILLIC].into_iter().flatten() {
            assert!(
                replacement.chars().all(is_in_character_set),
                "{replacement}"
            );
            for character in characters.chars() {
                assert!(
                    !is_in_character_set(character),
                    "{character} needs no replacement"
                );
                assert!(seen.insert(character), "{character} is listed twice");
            }
        }
    }
}
