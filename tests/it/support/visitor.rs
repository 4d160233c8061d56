//! A browser without a network, and what it is answered.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use tower::ServiceExt as _;

/// An answer as a test reads it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: String,
    pub problem: Option<&'static str>,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get("location")
            .map_or("", |value| value.to_str().expect("our headers are ASCII"))
    }

    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 << 20)
            .await
            .expect("an answer of ours ends");
        Self {
            status: parts.status.as_u16(),
            problem: parts
                .extensions
                .get::<countersign::platform::web::Problem>()
                .map(|problem| problem.code),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A browser without a network: it keeps cookies and sends forms as browsers do.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: Vec<(String, String)>,
    /// What it sends as `Accept-Language`.
    language: Option<String>,
    last: String,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: Vec::new(),
            language: None,
            last: String::new(),
        }
    }

    /// A browser that holds a cookie (`name=value`) already.
    pub fn with_cookie(mut self, cookie: &str) -> Self {
        self.keep(cookie);
        self
    }

    /// A browser whose reader wants this language.
    pub fn speaking(mut self, language: &str) -> Self {
        self.language = Some(language.to_owned());
        self
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pair = self.cookies.iter().find(|(found, _)| found == name)?;
        Some(&pair.1)
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Posts a form with the token of the page that was shown last.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    /// Posts a form with all hidden fields of the page that was shown last.
    pub async fn submit_all(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.last.clone();
        let hidden = page
            .split("type=\"hidden\" name=\"")
            .skip(1)
            .filter_map(|rest| {
                let (name, rest) = rest.split_once('"')?;
                Some((name, between(rest, "value=\"", "\"")?))
            });
        let mut all: Vec<(&str, &str)> = hidden.collect();
        all.extend_from_slice(fields);
        let owned: Vec<(String, String)> = all
            .into_iter()
            .map(|(name, value)| (name.to_owned(), unescape(value)))
            .collect();
        let all: Vec<(&str, &str)> = owned
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        self.post(path, &all).await
    }

    /// Posts exactly these fields.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// A hidden field of the last page, as a browser sends it.
    pub fn hidden(&self, name: &str) -> String {
        let before = format!("type=\"hidden\" name=\"{name}\" value=\"");
        unescape(between(&self.last, &before, "\"").unwrap_or_default())
    }

    /// Shows a code of the app on the page that asks for one, and goes on with what was asked.
    pub async fn step_up(&mut self, code: &str) -> Answer {
        let answer = self.submit_all("/step-up", &[("code", code)]).await;
        let Some(on) = between(&answer.body, "action=\"", "\" data-go-on") else {
            return answer;
        };
        let on = unescape(on.rsplit('"').next().unwrap_or_default());
        self.submit_all(&on, &[]).await
    }

    /// The token of the last page's first form.
    pub fn csrf(&self) -> String {
        between(&self.last, "name=\"csrf\" value=\"", "\"")
            .unwrap_or_default()
            .to_owned()
    }

    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = request.header(header::HOST, "ap.example:8443");
        if let Some(language) = &self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(body).expect("a request of ours is one");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let answer = Answer::of(response).await;
        for value in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(value.to_str().expect("our cookies are ASCII"));
        }
        self.last.clone_from(&answer.body);
        answer
    }

    pub fn keep(&mut self, set_cookie: &str) {
        let pair = set_cookie.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or_default();
        self.cookies.retain(|(found, _)| found != name);
        if !set_cookie.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

pub fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}
