//! Material of others.
