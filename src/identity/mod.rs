//! WHO: organisations, people, access, sign-in, sessions, tokens. Stands on platform alone.

pub mod access;
pub mod organisations;
