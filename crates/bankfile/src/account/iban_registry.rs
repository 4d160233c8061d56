//! The structure of each country's IBAN: the IBAN registry of ISO 13616, release 101, and which of the
//! countries take part in the SEPA schemes.

/// Country, and its basic bank account number as runs of a length and a class: `n` digits, `a` letters,
/// `c` either. Neighbouring runs of one class are joined, for bank and branch are not told apart here.
const STRUCTURES: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BI", "23n"),
    ("BR", "23n1a1c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DJ", "23n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FK", "2a12n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "24c"),
    ("HN", "4a20n"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("LY", "21n"),
    ("MC", "10n11c2n"),
    ("MD", "20c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MN", "16n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NI", "4a20n"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("OM", "3n16c"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("RU", "14n15c"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SD", "14n"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("SO", "19n"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
    ("YE", "4a4n18c"),
];

/// Countries whose IBANs are reachable by SEPA credit transfer (EPC409-09), as of 2026. Territories with the
/// IBANs of their state (Réunion, Åland, Jersey) are in by that.
const SEPA: &str = "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK \
                    MT NL NO PL PT RO RS SE SI SK SM VA";

/// Those of [`SEPA`] outside the European Economic Area.
const SEPA_OUTSIDE_EEA: &str = "AD AL CH GB GI MC MD ME MK RS SM VA";

/// What an account number of one country looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Structure(&'static str);

impl Structure {
    /// The structure of a country's account numbers, if the registry has the country.
    pub(super) fn of(country: &str) -> Option<Self> {
        STRUCTURES
            .binary_search_by_key(&country, |(code, _)| code)
            .ok()
            .map(|index| Self(STRUCTURES[index].1))
    }

    /// Characters of the whole IBAN, with country and check digits.
    pub(super) fn iban_length(self) -> usize {
        4 + self.runs().map(|(length, _)| length).sum::<usize>()
    }

    /// Index within `bban` of the first character of the wrong class.
    pub(super) fn first_misfit(self, bban: &[u8]) -> Option<usize> {
        let classes = self
            .runs()
            .flat_map(|(length, class)| std::iter::repeat_n(class, length));
        bban.iter()
            .zip(classes)
            .position(|(byte, class)| match class {
                b'n' => !byte.is_ascii_digit(),
                b'a' => !byte.is_ascii_uppercase(),
                _ => !byte.is_ascii_digit() && !byte.is_ascii_uppercase(),
            })
    }

    fn runs(self) -> impl Iterator<Item = (usize, u8)> {
        self.0.split_inclusive(['n', 'a', 'c']).map(|run| {
            let (length, class) = run.split_at(run.len() - 1);
            let length = length
                .parse()
                .expect("the table has a length before each class; a test reads all of it");
            (length, class.as_bytes()[0])
        })
    }
}

/// Whether a SEPA credit transfer can reach IBANs of this country.
pub(super) fn is_sepa(country: &str) -> bool {
    SEPA.split(' ').any(|code| code == country)
}

/// Whether the country takes part in SEPA from outside the European Economic Area.
pub(super) fn is_sepa_outside_eea(country: &str) -> bool {
    SEPA_OUTSIDE_EEA.split(' ').any(|code| code == country)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Country;

    #[test]
    fn the_table_is_sorted_and_every_row_can_be_read() {
        assert_eq!(STRUCTURES.len(), 89);
        assert!(STRUCTURES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (country, _) in STRUCTURES {
            country.parse::<Country>().expect(country);
            let length = Structure::of(country).expect(country).iban_length();
            assert!((15..=34).contains(&length), "{country} {length}");
        }
    }

    #[test]
    fn every_sepa_country_has_ibans() {
        assert_eq!(SEPA.split(' ').count(), 42);
        assert!(
            SEPA.split(' ')
                .all(|country| Structure::of(country).is_some())
        );
        assert!(SEPA_OUTSIDE_EEA.split(' ').all(is_sepa));
        assert_eq!(
            SEPA.split(' ')
                .filter(|country| !is_sepa_outside_eea(country))
                .count(),
            30
        );
        assert!(!is_sepa("TR") && !is_sepa(""));
    }
}
