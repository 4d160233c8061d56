//! What is refused, and canonical forms by the examples of their standards.

use super::{Limits, XmlError, canonicalise, parse};

fn error(text: &str) -> XmlError {
    parse(text.as_bytes(), Limits::MESSAGE).expect_err(text)
}

fn canonical(text: &str, apex: &str, inclusive: &[&str]) -> String {
    let document = parse(text.as_bytes(), Limits::MESSAGE).expect(text);
    let apex = document
        .elements()
        .find(|e| e.local() == apex)
        .expect("it is there");
    let inclusive: Vec<String> = inclusive.iter().map(|p| (*p).to_owned()).collect();
    String::from_utf8(canonicalise(apex, None, &inclusive).expect(text)).expect("text")
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    let cases = [
        (
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            XmlError::DocumentType,
        ),
        ("<a>&b;</a>", XmlError::Entity("b".into())),
        ("<a b='&c;'/>", XmlError::Entity("c".into())),
        ("<a><?b c?></a>", XmlError::ProcessingInstruction),
        ("<a b='1' b='2'/>", XmlError::DuplicateAttribute("b".into())),
        (
            "<a xmlns:p='u:1' xmlns:q='u:1' p:b='1' q:b='2'/>",
            XmlError::DuplicateAttribute("q:b".into()),
        ),
        (
            "<a ID='x'><b ID='x'/></a>",
            XmlError::DuplicateId("x".into()),
        ),
        (
            "<a ID='x'><b Id='x'/></a>",
            XmlError::DuplicateId("x".into()),
        ),
        ("<p:a/>", XmlError::Prefix("p".into())),
        ("<a p:b='1'/>", XmlError::Prefix("p".into())),
        ("<a xmlns:p=''/>", XmlError::Declaration("xmlns:p".into())),
        (
            "<a xmlns:xml='u:1'/>",
            XmlError::Declaration("xmlns:xml".into()),
        ),
        (
            "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
            XmlError::Declaration("xmlns:p".into()),
        ),
        ("<a>\u{1}</a>", XmlError::Character),
        ("<a>&#1;</a>", XmlError::Character),
        ("<a>&#xD800;</a>", XmlError::Character),
        ("<a:b:c xmlns:a='u:1'/>", XmlError::Name("a:b:c".into())),
        ("<1/>", XmlError::Name("1".into())),
        ("<a><b></a>", XmlError::Broken(String::new())),
        ("<a/><b/>", XmlError::Broken(String::new())),
        ("<a/>text", XmlError::Broken(String::new())),
        ("<a b='<'/>", XmlError::Broken(String::new())),
        ("<a>]]></a>", XmlError::Broken(String::new())),
        ("<a><!-- -- --></a>", XmlError::Broken(String::new())),
        ("<a>", XmlError::Truncated),
        ("", XmlError::Empty),
        (
            "<?xml version='1.0' encoding='UTF-16'?><a/>",
            XmlError::Encoding("UTF-16".into()),
        ),
    ];
    for (text, wanted) in cases {
        let found = error(text);
        let same = match (&found, &wanted) {
            (XmlError::Broken(_), XmlError::Broken(_)) => true,
            (found, wanted) => found == wanted,
        };
        assert!(same, "{text}: {found:?}, wanted {wanted:?}");
    }
}

#[test]
fn a_document_is_bounded() {
    let deep = "<a>".repeat(65) + &"</a>".repeat(65);
    assert_eq!(error(&deep), XmlError::TooDeep { limit: 64 });
    let many = format!("<a>{}</a>", "<b/>".repeat(20_000));
    assert_eq!(error(&many), XmlError::TooMany { limit: 20_000 });
    let wide: String = (0..65).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(
        error(&format!("<a{wide}/>")),
        XmlError::TooManyAttributes { limit: 64 }
    );
    let large = format!("<a>{}</a>", " ".repeat(1024 * 1024));
    assert_eq!(error(&large), XmlError::TooLarge { limit: 1024 * 1024 });
}

#[test]
fn namespaces_are_bounded_in_length_and_in_number() {
    let long = format!("<a xmlns='urn:{}'/>", "x".repeat(1021));
    assert_eq!(error(&long), XmlError::LongNamespace { limit: 1024 });
    let declared = |level: usize| -> String {
        let one = |n: usize| format!(" xmlns:p{level}x{n}='u:1'");
        format!("<a{}>", (0..60).map(one).collect::<String>())
    };
    let many: String = (0..5).map(declared).collect();
    let many = many + &"</a>".repeat(5);
    assert_eq!(error(&many), XmlError::TooManyDeclarations { limit: 256 });
}

