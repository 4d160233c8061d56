//! Who must agree to a bill, and what each decided about exactly what was seen.

pub mod views;

#[cfg(test)]
pub(crate) mod samples;
