//! Forms as handlers take them: the token and the origin are checked before a field is read.
//!
//! [`Checked<T>`] is an ordinary form. [`CheckedUpload`] is a multipart form whose first field is `csrf`; its files
//! stream, so that an upload never stands in memory as a whole.

use std::fmt;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::csrf::{self, Guards};
use super::paced::paced;
use super::problem::Problem;
use crate::msg;

/// The form field that carries the token.
pub const CSRF_FIELD: &str = "csrf";

/// A form from one of our own pages, as `T`: texts as typed, an empty optional field as none, repeated names as a list.
pub struct Checked<T>(pub T);

impl<T> fmt::Debug for Checked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checked(..)")
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Checked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_of(request.headers(), "application/x-www-form-urlencoded") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                msg!("error-form-unreadable"),
            ));
        }
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state)
            .await
            .map_err(|rejection| Problem::new(rejection.status(), msg!("error-form-too-large")))?;
        let fields = Fields::parse(&bytes);
        csrf::check(
            &parts.method,
            &parts.uri,
            &parts.headers,
            fields.first(CSRF_FIELD),
            Guards::ALL,
        )?;
        fields.read().map(Self)
    }
}

fn is_of(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|found| found.trim().eq_ignore_ascii_case(media_type))
}

/// A multipart form from one of our own pages. Its `csrf` field was first and has been checked; the rest streams.
#[derive(Debug)]
pub struct CheckedUpload(Multipart);

impl<S: Send + Sync> FromRequest<S> for CheckedUpload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let headers = request.headers().clone();
        let mut multipart = Multipart::from_request(paced(request), state)
            .await
            .map_err(|rejection| Problem::new(rejection.status(), msg!("error-form-unreadable")))?;
        let token = match multipart.next_field().await.map_err(unreadable)? {
            Some(field) if field.name() == Some(CSRF_FIELD) => Some(small_text(field).await?),
            _ => None,
        };
        csrf::check(&method, &uri, &headers, token.as_deref(), Guards::ALL)?;
        Ok(Self(multipart))
    }
}

impl CheckedUpload {
    /// The next field or file.
    pub async fn next_field(&mut self) -> Result<Option<Field<'_>>, Problem> {
        self.0.next_field().await.map_err(unreadable)
    }
}

/// A field's text, which must be short: what is longer is no text of a form of ours.
pub async fn small_text(mut field: Field<'_>) -> Result<String, Problem> {
    const LONGEST: usize = 64 * 1024;
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        if bytes.len() + chunk.len() > LONGEST {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                msg!("error-form-too-large"),
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Problem::invalid(msg!("error-form-unreadable")))
}

fn unreadable(error: MultipartError) -> Problem {
    let status = error.status();
    let mut problem = Problem::new(status, msg!("error-form-unreadable"));
    problem.source = Some(std::sync::Arc::new(Unreadable));
    problem
}

/// For the log. The parsers' own words quote what was typed, so that none of them stands there.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a form is cut off, lacks a field, or holds one of another kind than our page sends")]
struct Unreadable;

/// A form's names and values in their order.
struct Fields(Vec<(String, String)>);

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields(..)")
    }
}

impl Fields {
    fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    fn first(&self, name: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(found, _)| found == name)?;
        Some(&pair.1)
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let mut grouped: Vec<(&str, Values<'_>)> = Vec::new();
        for (name, value) in &self.0 {
            match grouped.iter_mut().find(|(found, _)| found == name) {
                Some((_, values)) => values.0.push(value),
                None => grouped.push((name, Values(vec![value]))),
            }
        }
        T::deserialize(MapDeserializer::new(grouped.into_iter())).map_err(
            |_: serde::de::value::Error| {
                // Our own pages send every field, so this is a form of somebody else's making.
                let mut problem = Problem::invalid(msg!("error-form-unreadable"));
                problem.source = Some(std::sync::Arc::new(Unreadable));
                problem
            },
        )
    }
}

/// All values of one name.
struct Values<'a>(Vec<&'a str>);

impl<'a> Values<'a> {
    fn first(&self) -> &'a str {
        self.0.first().copied().unwrap_or_default()
    }
}

impl<'de> IntoDeserializer<'de> for Values<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $ty:ty),+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            let number = self.first().trim().parse::<$ty>().map_err(serde::de::Error::custom)?;
            visitor.$visit(number)
        }
    )+};
}

impl<'de> Deserializer<'de> for Values<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_str(self.first())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.first().is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_bool(matches!(self.first(), "on" | "true" | "1" | "yes"))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        SeqDeserializer::new(self.0.into_iter().map(|value| Values(vec![value])))
            .deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let text: StrDeserializer<'_, Self::Error> = self.first().into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    numbers!(
        deserialize_i64 visit_i64 i64, deserialize_i32 visit_i32 i32,
        deserialize_u64 visit_u64 u64, deserialize_u32 visit_u32 u32
    );

    forward_to_deserialize_any! {
        i8 i16 u8 u16 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    struct Sample {
        name: String,
        remark: Option<String>,
        count: Option<i64>,
        #[serde(default)]
        agreed: bool,
        #[serde(default)]
        roles: Vec<String>,
    }

    #[test]
    fn texts_stay_as_typed_and_repeated_names_become_a_list() {
        let fields = Fields::parse(
            b"csrf=x&name=+O%27Brien+%26+S%C3%B6hne+&remark=&count=7&roles=a&roles=b&agreed=on",
        );
        let sample: Sample = fields.read().expect("readable");
        assert_eq!(
            sample,
            Sample {
                name: " O'Brien & Söhne ".to_owned(),
                remark: None,
                count: Some(7),
                agreed: true,
                roles: vec!["a".to_owned(), "b".to_owned()],
            }
        );
    }

    #[test]
    fn a_form_that_lacks_a_field_is_a_problem_and_no_panic() {
        for body in [
            &b"remark=x"[..],
            b"",
            b"name=a&count=seven",
            b"%ff=%fe&name",
        ] {
            let read = Fields::parse(body).read::<Sample>();
            if let Ok(sample) = read {
                assert_eq!(sample.name, "");
            }
        }
    }

    #[test]
    fn what_was_typed_stays_out_of_the_log() {
        let problem = Fields::parse(b"name=a&count=hunter2")
            .read::<Sample>()
            .expect_err("no number");
        let source = problem.source.expect("a cause for the log");
        let logged = format!("{source} {source:?} {:?}", source.source());
        assert!(!logged.contains("hunter2"), "{logged}");
        assert!(logged.contains("a form"), "{logged}");
    }

    #[test]
    fn a_form_of_another_kind_prints_nothing_of_itself() {
        let fields = Fields::parse(b"password=hunter2");
        assert_eq!(format!("{fields:?}"), "Fields(..)");
        assert_eq!(format!("{:?}", Checked("hunter2")), "Checked(..)");
    }
}
