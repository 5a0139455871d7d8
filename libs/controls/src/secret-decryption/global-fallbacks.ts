import {
  type Artifacts,
  type Collected,
  type Fix,
  type Kustomization,
  type Observation,
  type ServiceAccount,
  count,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
} from '#libs/core';
import {
  type ControllerInstance,
  type ControllerRun,
  excerpt,
  readFlag,
  removeArgumentFixes,
  setArgumentFixes,
} from '#libs/flux';
import type { FlagRule } from '../controller-flags/flag-rule.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import { type Inspection, fixTarget } from '../controller-flags/inspect-controllers.js';
import { type ReconciledBuilds, unknownFiles } from '../git-sources/reconciled-builds.js';
import { cloudIdentityOf } from '../multi-tenancy/cloud-identity.js';
import { currentRuns, vaultTokenOf } from './kustomize-settings.js';
import { gitFileReference, secretsIn } from './secrets-in-build.js';
import { kindOfRecipient, recipientsOf } from './sops-recipients.js';

const AGE_SECRET = 'sops-age-secret';
const VAULT_CONFIG = 'sops-vault-configmap';
const DEFAULT_ACCOUNT = 'default-decryption-service-account';

const WHY =
  'What is decrypted with it is decrypted for whoever may create Kustomizations, in whatever namespace, so that tenants are not kept apart by their keys.';
const TODO = 'Give each Kustomization that decrypts a key or an account of its own namespace, then take this away.';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Every pod that runs, or the template, has a default account for decryption. */
function hasDefaultAccount(instance: ControllerInstance): boolean {
  const runs = currentRuns(instance);
  return (
    runs.length > 0 &&
    runs.every((run) => {
      const reading = readFlag(run.arguments, DEFAULT_ACCOUNT, run.env);
      return reading.state === 'value' && isText(reading.value);
    })
  );
}

/** The flags that give the controller a key for all. */
export function fallbackRules(instance: ControllerInstance, policy: readonly Fix[]): readonly FlagRule[] {
  const withAccount = hasDefaultAccount(instance);
  return [
    mustBeEmpty(
      AGE_SECRET,
      'GLOBAL_AGE_KEY',
      'an age key that is used wherever spec.decryption names no Secret',
      policy,
    ),
    ...(withAccount
      ? []
      : [
          mustBeEmpty(
            VAULT_CONFIG,
            'GLOBAL_VAULT_LOGIN',
            `a login to Vault as the controller, and without --${DEFAULT_ACCOUNT}`,
            policy,
          ),
        ]),
  ];
}

function mustBeEmpty(flag: string, reason: string, meaning: string, policy: readonly Fix[]): FlagRule {
  return {
    flag,
    expected: 'absent, or empty',
    pass: { reason: 'NO_FALLBACK', what: `runs without --${flag}` },
    judge: (value) => (isText(value) ? { reason, what: `runs with --${flag}: ${meaning}` } : undefined),
    tooOld: () => undefined,
    advice: `${WHY} ${TODO}`,
    fixes: (target) => {
      const { template } = target.instance;
      const reading = template && readFlag(template.arguments, flag, template.env);
      const item = reading?.state === 'value' && isText(reading.value) ? reading.item : undefined;
      return [...removeArgumentFixes(target, flag, item), ...policy];
    },
  };
}

/** Whether a token for Vault stands in the environment of the controller. */
export function judgeVaultToken(instance: ControllerInstance, policy: readonly Fix[]): Observation {
  const subject = subjectOfInstance(instance, 'VAULT_TOKEN');
  const title = titleOf(instance);
  const runs = [...currentRuns(instance), ...(instance.template ? [instance.template] : [])];
  const settings = runs.map((run) => ({ run, setting: vaultTokenOf(run) }));
  const given = settings.find(({ setting }) => setting.state === 'yes');
  if (given) {
    return fail(subject, 'GLOBAL_VAULT_TOKEN', `${title} has the variable VAULT_TOKEN. ${WHY} ${TODO}`, {
      evidence: [
        {
          object: objectReference(given.run.object),
          pointer: `${given.run.pointer}/${given.run.container.env ? 'env' : 'envFrom'}`,
          observed: 'VAULT_TOKEN is set',
          expected: 'no VAULT_TOKEN',
        },
      ],
      fixes: [unsetVariable(instance), ...policy],
    });
  }
  const unknown = settings.find(({ setting }) => setting.state === 'unknown')?.setting;
  if (unknown?.state === 'unknown') {
    const message = `Whether ${title} has a token for Vault is not known: ${unknown.why}. Let its environment come from where it may be read.`;
    return notEvaluated(subject, 'undecidable', 'UNRESOLVED_ENV', message);
  }
  return pass(subject, 'NO_FALLBACK', `${title} has no token for Vault.`);
}