#[test]
fn a_small_document_with_a_large_canonical_form_is_refused() {
    let uses = "<p:b/>".repeat(10_000);
    let text = format!("<a xmlns:p='urn:{}'>{uses}</a>", "x".repeat(1000));
    let document = parse(text.as_bytes(), Limits::MESSAGE).expect("it is small");
    let canonical = canonicalise(document.root(), None, &[]);
    assert_eq!(canonical, Err(XmlError::TooLarge { limit: 1024 * 1024 }));
    let prefixes: Vec<String> = (0..65).map(|n| format!("p{n}")).collect();
    let listed = canonicalise(document.root(), None, &prefixes);
    assert_eq!(listed, Err(XmlError::TooManyDeclarations { limit: 64 }));
}

#[test]
fn what_stands_around_the_outermost_element_is_in_nothing_that_is_read() {
    let text = "\u{FEFF}<?xml version='1.0' encoding='utf-8'?><!-- c --><?style x?>\n<a/>\n<?x?><!-- d -->";
    let document = parse(text.as_bytes(), Limits::MESSAGE).expect("it is good");
    assert_eq!(document.root().local(), "a");
}

#[test]
fn a_text_reads_across_comments_and_cdata_and_not_across_elements() {
    let document = parse(
        b"<a><b>x<!-- c -->y<![CDATA[<z>]]>&amp;</b><c>x<d/>y</c></a>",
        Limits::MESSAGE,
    )
    .expect("it is good");
    let texts: Vec<Option<String>> = document
        .root()
        .children()
        .map(super::Element::text)
        .collect();
    assert_eq!(texts, [Some("xy<z>&".to_owned()), None]);
}

#[test]
fn canonical_bytes_are_those_of_the_standard() {
    // Exclusive XML Canonicalization 1.0, 2.2 and 3.2: a prefix is written where it is used first.
    let text = "<n0:a xmlns:n0='u:0' xmlns:n3='u:3'><n1:b xmlns:n1='u:1' n3:z='1' y='2' a='3'><c xmlns='u:4'/></n1:b></n0:a>";
    assert_eq!(
        canonical(text, "b", &[]),
        "<n1:b xmlns:n1=\"u:1\" xmlns:n3=\"u:3\" a=\"3\" y=\"2\" n3:z=\"1\"><c xmlns=\"u:4\"></c></n1:b>"
    );
    assert_eq!(
        canonical(text, "b", &["n0"]),
        "<n1:b xmlns:n0=\"u:0\" xmlns:n1=\"u:1\" xmlns:n3=\"u:3\" a=\"3\" y=\"2\" n3:z=\"1\"><c xmlns=\"u:4\"></c></n1:b>"
    );
    // Canonical XML 1.0, 2.3 and 3.4: references, white space and CDATA.
    assert_eq!(
        canonical(
            "<a b='&quot;&lt;&#9;&#10;&#13;&gt;\t\n'>&gt;&lt;&amp;\"&#13;\r\n<![CDATA[<&]]><!-- c --></a>",
            "a",
            &[]
        ),
        "<a b=\"&quot;&lt;&#x9;&#xA;&#xD;>  \">&gt;&lt;&amp;\"&#xD;\n&lt;&amp;</a>"
    );
    // A default namespace that ends is written as ended.
    assert_eq!(
        canonical("<a xmlns='u:1'><b xmlns=''/></a>", "a", &[]),
        "<a xmlns=\"u:1\"><b xmlns=\"\"></b></a>"
    );
    assert_eq!(
        canonical("<a xmlns='u:1'><b xmlns=''/></a>", "b", &["#default"]),
        "<b></b>"
    );
}

#[test]
fn canonical_bytes_are_their_own_canonical_form() {
    let text = "<p:a xmlns:p='u:1' xmlns='u:2' c='&#xD;'><b p:x=\"'\">t&#13;</b></p:a>";
    let once = canonical(text, "a", &["#default"]);
    assert_eq!(canonical(&once, "a", &["#default"]), once);
}
