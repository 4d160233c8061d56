//! Which specification a document says it follows: the value of BT-24.

use serde::{Deserialize, Serialize};

/// A specification that this crate knows by the identifier in BT-24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// EN 16931 itself: `urn:cen.eu:en16931:2017`. Factur-X EN 16931 (COMFORT) writes the same identifier.
    #[serde(rename = "en16931")]
    En16931,
    /// XRechnung 1.x and 2.x.
    #[serde(rename = "xrechnung-2")]
    XRechnung2,
    /// XRechnung 3.x.
    #[serde(rename = "xrechnung-3")]
    XRechnung3,
    /// The extension of XRechnung 2.x or 3.x (sub lines, third-party payments).
    #[serde(rename = "xrechnung-extension")]
    XRechnungExtension,
    /// XRechnung with the clean vehicle directive's data.
    #[serde(rename = "xrechnung-cvd")]
    XRechnungCvd,
    /// Peppol BIS Billing 3.0.
    #[serde(rename = "peppol-bis-3")]
    PeppolBis3,
    FacturXMinimum,
    FacturXBasicWl,
    FacturXBasic,
    FacturXExtended,
    /// ZUGFeRD 1.0, any conformance level; it is older than EN 16931.
    #[serde(rename = "zugferd-1")]
    Zugferd1,
    /// An identifier that is none of these, or none at all.
    Unknown,
}

const XRECHNUNG_MARKS: [&str; 2] = ["xeinkauf.de:kosit:", "xoev-de:kosit:"];

impl Profile {
    /// Recognises the identifier of BT-24.
    ///
    /// Identifiers are compared without regard to case, and a version after the last part is free, because documents in
    /// circulation differ there.
    pub fn of(specification: &str) -> Profile {
        let id = specification.trim().to_ascii_lowercase();
        let has = |part: &str| id.contains(part);
        if XRECHNUNG_MARKS.iter().any(|mark| has(mark)) {
            return xrechnung(&id);
        }
        match () {
            () if id.starts_with("urn:ferd:") => Profile::Zugferd1,
            () if has("urn:fdc:peppol.eu:2017:poacc:billing:3") => Profile::PeppolBis3,
            () if has("factur-x.eu:1p0:minimum") || has("zugferd.de:2p0:minimum") => {
                Profile::FacturXMinimum
            }
            () if has("factur-x.eu:1p0:basicwl") || has("zugferd.de:2p0:basicwl") => {
                Profile::FacturXBasicWl
            }
            () if has("factur-x.eu:1p0:basic") || has("zugferd.de:2p0:basic") => {
                Profile::FacturXBasic
            }
            () if has("factur-x.eu:1p0:extended") || has("zugferd.de:2p0:extended") => {
                Profile::FacturXExtended
            }
            () if id == "urn:cen.eu:en16931:2017" || has("factur-x.eu:1p0:en16931") => {
                Profile::En16931
            }
            () => Profile::Unknown,
        }
    }

    /// A short name for lists and reports, the same as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::En16931 => "en16931",
            Profile::XRechnung2 => "xrechnung-2",
            Profile::XRechnung3 => "xrechnung-3",
            Profile::XRechnungExtension => "xrechnung-extension",
            Profile::XRechnungCvd => "xrechnung-cvd",
            Profile::PeppolBis3 => "peppol-bis-3",
            Profile::FacturXMinimum => "factur-x-minimum",
            Profile::FacturXBasicWl => "factur-x-basic-wl",
            Profile::FacturXBasic => "factur-x-basic",
            Profile::FacturXExtended => "factur-x-extended",
            Profile::Zugferd1 => "zugferd-1",
            Profile::Unknown => "unknown",
        }
    }
}

fn xrechnung(id: &str) -> Profile {
    if id.contains(":extension:") {
        Profile::XRechnungExtension
    } else if id.contains("xrechnung:cvd") {
        Profile::XRechnungCvd
    } else if id.contains("xrechnung_3") {
        Profile::XRechnung3
    } else if id.contains("xrechnung_2") || id.contains("xrechnung_1") {
        Profile::XRechnung2
    } else {
        Profile::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_in_circulation_are_recognised() {
        const CEN: &str = "urn:cen.eu:en16931:2017";
        for (id, profile) in [
            (CEN.to_owned(), Profile::En16931),
            (format!(" {CEN}\n"), Profile::En16931),
            (
                format!("{CEN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
                Profile::PeppolBis3,
            ),
            (
                format!("{CEN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"),
                Profile::XRechnung3,
            ),
            (
                format!("{CEN}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3"),
                Profile::XRechnung2,
            ),
            (
                format!(
                    "{CEN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
                ),
                Profile::XRechnungExtension,
            ),
            (
                format!(
                    "{CEN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9"
                ),
                Profile::XRechnungCvd,
            ),
            (
                "urn:factur-x.eu:1p0:minimum".to_owned(),
                Profile::FacturXMinimum,
            ),
            (
                "urn:factur-x.eu:1p0:basicwl".to_owned(),
                Profile::FacturXBasicWl,
            ),
            (
                format!("{CEN}#compliant#urn:factur-x.eu:1p0:basic"),
                Profile::FacturXBasic,
            ),
            (
                format!("{CEN}#conformant#urn:factur-x.eu:1p0:extended"),
                Profile::FacturXExtended,
            ),
            (
                "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort".to_owned(),
                Profile::Zugferd1,
            ),
            ("123".to_owned(), Profile::Unknown),
        ] {
            assert_eq!(Profile::of(&id), profile, "{id}");
            let json = serde_json::to_string(&profile).unwrap();
            assert_eq!(json, format!("\"{}\"", profile.name()));
        }
    }
}
