//! What tests stand on: real engines, a real browser, the built binary, and the counts of long runs.
//!
//! Nothing here outlives the test process, however it ends: every child is watched by a process
//! that ends it when the pipe from the test process closes (see [`child`]).

pub mod app;
pub mod authenticator;
pub mod browser;
pub mod bucket;
pub mod certificate;
pub mod child;
pub mod client;
pub mod counts;
pub mod desk;
pub mod durable_writes;
pub mod http;
pub mod idp;
pub mod kms;
pub mod measured;
pub mod moto;
pub mod openid;
pub mod openid_provider;
pub mod post;
pub mod postgres;
pub mod rsyslog;
pub mod saml_idps;
pub mod server;
pub mod softhsm;
pub mod stores;
pub mod temp;
pub mod vault;
pub mod visitor;
pub mod witness;
pub mod world;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The repository's root, found at compile time so that tests run from any folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file or folder of the shared real material (`../shared/data`), or `None`, said loudly, where the
/// machine has none. A test that gets `None` returns: it proves nothing there, and says so.
pub fn material(name: &str) -> Option<PathBuf> {
    let path = root().join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: no test material at {}; this test proves nothing here",
        path.display()
    );
    None
}

/// Asks `ready` every 20 ms until it gives a value or `limit` has passed.
pub fn poll<T>(limit: Duration, mut ready: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = ready() {
            return Some(value);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback gives a port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}
