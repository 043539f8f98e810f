import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for this machine, which nobody trusts, in a folder of its own. */
export class Certificate {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stube-e2e-'));
  readonly certificate = join(this.#folder, 'cert.pem');
  readonly key = join(this.#folder, 'key.pem');

  /** Makes it with the program that comes with Go. */
  constructor() {
    const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
    const program = join(root, 'src/crypto/tls/generate_cert.go');
    const options = ['--host=127.0.0.1,localhost', '--ecdsa-curve=P256'];
    execFileSync('go', ['run', program, ...options], { cwd: this.#folder, stdio: 'pipe' });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
