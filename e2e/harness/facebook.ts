import { createHmac, randomBytes } from 'node:crypto';
import { Site, type Answer, type Question } from './site';

/** What Facebook tells of somebody. */
export interface FacebookUser {
  id: string;
  name: string;
}

/** An error of the Graph API (developers.facebook.com: "Handle Errors"). */
export interface GraphError {
  message: string;
  type: string;
  code: number;
}

const client = '1234567890';
const version = '/v24.0';

/** Facebook, as far as logging in needs it: its dialog and its Graph API, at one address. */
export class Facebook {
  readonly #site: Site;
  readonly #secret = randomBytes(16).toString('hex');
  readonly #user: FacebookUser;
  readonly #codes = new Map<string, string>();
  readonly #tokens = new Set<string>();
  /** What the Graph API answers next instead of the person. */
  failure: GraphError | undefined;

  private constructor(site: Site, user: FacebookUser) {
    this.#site = site;
    this.#user = user;
  }

  static async open(user: FacebookUser): Promise<Facebook> {
    let self: Facebook | undefined = undefined;
    const site = await Site.open((question) => (self as unknown as Facebook).#answer(question));
    self = new Facebook(site, user);
    return self;
  }

  get origin(): string {
    return this.#site.origin;
  }

  settings(name: string): string {
    const secret = `client_secret = "${this.#secret}"`;
    const table = ['[[login]]', 'kind = "facebook"', `name = "${name}"`, `url = "${this.origin}"`];
    return [...table, `client_id = "${client}"`, secret, ''].join('\n');
  }

  close(): Promise<void> {
    return this.#site.close();
  }

  #answer(question: Question): Answer {
    switch (`${question.method} ${question.path}`) {
      case `GET ${version}/dialog/oauth`:
        return { page };
      case `POST ${version}/dialog/oauth`:
        return this.#decide(question);
      case `POST ${version}/oauth/access_token`:
        return this.#exchange(question.form);
      case `GET ${version}/me`:
        return this.#me(question);
    }
    return refused({ message: 'Unknown path components', type: 'OAuthException', code: 2500 });
  }

  /** What comes of the dialog; Facebook adds a fragment to where it sends the browser. */
  #decide({ query, form }: Question): Answer {
    const redirect = query.get('redirect_uri') ?? '';
    const back = new URL(redirect);
    back.searchParams.set('state', query.get('state') ?? '');
    if (form.has('cancel')) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_code', '200');
      back.searchParams.set('error_description', 'Permissions error');
      back.searchParams.set('error_reason', 'user_denied');
    } else {
      const code = randomBytes(40).toString('base64url');
      this.#codes.set(code, redirect);
      back.searchParams.set('code', code);
    }
    return { location: `${back.href}#_=_` };
  }

  #exchange(form: URLSearchParams): Answer {
    const code = form.get('code') ?? '';
    const redirect = this.#codes.get(code);
    this.#codes.delete(code);
    if (form.get('client_id') !== client || form.get('client_secret') !== this.#secret) {
      return refused({ message: 'Error validating client secret.', type: 'OAuthException', code: 1 });
    }
    if (!redirect || redirect !== form.get('redirect_uri')) {
      return refused({ message: 'Error validating verification code.', type: 'OAuthException', code: 100 });
    }
    const token = `EAA${randomBytes(40).toString('hex')}`;
    this.#tokens.add(token);
    return { json: { access_token: token, token_type: 'bearer', expires_in: 5_183_944 } };
  }

  #me({ query, headers }: Question): Answer {
    const token = (headers.authorization ?? '').replace(/^Bearer /, '');
    if (this.failure) return refused(this.failure);
    if (!this.#tokens.has(token)) {
      return refused({ message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 }, 401);
    }
    if (query.get('appsecret_proof') !== createHmac('sha256', this.#secret).update(token).digest('hex')) {
      return refused({ message: 'Invalid appsecret_proof', type: 'GraphMethodException', code: 100 });
    }
    return { json: query.get('fields') === 'id,name' ? this.#user : { id: this.#user.id } };
  }
}

function refused(error: GraphError, status = 400): Answer {
  return { status, json: { error: { ...error, fbtrace_id: 'AbCdEfGhIjK' } } };
}

const page = `
<h1>Continue to Stube?</h1>
<form method="post">
  <button>Continue</button>
  <button name="cancel" value="yes">Cancel</button>
</form>`;
