import { type Evidence, type Observation, type Subject, count, fail, notEvaluated, pass, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type Build, unknownFiles } from '../git-sources/reconciled-builds.js';
import type { TreeIndex } from '../git-sources/tree-index.js';
import { fileNames, gitFileReference, secretsIn } from './secrets-in-build.js';
import { type EncryptedItem, kindOfRecipient, recipientsOf } from './sops-recipients.js';

const DAY = 86_400_000;
const MAX_EVIDENCE = 10;

interface Clock {
  readonly now: number;
  readonly rotationDays: number;
}

/** One thing that encrypted files can be weak in. */
interface Weakness {
  readonly reason: string;
  readonly outcome: 'fail' | 'warn';
  readonly severity: Observation['severity'];
  /** Where in the facts of an item; undefined where it has none of it. */
  find(item: EncryptedItem, clock: Clock): Pick<Evidence, 'pointer' | 'observed'> | undefined;
  readonly expected: string;
  /** Continues "1 document …" and "2 documents …". */
  readonly what: readonly [one: string, many: string];
  /** Why it matters, and what to do. */
  readonly advice: string;
}

const WEAKNESSES: readonly Weakness[] = [
  {
    reason: 'VAULT_HTTP',
    outcome: 'fail',
    severity: 'high',
    find: (item) => recipientAt(item, ({ id }) => id.startsWith('vault:http://')),
    expected: 'an https:// address',
    what: [
      'is encrypted by a Vault that is addressed with http://',
      'are encrypted by a Vault that is addressed with http://',
    ],
    advice:
      'Data keys and the token then travel in clear. Serve Vault by https, and encrypt the files anew for that address.',
  },
  {
    reason: 'PARTIALLY_ENCRYPTED',
    outcome: 'fail',
    severity: 'high',
    find: ({ sops, pointer }) => (sops.partlyPlain ? { pointer: `${pointer}/partlyPlain`, observed: true } : undefined),
    expected: 'every value of data and stringData encrypted',
    what: [
      'holds values in plain text, beside the encrypted ones',
      'hold values in plain text, beside the encrypted ones',
    ],
    advice:
      "Their encrypted_regex misses a field, often stringData. Change these values, and encrypt with --encrypted-regex '^(data|stringData)$'.",
  },
  {
    reason: 'PGP_IN_USE',
    outcome: 'warn',
    severity: 'low',
    find: (item) => recipientAt(item, ({ id }) => kindOfRecipient(id) === 'pgp'),
    expected: 'age recipients',
    what: ['is encrypted for PGP keys', 'are encrypted for PGP keys'],
    advice:
      'SOPS recommends age over PGP, whose keys expire and are hard to handle. Add age recipients, then take the PGP keys out.',
  },
  {
    reason: 'OLD_SOPS',
    outcome: 'warn',
    severity: 'low',
    find: ({ sops, pointer }) =>
      isOlderSops(sops.version) ? { pointer: `${pointer}/version`, observed: sops.version ?? null } : undefined,
    expected: 'written by SOPS 3.7 or later',
    what: ['was written by a SOPS older than 3.7', 'were written by a SOPS older than 3.7'],
    advice: 'It has known faults, and does not know age. Encrypt the files anew with a current version.',
  },
  {
    reason: 'DATA_KEY_OLD',
    outcome: 'warn',
    severity: 'low',
    find: (item, { now, rotationDays }) =>
      recipientAt(item, ({ id, createdAt = '' }) => {
        const created = Date.parse(createdAt);
        return ['cloud', 'vault'].includes(kindOfRecipient(id)) && now - created > rotationDays * DAY;
      }),
    expected: 'a data key that is younger than the rotation period',
    what: ['has a data key that is due for rotation', 'have data keys that are due for rotation'],
    advice: 'Whoever ever had a data key reads the file in all its versions. Run sops rotate --in-place on them.',
  },
];

function isOlderSops(version: string | undefined): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) < 3 || (Number(major) === 3 && Number(minor) < 7);
}

function recipientAt(
  { sops, pointer }: EncryptedItem,
  isWeak: (recipient: ReturnType<typeof recipientsOf>[number]) => boolean,
): Pick<Evidence, 'pointer' | 'observed'> | undefined {
  for (const [group, recipients] of sops.groups.entries()) {
    const place = recipients.findIndex(isWeak);
    const found = recipients[place];
    if (found) return { pointer: `${pointer}/groups/${group}/${place}/id`, observed: excerpt(found.id) };
  }
  return undefined;
}

function subjectOfTree({ tree }: TreeIndex): Subject {
  return { kind: 'GitTree', name: tree.url };
}

/** How well the encrypted files of each tree are protected, as far as Kustomizations build them. */
export function judgeTrees(builds: readonly Build[], clock: Clock): readonly Observation[] {
  const byTree = new Map<TreeIndex, Build[]>();
  for (const build of builds) {
    const own = byTree.get(build.tree);
    if (own) own.push(build);
    else byTree.set(build.tree, [build]);
  }
  return [...byTree].flatMap(([tree, own]) => judgeTree(tree, own, clock));
}

function judgeTree(tree: TreeIndex, builds: readonly Build[], clock: Clock): readonly Observation[] {
  const subject = subjectOfTree(tree);
  const closures = new Set(builds.map(({ closure }) => closure));
  const items = [
    ...new Map([...closures].flatMap((closure) => secretsIn(closure).items).map((item) => [item.sops, item])).values(),
  ];
  const judged = WEAKNESSES.flatMap((weakness) => weak(weakness, subject, items, tree, clock));
  const gap = unknownFiles({ builds, unread: [], trees: [] });
  if (gap) {
    const message = `Not everything that is built from ${excerpt(tree.tree.url)} is known: ${gap.why}. Bring everything that is built into the source.`;
    return [...judged, notEvaluated(subject, gap.cause, gap.reason, message)];
  }
  if (judged.length > 0 || items.length === 0) return judged;
  const bare = items.filter(({ document, sops }) => document && sops.encryptedRegex === undefined);
  const said = `No weakness was seen in ${count(items.length, 'encrypted document')} of ${excerpt(tree.tree.url)} at ${excerpt(tree.tree.commit)}.`;
  return [
    bare.length === 0
      ? pass(subject, 'FILES_HARDENED', said)
      : pass(
          subject,
          'NAMES_HIDDEN',
          `${said} Without encrypted_regex kind and name are hidden from reviewers: ${fileNames(bare)}.`,
          { severity: 'info' },
        ),
  ];
}

function weak(
  { find, outcome, reason, severity, expected, what, advice }: Weakness,
  subject: Subject,
  items: readonly EncryptedItem[],
  tree: TreeIndex,
  clock: Clock,
): readonly Observation[] {
  const found = items.flatMap((item) => {
    const place = find(item, clock);
    return place ? [{ item, evidence: { object: gitFileReference(item.file), ...place, expected } }] : [];
  });
  const [first, ...others] = found;
  if (!first) return [];
  const message = `In ${excerpt(tree.tree.url)} ${count(found.length, 'document')} ${what[found.length === 1 ? 0 : 1]}: ${fileNames(found.map(({ item }) => item))}. ${advice}`;
  const evidence = [first.evidence, ...others.slice(0, MAX_EVIDENCE - 1).map((each) => each.evidence)] as const;
  const details = { evidence, ...(severity && { severity }) };
  return [outcome === 'fail' ? fail(subject, reason, message, details) : warn(subject, reason, message, details)];
}
