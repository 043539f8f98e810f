import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What a provider keeps of one kind, in memory; its keys may change meanwhile. */
export class Records implements Adapter {
  readonly #all = new Map<string, AdapterPayload>();

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#all.set(id, payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#all.get(id));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...this.#all.values()].find((one) => one.uid === uid));
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined); // devices without a keyboard log in nowhere here
  }

  consume(id: string): Promise<void> {
    const one = this.#all.get(id);
    if (one) one.consumed = Math.floor(Date.now() / 1000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.#all.delete(id);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, one] of this.#all) if (one.grantId === grantId) this.#all.delete(id);
    return Promise.resolve();
  }
}
