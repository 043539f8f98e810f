import { createHmac, randomBytes } from 'node:crypto';

/** Another system, such as a learning platform, that sends its people with tokens (RFC 7519, HS256). */
export class Platform {
  readonly #secret = randomBytes(24).toString('hex');

  /** The table of the configuration file. */
  get settings(): string {
    return `[token]\nalgorithm = "HS256"\nsecret = "${this.#secret}"\nissuer = "Lernplattform"\naudience = "stube"\n`;
  }

  /** A token for a room, with what Jitsi Meet calls the context. */
  token(room: string, context: object): string {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const parts = [
      { alg: 'HS256', typ: 'JWT' },
      { iss: 'Lernplattform', aud: 'stube', sub: '*', room, exp, context },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signature = createHmac('sha256', this.#secret).update(parts.join('.')).digest('base64url');
    return [...parts, signature].join('.');
  }
}
