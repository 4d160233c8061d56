//! Keys as work for people: rotated while the server serves, disposed of by two.

pub mod cli;
pub mod disposal;
pub mod rotation;
//! What happens to keys and to what they seal, as workflows of people.

pub mod reveals;
