//! A person at a running server: keeps cookies and fills in the forms that the server shows.

use countersign::identity::factors::{Seed, code_at, step_of};
use countersign::platform::clock::Clock;

use super::app::{between, unescape};
use super::client::Client;
use super::http::Response;
use super::server::Server;

pub const SESSION: &str = "__Host-session";

/// What is typed at the setup of an organisation.
#[derive(Debug, Clone)]
pub struct Typed {
    pub organisation: String,
    pub entity: String,
    pub vat_id: String,
    pub iban: String,
    pub password: String,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            organisation: "Harbour Foods".to_owned(),
            entity: "Harbour Foods GmbH".to_owned(),
            vat_id: "DE 123 456 789".to_owned(),
            iban: "DE02 1203 0000 0000 2020 51".to_owned(),
            password: super::app::PASSWORD.to_owned(),
        }
    }
}

/// A browser at a server.
pub struct Desk {
    pub client: Client,
    last: String,
}

/// What a person who enrolled keeps.
pub struct Kept {
    /// The second factor's secret as it was shown, without spaces.
    pub seed: String,
    pub recovery_codes: Vec<String>,
}

impl Desk {
    pub fn at(client: Client) -> Self {
        Self {
            client,
            last: String::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Response {
        let response = self.client.get(path);
        self.last = response.text();
        response
    }

    /// Posts a form with the token of the page that was shown last.
    pub fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all)
    }

    /// Posts a form with all hidden fields of the page that was shown last.
    pub fn submit_all(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let page = std::mem::take(&mut self.last);
        let hidden = page
            .split("type=\"hidden\" name=\"")
            .skip(1)
            .filter_map(|rest| {
                let (name, rest) = rest.split_once('"')?;
                Some((name, unescape(between(rest, "value=\"", "\"")?)))
            });
        let hidden: Vec<(&str, String)> = hidden.collect();
        let mut all: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        all.extend_from_slice(fields);
        self.post(path, &all)
    }

    /// The token of the last page's first form.
    pub fn csrf(&self) -> String {
        let token = between(&self.last, "name=\"csrf\" value=\"", "\"");
        token.unwrap_or_default().to_owned()
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let response = self.client.form(path, fields);
        self.last = response.text();
        response
    }

    /// Sets up the server's organisation with Ann as its administrator, who is signed in afterwards.
    pub fn set_up(server: &Server, typed: &Typed) -> (Self, Kept) {
        let mut desk = Self::at(server.client());
        let link = server.setup_link();
        let path = link
            .strip_prefix(&server.url(""))
            .expect("our own address")
            .to_owned();
        assert_eq!(desk.get(&path).status, 200);
        let organisation = [
            ("organisation_name", typed.organisation.as_str()),
            ("locale", "en"),
            ("zone", "UTC"),
        ];
        desk.submit_all("/setup/organisation", &organisation);
        let entity = [
            ("entity_name", typed.entity.as_str()),
            ("street", "Kaistraße"),
            ("building", "7"),
            ("postcode", "20457"),
            ("town", "Hamburg"),
            ("country", "DE"),
            ("currency", "EUR"),
            ("vat_id", &typed.vat_id),
            ("iban", &typed.iban),
            ("bic", "BYLADEM1001"),
        ];
        desk.submit_all("/setup/entity", &entity);
        let administrator = [
            ("name", "Ann Lindqvist"),
            ("email", "ann@harbour.example"),
            ("password", typed.password.as_str()),
            ("password_again", &typed.password),
        ];
        let answer = desk.submit_all("/setup/administrator", &administrator);
        assert_eq!(
            answer.header("location"),
            Some("/enrol"),
            "{}",
            answer.text()
        );
        let kept = desk.enrol();
        (desk, kept)
    }

    /// Sets up the second factor.
    pub fn enrol(&mut self) -> Kept {
        let page = self.get("/enrol").text();
        let shown = between(&page, "class=\"secret binds\">", "<").expect("the key by hand");
        let seed = Seed::from_base32(shown).expect("our own base32");
        let code = code_at(&seed, step_of(Clock::System.now()));
        let page = self.submit("/enrol", &[("code", &code)]).text();
        let list = between(&page, "id=\"codes\">", "</ol>").expect("the recovery codes");
        let recovery_codes = list
            .split("<li>")
            .skip(1)
            .filter_map(|item| Some(item.split_once('<')?.0.to_owned()))
            .collect();
        let answer = self.submit("/enrol/done", &[("kept", "yes")]);
        assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());
        Kept {
            seed: shown.split_whitespace().collect(),
            recovery_codes,
        }
    }

    /// Signs in with a recovery code in place of the app's, whose next code takes half a minute.
    pub fn sign_in(&mut self, email: &str, password: &str, recovery_code: &str) -> Response {
        self.get("/sign-in");
        let answer = self.submit("/sign-in", &[("email", email), ("password", password)]);
        if answer.header("location") != Some("/sign-in/code") {
            return answer;
        }
        self.get("/sign-in/recovery");
        self.submit("/sign-in/recovery", &[("recovery_code", recovery_code)])
    }

    /// Makes an API token and gives it as it was shown.
    pub fn api_token(&mut self, name: &str, permissions: &[&str]) -> String {
        self.get("/me");
        let mut fields = vec![("name", name), ("days", "30")];
        fields.extend(permissions.iter().map(|p| ("permissions", *p)));
        let page = self.submit("/me/tokens", &fields).text();
        let token = between(&page, "<code id=\"token\">", "<");
        token
            .unwrap_or_else(|| panic!("no token is shown: {page}"))
            .to_owned()
    }

    /// Invites somebody and gives the link's path.
    pub fn invite(&mut self, email: &str, roles: &[&str]) -> String {
        self.get("/people/invite");
        let mut fields = vec![("name", "Tomás Okafor"), ("email", email)];
        fields.extend(roles.iter().map(|role| ("roles", *role)));
        let page = self.submit("/people/invite", &fields).text();
        let link = between(&page, "id=\"link\">", "<");
        let link = link.unwrap_or_else(|| panic!("no link is shown: {page}"));
        let path = link.find("/invitations/").expect("a link to an invitation");
        link[path..].to_owned()
    }
}
