//! The bank files as a bank would see them: official schemas, hostile text, tampering.

mod fixtures;
mod pain001_findings;
mod pain001_round_trip;
mod pain001_schema;
mod pain001_tampering;
