//! The crate from outside: what is accepted, what is refused, and what an attacker tries.

mod attacks;
mod building;
mod corpus;
mod described;
mod encrypted;
mod logout;
mod mutants;
mod rules;
mod support;
mod tolerated;
mod verifying;
