//! Our own keys: in our metadata, for what is encrypted, and one after the other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{House, OURS};
use crate::support::app::on_both_apps;

impl House {
    /// The certificates that our metadata names for encryption, the oldest first.
    async fn certificates(&self) -> Vec<Vec<u8>> {
        let metadata = self.t.browser().get(&self.at("metadata")).await.body;
        let parts = metadata.split("use=\"encryption\"").skip(1);
        parts
            .filter_map(|part| crate::support::app::between(part, "X509Certificate>", "<"))
            .map(|text| {
                STANDARD
                    .decode(text.replace(['\n', ' '], ""))
                    .expect("base64")
            })
            .collect()
    }

    /// Whether somebody is still signed in after a logout request that names her for this certificate's holder alone.
    async fn stays_after(&self, id: &str, certificate: &[u8]) -> bool {
        let mut browser = self.t.browser();
        self.arrives(&mut browser, |_| {}).await;
        assert_eq!(browser.get("/bills").await.status, 200);
        let destination = format!("{OURS}{}", self.at("logout"));
        let query = self.idp.logout_encrypted(
            (id, &destination),
            ("s-ingrid", "session-1"),
            (certificate, self.t.app.now()),
        );
        let path = format!("{}?{query}", self.at("logout"));
        self.t.browser().get(&path).await;
        browser.get("/bills").await.status == 200
    }

    async fn arrives_encrypted(&self, certificate: &[u8]) -> u16 {
        let mut browser = self.t.browser();
        let begun = self.begin(&mut browser).await;
        let facts = self.facts(Some(&begun.request));
        let response = self.idp.encrypted(&facts, certificate);
        let answer = self.post(&mut browser, &response, &begun.relay).await;
        answer.status
    }
}

#[test]
fn what_is_encrypted_for_us_opens_while_keys_change() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let first = house.certificates().await;
        assert_eq!(first.len(), 1);
        assert_eq!(house.arrives_encrypted(&first[0]).await, 303);
        let path = format!("/settings/sign-in/connections/{}", house.connection);
        house.t.store.clock.advance(1_000_000);
        house.posts(&format!("{path}/keys"), &[]).await;
        let both = house.certificates().await;
        assert_eq!(both.len(), 2);
        assert_eq!(both[0], first[0]);
        for certificate in &both {
            assert_eq!(house.arrives_encrypted(certificate).await, 303);
        }
        house.posts(&format!("{path}/keys/retire"), &[]).await;
        assert_eq!(house.certificates().await, [both[1].clone()]);
        assert_eq!(
            house.arrives_encrypted(&both[0]).await,
            403,
            "it is retired"
        );
        assert_eq!(house.arrives_encrypted(&both[1]).await, 303);
    });
}

#[test]
fn who_is_named_for_either_of_our_keys_is_signed_out_while_keys_change() {
    on_both_apps(|t| async move {
        let mut house = House::new(t).await;
        let path = format!("/settings/sign-in/connections/{}", house.connection);
        assert_eq!(house.certificates().await.len(), 1);
        house.t.store.clock.advance(1_000_000);
        house.posts(&format!("{path}/keys"), &[]).await;
        let both = house.certificates().await;
        assert_eq!(both.len(), 2);
        for (id, certificate) in [("l-1", &both[0]), ("l-2", &both[1])] {
            assert!(!house.stays_after(id, certificate).await, "{id}");
        }
        // Where the key is gone, nothing opens the name.
        house.posts(&format!("{path}/keys/retire"), &[]).await;
        assert!(house.stays_after("l-3", &both[0]).await, "it is retired");
        assert!(!house.stays_after("l-4", &both[1]).await);
    });
}
