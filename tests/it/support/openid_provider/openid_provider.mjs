// An OpenID provider by oidc-provider, for the tests: node openid_provider.mjs PORT FOLDER
//
// FOLDER holds tls.pem and, once somebody has registered the one client, client.json and the certificate of its server, client.pem.
// Everybody is Ingrid. OIDC_PROVIDER names the folder that oidc-provider is installed in.
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const library = path.join(process.env.OIDC_PROVIDER, 'node_modules/oidc-provider/lib');
const { default: Provider } = await import(path.join(library, 'index.js'));
const { default: MemoryAdapter } = await import(path.join(library, 'adapters/memory_adapter.js'));

const [port, folder] = [Number(process.argv[2]), process.argv[3]];
const file = (name) => fs.readFileSync(path.join(folder, name), 'utf8');
const issuer = `https://127.0.0.1:${port}`;
const tls = file('tls.pem');

// The client's file is read each time: the test registers it when it knows the redirect address.
class Adapter extends MemoryAdapter {
  constructor(model) {
    super(model);
    this.isClients = model === 'Client';
  }

  async find(id) {
    if (!this.isClients) return super.find(id);
    const client = JSON.parse(file('client.json'));
    return client.client_id === id ? client : undefined;
  }
}

const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const account = {
  accountId: 'ingrid-at-oidc-provider',
  claims: () => ({
    sub: 'ingrid-at-oidc-provider',
    email: 'ingrid@harbour.example',
    email_verified: true,
    name: 'Ingrid Holm',
    groups: ['ap-clerks'],
  }),
};

const provider = new Provider(issuer, {
  adapter: Adapter,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'k-1', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [crypto.randomBytes(32).toString('hex')] },
  clientAuthMethods: ['client_secret_basic'],
  scopes: ['openid', 'profile', 'email', 'groups'],
  claims: { openid: ['sub', 'amr'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
  // There is no user info here: what the scopes give stands in the id token.
  conformIdTokenClaims: false,
  pkce: { required: () => true, methods: ['S256'] },
  features: {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  httpOptions: () => ({ agent: new https.Agent({ ca: file('client.pem') }), signal: AbortSignal.timeout(20000) }),
  findAccount: () => account,
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: account.accountId });
    grant.addOIDCScope('openid profile email groups');
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
https
  .createServer({ key: tls, cert: tls }, async (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      answer(request, response);
      return;
    }
    try {
      if (request.method === 'POST') {
        const login = { accountId: account.accountId, amr: ['pwd', 'otp'] };
        await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
        return;
      }
      await provider.interactionDetails(request, response);
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<!doctype html><title>oidc-provider</title><form method="post"><button>Ingrid</button></form>');
    } catch (error) {
      response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(String(error && error.stack ? error.stack : error));
    }
  })
  .listen(port, '127.0.0.1');
