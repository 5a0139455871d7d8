import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const MANIFEST = z.object({ name: z.literal('plimsoll'), version: z.string() });

/** The folder of our package.json, found above this file in the sources as well as in dist, and the version in it. */
function readManifest(): { readonly root: string; readonly version: string } {
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    try {
      const manifest = MANIFEST.safeParse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
      if (manifest.success) return { root: folder, version: manifest.data.version };
    } catch {
      // No package.json here, or not ours: look one folder up.
    }
  }
  return { root: process.cwd(), version: '0.0.0' };
}

export const { root: ROOT, version: VERSION } = readManifest();
