import { AccountError } from './client';

/** Makes and uses passkeys (Web Authentication Level 3) with the browser's own dialogs. */
export interface Passkeys {
  /** Whether this browser can. */
  readonly possible: boolean;
  /** Makes one; rejects with AccountError, 'cancelled' when the person closed the dialog. */
  create(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown>;
  /** Proves that one is there; rejects alike. */
  prove(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown>;
}

export class BrowserPasskeys implements Passkeys {
  get possible(): boolean {
    return (
      'PublicKeyCredential' in globalThis &&
      'parseCreationOptionsFromJSON' in PublicKeyCredential &&
      'credentials' in navigator
    );
  }

  create(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
    return json(() =>
      navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
    );
  }

  prove(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
    return json(() =>
      navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
    );
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
