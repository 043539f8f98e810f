import { accountFailure, outcome, type AccountClient } from './client';
import type { AccountFailure, AccountOutcome, Setup } from './model';
import type { Passkeys } from './passkeys';
import type { Session } from './api.gen';

export interface SetupEvents {
  /** Whether the server's address can have passkeys. */
  passkeysHere(): boolean;
  loggedIn(session: Session): void;
}

/** What a set-up link opened. It asks the server when it is made. */
export class PageSetup implements Setup {
  state = $state<Setup['state']>('asking');
  error = $state<AccountFailure | undefined>();
  first = $state(false);
  name = $state('');
  readonly #secret: string;
  readonly #client: AccountClient;
  readonly #passkeys: Passkeys;
  readonly #events: SetupEvents;

  constructor(secret: string, client: AccountClient, passkeys: Passkeys, events: SetupEvents) {
    this.#secret = secret;
    this.#client = client;
    this.#passkeys = passkeys;
    this.#events = events;
    void this.#ask();
  }

  get usePasskey() {
    if (this.state !== 'open' || !this.#passkeys.possible || !this.#events.passkeysHere()) return undefined;
    return (name: string) =>
      this.#use(async () => {
        const secret = this.#secret;
        const { options } = await this.#client.post('setup/passkey', { secret, ...this.#named(name) });
        const credential = await this.#passkeys.create(options);
        return this.#client.post('setup/passkey/finish', { secret, credential });
      });
  }

  get usePassword() {
    if (this.state !== 'open') return undefined;
    return (name: string, password: string) =>
      this.#use(() =>
        this.#client.post('setup/password', { secret: this.#secret, ...this.#named(name), password }),
      );
  }

  async #ask(): Promise<void> {
    try {
      const { first, name = '' } = await this.#client.post('setup', { secret: this.#secret });
      this.first = first;
      this.name = name;
      this.state = 'open';
    } catch (error) {
      this.#failed(accountFailure(error));
    }
  }

  async #use(use: () => Promise<Session>): AccountOutcome {
    const failed = await outcome(async () => {
      const session = await use();
      this.state = 'done';
      this.#events.loggedIn(session);
    });
    if (failed === 'link_ended') this.#failed(failed);
    return failed;
  }

  #failed(error: AccountFailure): void {
    if (error === 'link_ended') this.state = 'ended';
    else this.error = error;
  }

  /** Only the first operator chooses a name. */
  #named(name: string): { name?: string } {
    return this.first ? { name: name.trim() } : {};
  }
}
