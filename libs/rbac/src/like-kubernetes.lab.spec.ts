import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sample } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rbacCase, type RbacCase } from '../../../test/support/random-rbac.js';
import { isAllowed } from './decide.js';
import { indexRbac } from './rbac-index.js';
import { asAuthorized } from './request.js';

const SOURCE = fileURLToPath(new URL('../../../test/lab/go/rbac-oracle', import.meta.url));
const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
/** Fixed, so that a failure can be repeated. */
const SEED = 20_261_124;
const DECISIONS = process.env['CI'] === 'true' ? 1_000_000 : 100_000;
/** Nine identities with sixty requests each, see `rbacCase`. */
const DECISIONS_PER_CASE = 540;
const CASES_PER_ROUND = 100;

/** One letter per decision, in the order of `questionOf`. */
function ours({ objects, identities, requests }: RbacCase): string {
  const index = indexRbac(objects);
  return identities
    .flatMap((identity) => requests.map((request) => (isAllowed(index, identity, request).allowed ? 'a' : '-')))
    .join('');
}

function questionOf({ objects, identities, requests }: RbacCase): string {
  return JSON.stringify({
    objects,
    requests: identities.flatMap((who) => requests.map((request) => ({ ...who, ...asAuthorized(request) }))),
  });
}

describe.skipIf(!hasGo)('isAllowed and the RBAC authorizer of Kubernetes v1.36.3 [needs lab]', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-rbac-'));
    execFileSync('go', ['build', '-trimpath', '-o', path.join(folder, 'oracle'), '.'], {
      cwd: SOURCE,
      env: { ...process.env, CGO_ENABLED: '0' },
    });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`agree on ${DECISIONS} decisions (seed ${SEED})`, { timeout: 600_000 }, () => {
    let decided = 0;
    let allowed = 0;
    for (let round = 0; decided < DECISIONS; round += 1) {
      const cases = (['storable', 'any'] as const).flatMap((which) =>
        sample(rbacCase({ prefix: '', namespaces: ['a', 'b'], storable: which === 'storable' }), {
          seed: SEED + round,
          numRuns: CASES_PER_ROUND / 2,
        }),
      );
      const answers = execFileSync(path.join(folder, 'oracle'), {
        input: cases.map(questionOf).join('\n'),
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
        .trimEnd()
        .split('\n');
      expect(answers).toHaveLength(cases.length);
      const different = cases.flatMap((each, index) => differences(each, answers[index] ?? ''));
      expect(different.slice(0, 3)).toEqual([]);
      decided += cases.length * DECISIONS_PER_CASE;
      allowed += answers.join('').replaceAll('-', '').length;
    }
    // Both answers must be well represented, or the comparison says little.
    expect(allowed).toBeGreaterThan(decided / 10);
    expect(decided - allowed).toBeGreaterThan(decided / 10);
  });
});

function differences(each: RbacCase, theirs: string): string[] {
  const mine = ours(each);
  expect(theirs).toHaveLength(DECISIONS_PER_CASE);
  if (mine === theirs) return [];
  return each.identities.flatMap((identity, row) =>
    each.requests.flatMap((request, column) => {
      const at = row * each.requests.length + column;
      if (mine[at] === theirs[at]) return [];
      return [JSON.stringify({ identity, request, mine: mine[at], theirs: theirs[at], objects: each.objects })];
    }),
  );
}
