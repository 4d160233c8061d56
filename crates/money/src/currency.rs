use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::CurrencyError;

/// Codes that ISO 4217 lists without a minor unit: bond market units, special drawing rights, precious
/// metals, the test code and “no currency”. An amount in them cannot be counted in minor units.
const WITHOUT_MINOR_UNIT: [&str; 13] = [
    "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX",
];

macro_rules! currencies {
    ($($code:ident $digits:literal $($withdrawn:ident)?,)*) => {
        /// A currency or fund of ISO 4217, list one (as amended up to number 180, January 2026), and the few
        /// withdrawn since 2023 that bills in an archive still carry (see [`Currency::is_active`]).
        ///
        /// Variants are declared in the order of their codes, so that the derived order is alphabetical.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Currency {
            $(
                #[doc = concat!("ISO 4217 code ", stringify!($code), ", ", stringify!($digits), " decimals.")]
                $code,
            )*
        }

        impl Currency {
            /// Every currency, in the order of the codes.
            pub const LIST: &'static [Currency] = &[$(Currency::$code,)*];

            /// The three-letter code.
            pub const fn code(self) -> &'static str {
                match self { $(Currency::$code => stringify!($code),)* }
            }

            /// Decimals of the minor unit: 2 for EUR (cents), 0 for JPY, 3 for KWD, 4 for CLF.
            pub const fn digits(self) -> u32 {
                match self { $(Currency::$code => $digits,)* }
            }

            /// Whether money can still be paid in it: `false` for codes that ISO 4217 moved to its historical
            /// list. They can be read from old documents, and must not be put into a new payment.
            pub const fn is_active(self) -> bool {
                match self { $(Currency::$code => currencies!(@active $($withdrawn)?),)* }
            }
        }
    };
    (@active withdrawn) => { false };
    (@active) => { true };
}

currencies! {
    AED 2, AFN 2, ALL 2, AMD 2, ANG 2 withdrawn, AOA 2, ARS 2, AUD 2, AWG 2, AZN 2, BAM 2, BBD 2, BDT 2,
    BGN 2 withdrawn, BHD 3, BIF 0, BMD 2, BND 2, BOB 2, BOV 2, BRL 2, BSD 2, BTN 2, BWP 2, BYN 2, BZD 2,
    CAD 2, CDF 2, CHE 2, CHF 2, CHW 2, CLF 4, CLP 0, CNY 2, COP 2, COU 2, CRC 2, CUC 2 withdrawn, CUP 2,
    CVE 2, CZK 2, DJF 0, DKK 2, DOP 2, DZD 2, EGP 2, ERN 2, ETB 2, EUR 2, FJD 2, FKP 2, GBP 2, GEL 2, GHS 2,
    GIP 2, GMD 2, GNF 0, GTQ 2, GYD 2, HKD 2, HNL 2, HRK 2 withdrawn, HTG 2, HUF 2, IDR 2, ILS 2, INR 2,
    IQD 3, IRR 2, ISK 0, JMD 2, JOD 3, JPY 0, KES 2, KGS 2, KHR 2, KMF 0, KPW 2, KRW 0, KWD 3, KYD 2, KZT 2,
    LAK 2, LBP 2, LKR 2, LRD 2, LSL 2, LYD 3, MAD 2, MDL 2, MGA 2, MKD 2, MMK 2, MNT 2, MOP 2, MRU 2, MUR 2,
    MVR 2, MWK 2, MXN 2, MXV 2, MYR 2, MZN 2, NAD 2, NGN 2, NIO 2, NOK 2, NPR 2, NZD 2, OMR 3, PAB 2, PEN 2,
    PGK 2, PHP 2, PKR 2, PLN 2, PYG 0, QAR 2, RON 2, RSD 2, RUB 2, RWF 0, SAR 2, SBD 2, SCR 2, SDG 2, SEK 2,
    SGD 2, SHP 2, SLE 2, SLL 2 withdrawn, SOS 2, SRD 2, SSP 2, STN 2, SVC 2, SYP 2, SZL 2, THB 2, TJS 2,
    TMT 2, TND 3, TOP 2, TRY 2, TTD 2, TWD 2, TZS 2, UAH 2, UGX 0, USD 2, USN 2, UYI 0, UYU 2, UYW 4, UZS 2,
    VED 2, VES 2, VND 0, VUV 0, WST 2, XAD 2, XAF 0, XCD 2, XCG 2, XOF 0, XPF 0, YER 2, ZAR 2, ZMW 2, ZWG 2,
    ZWL 2 withdrawn,
}

