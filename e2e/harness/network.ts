import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { machineAddress, Server } from './server';

/** The relay between browsers and a server; `make quality` makes it. */
const program = resolve(import.meta.dirname, '../..', process.env.STUBE_RELAY ?? 'bin/relay');
/** Where a server behind a network listens: media gets there through the relay only. */
const behind = '127.0.0.2';

/** What is to be done to somebody's packets (internal/relay/command). */
export interface Order {
  /** Whoever comes from now on is this person. */
  newcomers?: boolean;
  /** Schedules for the packets to the server and from there, such as `delay=20ms loss=5%`. */
  up?: string;
  down?: string;
  /** Gives the person other addresses towards the server, as when a router forgot the way. */
  move?: boolean;
}

export interface Counts {
  packets: number;
  lost: number;
  dropped: number;
  delivered: number;
  /** Delivered, with the headers of IP and UDP. */
  bytes: number;
  /** What 90 and 99 of a hundred packets waited at the most, in ms, since the order before. */
  queued90: number;
  queued99: number;
}

interface Answer {
  error?: string;
  up: Counts;
  down: Counts;
}

/** A network with faults between browsers and a server of its own, a good or bad one for each person. */
export class Network {
  readonly server: Server;
  readonly #relay: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  private constructor(server: Server) {
    this.server = server;
    const at = (address: string) => `${address}:${server.port}`;
    this.#relay = spawn(program, ['-listen', at(machineAddress()), '-server', at(behind)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface(this.#relay.stdout)[Symbol.asyncIterator]();
  }

  /** Starts a server and the network before it, which has no faults yet. */
  static async open(): Promise<Network> {
    const network = new Network(await Server.start({ host: behind, announce: machineAddress() }));
    await network.order('', {}); // the relay stands when it answers
    return network;
  }

  /** Changes somebody's network and tells what it counted so far. */
  async order(client: string, order: Order): Promise<Answer> {
    this.#relay.stdin.write(`${JSON.stringify({ client, ...order })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the relay ended');
    const answer = JSON.parse(value) as Answer;
    if (answer.error) throw new Error(`${JSON.stringify(order)}: ${answer.error}`);
    return answer;
  }

  async close(): Promise<void> {
    const ended = once(this.#relay, 'exit');
    this.#relay.stdin.end();
    await ended;
    await this.server.close();
  }
}
