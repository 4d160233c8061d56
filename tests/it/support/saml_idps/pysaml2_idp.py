"""An identity provider by pysaml2, for the tests: python pysaml2_idp.py PORT FOLDER BINDING

FOLDER holds tls.pem (certificate and key of the server), idp.key, idp.pem, and, before the first sign-in, sp.xml: the metadata
of the service provider. BINDING is how requests are taken: redirect or post. Everybody is Ingrid.
"""

import base64
import html
import http.server
import pathlib
import shutil
import ssl
import sys
import urllib.parse

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

PORT, FOLDER = int(sys.argv[1]), pathlib.Path(sys.argv[2])
BINDING = {"redirect": BINDING_HTTP_REDIRECT, "post": BINDING_HTTP_POST}[sys.argv[3]]
BASE = f"https://127.0.0.1:{PORT}"


def config(with_sp):
    found = {
        "entityid": f"{BASE}/metadata",
        "xmlsec_binary": shutil.which("xmlsec1"),
        "key_file": str(FOLDER / "idp.key"),
        "cert_file": str(FOLDER / "idp.pem"),
        "signing_algorithm": SIG_RSA_SHA256,
        "digest_algorithm": DIGEST_SHA256,
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": [(f"{BASE}/sso", BINDING)]},
                "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                "want_authn_requests_signed": True,
                "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_BASIC}},
            }
        },
    }
    if with_sp:
        found["metadata"] = {"local": [str(FOLDER / "sp.xml")]}
    return IdPConfig().load(found)


def answer(query):
    """The form that takes the response to the service provider; pysaml2 checks the request's signature."""
    idp = Server(config=config(True))
    asked = idp.parse_authn_request(
        query["SAMLRequest"][0],
        BINDING,
        relay_state=query["RelayState"][0],
        sigalg=query.get("SigAlg", [None])[0],
        signature=query.get("Signature", [None])[0],
    )
    where = idp.response_args(asked.message, [BINDING_HTTP_POST])
    response = idp.create_authn_response(
        {"mail": ["ingrid@harbour.example"], "displayName": ["Ingrid Holm"]},
        userid="ingrid",
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text="ingrid-at-pysaml2"),
        authn={"class_ref": "https://refeds.org/profile/mfa", "authn_auth": BASE},
        sign_assertion=True,
        sign_response=True,
        sign_alg=SIG_RSA_SHA256,
        digest_alg=DIGEST_SHA256,
        **where,
    )
    encoded = base64.b64encode(str(response).encode()).decode()
    fields = {"SAMLResponse": encoded, "RelayState": query["RelayState"][0]}
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
    )
    action = html.escape(where["destination"])
    return f'<!doctype html><title>pysaml2</title><form method="post" action="{action}">{inputs}<button>Ingrid</button></form>'


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        self.respond(url, url.query)

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.respond(urllib.parse.urlparse(self.path), form)

    def respond(self, url, fields):
        try:
            if url.path == "/metadata":
                body, kind = str(entity_descriptor(config(False))), "application/samlmetadata+xml"
            else:
                body, kind = answer(urllib.parse.parse_qs(fields)), "text/html"
            status = 200
        except Exception as error:  # The test shows it.
            body, kind, status = f"{type(error).__name__}: {error}", "text/plain", 500
        encoded = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_):
        pass


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(FOLDER / "tls.pem")
server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
server.socket = tls.wrap_socket(server.socket, server_side=True)
server.serve_forever()
