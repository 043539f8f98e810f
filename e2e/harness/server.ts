import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import secure from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Certificate } from './certificate';
import { eventually } from './eventually';

/** The program under test; `make build` makes it. */
export const binary = resolve(import.meta.dirname, '../..', process.env.STUBE_BINARY ?? 'bin/stube');

export interface ServerOptions {
  /** The address to listen on; empty: all of the machine's. */
  host?: string;
  /** The address that clients are told; empty: the program finds out by itself. */
  announce?: string;
  /** Whether it speaks TLS, with a certificate that nobody trusts. */
  tls?: boolean;
  /** Who may start meetings; anyone unless told otherwise. Who logs in comes by the name localhost, for passkeys. */
  create?: 'anyone' | 'signed-in' | 'allowed';
  /** What the configuration file says. */
  settings?: string;
  /** How long a meeting waits for a host to come back; ten minutes unless told otherwise. */
  hold?: string | undefined;
}

/** The program, running in a folder of its own that goes away with it. */
export class Server {
  readonly folder = mkdtempSync(join(tmpdir(), 'stube-e2e-'));
  /** The port of everything; the same when the program is started again. */
  port = 0;
  readonly #options: ServerOptions;
  readonly #settings = join(this.folder, 'stube.toml');
  readonly #certificate: Certificate | undefined;
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#certificate = options.tls ? new Certificate() : undefined;
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = new Server(options);
    server.port = await freePort();
    await server.start();
    return server;
  }

  get scheme(): 'http' | 'https' {
    return this.#options.tls ? 'https' : 'http';
  }

  get origin(): string {
    const name = (this.#options.create ?? 'anyone') === 'anyone' ? '127.0.0.1' : 'localhost';
    return `${this.scheme}://${this.#options.host ?? name}:${this.port}`;
  }

  /** The path of the link that makes the first operator, which the program prints when it starts. */
  setup(): Promise<string> {
    return eventually(
      'the set-up link is printed',
      () => /\/-\/setup#[\w-]+\n/.exec(this.#log)?.[0].trim() ?? '',
    );
  }

  /** Everything that the program wrote so far. */
  get log(): string {
    return this.#log;
  }

  /** The last lines of the log. */
  get tail(): string {
    return this.#log.split('\n').slice(-25).join('\n');
  }

  /** Starts the program, on the same port as before, and waits until it is well. */
  async start(): Promise<void> {
    const { host = '', announce, create = 'anyone', hold, settings = '' } = this.#options;
    writeFileSync(this.#settings, settings);
    const child = spawn(binary, ['serve'], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        STUBE_LISTEN: `${host}:${this.port}`,
        STUBE_LOG_LEVEL: 'debug',
        STUBE_CREATE: create,
        ...(announce && { STUBE_ANNOUNCE: announce }),
        ...(hold && { STUBE_HOLD: hold }),
        ...(this.#certificate && {
          STUBE_TLS_CERTIFICATE: this.#certificate.certificate,
          STUBE_TLS_KEY: this.#certificate.key,
        }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const note = (text: Buffer) => (this.#log += text.toString());
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.on('error', (error) => (this.#log += `${error.message}; has \`make build\` made the program?\n`));
    await eventually('the program is well', async () => {
      this.#mustRun(child);
      return (await status(`${this.origin}/-/healthz`).catch(() => undefined)) === 200;
    });
  }

  /** Asks the program to end, and waits until it did. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends the program at once, as a crash or a power cut would. */
  crash(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends the program and takes its folder away. */
  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.#certificate?.remove();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** The files that hold one of these words, and those outside of the folder of what is kept. */
  naming(words: string[]): string[] {
    const all = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    const files = all.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    return files.filter((file) => {
      if (file === this.#settings) return false;
      if (!file.startsWith(join(this.folder, 'data'))) return true;
      const content = readFileSync(file);
      return words.some((word) => content.includes(word));
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || ended(child)) return;
    child.kill(signal);
    try {
      await eventually('the program ended', () => ended(child), Boolean, 10_000);
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${String(error)}\n${this.tail}`, { cause: error });
    }
  }

  #mustRun(child: ChildProcess): void {
    if (ended(child) || child.pid === undefined) throw new Error(`the program ended:\n${this.tail}`);
  }
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** What a server answers, whatever its certificate. */
async function status(address: string): Promise<number | undefined> {
  const request = address.startsWith('https')
    ? secure.get(address, { rejectUnauthorized: false })
    : get(address);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.destroy();
  return answer.statusCode;
}

/** A port that is free for TCP and UDP on all addresses. */
async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer().listen(0);
    await once(tcp, 'listening');
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket('udp6').bind(port);
    const [free] = (await Promise.race([
      once(udp, 'listening').then(() => [true]),
      once(udp, 'error').then(() => [false]),
    ])) as [boolean];
    udp.close();
    tcp.close();
    await once(tcp, 'close');
    if (free) return port;
  }
}

/** An address of this machine that isn't the loopback: browsers send media to no other. */
export function machineAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = addresses.find((one) => one.family === 'IPv4' && !one.internal)?.address;
  if (!address) throw new Error('this machine has no network address, and browsers need one for media');
  return address;
}
