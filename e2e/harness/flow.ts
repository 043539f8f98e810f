import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { expect, test } from 'vitest';
import { ChromiumTab, launchChromium } from './chromium';
import { FirefoxTab, launchFirefox } from './firefox';
import { Participant } from './participant';
import { Path } from './path';
import { Server, type ServerOptions } from './server';
import type { Tab } from './tab';

/** Screenshots are kept here; git ignores it. */
export const output = resolve(import.meta.dirname, '../output');

/** A server without people, and how people come to it; what it opened it closes. */
export class Stage {
  readonly server: Server;
  /** Where pages are opened. */
  readonly origin: string;
  /** A room that no other flow uses. */
  readonly room: string;
  /** The names of those who made an account: they are kept. */
  readonly accounts = new Set<string>();
  readonly #browser: Browser;
  readonly #people: Participant[] = [];
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor(server: Server, origin: string, browser: Browser, room: string) {
    this.server = server;
    this.origin = origin;
    this.room = room;
    this.#browser = browser;
  }

  /** Opens an empty tab of Chromium for somebody; another browser than the flow's own may be given. */
  async person(
    name: string,
    options: BrowserContextOptions = {},
    browser: Browser = this.#browser,
  ): Promise<Participant<ChromiumTab>> {
    return this.#add(name, await ChromiumTab.open(browser, this.origin, options));
  }

  /** Lets people join the room with Chromium, one after another. */
  async meet<Names extends string[]>(
    ...names: Names
  ): Promise<{ [Index in keyof Names]: Participant<ChromiumTab> }> {
    const people: Participant<ChromiumTab>[] = [];
    for (const name of names) {
      const person = await this.person(name);
      await person.join(this.room);
      people.push(person);
    }
    return people as { [Index in keyof Names]: Participant<ChromiumTab> };
  }

  /** Lets somebody join the room with Firefox. */
  async meetInFirefox(name: string): Promise<Participant<FirefoxTab>> {
    const browser = await launchFirefox();
    this.#closers.push(() => browser.close());
    const person = this.#add(name, await FirefoxTab.open(browser, this.origin));
    await person.join(this.room);
    return person;
  }

  /** Takes over to close something when the flow is over. */
  owns(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** Keeps pictures of what everybody sees. */
  async keepPictures(flow: string): Promise<void> {
    mkdirSync(output, { recursive: true });
    for (const [index, person] of this.#people.entries()) {
      const file = `${flow} ${index + 1} ${person.name}`.replace(/[^a-zA-Z0-9]+/g, '-');
      await person.tab.screenshot(join(output, `${file}.png`));
    }
  }

  /** What everybody's page says, and the end of the server's log. */
  async evidence(): Promise<string> {
    const parts: string[] = [];
    for (const { name, tab } of this.#people) {
      const text = await tab
        .run(() => `${location.pathname}\n${document.body.innerText}`, undefined)
        .catch(String);
      parts.push(`--- the page of ${name}: ${text}`, ...tab.complaints.list);
    }
    return [...parts, '--- the server', this.server.tail].join('\n');
  }

  /** Complains about what went wrong in a page, and about names in the server's log (criterion 18) and files (19). */
  complaints(): string[] {
    const found = this.#people.flatMap(({ name, tab }) =>
      tab.complaints.list.map((one) => `${name}: ${one}`),
    );
    const names = this.#people.map((person) => person.name);
    for (const secret of [this.room, ...names]) {
      if (this.server.log.includes(secret)) found.push(`the server's log names ${secret}`);
    }
    const passing = [this.room, ...names.filter((name) => !this.accounts.has(name))];
    found.push(...this.server.naming(passing).map((file) => `the server wrote ${file}`));
    return found;
  }

  async close(): Promise<void> {
    const closers = [
      ...this.#closers,
      ...this.#people.map(
        ({ tab }) =>
          () =>
            tab.close(),
      ),
    ];
    const failed: unknown[] = [];
    for (const close of closers.reverse()) await close().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw new AggregateError(failed, `could not be closed: ${failed.join('; ')}`);
  }

  #add<T extends Tab>(name: string, tab: T): Participant<T> {
    const person = new Participant(name, tab, this.origin);
    this.#people.push(person);
    return person;
  }
}

let rooms = 0;

/** A flow of people through a server. The server and the browser are those of the file. */
export const flow = test
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await Server.start();
    onCleanup(() => server.close());
    return server;
  })
  .extend('chromium', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('stage', async ({ server, chromium, task }, { onCleanup }) => {
    const stage = new Stage(server, server.origin, chromium, `kastanienzimmer-${++rooms}`);
    onCleanup(() => end(stage, task));
    return stage;
  })
  .extend('hold', (): string | undefined => undefined)
  .extend('house', async ({ chromium, hold, task }, { onCleanup }) => {
    const server = await Server.start({ create: 'signed-in', hold });
    const stage = new Stage(server, server.origin, chromium, `kastanienzimmer-${++rooms}`);
    stage.owns(() => server.close());
    onCleanup(() => end(stage, task));
    return stage;
  })
  .extend('build', async ({ chromium, task }, { onCleanup }) => {
    let stage: Stage | undefined;
    onCleanup(() => (stage ? end(stage, task) : undefined));
    return async (options: ServerOptions) => {
      const server = await Server.start(options);
      stage = new Stage(server, server.origin, chromium, `kastanienzimmer-${++rooms}`);
      stage.owns(() => server.close());
      return stage;
    };
  })
  .extend('tls', false)
  .extend('path', ({ tls }) => Path.open({ tls })) // closed by the stage: vitest cleans up no more after a failure
  .extend('far', async ({ path, chromium, task }, { onCleanup }) => {
    const stage = new Stage(path.server, path.origin, chromium, `kastanienzimmer-${++rooms}`);
    stage.owns(() => path.close());
    onCleanup(() => end(stage, task));
    return stage;
  });

/** Ends a flow: keeps its pictures, tells what was seen when it failed, and lets nothing pass that went wrong. */
async function end(stage: Stage, task: { name: string; result?: { errors?: unknown[] } }): Promise<void> {
  try {
    await stage.keepPictures(task.name);
    if (task.result?.errors?.length) console.error(`${task.name}\n${await stage.evidence()}`);
    expect(stage.complaints(), 'what went wrong without anybody asking').toEqual([]);
  } finally {
    await stage.close();
  }
}
