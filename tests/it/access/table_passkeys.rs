//! The rows of passkeys and recovery codes: one's own, or before anybody is known.

use super::table::Needs::{Anybody, Nobody};
use super::table::{Route, form, get};

pub const PASSKEYS: &[Route] = &[
    form("/sign-in/passkey/options", Nobody, &[]),
    form("/sign-in/passkey", Nobody, &[]),
    form("/sign-in/code/passkey/options", Nobody, &[]),
    form("/sign-in/code/passkey", Nobody, &[]),
    form("/enrol/passkey/options", Anybody, &[]),
    form("/enrol/passkey", Anybody, &[]),
    get("/me/security", Anybody),
    get("/me/security/app", Anybody),
    form("/me/security/app", Anybody, &[]),
    form("/me/security/app/confirm", Anybody, &[("code", "000000")]),
    form("/me/security/app/remove", Anybody, &[]),
    get("/me/devices", Anybody),
    form("/me/devices/forget", Anybody, &[("device", "none")]),
    get("/step-up", Anybody),
    form("/step-up", Anybody, &[("code", "123456")]),
    form("/step-up/passkey/options", Anybody, &[]),
    form("/step-up/passkey", Anybody, &[]),
    form("/me/passkeys/options", Anybody, &[]),
    form("/me/passkeys", Anybody, &[]),
    form(
        "/me/passkeys/name",
        Anybody,
        &[("passkey", "none"), ("name", "Blue key")],
    ),
    form("/me/passkeys/remove", Anybody, &[("passkey", "none")]),
    form("/me/recovery-codes", Anybody, &[]),
];
