//! The one integration binary: it links once. A module is one line, in alphabetical order.

#![expect(
    clippy::disallowed_methods,
    reason = "the harness waits for real processes in real time; code under test gets its clock as an argument"
)]

mod access;
mod api;
mod api_bills;
mod approvals;
mod asvs;
mod audit;
mod bills;
mod bucket;
mod bundles;
mod canaries;
mod cli;
mod delegations;
mod disposal;
mod doctor;
mod documents;
mod edge;
mod footprint;
mod heartbeat;
mod home;
mod hostile;
mod humans;
mod idempotency;
mod identity;
mod identity_again;
mod identity_alike;
mod identity_attempts;
mod identity_forged;
mod identity_races;
mod identity_sessions;
mod intake;
mod jobs;
mod journal;
mod journal_command;
mod journal_heads;
mod journaled_writes;
mod key_rotation;
mod keys;
mod kill9;
mod mail;
mod measured;
mod payments;
mod person_command;
mod postgres_trust;
mod powers;
mod proofs;
mod provisioning;
mod rls;
mod roles;
mod row_codes;
mod saml_mutants;
mod schema;
mod serve_once;
mod services;
mod settings;
mod sign_in_flood;
mod single_sign_on;
mod sql_texts;
mod sso;
mod store;
mod story;
mod supply_chain;
mod support;
mod support_test;
mod tamper;
mod tidy;
mod trust;
mod two_servers;
mod unknown_address;
mod vendors;
mod witness;
mod workers;
