//! An sRGB colour profile, computed (ICC.1:2001-04, matrix/TRC display profile; IEC 61966-2-1).
//!
//! PDF/A wants the colours of a document tied to a profile. A vendor's file would drag a licence in, and the
//! numbers are public: primaries adapted to D50 and the sRGB transfer curve.

const CURVE_ENTRIES: u16 = 1024;

/// The profile's bytes; the same on every call.
pub(super) fn srgb_profile() -> Vec<u8> {
    let curve = transfer_curve();
    // D50-adapted sRGB primaries in s15Fixed16, as published by the ICC.
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description("sRGB IEC61966-2.1")),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", xyz([0x0000_F6D6, 0x0001_0000, 0x0000_D32D])),
        (b"rXYZ", xyz([0x0000_6FA2, 0x0000_38F5, 0x0000_0390])),
        (b"gXYZ", xyz([0x0000_6299, 0x0000_B785, 0x0000_18DA])),
        (b"bXYZ", xyz([0x0000_24A0, 0x0000_0F84, 0x0000_B6CF])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let data_start = 128 + 4 + 12 * tags.len();
    for (signature, content) in tags {
        table.extend(signature);
        table.extend(((data_start + data.len()) as u32).to_be_bytes());
        table.extend((content.len() as u32).to_be_bytes());
        data.extend(&content);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = header((data_start + data.len()) as u32);
    profile.extend(table);
    profile.extend(data);
    profile
}

fn header(total_bytes: u32) -> Vec<u8> {
    let mut header = vec![0; 128];
    header[0..4].copy_from_slice(&total_bytes.to_be_bytes());
    header[8..12].copy_from_slice(&0x0210_0000_u32.to_be_bytes());
    header[12..24].copy_from_slice(b"mntrRGB XYZ ");
    // A creation date is mandatory; a fixed one keeps the profile the same on every call.
    for (index, part) in [2026_u16, 1, 1, 0, 0, 0].iter().enumerate() {
        header[24 + 2 * index..26 + 2 * index].copy_from_slice(&part.to_be_bytes());
    }
    header[36..40].copy_from_slice(b"acsp");
    for (index, part) in [0x0000_F6D6_u32, 0x0001_0000, 0x0000_D32D]
        .iter()
        .enumerate()
    {
        header[68 + 4 * index..72 + 4 * index].copy_from_slice(&part.to_be_bytes());
    }
    header
}

fn xyz(parts: [u32; 3]) -> Vec<u8> {
    let mut tag = b"XYZ \0\0\0\0".to_vec();
    tag.extend(parts.iter().flat_map(|part| part.to_be_bytes()));
    tag
}

fn text(content: &str) -> Vec<u8> {
    let mut tag = b"text\0\0\0\0".to_vec();
    tag.extend(content.bytes());
    tag.push(0);
    tag
}

/// textDescriptionType: the ASCII form, then an empty Unicode and an empty Macintosh form (67 bytes and more).
fn description(content: &str) -> Vec<u8> {
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend((content.len() as u32 + 1).to_be_bytes());
    tag.extend(content.bytes());
    tag.push(0);
    tag.extend([0; 8]);
    tag.extend([0; 3 + 67]);
    tag
}

fn transfer_curve() -> Vec<u8> {
    let mut tag = b"curv\0\0\0\0".to_vec();
    tag.extend(u32::from(CURVE_ENTRIES).to_be_bytes());
    for entry in 0..CURVE_ENTRIES {
        let encoded = f64::from(entry) / f64::from(CURVE_ENTRIES - 1);
        let linear = if encoded <= 0.040_45 {
            encoded / 12.92
        } else {
            ((encoded + 0.055) / 1.055).powf(2.4)
        };
        tag.extend(((linear * 65_535.0).round() as u16).to_be_bytes());
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::srgb_profile;

    #[test]
    fn the_profile_states_its_own_length_and_tags() {
        let profile = srgb_profile();
        let word = |at: usize| {
            u32::from_be_bytes(profile[at..at + 4].try_into().expect("four bytes")) as usize
        };
        assert_eq!(word(0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        for tag in 0..word(128) {
            let entry = 132 + 12 * tag;
            assert!(word(entry + 4) % 4 == 0 && word(entry + 4) + word(entry + 8) <= profile.len());
        }
    }

    /// The columns of the matrix must add up to the white point, or white would be tinted.
    #[test]
    fn the_primaries_add_up_to_white() {
        let sum = |parts: [i64; 3]| parts.iter().sum::<i64>();
        assert!((sum([0x6FA2, 0x6299, 0x24A0]) - 0xF6D6).abs() <= 8);
        assert!((sum([0x38F5, 0xB785, 0x0F84]) - 0x1_0000).abs() <= 8);
        assert!((sum([0x0390, 0x18DA, 0xB6CF]) - 0xD32D).abs() <= 16);
    }
}
