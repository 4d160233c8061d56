//! What happens to keys and to what they seal, as workflows of people: keys are rotated, backed up and disposed of, values are shown in full.

pub mod backup;
pub mod cli;
pub mod disposal;
pub mod reveals;
pub mod rotation;
