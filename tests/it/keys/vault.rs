//! Roots in the transit engine of a Vault.

use std::fs;

use super::{FIELD, STORAGE, Variables, doctor, known_root, refusal, set_up, works};
use crate::support::certificate::Authority;
use crate::support::desk::Desk;
use crate::support::server::{Launch, Server};
use crate::support::softhsm::SoftHsm;
use crate::support::vault::{CHACHA, Vault};

const KEY: &str = "field-root";

struct House {
    vault: Vault,
    server: Server,
    desk: Desk,
}

impl House {
    /// A running server with the field root in a Vault and the storage root in a file.
    fn new() -> Self {
        let vault = Vault::start();
        vault.make_key(KEY);
        let server = Server::start(Launch::embedded().variable(FIELD, vault.uri(KEY)));
        let mut desk = set_up(&server);
        works(&mut desk, "Nordlicht GmbH");
        assert!(server.process() > 0);
        server.wait_for_line("readiness", |line| line.contains("ready").then_some(()));
        Self {
            vault,
            server,
            desk,
        }
    }

    fn is_refused(&self, field: String, words: &str) {
        let variables = [(FIELD, field)];
        self.both_refuse(&variables, words);
    }

    fn both_refuse(&self, variables: &Variables, words: &str) {
        let said = refusal(self.server.data(), variables);
        assert!(said.contains(words), "{words}: {said}");
        let found = doctor(self.server.data(), variables);
        assert!(found.contains(words), "{words}: {found}");
        assert!(
            !said.contains("hvs.") && !found.contains("hvs."),
            "{said}{found}"
        );
    }
}

#[test]
fn a_server_lives_with_its_field_root_in_a_vault_and_goes_on_while_it_is_down() {
    let mut house = House::new();
    let uri = house.vault.uri(KEY);
    assert_eq!(doctor(house.server.data(), &[(FIELD, uri)]), "");
    let calls = house.vault.calls();
    assert!(calls.contains(&"GET /v1/transit/keys/field-root".to_owned()));
    assert!(calls.contains(&"POST /v1/transit/encrypt/field-root".to_owned()));

    // Keys that were opened stay open: a running server asks nobody.
    house.vault.seal(true);
    let before = house.vault.calls().len();
    works(&mut house.desk, "Südlicht GmbH");
    assert_eq!(house.vault.calls().len(), before);

    // A new version of the key wraps from now on, and the former still opens.
    house.vault.seal(false);
    house.vault.rotate(KEY);
    assert!(house.server.stop(), "{}", house.server.said());
    // What passes is waited for.
    house.vault.fail(2);
    house.server.restart();
}

#[test]
fn what_is_wrong_with_a_vault_is_said_before_anybody_is_served() {
    let mut house = House::new();
    assert!(house.server.stop(), "{}", house.server.said());
    let uri = house.vault.uri(KEY);

    house.vault.seal(true);
    house.is_refused(uri.clone(), "it is sealed, or not ready");
    house.vault.seal(false);
    house.vault.revoke(true);
    house.is_refused(uri.clone(), "its token is not accepted");
    house.vault.revoke(false);
    house.vault.write_token("hvs.another");
    house.is_refused(uri.clone(), "its token is not accepted");
    fs::remove_file(house.vault.token_file()).expect("our own file");
    house.is_refused(uri.clone(), "the password file cannot be read");
    house.vault.write_token("hvs.a-token-of-the-tests");

    house.is_refused(house.vault.uri("nothing"), "there is no such key");
    house.is_refused(uri.replace("v1/transit", "v1/other"), "no transit engine");
    house.vault.make_key_as("rsa", "rsa-4096", false);
    house.is_refused(house.vault.uri("rsa"), "binds nothing to its place");
    house.vault.make_key_as("loose", "aes256-gcm96", true);
    house.is_refused(house.vault.uri("loose"), "can be taken out of the engine");
    house.vault.make_key("younger");
    house.is_refused(house.vault.uri("younger"), "does not open");

    // Somebody else answers at its address.
    let ca = house.vault.ca_file();
    let right = fs::read(&ca).expect("it was written");
    fs::write(&ca, Authority::new().ca_pem).expect("our own file");
    house.is_refused(uri.clone(), "its certificate is not trusted");
    fs::write(&ca, right).expect("our own file");

    house.server.restart();
    assert!(house.server.stop(), "{}", house.server.said());
    house.vault.only_in("finance");
    house.is_refused(uri.clone(), "its token is not accepted");
    let within = [(FIELD, format!("{uri}&namespace=finance"))];
    assert_eq!(doctor(house.server.data(), &within), "");
    house.vault.delete_key(KEY);
    let within = format!("{uri}&namespace=finance");
    house.is_refused(within, "there is no such key");
}

#[test]
fn an_engine_that_forgets_places_is_no_root() {
    let mut house = House::new();
    assert!(house.server.stop(), "{}", house.server.said());
    house.vault.forget_places();
    let words = "it opens a key in another place than it was wrapped for";
    house.is_refused(house.vault.uri(KEY), words);
}

#[test]
fn one_key_is_not_both_roots_by_way_of_a_vault() {
    let mut house = House::new();
    assert!(house.server.stop(), "{}", house.server.said());
    let data = house.server.data();
    let (key, file) = known_root(data);
    house.vault.bring_key("brought", key);
    house.vault.bring_key("again", key);
    house.vault.bring_key_as("streamed", CHACHA, key);
    house.vault.bring_key_as("streamed-again", CHACHA, key);
    let hsm = SoftHsm::with_token("countersign");
    hsm.bring_key("countersign", "brought", &key);
    let (brought, again) = (house.vault.uri("brought"), house.vault.uri("again"));
    let in_token = hsm.uri("countersign", "brought");
    let streamed = house.vault.uri("streamed");
    let streamed_again = house.vault.uri("streamed-again");
    for (storage, field) in [
        (&file, &brought),
        (&file, &streamed),
        (&streamed, &file),
        (&streamed_again, &streamed),
        (&again, &brought),
        (&in_token, &brought),
        (&brought, &in_token),
    ] {
        let variables = [
            hsm.variable(),
            (STORAGE, storage.clone()),
            (FIELD, field.clone()),
        ];
        let said = refusal(data, &variables);
        assert!(
            said.contains("are the same key"),
            "{storage} {field}: {said}"
        );
    }
    let same = [(STORAGE, brought.clone()), (FIELD, brought)];
    let said = refusal(data, &same);
    assert!(said.contains("must be two keys"), "{said}");
}
