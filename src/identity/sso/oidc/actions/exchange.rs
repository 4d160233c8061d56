//! A code becomes tokens at the token endpoint of the issuer that gave it.

use countersign_oidc::discovery::Provider;
use countersign_oidc::flow::{self, Client, Tokens};

use crate::identity::sso::Confirmed;
use crate::identity::sso::oidc::rules::callback;
use crate::identity::sso::rules::Oidc;
use crate::platform::app::App;
use crate::platform::outgoing::{self, Form, Posted, Unfetched};

/// Why a code was worth nothing, as the administrator reads it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Worthless {
    #[error("The token endpoint gave no answer: {0}.")]
    Unfetched(#[from] Unfetched),
    #[error("The token endpoint refused the code: {word}. {advice}")]
    Refused { word: String, advice: &'static str },
    #[error("The token endpoint's answer cannot be used: {0}.")]
    Answer(#[from] flow::NoTokens),
}

pub(super) async fn exchange(
    app: &App,
    (confirmed, oidc): (&Confirmed, &Oidc),
    (provider, secret): (&Provider, Option<&str>),
    (code, verifier): (&str, &str),
) -> Result<Tokens, Worthless> {
    let client = Client {
        id: &oidc.client_id,
        redirect: &callback(app, confirmed.id),
    };
    let request = flow::exchange(provider, client, secret, (code, verifier));
    let form = Form {
        authorization: request.authorization.as_deref(),
        body: &request.form,
    };
    let address = provider.token.as_str();
    match outgoing::post(&app.outgoing, address, form, flow::MOST_BYTES).await? {
        Posted::Done(answer) => Ok(Tokens::parse(&answer)?),
        Posted::Refused(answer) => {
            let word = flow::refusal(&answer).unwrap_or_else(|| "it does not say why".to_owned());
            Err(Worthless::Refused {
                advice: advice(&word),
                word,
            })
        }
    }
}

/// What to do about a refusal (RFC 6749, 5.2).
fn advice(word: &str) -> &'static str {
    match word {
        "invalid_client" => {
            "Compare the client id, and propose the connection with the client's secret again."
        }
        "invalid_grant" => {
            "The code was used before, is too old, or was given to another browser or redirect address."
        }
        "unauthorized_client" => "Allow this client the authorization code flow.",
        _ => "The provider's own log says more.",
    }
}
