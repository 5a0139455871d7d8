import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version in package.json, read from the nearest one above this file (source tree or dist). */
function readVersion(): string {
  for (const path of ['../../../package.json', '../../../../package.json']) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      const parsed = z.object({ name: z.literal('plimsoll'), version: z.string() }).safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data.version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}

export const VERSION = readVersion();
