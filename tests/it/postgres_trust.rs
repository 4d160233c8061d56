//! Our client of PostgreSQL verifies whom it talks to: another authority's certificate and another host's are refused.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use countersign::platform::edge::client_tls;
use countersign::platform::store::{Store, StoreError};
use countersign_sealing::SystemEntropy;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::support::certificate::Authority;
use super::support::stores::{Home, TestStore};
use super::support::temp::TempDir;

async fn open(config: tokio_postgres::Config, ca: &Path) -> Result<Store, StoreError> {
    let tls = || MakeRustlsConnect::new(client_tls(Some(ca)).expect("an authority"));
    Store::migrate_postgres(&config, tls()).await?;
    Store::open_postgres(config, tls(), Arc::new(SystemEntropy)).await
}

fn refusal(opened: Result<Store, StoreError>) -> String {
    opened.expect_err("refused").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_authority_or_another_name_is_refused() {
    let store = TestStore::grown().await;
    let Home::Grown(database) = &store.home else {
        panic!("it is PostgreSQL");
    };
    let ours = || -> tokio_postgres::Config { database.url().parse().expect("our own URL") };
    open(ours(), database.ca_path())
        .await
        .expect("the right one");

    let folder = TempDir::new("authority");
    let foreign = folder.path().join("ca.pem");
    std::fs::write(&foreign, Authority::new().ca_pem).expect("our own folder");
    let why = refusal(open(ours(), &foreign).await);
    assert!(
        why.contains("UnknownIssuer") || why.contains("certificate"),
        "{why}"
    );

    // The same server under a name that its certificate does not bear: where a redirected name leads.
    let known = ours();
    let named = |host: &str| {
        let mut config = tokio_postgres::Config::new();
        config
            .host(host)
            .hostaddr(IpAddr::V4(Ipv4Addr::LOCALHOST))
            .port(known.get_ports()[0])
            .user(known.get_user().expect("a user"))
            .password(known.get_password().expect("a password"))
            .dbname(known.get_dbname().expect("a database"))
            .ssl_mode(known.get_ssl_mode());
        config
    };
    let why = refusal(open(named("db.example"), database.ca_path()).await);
    assert!(
        why.contains("not valid for name") || why.contains("NotValidForName"),
        "{why}"
    );
    open(named("localhost"), database.ca_path())
        .await
        .expect("its own name");
}
