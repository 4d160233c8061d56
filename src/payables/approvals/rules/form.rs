//! The policy's form: fields `band<n>-up-to` and `band<n>-approvals` for the bands with a limit, in whatever number a
//! browser without JavaScript was given, and `last-approvals` for what is above.

use std::collections::BTreeMap;

use countersign_money::DecimalMark;

use super::{BANDS_MAX, Band, Policy, PolicyError};

/// The field of the band without a limit.
pub const LAST: &str = "last-approvals";

/// A band with a limit, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedBand {
    pub up_to: String,
    pub approvals: String,
}

/// Bands as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedPolicy {
    /// Those with a limit.
    pub limited: Vec<TypedBand>,
    /// Approvals of the band without one.
    pub last: String,
}

/// The name of a band's field, `up-to` or `approvals`; bands count from 1.
#[must_use]
pub fn field(band: usize, what: &str) -> String {
    format!("band{band}-{what}")
}

impl TypedPolicy {
    /// What was typed. Rows that were left wholly empty are gone: that is how a band is taken away.
    #[must_use]
    pub fn of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut rows: BTreeMap<usize, TypedBand> = BTreeMap::new();
        let mut last = String::new();
        for (name, value) in fields {
            if name == LAST {
                value.trim().clone_into(&mut last);
            } else if let Some((band, what)) = place(name) {
                let row = rows.entry(band).or_default();
                let kept = match what {
                    "up-to" => &mut row.up_to,
                    _ => &mut row.approvals,
                };
                value.trim().clone_into(kept);
            }
        }
        let limited = rows
            .into_values()
            .filter(|row| *row != TypedBand::default())
            .collect();
        Self { limited, last }
    }

    /// A policy as its form shows it.
    #[must_use]
    pub fn showing(policy: &Policy) -> Self {
        let mut typed = Self::default();
        for band in policy.bands() {
            let approvals = band.approvals.to_string();
            match band.up_to {
                Some(limit) => typed.limited.push(TypedBand {
                    up_to: limit.to_string(),
                    approvals,
                }),
                None => typed.last = approvals,
            }
        }
        typed
    }

    /// The bands; else everything that is wrong, each with the field to mend.
    pub fn read(&self, mark: DecimalMark) -> Result<Vec<Band>, Vec<(String, PolicyError)>> {
        // What is no number reads as zero, which neither a limit nor a count may be: the rules name the band.
        let mut bands: Vec<Band> = self
            .limited
            .iter()
            .map(|row| Band {
                up_to: Some(mark.whole(&row.up_to).unwrap_or_default()),
                approvals: count(&row.approvals),
            })
            .collect();
        bands.push(Band {
            up_to: None,
            approvals: count(&self.last),
        });
        let errors = Policy::errors(&bands);
        if errors.is_empty() {
            return Ok(bands);
        }
        let placed = |error: PolicyError| (self.field_of(error), error);
        Err(errors.into_iter().map(placed).collect())
    }

    fn field_of(&self, error: PolicyError) -> String {
        match error {
            PolicyError::Limit(band)
            | PolicyError::Unlimited(band)
            | PolicyError::Limited(band) => field(band, "up-to"),
            PolicyError::Approvals(band) | PolicyError::Fewer(band)
                if band <= self.limited.len() =>
            {
                field(band, "approvals")
            }
            _ => LAST.to_owned(),
        }
    }
}

fn count(text: &str) -> u32 {
    text.parse().unwrap_or_default()
}

fn place(name: &str) -> Option<(usize, &str)> {
    let (band, what) = name.strip_prefix("band")?.split_once('-')?;
    let band = band.parse().ok()?;
    // One row more than a policy may have, so that too many are complained about and not lost.
    let is_ours = ["up-to", "approvals"].contains(&what) && (1..=BANDS_MAX + 1).contains(&band);
    is_ours.then_some((band, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back_and_an_empty_row_is_a_band_less() {
        let policy = Policy::new(3, super::super::DEFAULT_BANDS.to_vec()).expect("the default");
        let shown = TypedPolicy::showing(&policy);
        assert_eq!(
            shown.read(DecimalMark::Point).as_deref(),
            Ok(policy.bands())
        );
        let typed = TypedPolicy::of([
            ("band1-up-to", " 5 000 "),
            ("band1-approvals", "1"),
            ("band2-up-to", ""),
            ("band2-approvals", " "),
            ("last-approvals", "3"),
            ("band99999-up-to", "1"),
            ("csrf", "x"),
        ]);
        let bands = typed.read(DecimalMark::Point).expect("two bands");
        assert_eq!(bands[0].up_to, Some(5_000));
        assert_eq!((bands.len(), bands[1].approvals), (2, 3));
        let german = TypedPolicy::of([
            ("band1-up-to", "5.000"),
            ("band1-approvals", "1"),
            ("last-approvals", "2"),
        ]);
        let bands = german.read(DecimalMark::Comma).expect("two bands");
        assert_eq!(bands[0].up_to, Some(5_000));
    }

    #[test]
    fn every_error_stands_at_its_field() {
        let typed = TypedPolicy::of([
            ("band1-up-to", "1.000"),
            ("band1-approvals", "2"),
            ("band3-up-to", "500"),
            ("band3-approvals", "many"),
            ("last-approvals", "1"),
        ]);
        let found = typed.read(DecimalMark::Point).expect_err("three errors");
        let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["band1-up-to", "band2-approvals"]);
        let many = (1..=11).map(|band| (field(band, "up-to"), band.to_string()));
        let many: Vec<_> = many.collect();
        let typed = TypedPolicy::of(many.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        assert_eq!(
            typed.read(DecimalMark::Point),
            Err(vec![(LAST.to_owned(), PolicyError::Count)])
        );
    }
}
