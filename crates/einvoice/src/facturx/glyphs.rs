//! A small stroke font of our own, for the text on the pages that we write.
//!
//! PDF/A wants every font embedded. A Type 3 font is embedded by nature: its glyphs are drawings in the file. With
//! a ToUnicode map the text can be searched and copied, and no font file or licence comes along. A character
//! without a drawing is shown as a box and still copies as itself.

/// Drawings on a grid: a glyph is a list of lines, a line is a run of points, a point is two digits, x (0 to 4) then y
/// (0 to 9; the baseline is 2, small letters reach 6, capitals 8).
const GLYPHS: &[(char, &str)] = &[
    (' ', ""),
    ('A', "0206284642 0545"),
    ('B', "02083847463505 3544433202"),
    ('C', "4738180703123243"),
    ('D', "02082846442202"),
    ('E', "48080242 0535"),
    ('F', "480802 0535"),
    ('G', "47381807031232434525"),
    ('H', "0208 4248 0545"),
    ('I', "1232 1838 2228"),
    ('J', "4843321203"),
    ('K', "0208 480542"),
    ('L', "080242"),
    ('M', "0208254842"),
    ('N', "02084248"),
    ('O', "123243473818070312"),
    ('P', "02083847463505"),
    ('Q', "123243473818070312 2442"),
    ('R', "02083847463505 2542"),
    ('S', "473818070615354443321203"),
    ('T', "0848 2822"),
    ('U', "080312324348"),
    ('V', "082248"),
    ('W', "0802254248"),
    ('X', "0248 0842"),
    ('Y', "082548 2522"),
    ('Z', "08480242"),
    ('0', "123243473818070312 0347"),
    ('1', "172822 1232"),
    ('2', "07183847460242"),
    ('3', "07183847463515 354443321203"),
    ('4', "32380444"),
    ('5', "480805354443321203"),
    ('6', "4738180703123243443505"),
    ('7', "084812"),
    ('8', "15060718384746351504031232434435"),
    ('9', "0312324347381807061545"),
    ('a', "42461605031242"),
    ('b', "08023243453606"),
    ('c', "461605031242"),
    ('d', "48421203051646"),
    ('e', "044445361605031242"),
    ('f', "12172848 0636"),
    ('g', "42461605031242 42413010"),
    ('h', "0802 06364542"),
    ('i', "162622 1232 2828"),
    ('j', "2636312000 3838"),
    ('k', "0802 460442"),
    ('l', "182822 1232"),
    ('m', "0206364542 2622"),
    ('n', "0206364542"),
    ('o', "123243453616050312"),
    ('p', "00063645433202"),
    ('q', "40461605031242"),
    ('r', "0206 05163646"),
    ('s', "4616051434433202"),
    ('t', "18132242 0636"),
    ('u', "0603124246"),
    ('v', "062246"),
    ('w', "0602244246"),
    ('x', "0246 0642"),
    ('y', "06031242 46413010"),
    ('z', "06460242"),
    ('.', "2222"),
    (',', "2211"),
    (':', "2222 2525"),
    (';', "2211 2525"),
    ('-', "1535"),
    ('_', "0141"),
    ('/', "0248"),
    ('\\', "0842"),
    ('(', "38272332"),
    (')', "18272312"),
    ('[', "38282232"),
    (']', "18282212"),
    ('{', "38272615242332"),
    ('}', "18272635242312"),
    ('+', "0545 2327"),
    ('=', "0646 0444"),
    ('*', "2327 0446 0644"),
    ('#', "1318 3338 0646 0444"),
    ('%', "0248 1717 3333"),
    ('&', "4216172837360403122244"),
    ('@', "3626151423333637 33434647381807031242"),
    ('!', "2824 2222"),
    ('?', "071838474625 2524 2222"),
    ('"', "1816 3836"),
    ('\'', "2826"),
    ('<', "460442"),
    ('>', "064402"),
    ('|', "2820"),
    ('~', "04153445"),
    ('^', "062846"),
    ('`', "1827"),
    ('$', "473818070615354443321203 2921"),
    ('€', "4738180703123243 0636 0434"),
    ('£', "473827230242 1535"),
    ('°', "1728372617"),
    ('ß', "02083836254443 3222"),
    ('–', "0545"),
    ('\u{A0}', ""),
];

const BOX: &str = "0208484202";
const ACCENT_ACUTE: &str = "2738";
const ACCENT_GRAVE: &str = "1827";
const ACCENT_CIRCUMFLEX: &str = "172837";
const ACCENT_TILDE: &str = "07183748";
const ACCENT_DOTS: &str = "1818 3838";
const ACCENT_DOTS_HIGH: &str = "1919 3939";
const ACCENT_CEDILLA: &str = "2211";
const ACCENT_SLASH: &str = "0246";

