import {
  type Evidence,
  type Observation,
  type SecretMetadata,
  fail,
  notEvaluated,
  objectReference,
  pass,
} from '#libs/core';
import { excerpt, parseGoDuration } from '#libs/flux';
import {
  type SealedSecretsController,
  programSetting,
  subjectOfController,
  titleOfController,
} from './sealed-secrets-controller.js';

const FLAG = 'key-renew-period';
const LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';
const POINTER = `/metadata/labels/${LABEL.replaceAll('/', '~1')}`;
const DAY = 86_400_000;
/** 30 days, the controller's own default. */
const DEFAULT_PERIOD = 30 * DAY;
/** A controller that was down for a while renews when it is back. */
const GRACE = 7 * DAY;

/** How often a controller makes a new key: milliseconds, 0 for never, or the answer why that is not known. */
export function renewPeriod(controller: SealedSecretsController): number | Observation {
  const [pod] = controller.pods;
  const setting = programSetting(pod.container, FLAG);
  if (setting.state === 'default') return DEFAULT_PERIOD;
  const subject = { ...subjectOfController(controller), field: FLAG };
  const title = titleOfController(controller);
  if (setting.state === 'unknown') {
    return notEvaluated(
      subject,
      'undecidable',
      'UNRESOLVED_ENV',
      `${title} takes --${FLAG} from where it cannot be read: ${setting.why}. Write the value into the arguments.`,
    );
  }
  const period = parseGoDuration(setting.text);
  if (period === undefined || period < 0n) {
    return notEvaluated(
      subject,
      'undecidable',
      'INVALID_PERIOD',
      `${title} is given --${FLAG}=${excerpt(setting.text)}, which is no duration. Write one such as 720h.`,
    );
  }
  return Number(period / 1_000_000n);
}

/** Whether keys are renewed at all. */
export function judgePeriod(controller: SealedSecretsController, period: number): Observation {
  const subject = { ...subjectOfController(controller), field: FLAG };
  const title = titleOfController(controller);
  const [pod] = controller.pods;
  const setting = programSetting(pod.container, FLAG);
  if (period > 0) {
    return pass(subject, 'RENEWAL_ON', `${title} makes a new key every ${Math.round(period / DAY)} days.`);
  }
  return fail(
    subject,
    'RENEWAL_DISABLED',
    `${title} runs with --${FLAG}=0, so it never makes a new key. ` +
      'What is sealed from now on can be opened by whoever ever had the one key. ' +
      'Remove the setting, or give it a period such as 720h; a waiver is the place to say that keys are renewed by other means.',
    {
      evidence: [
        {
          object: objectReference(pod),
          pointer: setting.state === 'given' ? setting.pointer : '/container/args',
          observed: '0',
          expected: 'absent (720h), or a period',
        },
      ],
      fixes: [
        {
          form: 'kustomizePatch',
          title: `Renew keys every 30 days (${controller.namespace}/${controller.owner.name})`,
          content:
            `patches:\n  - target: { kind: ${controller.owner.kind}, name: ${controller.owner.name} }\n    patch: |\n` +
            `      - op: add\n        path: /spec/template/spec/containers/0/args/-\n        value: --${FLAG}=720h\n`,
        },
        { form: 'helmValues', title: 'Values of the chart sealed-secrets', content: 'keyrenewperiod: 720h\n' },
      ],
    },
  );
}

const createdAt = ({ metadata }: SecretMetadata): number => Date.parse(metadata.creationTimestamp ?? '') || 0;

/** When the label of a key was last written, as far as that is kept. */
function markedAt({ metadata }: SecretMetadata): number {
  const times = (metadata.managedFields ?? []).map(({ time }) => Date.parse(time ?? '') || 0);
  return Math.max(Date.parse(metadata.creationTimestamp ?? '') || 0, ...times);
}

