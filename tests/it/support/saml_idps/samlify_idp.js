// An identity provider by samlify, for the tests: node samlify_idp.js PORT FOLDER
//
// FOLDER holds what pysaml2_idp.py needs as well. Assertions are signed, then encrypted for the service provider. Everybody is
// Ingrid. NODE_PATH names the folder that samlify is installed in.
'use strict';

const fs = require('fs');
const https = require('https');
const path = require('path');
const crypto = require('crypto');
const saml = require('samlify');

const [port, folder] = [Number(process.argv[2]), process.argv[3]];
const base = `https://127.0.0.1:${port}`;
const file = (name) => fs.readFileSync(path.join(folder, name), 'utf8');
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

// The schema is checked where it matters: by the service provider under test.
saml.setSchemaValidator({ validate: () => Promise.resolve('not looked at') });

const assertion =
  '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}">' +
  '<saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID>' +
  '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
  '<saml:SubjectConfirmationData NotOnOrAfter="{SubjectConfirmationDataNotOnOrAfter}" Recipient="{SubjectRecipient}" InResponseTo="{InResponseTo}"/>' +
  '</saml:SubjectConfirmation></saml:Subject>' +
  '<saml:Conditions NotBefore="{ConditionsNotBefore}" NotOnOrAfter="{ConditionsNotOnOrAfter}">' +
  '<saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>' +
  '<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{AssertionID}"><saml:AuthnContext>' +
  '<saml:AuthnContextClassRef>https://refeds.org/profile/mfa</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>' +
  '<saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>{Mail}</saml:AttributeValue></saml:Attribute>' +
  '<saml:Attribute Name="displayName"><saml:AttributeValue>{DisplayName}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>' +
  '</saml:Assertion>';
const template =
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" ' +
  'IssueInstant="{IssueInstant}" Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer>' +
  '<samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status>' + assertion + '</samlp:Response>';

const idp = saml.IdentityProvider({
  entityID: `${base}/metadata`,
  privateKey: file('idp.key'),
  signingCert: file('idp.pem'),
  requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  dataEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  isAssertionEncrypted: true,
  wantAuthnRequestsSigned: true,
  nameIDFormat: [PERSISTENT],
  singleSignOnService: [{ Binding: REDIRECT, Location: `${base}/sso` }],
  loginResponseTemplate: { context: template, attributes: [] },
});

const inMinutes = (minutes) => new Date(Date.now() + minutes * 60000).toISOString();
const newId = () => `_${crypto.randomBytes(20).toString('hex')}`;

// samlify checks the signature over the query as it came.
async function answer(url) {
  const sp = saml.ServiceProvider({ metadata: file('sp.xml') });
  const query = Object.fromEntries(url.searchParams);
  const raw = url.search.slice(1);
  const octetString = raw.slice(0, raw.indexOf('&Signature='));
  const { extract } = await idp.parseLoginRequest(sp, 'redirect', { query, octetString });
  const acs = sp.entityMeta.getAssertionConsumerService('post');
  const now = inMinutes(0);
  const values = {
    ID: newId(),
    AssertionID: newId(),
    Destination: acs,
    Audience: sp.entityMeta.getEntityID(),
    SubjectRecipient: acs,
    Issuer: `${base}/metadata`,
    IssueInstant: now,
    StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    ConditionsNotBefore: now,
    ConditionsNotOnOrAfter: inMinutes(5),
    SubjectConfirmationDataNotOnOrAfter: inMinutes(5),
    NameIDFormat: PERSISTENT,
    NameID: 'ingrid-at-samlify',
    InResponseTo: extract.request.id,
    Mail: 'ingrid@harbour.example',
    DisplayName: 'Ingrid Holm',
  };
  const fill = (text) => ({ id: values.ID, context: saml.SamlLib.replaceTagsByValue(text, values) });
  const made = await idp.createLoginResponse(sp, { extract }, 'post', {}, fill, false, query.RelayState);
  if (!/EncryptedAssertion/.test(Buffer.from(made.context, 'base64').toString())) throw new Error('it is not encrypted');
  const inputs = Object.entries({ SAMLResponse: made.context, RelayState: query.RelayState })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('');
  return `<!doctype html><title>samlify</title><form method="post" action="${acs}">${inputs}<button>Ingrid</button></form>`;
}

https
  .createServer({ key: file('tls.pem'), cert: file('tls.pem') }, async (request, response) => {
    try {
      const url = new URL(request.url, base);
      if (url.pathname === '/metadata') {
        response.writeHead(200, { 'Content-Type': 'application/samlmetadata+xml' });
        response.end(idp.getMetadata());
        return;
      }
      const body = await answer(url);
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(body);
    } catch (error) {
      response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(String(error && error.stack ? error.stack : error));
    }
  })
  .listen(port, '127.0.0.1');
