import { AccountError } from './client';

/** Makes and uses passkeys (Web Authentication Level 3) with the browser's own dialogs. */
export interface Passkeys {
  /** Whether this browser can. */
  readonly possible: boolean;
  /**
   * Makes one, with the JSON that the server gave, and gives the JSON for it; rejects with AccountError, 'cancelled'
   * when the person closed the dialog.
   */
  create(options: unknown): Promise<unknown>;
  /** Proves that one is there; likewise. */
  prove(options: unknown): Promise<unknown>;
}

export class BrowserPasskeys implements Passkeys {
  get possible(): boolean {
    return (
      'PublicKeyCredential' in globalThis &&
      'parseCreationOptionsFromJSON' in PublicKeyCredential &&
      'credentials' in navigator
    );
  }

  create(options: unknown): Promise<unknown> {
    return json(() => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
        options as PublicKeyCredentialCreationOptionsJSON,
      );
      return navigator.credentials.create({ publicKey });
    });
  }

  prove(options: unknown): Promise<unknown> {
    return json(() => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
        options as PublicKeyCredentialRequestOptionsJSON,
      );
      return navigator.credentials.get({ publicKey });
    });
  }
}

async function json(ask: () => Promise<Credential | null>): Promise<unknown> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const cancelled = name === 'NotAllowedError' || name === 'AbortError';
    throw new AccountError(cancelled ? 'cancelled' : 'browser', `use a passkey: ${name}`);
  }
  if (!credential) throw new AccountError('cancelled', 'use a passkey: there is none');
  return (credential as PublicKeyCredential).toJSON();
}
