//! WHO: organisations, people, access, sign-in, sessions, tokens. Stands on platform alone.

pub mod access;
pub mod credential;
pub mod organisations;
pub mod people;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod tokens;
