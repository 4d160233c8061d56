use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// ISO 3166-1 alpha-2, sorted, with XK: the user-assigned code under which Kosovo has IBANs and BICs.
const CODES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG \
    BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI \
    CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH \
    ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ \
    GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS \
    LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU \
    MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG \
    PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG \
    SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK \
    TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU \
    WF WS XK YE YT ZA ZM ZW";

/// A country by its ISO 3166-1 alpha-2 code (`Ctry` in ISO 20022).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// The text is not the code of a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not a country; use the two capital letters of ISO 3166, such as DE")]
pub struct NotACountry;

impl Country {
    /// The two letters.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).expect("only ASCII letters are ever stored")
    }

    pub(crate) fn from_bytes(code: [u8; 2]) -> Option<Self> {
        // Codes stand three bytes apart, so whole codes are compared and never the seam of two.
        CODES
            .as_bytes()
            .chunks(3)
            .any(|listed| listed[..2] == code)
            .then_some(Self(code))
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        <[u8; 2]>::try_from(text.as_bytes())
            .ok()
            .and_then(Self::from_bytes)
            .ok_or(NotACountry)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_code_and_no_other() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert_eq!(codes.len(), 250, "249 of ISO 3166-1 and XK");
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        for code in codes {
            assert_eq!(code.parse::<Country>().expect(code).code(), code);
        }
        for wrong in [
            "", "D", "de", "DEU", "D ", " D", "EU", "XX", "ÄÖ", "ZZ", "UK",
        ] {
            assert_eq!(wrong.parse::<Country>(), Err(NotACountry), "{wrong}");
        }
    }
}
