import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * A secret at rest: AES-256-GCM under a random data key of its own, and that key wrapped by the key `kid`.
 * All byte strings are base64. `iv` and `wrapped` start with 12 random bytes; both ciphertexts end in their 16-byte tag.
 */
export interface Sealed {
  readonly v: 1;
  readonly kid: string;
  readonly wrapped: string;
  readonly iv: string;
  readonly ct: string;
}

export type KeyringErrorCode = 'wrongLength' | 'noActiveKey' | 'unknownKey' | 'notAuthentic' | 'unsupportedVersion';

const SENTENCES: Record<KeyringErrorCode, string> = {
  wrongLength: 'A master key must be exactly 32 bytes, in base64. Make one with: openssl rand -base64 32',
  noActiveKey: 'The active master key is not among the given keys. Check PLIMSOLL_MASTER_KEY_ID.',
  unknownKey:
    'This secret was sealed with a master key that is not configured. Configure that key again, or enter the secret anew.',
  notAuthentic:
    'This secret cannot be opened: it was changed, moved to another row, or sealed with another key of the same id. Restore the master key, or enter the secret anew.',
  unsupportedVersion: 'This secret was sealed by a newer Plimsoll. Upgrade this process.',
};

/** Never carries key material or plain text. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  constructor(
    readonly code: KeyringErrorCode,
    readonly keyId?: string,
  ) {
    super(keyId === undefined ? SENTENCES[code] : `Key "${keyId}": ${SENTENCES[code]}`);
  }
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

function encrypt(key: Buffer, plain: Buffer, aad: string): { readonly iv: Buffer; readonly ct: Buffer } {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad));
  return { iv, ct: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

function decrypt(key: Buffer, iv: Buffer, ct: Buffer, aad: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(ct.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(ct.subarray(0, -TAG_BYTES)), decipher.final()]);
}

const dataKeyAad = (aad: string) => `dek:${aad}`;

/** Seals and opens secrets. Holds every key that old rows still need; the active one seals. */
export class Keyring {
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** @throws {KeyringError} `wrongLength` or `noActiveKey`. */
  constructor(
    keys: ReadonlyMap<string, Buffer>,
    readonly activeId: string,
  ) {
    for (const [id, key] of keys) if (key.length !== 32) throw new KeyringError('wrongLength', id);
    if (!keys.has(activeId)) throw new KeyringError('noActiveKey', activeId);
    this.#keys = new Map(keys);
  }

  /** `aad` names the row that the secret belongs to; a ciphertext moved to another row does not open there. */
  seal(plain: Buffer | string, aad: string): Sealed {
    const dataKey = randomBytes(32);
    const body = encrypt(dataKey, Buffer.from(plain), aad);
    const wrapped = encrypt(this.#key(this.activeId), dataKey, dataKeyAad(aad));
    dataKey.fill(0);
    return {
      v: 1,
      kid: this.activeId,
      wrapped: Buffer.concat([wrapped.iv, wrapped.ct]).toString('base64'),
      iv: body.iv.toString('base64'),
      ct: body.ct.toString('base64'),
    };
  }

  /** @throws {KeyringError} where the key is missing, or the ciphertext or `aad` is not the sealed one. */
  open(sealed: Sealed, aad: string): Buffer {
    if (sealed.v !== 1) throw new KeyringError('unsupportedVersion');
    const masterKey = this.#key(sealed.kid);
    try {
      const wrapped = Buffer.from(sealed.wrapped, 'base64');
      const dataKey = decrypt(masterKey, wrapped.subarray(0, IV_BYTES), wrapped.subarray(IV_BYTES), dataKeyAad(aad));
      return decrypt(dataKey, Buffer.from(sealed.iv, 'base64'), Buffer.from(sealed.ct, 'base64'), aad);
    } catch {
      throw new KeyringError('notAuthentic', sealed.kid);
    }
  }

  /**
   * A key of 32 bytes for one other purpose, such as signing cursors: the same in every process of an installation,
   * and no way back to the master key (HKDF, RFC 5869).
   */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key(this.activeId), '', `plimsoll:${purpose}`, 32));
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (!key) throw new KeyringError('unknownKey', id);
    return key;
  }
}

/** What a cluster credential is bound to. The trailing number is the version of the binding, not of the secret. */
export function credentialAad(credentialId: string, clusterId: string): string {
  return `credential:${credentialId}:${clusterId}:1`;
}

/** What a notification channel's secret is bound to. */
export function channelAad(channelId: string): string {
  return `channel:${channelId}:1`;
}
