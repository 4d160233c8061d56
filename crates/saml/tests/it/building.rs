//! Requests, metadata and logout.
