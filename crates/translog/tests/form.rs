//! Hashes, numbers and instants have one form each.

use countersign_translog::Hash;
use countersign_translog::time::UtcMicros;
use countersign_translog::verifier::form::number;

#[test]
fn texts_of_a_hash_have_one_form() {
    let hash = Hash::of(b"abc");
    assert_eq!(
        hash.to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(Hash::from_hex(&hash.to_string()), Some(hash));
    assert_eq!(Hash::from_hex(&hash.to_string().to_uppercase()), None);
    assert_eq!(Hash::from_hex(&hash.to_string()[1..]), None);
    assert_eq!(
        Hash::from_hex(&hash.to_string().replacen("ba", "+a", 1)),
        None
    );
    assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
    assert_eq!(
        Hash::from_base64(hash.to_base64().trim_end_matches('=')),
        None
    );
    // The last digit before the padding carries 2 unused bits: any but zero is another form.
    let loose = hash.to_base64().replace("0=", "1=");
    assert_ne!(loose, hash.to_base64());
    assert_eq!(Hash::from_base64(&loose), None);
}

#[test]
fn numbers_have_one_form() {
    assert_eq!(number("0"), Some(0));
    assert_eq!(number("18446744073709551615"), Some(u64::MAX));
    for bad in [
        "",
        "00",
        "01",
        "+1",
        "-1",
        " 1",
        "1 ",
        "1_0",
        "١",
        "18446744073709551616",
    ] {
        assert_eq!(number(bad), None, "{bad:?}");
    }
}

#[test]
fn instants_print_as_people_write_them() {
    let text = |micros| UtcMicros::new(micros).map(|time| time.to_string());
    for (micros, expected) in [
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
        (1_795_396_000_123_456, "2026-11-23T01:06:40.123456Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
    ] {
        assert_eq!(text(micros).as_deref(), Some(expected));
        assert_eq!(
            UtcMicros::parse(expected).map(UtcMicros::micros),
            Some(micros)
        );
    }
    assert_eq!(text(-62_167_219_200_000_001), None);
    assert_eq!(text(i64::MAX), None);
}

#[test]
fn every_day_of_the_calendars_400_years_comes_back() {
    let first = UtcMicros::parse("1796-02-27T12:34:56.654321Z").expect("an instant");
    let days =
        |count: i64| UtcMicros::new(first.micros() + count * 86_400_000_000).expect("in range");
    for count in 0..=146_097_i64 {
        assert_eq!(
            UtcMicros::parse(&days(count).to_string()),
            Some(days(count))
        );
    }
    assert_eq!(days(146_097).to_string(), "2196-02-27T12:34:56.654321Z");
}

#[test]
fn an_instant_has_one_spelling() {
    let bad = [
        "2026-11-23T01:06:37Z",
        "2026-11-23T01:06:37.123Z",
        "2026-11-23t01:06:37.123456Z",
        "2026-11-23 01:06:37.123456Z",
        "2026-13-01T00:00:00.000000Z",
        "2026-02-29T00:00:00.000000Z",
        "2026-11-23T24:00:00.000000Z",
        "2026-11-23T01:06:60.000000Z",
        "2026-11-00T01:06:37.123456Z",
        "2026-11-31T01:06:37.123456Z",
        "2100-02-29T01:06:37.123456Z",
        "2026-11-23T01:60:37.123456Z",
        "2026-00-23T01:06:37.123456Z",
        "+026-11-23T01:06:37.123456Z",
        "2026-11-23T01:06:37.12345aZ",
        "2026-11-23T01:06:37,123456Z",
        "20261123T010637.1234567890Z",
    ];
    for text in bad {
        assert_eq!(UtcMicros::parse(text), None, "{text}");
    }
}
