//! Documents in an S3-compatible store: the same as in a folder, sealed alone, refused where the store changed them, and
//! nothing said to a server whose certificate we do not trust.

use std::io::{ErrorKind, Read as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use countersign::payables::intake::actions::IntakeError;
use countersign::platform::config;
use countersign::platform::documents::{BucketError, Documents, DocumentsError};
use countersign::platform::keys::OrgKeys;
use countersign_sealing::{Entropy, SystemEntropy};
use rustls::{ServerConnection, StreamOwned};

use super::hostile::upload::Clerk;
use super::intake::{self, IBAN, VAT_ID, ubl};
use super::support::bucket::BucketServer;
use super::support::certificate::Authority;
use super::support::poll;
use super::support::postgres::Cluster;
use super::support::server::Server;
use super::support::stores::TestStore;
use super::support::temp::TempDir;
use super::support::world::World;
use super::two_servers::{launch, settings, with_roots_of};

const CANARY: &[u8] = b"Kanarische Verpackungen GmbH";
const MIB: usize = 1024 * 1024;

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy)
}

fn in_bucket(folder: &TempDir, bucket: config::Bucket) -> Documents {
    let settings = config::Documents {
        folder: folder.path().to_owned(),
        bucket: Some(bucket),
    };
    Documents::of(&settings, &entropy()).expect("the files are there")
}