/** Whether the newest key is young enough, and newer than every compromised one. `period` 0 = its age says nothing. */
export function judgeKeys(
  controller: SealedSecretsController,
  allKeys: readonly SecretMetadata[],
  period: number,
  now: number,
): readonly Observation[] {
  const subject = { ...subjectOfController(controller), field: 'keys' };
  const title = titleOfController(controller);
  const keys = allKeys.filter(
    ({ metadata }) => metadata.namespace === controller.namespace && metadata.labels?.[LABEL] !== undefined,
  );
  const active = keys.filter(({ metadata }) => metadata.labels?.[LABEL] === 'active');
  const newest = active.toSorted((a, b) => createdAt(b) - createdAt(a))[0];
  if (!newest) return [noKey(controller, keys)];
  const compromised = keys.filter(
    (key) => key.metadata.labels?.[LABEL] === 'compromised' && markedAt(key) >= createdAt(newest),
  );
  const age = now - createdAt(newest);
  const days = Math.floor(age / DAY);
  const late = period > 0 && age > period + GRACE;
  const judged = [
    ...(compromised.length > 0 ? [stillInUse(controller, compromised, newest)] : []),
    ...(late
      ? [
          fail(
            subject,
            'KEY_NOT_RENEWED',
            `The newest key of ${lowerFirst(title)} is ${days} days old, and a new one is due every ${Math.round(period / DAY)} days. ` +
              'So the controller does not renew its keys: it may not run, or may not create Secrets. ' +
              'Look at its logs and rights.',
            {
              evidence: [
                keyEvidence(
                  newest,
                  '/metadata/creationTimestamp',
                  newest.metadata.creationTimestamp ?? null,
                  'younger than the period and a week',
                ),
              ],
            },
          ),
        ]
      : []),
  ];
  if (judged.length > 0 || period === 0) return judged;
  return [pass(subject, 'KEY_FRESH', `The newest key of ${lowerFirst(title)} is ${days} days old.`)];
}

function lowerFirst(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function keyEvidence(key: SecretMetadata, pointer: string, observed: Evidence['observed'], expected: string): Evidence {
  return { object: objectReference(key), pointer, observed, expected };
}

function noKey(controller: SealedSecretsController, keys: readonly SecretMetadata[]): Observation {
  const [pod] = controller.pods;
  const [first] = keys;
  return fail(
    { ...subjectOfController(controller), field: 'keys' },
    'NO_ACTIVE_KEY',
    `${titleOfController(controller)} has no active key in ${controller.namespace}. ` +
      'Nothing new can be sealed for it. ' +
      'Look at its logs and rights, or restore the keys from a backup.',
    {
      evidence: [
        first
          ? keyEvidence(first, POINTER, first.metadata.labels?.[LABEL] ?? null, 'active, of one key at least')
          : {
              object: objectReference(pod),
              pointer: '/metadata/namespace',
              observed: controller.namespace,
              expected: `a Secret with the label ${LABEL}: active`,
            },
      ],
    },
  );
}

function stillInUse(
  controller: SealedSecretsController,
  compromised: readonly SecretMetadata[],
  newest: SecretMetadata,
): Observation {
  const names = compromised.slice(0, 3).map(({ metadata }) => metadata.name);
  const { namespace, owner } = controller;
  return fail(
    { ...subjectOfController(controller), field: 'keys' },
    'COMPROMISED_KEY',
    `A key of ${lowerFirst(titleOfController(controller))} is marked as compromised (${names.join(', ')}), and no newer key followed. ` +
      'What is sealed now may still be opened with it. ' +
      'Let the controller make a new key, seal everything again, and change the values.',
    {
      severity: 'high',
      evidence: [
        ...compromised
          .slice(0, 10)
          .map((key) => keyEvidence(key, POINTER, 'compromised', 'followed by a newer active key')),
        keyEvidence(newest, '/metadata/creationTimestamp', newest.metadata.creationTimestamp ?? null, 'after the mark'),
      ] as [Evidence],
      fixes: [
        {
          form: 'steps',
          title: 'Make a new key now',
          content:
            `kubectl --namespace ${namespace} set env ${owner.kind.toLowerCase()}/${owner.name} SEALED_SECRETS_KEY_CUTOFF_TIME="$(date -R)"\n` +
            '# Then seal every value anew, with another value, and remove the variable.\n',
        },
      ],
    },
  );
}