/// Letters made of a letter and an accent. Small letters carry it on the capitals' height; of the capitals only those
/// that stay legible are here, the rest is a box.
const COMPOSED: &[(char, char, &str)] = &[
    ('ä', 'a', ACCENT_DOTS),
    ('ö', 'o', ACCENT_DOTS),
    ('ü', 'u', ACCENT_DOTS),
    ('ë', 'e', ACCENT_DOTS),
    ('Ä', 'A', ACCENT_DOTS_HIGH),
    ('Ö', 'O', ACCENT_DOTS_HIGH),
    ('Ü', 'U', ACCENT_DOTS_HIGH),
    ('á', 'a', ACCENT_ACUTE),
    ('é', 'e', ACCENT_ACUTE),
    ('í', 'i', ACCENT_ACUTE),
    ('ó', 'o', ACCENT_ACUTE),
    ('ú', 'u', ACCENT_ACUTE),
    ('à', 'a', ACCENT_GRAVE),
    ('è', 'e', ACCENT_GRAVE),
    ('ò', 'o', ACCENT_GRAVE),
    ('ù', 'u', ACCENT_GRAVE),
    ('â', 'a', ACCENT_CIRCUMFLEX),
    ('ê', 'e', ACCENT_CIRCUMFLEX),
    ('î', 'i', ACCENT_CIRCUMFLEX),
    ('ô', 'o', ACCENT_CIRCUMFLEX),
    ('û', 'u', ACCENT_CIRCUMFLEX),
    ('ñ', 'n', ACCENT_TILDE),
    ('ã', 'a', ACCENT_TILDE),
    ('õ', 'o', ACCENT_TILDE),
    ('ç', 'c', ACCENT_CEDILLA),
    ('Ç', 'C', ACCENT_CEDILLA),
    ('ø', 'o', ACCENT_SLASH),
];

/// Advance width of every glyph, in thousandths of the font size.
pub(super) const ADVANCE: u32 = 600;

/// The content stream of a Type 3 glyph procedure (ISO 32000-1, 9.6.5), in thousandths of the font size.
pub(super) fn glyph_procedure(character: char) -> String {
    let mut out = format!("{ADVANCE} 0 0 -300 600 800 d1\n60 w 1 J 1 j\n");
    for line in drawing(character) {
        let (points, _) = line.as_bytes().as_chunks::<2>();
        for (index, [x, y]) in points.iter().enumerate() {
            let operator = if index == 0 { 'm' } else { 'l' };
            let (x, y) = (
                i32::from(x - b'0') * 100 + 100,
                (i32::from(y - b'0') - 2) * 100,
            );
            out.push_str(&format!("{x} {y} {operator}\n"));
        }
        out.push_str("S\n");
    }
    out
}

fn drawing(character: char) -> Vec<&'static str> {
    let simple = |wanted: char| {
        GLYPHS
            .iter()
            .find(|(glyph, _)| *glyph == wanted)
            .map(|(_, lines)| *lines)
    };
    let composed = || {
        let (_, base, accent) = COMPOSED.iter().find(|(glyph, _, _)| *glyph == character)?;
        Some(
            simple(*base)?
                .split_whitespace()
                .chain(accent.split_whitespace())
                .collect(),
        )
    };
    simple(character)
        .map(|lines| lines.split_whitespace().collect())
        .or_else(composed)
        .unwrap_or_else(|| vec![BOX])
}

#[cfg(test)]
mod tests {
    use super::{BOX, COMPOSED, GLYPHS, drawing};

    #[test]
    fn every_drawing_is_made_of_points_on_the_grid() {
        let accents = COMPOSED.iter().map(|(glyph, _, lines)| (glyph, lines));
        for (glyph, lines) in GLYPHS
            .iter()
            .map(|(glyph, lines)| (glyph, lines))
            .chain(accents)
        {
            for line in lines.split_whitespace() {
                assert!(line.len() >= 4 && line.len() % 2 == 0, "{glyph}: {line}");
                assert!(
                    line.bytes().all(|digit| digit.is_ascii_digit()),
                    "{glyph}: {line}"
                );
                assert!(
                    line.bytes().step_by(2).all(|x| x <= b'4'),
                    "{glyph}: {line}"
                );
            }
        }
    }

    #[test]
    fn every_printable_ascii_character_is_drawn() {
        for character in ' '..='~' {
            assert_ne!(drawing(character), [BOX], "{character}");
        }
        assert_ne!(drawing('ü'), [BOX]);
        assert_eq!(drawing('日'), [BOX]);
    }
}
