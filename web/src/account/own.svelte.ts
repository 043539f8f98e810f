import { outcome, type AccountClient } from './client';
import type { AccountOutcome, OwnAccount, Passkey } from './model';
import type { Passkeys } from './passkeys';
import type { Account } from './api.gen';

/** The own account of this server, read by load(). */
export class PageOwnAccount implements OwnAccount {
  readonly #client: AccountClient;
  readonly #passkeys: Passkeys;
  /** Whether the server's address can have passkeys. */
  readonly #here: boolean;
  #answer = $state.raw<Account | undefined>();
  readonly passkeys: Passkey[] = $derived.by(() => this.#passkeysOf(this.#answer));

  constructor(client: AccountClient, passkeys: Passkeys, here: boolean) {
    this.#client = client;
    this.#passkeys = passkeys;
    this.#here = here;
  }

  get loaded(): boolean {
    return this.#answer !== undefined;
  }
  get name(): string {
    return this.#answer?.name ?? '';
  }
  get hasPassword(): boolean {
    return this.#answer?.password ?? false;
  }
  get sessions(): number {
    return this.#answer?.sessions ?? 0;
  }

  get addPasskey() {
    if (!this.#here || !this.#passkeys.possible) return undefined;
    return (name: string) =>
      this.#take(async () => {
        const { options } = await this.#client.post('account/passkey', {});
        const credential = await this.#passkeys.create(options);
        return this.#client.post('account/passkey/finish', { credential, name: name.trim() });
      });
  }

  setPassword(password: string): AccountOutcome {
    return this.#take(() => this.#client.post('account/password', { password }));
  }

  load(): AccountOutcome {
    return this.#take(() => this.#client.read('account'));
  }

  #passkeysOf(answer: Account | undefined): Passkey[] {
    const keys = answer?.passkeys ?? [];
    const lastWay = keys.length === 1 && !answer?.password;
    return keys.map(({ id, name, made }) => ({
      id,
      name,
      made: new Date(made),
      ...(!lastWay && {
        remove: () => this.#take(() => this.#client.post('account/passkey/remove', { id })),
      }),
    }));
  }

  #take(ask: () => Promise<Account>): AccountOutcome {
    return outcome(async () => void (this.#answer = await ask()));
  }
}
