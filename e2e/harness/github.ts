import { createHash, randomBytes } from 'node:crypto';
import { Site, type Answer, type Question } from './site';

/** What GitHub knows of somebody (docs.github.com: "REST API endpoints for users", "… for emails", "… organizations"). */
export interface GitHubUser {
  id: number;
  login: string;
  name: string | null;
  emails: { email: string; primary: boolean; verified: boolean }[];
  organisations: string[];
}

/** What goes wrong at the exchange of the code, which GitHub answers with status 200 and the word. */
export type GitHubFailure =
  'bad_verification_code' | 'incorrect_client_credentials' | 'redirect_uri_mismatch';

interface Given {
  scopes: string[];
  challenge: string;
  redirect: string;
}

const client = 'Iv1.0123456789abcdef';

/** A GitHub Enterprise Server, as far as logging in needs it: pages, tokens, API, and its ways to refuse. */
export class GitHub {
  readonly #site: Site;
  readonly #secret = randomBytes(20).toString('hex');
  readonly #user: GitHubUser;
  readonly #codes = new Map<string, Given>();
  readonly #tokens = new Map<string, string[]>();
  /** What fails next. */
  failure: GitHubFailure | 'token revoked' | undefined;

  private constructor(site: Site, user: GitHubUser) {
    this.#site = site;
    this.#user = user;
  }

  static async open(user: GitHubUser): Promise<GitHub> {
    let self: GitHub | undefined = undefined;
    const site = await Site.open((question) => (self as unknown as GitHub).#answer(question));
    self = new GitHub(site, user);
    return self;
  }

  get origin(): string {
    return this.#site.origin;
  }

  settings(name: string, ...more: string[]): string {
    const secret = `client_secret = "${this.#secret}"`;
    const table = ['[[login]]', 'kind = "github"', `name = "${name}"`, `url = "${this.origin}"`];
    return [...table, `client_id = "${client}"`, secret, ...more, ''].join('\n');
  }

  close(): Promise<void> {
    return this.#site.close();
  }

  #answer(question: Question): Answer {
    switch (`${question.method} ${question.path}`) {
      case 'GET /login/oauth/authorize':
        return { page };
      case 'POST /login/oauth/authorize':
        return this.#authorize(question);
      case 'POST /login/oauth/access_token':
        return { form: this.#exchange(question.form) };
      case 'GET /api/v3/user':
        return this.#api(question, undefined, () => ({ ...this.#user, type: 'User' }));
      case 'GET /api/v3/user/emails':
        return this.#api(question, 'user:email', () => this.#user.emails);
      case 'GET /api/v3/user/orgs':
        return this.#api(question, 'read:org', () => this.#user.organisations.map((login) => ({ login })));
    }
    return { status: 404, json: refusal('Not Found', 404) };
  }

  /** What comes of the page: back to the program, with a code or with the refusal. */
  #authorize({ query, form }: Question): Answer {
    const redirect = query.get('redirect_uri') ?? '';
    const back = new URL(redirect);
    back.searchParams.set('state', query.get('state') ?? '');
    if (form.has('cancel')) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user has denied your application access.');
      back.searchParams.set('error_uri', `${this.origin}/apps/troubleshooting#access-denied`);
      return { location: back.href };
    }
    const code = randomBytes(10).toString('hex');
    const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean);
    this.#codes.set(code, { scopes, redirect, challenge: query.get('code_challenge') ?? '' });
    back.searchParams.set('code', code);
    return { location: back.href };
  }

  /** The answer is a form, unless JSON is asked for; a refusal too, and with status 200. */
  #exchange(form: URLSearchParams): Record<string, string> {
    const refused = (error: GitHubFailure) => ({ error, error_description: 'It is refused.' });
    const code = form.get('code') ?? '';
    const given = this.#codes.get(code);
    this.#codes.delete(code);
    if (this.failure && this.failure !== 'token revoked') return refused(this.failure);
    if (form.get('client_id') !== client || form.get('client_secret') !== this.#secret) {
      return refused('incorrect_client_credentials');
    }
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!given || challenge !== given.challenge) return refused('bad_verification_code');
    if (form.get('redirect_uri') !== given.redirect) return refused('redirect_uri_mismatch');
    const token = `gho_${randomBytes(18).toString('hex')}`;
    if (this.failure !== 'token revoked') this.#tokens.set(token, given.scopes);
    return { access_token: token, scope: given.scopes.join(','), token_type: 'bearer' };
  }

  /** Answers a request to the API, if the token is good and has the scope. */
  #api({ headers }: Question, scope: string | undefined, answer: () => unknown): Answer {
    if (!headers['user-agent']) return { status: 403, json: refusal('User-Agent is missing', 403) };
    const scopes = this.#tokens.get((headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!scopes) return { status: 401, json: refusal('Bad credentials', 401) };
    if (scope && !scopes.includes(scope)) return { status: 404, json: refusal('Not Found', 404) };
    return { json: answer(), headers: { 'X-OAuth-Scopes': scopes.join(', ') } };
  }
}

function refusal(message: string, status: number): unknown {
  return { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
}

const page = `
<h1>Authorize Stube</h1>
<form method="post">
  <button>Authorize</button>
  <button name="cancel" value="yes">Cancel</button>
</form>`;
