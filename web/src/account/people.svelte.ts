import { outcome, type AccountClient } from './client';
import type { AccountOutcome, LocalPeople, LocalPerson } from './model';
import type { Invited, People, Person } from './api.gen';

/** The accounts of this server, for operators, read by load(). */
export class PageLocalPeople implements LocalPeople {
  newest = $state.raw<LocalPeople['newest']>();
  readonly #client: AccountClient;
  readonly #own: string;
  #people = $state.raw<Person[]>([]);
  readonly list: LocalPerson[] = $derived.by(() => this.#people.map((person) => this.#personOf(person)));

  /** Nobody switches off or removes their own account, whose id is own. */
  constructor(client: AccountClient, own = '') {
    this.#client = client;
    this.#own = own;
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
    const known = {
      id,
      ...person,
      made: new Date(made),
      renew: () => this.#invite(() => this.#client.post('people/link', { id })),
    };
    if (id === this.#own) return known;
    return {
      ...known,
      ...(person.disabled ? { enable: change('people/enable') } : { disable: change('people/disable') }),
      remove: change('people/remove'),
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
