import { randomBytes } from 'node:crypto';

/** Text that does not occur anywhere by chance, and of which every part is as telling as the whole. */
export function canary(): string {
  return `canary${randomBytes(18).toString('hex')}`;
}

/** Enough of a secret to know it again where only a part of it is kept. */
const TELLING = 16;

/** How a secret looks where it was encoded on its way: as it is, in hex, in base64 that starts anywhere. */
function spellings(secret: string): readonly string[] {
  const core = secret.slice(-TELLING - 4, -4);
  const bytes = Buffer.from(core);
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters also hold bits of what stands around it.
    const ragged = (offset + bytes.length) % 3 === 0 ? encoded : encoded.slice(0, -1);
    return ragged.slice([0, 2, 3][offset]);
  });
  const twice = base64.flatMap((text) => [text.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(text)]);
  return [core, bytes.toString('hex'), ...base64, ...twice];
}

/** Where which secrets occur: `name in place`. Empty is what a test wants. */
export function leaks(places: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>>): string[] {
  const found = new Set<string>();
  for (const [name, secret] of Object.entries(secrets)) {
    const spelled = spellings(secret);
    for (const [place, text] of Object.entries(places)) {
      if (spelled.some((spelling) => text.includes(spelling))) found.add(`${name} in ${place}`);
    }
  }
  return [...found];
}
