import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server as TcpServer, type Socket } from 'node:net';
import { machineAddress, Server } from './server';

/** Where a server behind a path listens: only the path leads there. */
const behind = '127.0.0.2';
/** The first byte of media over TCP is below this one: the length of a packet (RFC 4571). */
const firstOfMedia = 0x14;

/**
 * The network between browsers and a server of its own, with faults to be made: it carries the page's connections
 * and the media, and cuts, refuses or loses them.
 */
export class Path {
  readonly server: Server;
  /** Browsers come in here; the media goes over the machine's own address, with the same port. */
  readonly origin: string;
  readonly #listeners: TcpServer[] = [];
  readonly #connections = new Set<Socket>();
  readonly #address = machineAddress();
  readonly #media: UdpSocket;
  readonly #flows = new Map<string, UdpSocket>();
  #refusing = false;
  #losing = () => false;
  #losingTcp = false;
  #narrow: Narrow | undefined;

  private constructor(server: Server) {
    this.server = server;
    this.origin = `${server.scheme}://127.0.0.1:${server.port}`;
    this.#media = createSocket('udp4');
  }

  /** Starts a server and opens the path to it. */
  static async open({ tls = false } = {}): Promise<Path> {
    const path = new Path(await Server.start({ host: behind, announce: machineAddress(), tls }));
    await path.#listen('127.0.0.1');
    await path.#listen(path.#address);
    path.#media.on('message', (packet, from) => path.#up(packet, from));
    path.#media.bind(path.server.port, path.#address);
    await once(path.#media, 'listening');
    return path;
  }

  /** Cuts all connections of the page, and those of media over TCP; new ones can be made. */
  cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Whether new connections over TCP are refused. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Loses every packet of media over UDP; new connections for media over TCP are refused too unless they may pass. */
  block({ tcp = false } = {}): void {
    this.#losing = () => true;
    this.#losingTcp = !tcp;
  }

  /** Loses one in so many packets of media over UDP, in each direction. */
  loseOneIn(count: number): void {
    let passed = 0;
    this.#losing = () => ++passed % count === 0;
  }

  /** Lets no more than so many bits a second through to each browser's connection. */
  narrow(bitrate: number): void {
    this.#narrow = new Narrow(bitrate);
  }

  /** Loses nothing any more. */
  mend(): void {
    this.#narrow = undefined;
    this.#losing = () => false;
    this.#losingTcp = false;
  }

  /** Gives every sender of media another address towards the server, as when a router forgot it. */
  move(): void {
    for (const flow of this.#flows.values()) flow.close();
    this.#flows.clear();
  }

  async close(): Promise<void> {
    this.cut();
    this.move();
    this.#media.close();
    for (const listener of this.#listeners) listener.close();
    await this.server.close();
  }

  async #listen(address: string): Promise<void> {
    const listener = createServer((connection) => this.#carry(connection));
    this.#listeners.push(listener);
    listener.listen(this.server.port, address);
    await once(listener, 'listening');
  }

  /** Carries a connection over TCP. */
  #carry(connection: Socket): void {
    if (this.#refusing) return void connection.destroy();
    const onward = connect(this.server.port, behind);
    for (const [one, other] of [
      [connection, onward],
      [onward, connection],
    ] as const) {
      this.#connections.add(one);
      one.on('error', () => other.destroy()); // it was cut
      one.on('close', () => {
        this.#connections.delete(one);
        other.destroy();
      });
    }
    connection.once('data', (first: Buffer) => {
      if (this.#losingTcp && (first[0] ?? 0) < firstOfMedia) return void connection.destroy();
      onward.write(first);
      connection.pipe(onward);
    });
    onward.pipe(connection);
  }

  /** Carries a packet to the server. */
  #up(packet: Buffer, from: RemoteInfo): void {
    if (this.#losing()) return;
    const key = `${from.address}:${from.port}`;
    let flow = this.#flows.get(key);
    if (!flow) {
      flow = createSocket('udp4').bind(0, this.#address); // Firefox takes no loopback address for its own
      flow.on('message', (answer) => {
        if (this.#losing()) return;
        const deliver = () => this.#media.send(answer, from.port, from.address);
        if (this.#narrow) this.#narrow.carry(key, answer.length, deliver);
        else deliver();
      });
      flow.on('error', () => undefined); // nobody listens while the server is being started again
      this.#flows.set(key, flow);
    }
    flow.send(packet, this.server.port, behind);
  }
}

/** How long a packet waits before a narrow link at the most, in ms; more are lost. */
const longestQueue = 200;

/** A link of few bits a second for each connection, with a queue before it. */
class Narrow {
  readonly #bitrate: number;
  /** When the link is free again, by connection, in ms. */
  readonly #free = new Map<string, number>();

  constructor(bitrate: number) {
    this.#bitrate = bitrate;
  }

  carry(connection: string, bytes: number, deliver: () => void): void {
    const now = performance.now();
    const start = Math.max(now, this.#free.get(connection) ?? 0);
    if (start - now > longestQueue) return;
    const end = start + (bytes * 8000) / this.#bitrate;
    this.#free.set(connection, end);
    setTimeout(deliver, end - now);
  }
}