impl Currency {
    /// Minor units in one major unit: 100 for EUR, 1 for JPY.
    pub const fn minor_per_major(self) -> i64 {
        10_i64.pow(self.digits())
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    /// Reads the three capital letters, exactly: standards and files have no other form.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(CurrencyError::Malformed(text.chars().take(20).collect()));
        }
        if WITHOUT_MINOR_UNIT.contains(&text) {
            return Err(CurrencyError::NoMinorUnit(text.to_owned()));
        }
        Self::LIST
            .binary_search_by(|currency| currency.code().cmp(text))
            .map(|index| Self::LIST[index])
            .map_err(|_| CurrencyError::Unknown(text.to_owned()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CodeVisitor;
        impl serde::de::Visitor<'_> for CodeVisitor {
            type Value = Currency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 4217 currency code")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Currency, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(CodeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_reads_back_by_code() {
        assert!(
            Currency::LIST
                .windows(2)
                .all(|pair| pair[0].code() < pair[1].code())
        );
        assert!(Currency::LIST.windows(2).all(|pair| pair[0] < pair[1]));
        for currency in Currency::LIST {
            assert_eq!(currency.code().parse(), Ok(*currency));
        }
        let active = Currency::LIST
            .iter()
            .filter(|currency| currency.is_active())
            .count();
        assert_eq!(
            active, 165,
            "ISO 4217 list one, less the codes without a minor unit"
        );
    }

    #[test]
    fn digits_follow_iso_4217() {
        let with = |digits| -> Vec<&str> {
            Currency::LIST
                .iter()
                .filter(|c| c.digits() == digits)
                .map(|c| c.code())
                .collect()
        };
        let zero = [
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ];
        assert_eq!(with(0), zero);
        assert_eq!(with(3), ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);
        assert_eq!(with(4), ["CLF", "UYW"]);
        assert_eq!(
            with(0).len() + with(2).len() + with(3).len() + with(4).len(),
            Currency::LIST.len()
        );
        assert_eq!(Currency::KWD.minor_per_major(), 1000);
    }

    #[test]
    fn withdrawn_codes_are_readable_but_not_active() {
        for code in ["ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"] {
            assert!(!code.parse::<Currency>().expect(code).is_active(), "{code}");
        }
        assert!(Currency::EUR.is_active());
    }

    #[test]
    fn errors_say_what_is_wrong() {
        assert_eq!(
            "eur".parse::<Currency>(),
            Err(CurrencyError::Malformed("eur".into()))
        );
        assert_eq!(
            "€".parse::<Currency>(),
            Err(CurrencyError::Malformed("€".into()))
        );
        assert_eq!(
            "".parse::<Currency>(),
            Err(CurrencyError::Malformed(String::new()))
        );
        assert_eq!(
            "EUX".parse::<Currency>(),
            Err(CurrencyError::Unknown("EUX".into()))
        );
        assert_eq!(
            "DEM".parse::<Currency>(),
            Err(CurrencyError::Unknown("DEM".into()))
        );
        for code in WITHOUT_MINOR_UNIT {
            assert_eq!(
                code.parse::<Currency>(),
                Err(CurrencyError::NoMinorUnit(code.into()))
            );
        }
        let long = "x"
            .repeat(10_000)
            .parse::<Currency>()
            .expect_err("too long");
        assert!(
            long.to_string().len() < 200,
            "an error never repeats a hostile text in full"
        );
    }

    #[test]
    fn serde_uses_the_code() {
        assert_eq!(
            serde_json::to_string(&Currency::CHF).expect("json"),
            "\"CHF\""
        );
        assert_eq!(
            serde_json::from_str::<Currency>("\"CHF\"").expect("json"),
            Currency::CHF
        );
        assert!(serde_json::from_str::<Currency>("\"XAU\"").is_err());
    }
}
