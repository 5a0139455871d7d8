// `npm run new:control -- <folder>/<id>-<subject>`: writes a control and its spec, ready to be changed.
// Such as `npm run new:control -- resource-isolation/res-05-queue-depth`.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const SOURCE = 'libs/controls/src';
const NAME = /^(?<folder>[a-z][a-z0-9-]*)\/(?<family>[a-z]+)-(?<number>\d{2})-(?<subject>[a-z0-9]+(?:-[a-z0-9]+)*)$/;
const USAGE =
  'Usage: npm run new:control -- <folder>/<id>-<subject>, such as resource-isolation/res-05-queue-depth.\n' +
  'The folder is one of libs/controls/src or a new one; the id is the family in lower case and two digits.';

/** `queue-depth` → `queueDepth`. */
const camel = (subject) => subject.replaceAll(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
/** `queue-depth` → `Queue depth`. */
const words = (subject) => `${subject[0].toUpperCase()}${subject.slice(1).replaceAll('-', ' ')}`;

function controlText({ id, constant, title, family }) {
  return `import { defineControl, fail, notApplicable, objectReference, pass, subjectOf, CLUSTER_SUBJECT } from '#libs/core';

export const ${constant} = defineControl({
  id: '${id}',
  title: '${title}',
  family: '${family}',
  severity: 'medium',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale: 'A Kustomization that does not prune leaves behind what was removed from its source.',
  audit: 'Every Kustomization must have \`spec.prune: true\`. One that has not is named.',
  remediation: 'Set \`spec.prune: true\`, and look first at what would be removed.',
  references: ['https://fluxcd.io/flux/components/kustomize/kustomizations/#prune'],
  requires: ['kustomizations'],
  examples: {
    passing: [
      {
        title: 'prunes',
        yaml: \`
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { prune: true }\`,
      },
    ],
    failing: [
      {
        title: 'does not',
        yaml: \`
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          kind: Kustomization
          metadata: { name: apps, namespace: flux-system }
          spec: { prune: false }\`,
      },
    ],
  },
  evaluate: ({ kustomizations }) => {
    if (kustomizations.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_KUSTOMIZATION', 'There is no Kustomization in the cluster.')];
    }
    return kustomizations.map((kustomization) => {
      const { metadata, spec } = kustomization;
      const subject = subjectOf(kustomization);
      const name = \`Kustomization \${metadata.namespace}/\${metadata.name}\`;
      if (spec.prune) return pass(subject, 'PRUNES', \`\${name} prunes.\`);
      return fail(
        subject,
        'DOES_NOT_PRUNE',
        \`\${name} does not prune. What is removed from its source stays in the cluster. Set spec.prune to true.\`,
        {
          evidence: [
            {
              object: objectReference(kustomization),
              pointer: '/spec/prune',
              observed: spec.prune ?? null,
              expected: 'true',
            },
          ],
        },
      );
    });
  },
});
`;
}

function specText({ id, constant, file }) {
  return `import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { ${constant} } from './${file}.js';

const kustomization = (spec: object) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'apps', namespace: 'flux-system' },
  spec,
});

describe('${id}', () => {
  tableOf(${constant})([
    ['set', [kustomization({ prune: true })], 'pass PRUNES'],
    ['unset', [kustomization({ prune: false })], 'fail DOES_NOT_PRUNE', { severity: 'medium' }],
    ['absent', [kustomization({})], 'fail DOES_NOT_PRUNE'],
    ['no Kustomization', [], 'notApplicable NO_KUSTOMIZATION'],
    ['not readable', [], 'notEvaluated RBAC_DENIED_READ', { unavailable: { kustomizations: 'forbidden' } }],
  ]);
});
`;
}

/**
 * The two files of a new control, by their paths from the root.
 * @throws {Error} with a sentence for people where the name is not one, or is taken
 */
export function scaffold(name, root) {
  const match = NAME.exec(name ?? '')?.groups;
  if (!match) throw new Error(USAGE);
  const { folder, family, number, subject } = match;
  const file = `${family}-${number}-${subject}`;
  const prefix = `${family}-${number}-`;
  const source = path.join(root, SOURCE);
  const taken = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => readdirSync(path.join(source, entry.name)).map((each) => `${entry.name}/${each}`))
    .find((each) => path.basename(each).startsWith(prefix));
  const id = `FLUX-${family.toUpperCase()}-${number}`;
  if (taken) throw new Error(`${id} is ${SOURCE}/${taken}. Ids are never reused: take the next number.`);
  const parts = { id, constant: camel(subject), title: words(subject), family: words(folder), file };
  return [
    { path: `${SOURCE}/${folder}/${file}.ts`, content: controlText(parts) },
    { path: `${SOURCE}/${folder}/${file}.spec.ts`, content: specText(parts) },
  ];
}

function main() {
  const root = path.join(import.meta.dirname, '..');
  let files;
  try {
    files = scaffold(process.argv[2], root);
  } catch (error) {
    console.error(error.message);
    return 2;
  }
  for (const { path: relative, content } of files) {
    const target = path.join(root, relative);
    mkdirSync(path.dirname(target), { recursive: true });
    if (existsSync(target)) throw new Error(`${relative} is there already.`);
    writeFileSync(target, content);
  }
  const [control, spec] = files.map((file) => file.path);
  console.log(
    `Written:\n  ${control}\n  ${spec}\n\n` +
      'Both work as they are. Next:\n' +
      '  1. Change the control: its words, the artifacts it requires, `evaluate`.\n' +
      `  2. Write its truth table, and run it: npm test -- --project unit ${path.dirname(control)}\n` +
      '  3. Name it in a benchmark (libs/controls/src/benchmarks), then: npm run generate && npm run check',
  );
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main();
