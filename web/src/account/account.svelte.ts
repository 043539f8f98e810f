import { AccountClient, outcome } from './client';
import type { Account, AccountFailure, AccountOutcome, Identity } from './model';
import { PageOwnAccount } from './own.svelte';
import { BrowserPasskeys, type Passkeys } from './passkeys';
import { PageLocalPeople } from './people.svelte';
import type { Session } from './api.gen';
import { PageSetup } from './setup.svelte';

export interface AccountEvents {
  /** Somebody logged in or out in this page. */
  changed(): void;
  /** Leaves the page, for a provider's. */
  depart(address: string): void;
  /** The path to come back to from there. */
  back(): string;
}

/** Who uses the page. It asks the server when it is made, and after each change. */
export class PageAccount implements Account {
  busy = $state(false);
  error = $state<AccountFailure | undefined>();
  setup = $state.raw<PageSetup | undefined>();
  readonly #client: AccountClient;
  readonly #passkeys: Passkeys;
  readonly #events: AccountEvents;
  #answer = $state.raw<Session | undefined>();
  #failure = $state<AccountFailure | undefined>();
  readonly identity = $derived.by(() => identityOf(this.#answer));
  readonly own = $derived.by(() =>
    this.identity?.provider === 'local'
      ? new PageOwnAccount(this.#client, this.#passkeys, this.#answer?.passkeys === true)
      : undefined,
  );
  readonly people = $derived.by(() =>
    this.identity?.operator ? new PageLocalPeople(this.#client, this.#answer?.identity?.account) : undefined,
  );

  constructor(
    events: AccountEvents,
    client = new AccountClient(),
    passkeys: Passkeys = new BrowserPasskeys(),
  ) {
    this.#events = events;
    this.#client = client;
    this.#passkeys = passkeys;
  }

  get state(): Account['state'] {
    if (this.identity) return 'in';
    if (this.#answer) return 'out';
    return this.#failure ? 'unreachable' : 'unknown';
  }

  /** The server decides in the end: as long as it has not told, nobody is kept from trying. */
  get mayCreate(): boolean {
    return this.#answer?.mayCreate ?? this.state === 'unreachable';
  }

  get create(): Account['create'] {
    return this.#answer?.create ?? 'signed-in';
  }

  get providers() {
    return this.#answer?.providers ?? [];
  }

  get logInAt() {
    return this.providers.length > 0 ? (provider: string) => this.#depart(provider) : undefined;
  }

  get logInByPassword() {
    if (!this.#answer?.local) return undefined;
    return (name: string, password: string) =>
      this.#change(() => this.#client.post('session/password', { name, password }));
  }

  get logInByPasskey() {
    if (!this.#answer?.local || !this.#answer.passkeys || !this.#passkeys.possible) return undefined;
    return () =>
      this.#change(async () => {
        const { options } = await this.#client.post('session/passkey', {});
        const credential = await this.#passkeys.prove(options);
        return this.#client.post('session/passkey/finish', { credential });
      });
  }

  get logOut() {
    if (!this.identity) return undefined;
    return (everywhere = false) => this.#change(() => this.#client.post('session/end', { everywhere }));
  }

  refresh(): void {
    void this.#change(() => this.#client.read('session'));
  }

  /** Opens what a set-up link is for; undefined closes it. */
  useLink(secret: string | undefined): void {
    this.setup =
      secret === undefined
        ? undefined
        : new PageSetup(secret, this.#client, this.#passkeys, {
            passkeysHere: () => this.#answer?.passkeys !== false,
            loggedIn: (session) => this.#take(session),
          });
  }

  /** Tells what came of the way to a provider and back. */
  arrived(error: AccountFailure | undefined): void {
    this.error = error;
  }

  #depart(provider: string): AccountOutcome {
    return this.#work(async () => {
      const { address } = await this.#client.post('session/provider', {
        provider,
        return: this.#events.back(),
      });
      this.#events.depart(address);
    });
  }

  #change(ask: () => Promise<Session>): AccountOutcome {
    return this.#work(async () => this.#take(await ask()));
  }

  async #work(work: () => Promise<void>): AccountOutcome {
    this.busy = true;
    this.error = undefined;
    const failed = await outcome(work);
    this.busy = false;
    if (!this.#answer) this.error = this.#failure = failed;
    return failed;
  }

  #take(session: Session): void {
    const before = this.#answer?.identity?.account;
    const first = this.#answer === undefined;
    this.#answer = session;
    this.#failure = undefined;
    if (!first && before !== session.identity?.account) this.#events.changed();
  }
}

function identityOf(answer: Session | undefined): Identity | undefined {
  if (!answer?.identity) return undefined;
  const { name, provider, providerName, operator } = answer.identity;
  return { name, provider, providerName, operator };
}
