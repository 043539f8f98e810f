import { outcome, type AccountClient } from './client';
import type { AccountOutcome, LocalPeople, LocalPerson } from './model';
import type { Invited, People, Person } from './api.gen';

/** The accounts of this server, for operators, read by load(). */
export class PageLocalPeople implements LocalPeople {
  newest = $state.raw<LocalPeople['newest']>();
  readonly #client: AccountClient;
  #people = $state.raw<Person[]>([]);
  readonly list: LocalPerson[] = $derived.by(() => this.#people.map((person) => this.#personOf(person)));

  constructor(client: AccountClient) {
    this.#client = client;
  }

  add(name: string, operator: boolean): AccountOutcome {
    return this.#invite(() => this.#client.post('people/add', { name: name.trim(), operator }));
  }

  load(): AccountOutcome {
    return this.#take(() => this.#client.read('people'));
  }

  #personOf({ id, made, ...person }: Person): LocalPerson {
    const change = (path: 'people/disable' | 'people/enable' | 'people/remove') => () =>
      this.#take(() => this.#client.post(path, { id }));
    return {
      id,
      ...person,
      made: new Date(made),
      ...(person.disabled ? { enable: change('people/enable') } : { disable: change('people/disable') }),
      remove: change('people/remove'),
      renew: () => this.#invite(() => this.#client.post('people/link', { id })),
    };
  }

  #invite(ask: () => Promise<Invited>): AccountOutcome {
    return outcome(async () => {
      const { person, setup } = await ask();
      this.#people = [...this.#people.filter((other) => other.id !== person.id), person];
      this.newest = { name: person.name, link: new URL(setup, location.origin).href };
    });
  }

  #take(ask: () => Promise<People>): AccountOutcome {
    return outcome(async () => void (this.#people = (await ask()).people));
  }
}