function unsetVariable({ namespace, owner }: ControllerInstance): Fix {
  return {
    form: 'steps',
    title: 'Take VAULT_TOKEN out of the Deployment, where it is set',
    content: `# Remove the patch or value that sets it; to see the effect at once:\nkubectl --namespace ${namespace} set env ${owner.kind.toLowerCase()}/${owner.name} VAULT_TOKEN-\n`,
  };
}

function titleOf({ component, namespace, owner }: ControllerInstance): string {
  return `${component} ${namespace}/${owner.name}`;
}

/** Whether files are encrypted for key services, which the controller could then open with its own identity. */
export function judgeCloudIdentity(
  instance: ControllerInstance,
  serviceAccounts: Collected<readonly ServiceAccount[]>,
  builds: Collected<ReconciledBuilds>,
  { inspection, policy }: { readonly inspection: Inspection; readonly policy: readonly Fix[] },
): Observation {
  const subject = subjectOfInstance(instance, 'cloud identity');
  const title = titleOf(instance);
  if (hasDefaultAccount(instance)) {
    return pass(
      subject,
      'NO_FALLBACK',
      `${title} decrypts as the account of --${DEFAULT_ACCOUNT} where none is named.`,
    );
  }
  const identity = cloudIdentityOf(instance, serviceAccounts);
  if (typeof identity !== 'string') return notEvaluatedBecause(subject, identity);
  if (identity === 'no') {
    return pass(subject, 'NO_FALLBACK', `No identity of a cloud was seen on ${title}.`, { confidence: 'derived' });
  }
  if (builds.state === 'unavailable') return notEvaluatedBecause(subject, builds);
  const item = builds.value.builds
    .flatMap(({ closure }) => secretsIn(closure).items)
    .find((each) => recipientsOf(each).some(({ id }) => kindOfRecipient(id) === 'cloud'));
  const [run] = currentRuns(instance);
  if (item && run) {
    return fail(
      subject,
      'CONTROLLER_IDENTITY',
      `${title} has an identity of a cloud, files are encrypted for a key service, and it runs without --${DEFAULT_ACCOUNT}. ${WHY} ` +
        'Set the default account, together with the feature gate ObjectLevelWorkloadIdentity, and give each namespace an account with a key of its own.',
      {
        confidence: 'derived',
        evidence: [
          accountEvidence(run),
          {
            object: gitFileReference(item.file),
            pointer: `${item.pointer}/groups`,
            observed: recipientsOf(item).map(({ id }) => excerpt(id)),
            expected: 'a key that an account of its namespace opens',
          },
        ],
        fixes: [
          ...setArgumentFixes(fixTarget(instance, inspection), `--${DEFAULT_ACCOUNT}=default`, 'workloadIdentity'),
          ...policy,
        ],
      },
    );
  }
  const gap = unknownFiles(builds.value);
  if (gap) {
    return notEvaluated(
      subject,
      gap.cause,
      gap.reason,
      `${title} has an identity of a cloud, and whether files are encrypted for its key service is not known: ${gap.why}. Give Plimsoll access to all sources, or set --${DEFAULT_ACCOUNT}.`,
    );
  }
  return pass(
    subject,
    'NO_FALLBACK',
    `${title} has an identity of a cloud, and no file is encrypted for a key service.`,
  );
}

function accountEvidence({ object, pointer }: ControllerRun) {
  const spec = object.kind === 'Pod' ? object.spec : object.spec.template.spec;
  const base = pointer.replace(/\/containers\/\d+$/, '');
  return {
    object: objectReference(object),
    pointer: `${base}/serviceAccountName`,
    observed: spec.serviceAccountName ?? null,
    expected: `an account without a role, or --${DEFAULT_ACCOUNT}`,
  };
}

const SHOWN = 10;

/** Which Kustomizations would stop without the fallback, as a sentence. */
export function reliance(kustomizations: Collected<Artifacts['kustomizations']>): string {
  if (kustomizations.state === 'unavailable') return 'Which Kustomizations rely on it is not known.';
  const relying = kustomizations.value
    .filter(reliesOnFallback)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  if (relying.length === 0) return 'No Kustomization relies on it now: all that decrypt name a Secret or an account.';
  const more = relying.length > SHOWN ? ` and ${relying.length - SHOWN} more` : '';
  return `${count(relying.length, 'Kustomization')} ${relying.length === 1 ? 'decrypts' : 'decrypt'} without naming a key, and may rely on it: ${relying.slice(0, SHOWN).join(', ')}${more}.`;
}

function reliesOnFallback({ spec }: Kustomization): boolean {
  const { decryption } = spec;
  return decryption !== undefined && !decryption.secretRef && !decryption.serviceAccountName;
}
