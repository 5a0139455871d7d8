import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/registry.md', 'docs/configuration.md'];

/** Paths in code marks, and targets of relative links. */
function pathsIn(document: string): readonly string[] {
  const text = readFileSync(path.join(ROOT, document), 'utf8');
  const folder = path.dirname(document);
  const marked = [...text.matchAll(/`((?:apps|docs|libs|migrations|test|tools)\/[\w./-]+)`/g)].map(
    ([, found]) => found,
  );
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, found]) => path.join(folder, found ?? ''));
  return [...marked, ...linked].filter((found) => found !== undefined);
}

describe('what the documents point to is there', () => {
  it.each(DOCUMENTS)('%s', (document) => {
    expect(pathsIn(document).filter((found) => !existsSync(path.join(ROOT, found)))).toEqual([]);
  });

  it('finds paths at all', () => {
    expect(pathsIn('ARCHITECTURE.md').length).toBeGreaterThan(10);
  });
});
