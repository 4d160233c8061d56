//! Our own keys: in our metadata, for what is encrypted, and one after the other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::House;
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