/// What holds wherever documents are kept.
async fn keeps_and_gives_out(documents: &Documents, keys: &Arc<OrgKeys>) {
    // Empty, one chunk, and larger than one request to a store.
    for bytes in [
        Vec::new(),
        CANARY.to_vec(),
        CANARY.repeat(20 * MIB / CANARY.len()),
    ] {
        let blob = documents.put(keys, &bytes, &entropy()).await.expect("kept");
        let again = documents.put(keys, &bytes, &entropy()).await.expect("kept");
        assert_eq!(again, blob);
        assert_eq!(usize::try_from(blob.size_bytes), Ok(bytes.len()));
        let chunks = documents.read(keys, blob.sha256).await.expect("it opens");
        assert_eq!(chunks.length(), bytes.len() as u64);
        assert_eq!(chunks.whole().await.expect("whole"), bytes);
    }
    let missing = documents.read(keys, [7; 32]).await;
    assert!(
        matches!(missing, Err(DocumentsError::Missing { .. })),
        "{missing:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_what_a_folder_keeps_sealed_and_gives_out_nothing_else() {
    let world = World::new(&Arc::new(TestStore::embedded().await)).await;
    let (keys, server) = (world.keys().await, BucketServer::start());
    let (plain, spools) = (TempDir::new("documents"), TempDir::new("spools"));
    keeps_and_gives_out(&Documents::open(plain.path()).expect("fresh"), &keys).await;
    let documents = in_bucket(&spools, server.settings());
    keeps_and_gives_out(&documents, &keys).await;
    let names = server.keys();
    assert_eq!(names.len(), 3);
    for name in &names {
        let object = server.object(name);
        assert!(
            !object.windows(8).any(|window| window == &CANARY[..8]),
            "{name}"
        );
    }
    assert_eq!(
        std::fs::read_dir(spools.path()).expect("a folder").count(),
        0
    );

    // Whoever runs the store changes an object, cuts it, or puts another in its place; sending the bytes again mends it.
    let bytes = CANARY.to_vec();
    let blob = documents
        .put(&keys, &bytes, &entropy())
        .await
        .expect("kept");
    let hash: String = blob
        .sha256
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = names
        .iter()
        .find(|name| name.ends_with(&hash))
        .expect("it is there");
    assert!(name.starts_with("some/prefix/"));
    let other = names.iter().find(|other| *other != name).expect("another");
    let sound = server.object(name);
    let mut flipped = sound.clone();
    flipped[40] ^= 1;
    for changed in [
        &flipped,
        &sound[..sound.len() - 1],
        &server.object(other)[..],
        b"",
    ] {
        server.overwrite(name, changed);
        let refused = documents.get(&keys, blob.sha256).await;
        assert!(
            matches!(refused, Err(DocumentsError::Sealed { .. })),
            "{refused:?}"
        );
        documents
            .put(&keys, &bytes, &entropy())
            .await
            .expect("mended");
        assert_eq!(
            documents.get(&keys, blob.sha256).await.expect("whole"),
            bytes
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_given_up_is_aborted_and_names_nothing() {
    let mut server = BucketServer::start();
    let spools = TempDir::new("spools");
    let documents = in_bucket(&spools, server.settings());
    let t = Arc::new(TestStore::embedded().await);
    let desk = intake::Desk::with(&t, |app| app.documents = documents.clone()).await;
    let keys = desk.world.keys().await;
    let large = CANARY.repeat(40 * MIB / CANARY.len());
    let given_up = {
        let (documents, keys) = (documents.clone(), Arc::clone(&keys));
        tokio::spawn(async move { documents.put(&keys, &large, &entropy()).await })
    };
    let begun = poll(Duration::from_secs(60), || {
        (!server.unfinished().is_empty()).then_some(())
    });
    assert!(begun.is_some(), "it goes in parts");
    given_up.abort();
    let aborted = poll(Duration::from_secs(60), || {
        server.unfinished().is_empty().then_some(())
    });
    assert!(
        aborted.is_some(),
        "its parts are left: {:?}",
        server.unfinished()
    );
    assert_eq!(server.keys(), [] as [String; 0]);

    // The store goes away: nothing comes in, and nothing says that it did.
    let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    desk.send("a.xml", &bytes)
        .await
        .expect("the store is there");
    server.kill();
    let other = ubl("A-2", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let refused = desk.send("b.xml", &other).await;
    let Err(IntakeError::Documents(DocumentsError::Bucket { source, .. })) = &refused else {
        panic!("{refused:?}");
    };
    assert!(matches!(source, BucketError::Unanswered { .. }), "{source}");
}

/// A server that counts what it hears after the handshake, and says nothing.
fn listener(authority: &Authority) -> (u16, Arc<AtomicUsize>) {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = socket.local_addr().expect("it has one").port();
    let (config, heard) = (authority.server_config(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&heard);
    std::thread::spawn(move || {
        for tcp in socket.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("it is valid");
            let mut stream = StreamOwned::new(connection, tcp);
            let mut bytes = [0; 1024];
            match stream.read(&mut bytes) {
                Ok(read) => {
                    count.fetch_add(read, Ordering::SeqCst);
                }
                Err(error) => assert_ne!(error.kind(), ErrorKind::WouldBlock),
            }
        }
    });
    (port, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_with_a_wrong_certificate_hears_nothing() {
    let world = World::new(&Arc::new(TestStore::embedded().await)).await;
    let (keys, folder) = (world.keys().await, TempDir::new("spools"));
    let (ours, theirs) = (Authority::new(), Authority::new());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("our own folder");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&path, mode).expect("our own file");
        path
    };
    let (port, heard) = listener(&theirs);
    let mut bucket = config::Bucket {
        url: "s3://bucket".parse().expect("an address"),
        endpoint: Some(
            format!("https://localhost:{port}")
                .parse()
                .expect("an address"),
        ),
        region: "us-east-1".to_owned(),
        access_key_file: file("access", "AKIATEST"),
        secret_key_file: file("secret", "secret"),
        ca_file: Some(file("ca.pem", &ours.ca_pem)),
    };
    let refused = in_bucket(&folder, bucket.clone())
        .put(&keys, CANARY, &entropy())
        .await;
    let Err(DocumentsError::Bucket { source, .. }) = &refused else {
        panic!("{refused:?}");
    };
    assert!(source.to_string().contains("certificate"), "{source}");
    assert_eq!(heard.load(Ordering::SeqCst), 0);

    // Trusted, the same server hears the request: the listener listens.
    bucket.ca_file = Some(file("ca.pem", &theirs.ca_pem));
    let refused = in_bucket(&folder, bucket.clone())
        .put(&keys, CANARY, &entropy())
        .await;
    assert!(refused.is_err());
    assert!(heard.load(Ordering::SeqCst) > 0);

    // Whatever a configuration could say, there is no way without TLS.
    bucket.endpoint = Some(
        format!("http://localhost:{port}")
            .parse()
            .expect("an address"),
    );
    let refused = in_bucket(&folder, bucket)
        .put(&keys, CANARY, &entropy())
        .await;
    let Err(DocumentsError::Bucket { source, .. }) = &refused else {
        panic!("{refused:?}");
    };
    assert!(source.to_string().contains("without TLS"), "{source}");
}

/// What the doctor says with these settings.
fn doctor(variables: &[(&'static str, String)]) -> String {
    let data = TempDir::new("data");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("doctor")
        .arg("--data")
        .arg(data.path())
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .output()
        .expect("the binary was built");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_doctor_names_a_bucket_that_cannot_be_used_and_how_to_mend_it() {
    let mut server = BucketServer::start();
    let mut variables = server.variables();
    let said = doctor(&variables);
    assert!(
        said.contains("ok    bucket: s3://countersign-test/some/prefix"),
        "{said}"
    );
    variables[0].1 = "s3://another-bucket".to_owned();
    let said = doctor(&variables);
    assert!(
        said.contains("FAIL  bucket: s3://another-bucket: there is no such bucket")
            && said.contains("-> make the bucket"),
        "{said}"
    );
    server.kill();
    let said = doctor(&variables);
    assert!(
        said.contains("cannot be reached") && said.contains("-> see that documents.endpoint"),
        "{said}"
    );
    assert!(!said.contains("a secret of the tests"), "{said}");
}

#[test]
fn two_servers_on_one_database_and_one_bucket_see_the_same_document() {
    let (database, bucket) = (Cluster::shared().empty(), BucketServer::start());
    let mut all = settings(&database);
    all.extend(bucket.variables());
    let first = Server::start(launch(&all));
    let mut clara = Clerk::at(&first);
    let second = Server::start_in(launch(&all), with_roots_of(first.data()));
    let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    let answer = clara.send_one("a.xml", &bytes);
    let bill = answer["bill_url"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    let mut there = clara.client.at(&second.client());
    let document = there.get(&format!("{bill}/document"));
    assert_eq!(document.status, 200, "{}", document.text());
    assert_eq!(document.body, bytes);
}
