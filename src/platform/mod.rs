//! HOW: everything the three other wings stand on. Knows nothing above itself.

pub mod web;
