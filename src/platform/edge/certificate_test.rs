use std::os::unix::fs::PermissionsExt as _;

use super::*;

const NOW: Micros = Micros(1_800_000_000_000_000);

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!(
        "countersign-certificate-{name}-{}",
        std::process::id()
    ));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn a_local_certificate_is_made_once_and_kept() {
    let folder = folder("made");
    let made = local(&folder, "ap.example.com", NOW).unwrap();
    let (_, key) = local_files(&folder);
    assert_eq!((mode(&folder), mode(&key)), (0o700, 0o600));
    for name in ["localhost", "127.0.0.1", "::1", "ap.example.com"] {
        assert!(made.names(name), "{name}");
    }
    assert!(!made.names("example.com"));
    let again = local(&folder, "ap.example.com", NOW.plus_us(300 * Micros::DAY)).unwrap();
    assert_eq!(made.key.cert, again.key.cert);
}

#[test]
fn a_local_certificate_is_replaced_before_its_end_and_when_it_lacks_the_host() {
    let folder = folder("renewed");
    let first = local(&folder, "localhost", NOW).unwrap();
    let other_host = local(&folder, "ap.example.com", NOW).unwrap();
    assert_ne!(first.key.cert, other_host.key.cert);
    let later = NOW.plus_us(380 * Micros::DAY);
    let renewed = local(&folder, "ap.example.com", later).unwrap();
    assert_ne!(other_host.key.cert, renewed.key.cert);
    assert!(renewed.not_after.since(later) > RENEWAL_US);
}

#[test]
fn a_damaged_local_pair_is_replaced() {
    let folder = folder("damaged");
    local(&folder, "localhost", NOW).unwrap();
    let (certificate, _) = local_files(&folder);
    std::fs::write(&certificate, "half").unwrap();
    local(&folder, "localhost", NOW).unwrap();
}

#[test]
fn each_fault_of_an_operators_pair_is_told_apart() {
    let (one, other) = (folder("one"), folder("other"));
    local(&one, "localhost", NOW).unwrap();
    local(&other, "localhost", NOW).unwrap();
    let ((certificate, key), (_, other_key)) = (local_files(&one), local_files(&other));
    assert!(matches!(
        Pair::load(&certificate, &other_key, NOW),
        Err(TlsError::Mismatch { .. })
    ));
    let late = NOW.plus_us(LIFE_US);
    assert!(matches!(
        Pair::load(&certificate, &key, late),
        Err(TlsError::Expired { .. })
    ));
    let early = NOW.plus_us(-3 * Micros::DAY);
    assert!(matches!(
        Pair::load(&certificate, &key, early),
        Err(TlsError::NotYet { .. })
    ));
    assert!(matches!(
        Pair::load(&key, &key, NOW),
        Err(TlsError::NoCertificate { .. })
    ));
    let copy = one.join("copy");
    std::fs::copy(&certificate, &copy).unwrap();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(
        Pair::load(&certificate, &copy, NOW),
        Err(TlsError::NoKey { .. })
    ));
    assert!(matches!(
        Pair::load(&certificate, &one.join("missing"), NOW),
        Err(TlsError::Io { .. })
    ));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(
        Pair::load(&certificate, &key, NOW),
        Err(TlsError::KeyReadable { mode: 0o640, .. })
    ));
}

#[test]
fn a_replaced_certificate_is_taken_up_and_a_bad_one_is_not() {
    let (ours, next) = (folder("ours"), folder("next"));
    local(&ours, "localhost", NOW).unwrap();
    local(&next, "localhost", NOW).unwrap();
    let ((certificate, key), (next_certificate, next_key)) =
        (local_files(&ours), local_files(&next));
    let source = Source::Operator {
        certificate: certificate.clone(),
        key: key.clone(),
    };
    let current = RwLock::new(source.read(NOW).unwrap());
    let certificates = Certificates { source, current };
    let first = certificates.pair().key.cert.clone();
    assert!(!certificates.refresh(NOW).unwrap());
    std::fs::copy(&next_certificate, &certificate).unwrap();
    assert!(matches!(
        certificates.refresh(NOW),
        Err(TlsError::Mismatch { .. })
    ));
    assert_eq!(certificates.pair().key.cert, first);
    std::fs::copy(&next_key, &key).unwrap();
    assert!(certificates.refresh(NOW).unwrap());
    assert_ne!(certificates.pair().key.cert, first);
}
