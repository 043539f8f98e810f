import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { Records } from './records';
import { readForm, Site, write } from './site';

/** Somebody who has an account at a provider. */
export interface Holder {
  /** What they type to log in; it is also what the provider knows them by. */
  login: string;
  name: string;
  email: string;
  groups: string[];
}

const client = 'stube';
/** How long everything is good that the provider gives, in seconds. */
const life = 600;

/** A real provider of OpenID Connect, with its own discovery, keys and page to log in. */
export class OpenID {
  readonly #site: Site;
  readonly #holders: Holder[];
  readonly #secret = randomBytes(24).toString('hex');
  readonly #cookies = [randomBytes(24).toString('hex')];
  readonly #records = new Map<string, Records>();
  #provider: Provider | undefined;
  #callback = '';

  private constructor(site: Site, holders: Holder[]) {
    this.#site = site;
    this.#holders = holders;
  }

  static async open(holders: Holder[]): Promise<OpenID> {
    let self: OpenID | undefined = undefined;
    const site = await Site.serve(async (request, response) => {
      if (self) await (self as OpenID).#answer(request, response);
    });
    self = new OpenID(site, holders);
    return self;
  }

  get origin(): string {
    return this.#site.origin;
  }

  /** The table of the configuration file; what follows is added to it. */
  settings(name: string, ...more: string[]): string {
    return [
      '[[login]]',
      'kind = "oidc"',
      `name = "${name}"`,
      'key = "school"',
      `issuer = "${this.origin}"`,
      `client_id = "${client}"`,
      `client_secret = "${this.#secret}"`,
      'scopes = ["groups"]',
      ...more,
      '',
    ].join('\n');
  }

  /** Registers the program that runs there. */
  register(origin: string): void {
    this.#callback = `${origin}/-/login/school/callback`;
    this.changeKeys();
  }

  /** Signs with a new key from now on; the old one is good no more. */
  changeKeys(): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig' };
    this.#provider = new Provider(this.origin, {
      clients: [{ client_id: client, client_secret: this.#secret, redirect_uris: [this.#callback] }],
      jwks: { keys: [{ ...key, kty: 'RSA', alg: 'RS256' }] },
      cookies: { keys: this.#cookies },
      features: { devInteractions: { enabled: false } },
      adapter: (kind) => {
        const records = this.#records.get(kind) ?? new Records();
        this.#records.set(kind, records);
        return records;
      },
      ttl: {
        AccessToken: life,
        AuthorizationCode: life,
        Grant: life,
        IdToken: life,
        Interaction: life,
        Session: life,
      },
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, login) => {
        const holder = this.#holders.find((one) => one.login === login);
        return (
          holder && {
            accountId: login,
            claims: () => ({ sub: login, ...holder, email_verified: true }),
          }
        );
      },
      // Nobody is asked whether this program may know them: the school decided so.
      loadExistingGrant: async ({ oidc }) => {
        if (!oidc.client || !oidc.account) return undefined;
        const grant = new oidc.provider.Grant({
          clientId: oidc.client.clientId,
          accountId: oidc.account.accountId,
        });
        grant.addOIDCScope('openid profile email groups');
        await grant.save();
        return grant;
      },
    });
  }

  close(): Promise<void> {
    return this.#site.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider;
    if (!provider) return write(response, { status: 503 });
    if (!request.url?.startsWith('/interaction/')) return provider.callback()(request, response);
    await provider.interactionDetails(request, response); // whoever has its cookie
    if (request.method !== 'POST') return write(response, { page });
    const form = await readForm(request);
    const login = form.get('login') ?? '';
    await provider.interactionFinished(
      request,
      response,
      form.has('cancel')
        ? { error: 'access_denied', error_description: 'End-User aborted interaction' }
        : { login: { accountId: login } },
    );
  }
}

const page = `
<h1>Log in at the school</h1>
<form method="post">
  <label>Name at the school <input name="login" autocomplete="off"></label>
  <button>Go on</button>
  <button name="cancel" value="yes">Not me</button>
</form>`;
