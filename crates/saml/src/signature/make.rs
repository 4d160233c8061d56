//! Signing a document of our own.

use crate::keys::{OwnKey, pem};
use crate::xml::{Limits, Writer, XmlError, canonicalise, ns, parse};

use super::Digest;
use super::algorithms::{ENVELOPED, EXCLUSIVE_C14N, RSA_SHA256, SHA256_DIGEST};

/// Signs the outermost element, which has the ID `id`, and puts the signature behind its `Issuer`, where the schemas want it.
///
/// # Errors
/// Where the document is not well-formed, or has no `Issuer`.
pub(crate) fn sign_enveloped(
    document: &str,
    id: &str,
    key: &OwnKey,
    certificate: Option<&[u8]>,
) -> Result<String, XmlError> {
    const AFTER: &str = "</saml:Issuer>";
    let tree = parse(document.as_bytes(), Limits::MESSAGE)?;
    let digest = Digest::Sha256.compute(&canonicalise(tree.root(), None, &[])?);
    let info = signed_info(id, &digest);
    let info_tree = parse(info.as_bytes(), Limits::MESSAGE)?;
    let value = key.sign(&canonicalise(info_tree.root(), None, &[])?);
    let mut writer = String::from("<ds:Signature xmlns:ds=\"");
    writer.push_str(ns::SIGNATURE);
    writer.push_str("\">");
    writer.push_str(&info);
    writer.push_str("<ds:SignatureValue>");
    writer.push_str(&pem::encode(&value));
    writer.push_str("</ds:SignatureValue>");
    if let Some(certificate) = certificate {
        writer.push_str("<ds:KeyInfo><ds:X509Data><ds:X509Certificate>");
        writer.push_str(&pem::encode(certificate));
        writer.push_str("</ds:X509Certificate></ds:X509Data></ds:KeyInfo>");
    }
    writer.push_str("</ds:Signature>");
    let (head, tail) = document.split_once(AFTER).ok_or(XmlError::Empty)?;
    Ok([head, AFTER, &writer, tail].concat())
}

fn signed_info(id: &str, digest: &[u8]) -> String {
    let mut out = Writer::default();
    let algorithm = |identifier| [("Algorithm", Some(identifier))];
    out.open("ds:SignedInfo", &[("xmlns:ds", Some(ns::SIGNATURE))]);
    out.open("ds:CanonicalizationMethod", &algorithm(EXCLUSIVE_C14N));
    out.close();
    out.open("ds:SignatureMethod", &algorithm(RSA_SHA256));
    out.close();
    let uri = format!("#{id}");
    out.open("ds:Reference", &[("URI", Some(&uri))]);
    out.open("ds:Transforms", &[]);
    for transform in [ENVELOPED, EXCLUSIVE_C14N] {
        out.open("ds:Transform", &algorithm(transform));
        out.close();
    }
    out.close();
    out.open("ds:DigestMethod", &algorithm(SHA256_DIGEST));
    out.close();
    out.leaf("ds:DigestValue", &[], &pem::encode(digest));
    out.finish()
}
