import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const MANIFEST = z.object({ name: z.literal('plimsoll'), version: z.string() });

/** The version in package.json, found above this file in the sources as well as in dist. */
function readVersion(): string {
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    try {
      const manifest = MANIFEST.safeParse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
      if (manifest.success) return manifest.data.version;
    } catch {
      // No package.json here, or not ours: look one folder up.
    }
  }
  return '0.0.0';
}

export const VERSION = readVersion();
