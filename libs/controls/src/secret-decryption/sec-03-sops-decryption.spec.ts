import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller, fluxObject } from '../../../../test/support/flux-installation.js';
import {
  REPOSITORY,
  REVISION,
  gitRepository,
  gitTree,
  kustomizationFile,
  kustomizationOf,
} from '../../../../test/support/git-source.js';
import { PLAIN_FILE, decryptionSecret, sealedFile, sopsFor } from '../../../../test/support/sops-files.js';
import { sopsDecryption as control } from './sec-03-sops-decryption.js';

const judges = tableOf(control);
const AGE = sopsFor('age:age1fleet');
const KMS = sopsFor('aws:arn:aws:kms:eu-west-1:1:key/k');
const PGP = sopsFor('pgp:FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4');
const VAULT = sopsFor('vault:https://vault.example.com/sops/k');
const withSecret = { provider: 'sops', secretRef: { name: 'sops-age' } };
const sops = { provider: 'sops' };
const kustomize = (...args: readonly string[]) => controller('kustomize-controller', args);
const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
const K = 'Kustomization/apps/web';

type Files = Parameters<typeof gitTree>[0];
/** One Kustomization of ./apps, the tree and its source. */
const fleet = (files: Files, decryption?: object, more: object = {}, spec: object = {}) => [
  gitRepository('flux-system/fleet'),
  kustomizationOf('apps/web', { ...(decryption && { decryption }), ...spec }, more),
  gitTree({ 'apps/README.md': {}, ...files }),
];
const age = (decryption?: object, more: object = {}) => fleet({ 'apps/db.yaml': sealedFile(AGE) }, decryption, more);
const of = (facts: typeof AGE, decryption: object) => fleet({ 'apps/db.yaml': sealedFile(facts) }, decryption);
const ready = (status: string, message = '', more: object = {}) => ({
  status: { conditions: [{ type: 'Ready', status, reason: 'X', message }], ...more },
});
const applied = ready('True', '', { lastAppliedRevision: `main@sha1:${REVISION}` });
const inventory = (...ids: readonly string[]) => ({
  status: { inventory: { entries: ids.map((id) => ({ id, v: 'v1' })) } },
});
/** The source is there, and was not read. */
const unread = (spec: object = {}, more: object = {}) => [
  gitRepository('flux-system/fleet'),
  kustomizationOf('apps/web', spec, more),
];
const UNREADABLE = 'notEvaluated SOURCE_UNREADABLE GitRepository/flux-system/fleet';

describe('FLUX-SEC-03', () => {
  judges([
    ['encrypted, and a Secret with the key', [...age(withSecret), decryptionSecret('apps/sops-age')], 'pass DECRYPTED'],
    ['encrypted, and no decryption', age(), 'fail DECRYPTION_MISSING', { severity: 'high' }],
    [
      'a key with the wrong suffix',
      [...age(withSecret), decryptionSecret('apps/sops-age', ['age.key'])],
      'fail KEY_MISSING',
      { message: /its keys: age\.key/ },
    ],
    [
      'a key without a value',
      [...age(withSecret), decryptionSecret('apps/sops-age', ['age.agekey'], { lengths: { 'age.agekey': 0 } })],
      'fail KEY_MISSING',
    ],
    ['no such Secret', age(withSecret), 'fail KEY_MISSING', { message: /does not exist/ }],
    [
      'a Secret of that name in another namespace',
      [...age(withSecret), decryptionSecret('flux-system/sops-age')],
      'fail KEY_MISSING',
    ],
    [
      'for a key service, and nothing that could open it',
      [...of(KMS, sops), ...kustomize()],
      'fail NO_KEY',
      { message: /encrypted for aws:arn/ },
    ],
    [
      'for a key service, as a service account',
      [...of(KMS, { ...sops, serviceAccountName: 'x' }), ...kustomize(GATE)],
      'pass DECRYPTED',
    ],
    [
      'for a key service, with a default account',
      [...of(KMS, sops), ...kustomize('--default-decryption-service-account=x', GATE)],
      'pass DECRYPTED',
    ],
    [
      'for a key service, and the controller has a role',
      [
        ...of(KMS, sops),
        ...kustomize(),
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: {
            name: 'kustomize-controller',
            namespace: 'flux-system',
            annotations: { 'eks.amazonaws.com/role-arn': 'arn' },
          },
        },
      ],
      'pass DECRYPTED',
    ],
    [
      'for a key service, nothing seen, and yet it was applied: the node lends an identity',
      [...fleet({ 'apps/db.yaml': sealedFile(KMS) }, sops, applied), ...kustomize()],
      'warn KEY_PATH_UNSEEN',
    ],
    [
      'the same, and service accounts may not be listed',
      [...fleet({ 'apps/db.yaml': sealedFile(KMS) }, sops, applied), ...kustomize()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { serviceAccounts: 'forbidden' } },
    ],
    [
      'for a key service, and service accounts may not be listed',
      [...of(KMS, sops), ...kustomize()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { serviceAccounts: 'forbidden' } },
    ],
    ['age, no Secret, and a global key', [...age(sops), ...kustomize('--sops-age-secret=global')], 'pass DECRYPTED'],
    ['age, no Secret, and no global key', [...age(sops), ...kustomize()], 'fail NO_KEY'],
    [
      'age, no Secret, and the controllers may not be listed',
      [...age(sops), ...kustomize('--sops-age-secret=global')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { deployments: 'forbidden' } },
    ],
    [
      'age, no Secret, and the controllers differ',
      [
        ...age(sops),
        ...kustomize('--sops-age-secret=g'),
        ...controller('kustomize-controller', [], { name: 'kustomize-controller-s1' }),
      ],
      'notEvaluated KEY_UNKNOWN',
      { message: /differ/ },
    ],
    ['age, no Secret, and no controller', age(sops), 'notEvaluated KEY_UNKNOWN'],
    ['PGP without a Secret', [...of(PGP, sops), ...kustomize('--sops-age-secret=global')], 'fail NO_KEY'],
    ['PGP with a Secret', [...of(PGP, withSecret), decryptionSecret('apps/sops-age', ['sops.asc'])], 'pass DECRYPTED'],
    [
      'Vault with a token',
      [...of(VAULT, withSecret), decryptionSecret('apps/sops-age', ['sops.vault-token'])],
      'pass DECRYPTED',
    ],
    [
      'Vault, and the controller has a token',
      [
        ...of(VAULT, sops),
        ...controller('kustomize-controller', [], {
          env: [{ name: 'VAULT_TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
      ],
      'pass DECRYPTED',
    ],
    ['Vault, and nothing', [...of(VAULT, sops), ...kustomize()], 'fail NO_KEY'],
    [
      'Vault, and a list of addresses that is not read',
      [...of(VAULT, sops), ...kustomize('--sops-vault-configmap=vaults')],
      'notEvaluated KEY_UNKNOWN',
      { message: /lists the addresses/ },
    ],
    [
      'age files, and a Secret for PGP',
      [...age(withSecret), decryptionSecret('apps/sops-age', ['sops.asc'])],
      'fail WRONG_KEY',
    ],
    [
      'the key of another recipient',
      [
        ...age(withSecret),
        decryptionSecret('apps/sops-age', ['age.agekey'], { decryption: { recipients: ['age1other'] } }),
      ],
      'fail WRONG_KEY',
    ],
    [
      'the right key among several',
      [
        ...age(withSecret),
        decryptionSecret('apps/sops-age', ['a.agekey', 'b.agekey'], {
          decryption: { recipients: ['age1x', 'AGE1FLEET'] },
        }),
      ],
      'pass DECRYPTED',
    ],
    [
      'one key could not be told',
      [
        ...age(withSecret),
        decryptionSecret('apps/sops-age', ['a.agekey', 'b.agekey'], { decryption: { recipients: ['age1x'] } }),
      ],
      'pass DECRYPTED',
    ],
    [
      'a recipient of a kind that is not told',
      [
        ...of(sopsFor('age:age1pq1fleet'), withSecret),
        decryptionSecret('apps/sops-age', ['age.agekey'], { decryption: { recipients: ['age1other'] } }),
      ],
      'pass DECRYPTED',
    ],
    [
      'two key groups, and the key of one',
      [
        ...of({ ...AGE, groups: [[{ id: 'age:age1fleet' }], [{ id: 'age:age1other' }]] }, withSecret),
        decryptionSecret('apps/sops-age', ['age.agekey'], { decryption: { recipients: ['age1fleet'] } }),
      ],
      'fail WRONG_KEY',
    ],
    [
      'the Secret may not be read',
      [...age(withSecret), decryptionSecret('apps/sops-age')],
      'notEvaluated RBAC_DENIED_READ',
      {
        unavailableEntries: { secretFacts: { 'apps/sops-age': 'forbidden' } },
        verdicts: [`notEvaluated RBAC_DENIED_READ ${K} decryption`],
      },
    ],
    [
      'no Secret may be read, and the controller does not find it',
      unread({ decryption: withSecret }, ready('False', 'secrets "sops-age" not found')),
      'fail KEY_MISSING',
      { unavailable: { secretFacts: 'notCollected' } },
    ],
    [
      'nothing encrypted, no decryption',
      fleet({ 'apps/x.yaml': { documents: [{ kind: 'ConfigMap' }] } }),
      'pass NO_SECRETS',
    ],
    [
      'nothing encrypted, and decryption',
      [...fleet({ 'apps/x.yaml': {} }, withSecret), decryptionSecret('apps/sops-age')],
      'pass DECRYPTION_UNUSED',
      { verdicts: [`pass DECRYPTION_UNUSED ${K}`, `pass DECRYPTION_SET ${K} decryption`] },
    ],
    [
      'an account for decryption, and the gate is off',
      [...of(KMS, { ...sops, serviceAccountName: 'x' }), ...kustomize()],
      'fail FEATURE_GATE_DISABLED',
    ],
    [
      'an account for decryption, and the gate is not known',
      [...of(KMS, { ...sops, serviceAccountName: 'x' }), ...kustomize()],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { pods: 'forbidden' } },
    ],
    ['another provider', [...age({ provider: 'vault' })], 'fail UNKNOWN_PROVIDER'],
    [
      'stringData only, no decryption, and ready: the ciphertext is live',
      age(undefined, applied),
      'fail DECRYPTION_MISSING',
      {
        verdicts: [`fail DECRYPTION_MISSING ${K}`, `pass APPLIED ${K} status`],
        message: /applied as ciphertext/,
      },
    ],
    [
      'a file that is encrypted as a whole, through a generator',
      fleet({
        'apps/kustomization.yaml': kustomizationFile('secretGenerator.envs db.env'),
        'apps/db.env': { sops: AGE },
      }),
      'fail DECRYPTION_MISSING',
    ],
    [
      'switched off by annotation',
      fleet({
        'apps/db.yaml': sealedFile(AGE, { annotations: { 'kustomize.toolkit.fluxcd.io/decrypt': 'Disabled' } }),
      }),
      'warn DECRYPTION_SKIPPED',
      { verdicts: [`warn DECRYPTION_SKIPPED ${K}`] },
    ],
    [
      'plain, and nothing encrypted',
      fleet({ 'apps/db.yaml': PLAIN_FILE }),
      'fail PLAINTEXT_IN_PATH',
      { severity: 'critical' },
    ],
    [
      'plain beside encrypted',
      [
        ...fleet({ 'apps/a.yaml': PLAIN_FILE, 'apps/b.yaml': sealedFile(AGE) }, withSecret),
        decryptionSecret('apps/sops-age'),
      ],
      'fail PLAINTEXT_IN_PATH',
    ],
    [
      'an encrypted file that no kustomization.yaml refers to',
      fleet({
        'apps/kustomization.yaml': kustomizationFile('resources x.yaml'),
        'apps/x.yaml': {},
        'apps/db.yaml': sealedFile(AGE),
      }),
      'warn UNREFERENCED',
      { verdicts: [`warn UNREFERENCED ${K}`, `pass NO_SECRETS ${K}`] },
    ],
    [
      'it is another Kustomization that builds it',
      [
        ...fleet({ 'apps/kustomization.yaml': kustomizationFile(), 'apps/b/x.yaml': sealedFile(AGE) }),
        kustomizationOf('apps/b', { path: './apps/b', decryption: withSecret }),
        decryptionSecret('apps/sops-age'),
      ],
      'pass DECRYPTED',
    ],
    [
      'it refers to a file elsewhere: what that holds is not known',
      fleet({ 'apps/kustomization.yaml': kustomizationFile('resources https://x.example/y.yaml') }),
      'notEvaluated BUILD_INCOMPLETE',
    ],
    [
      'it refers to a file that is not there',
      fleet({ 'apps/kustomization.yaml': kustomizationFile('resources gone.yaml') }),
      'notEvaluated BUILD_INCOMPLETE',
    ],
    ['the path is not there', fleet({}, undefined, {}, { path: './gone' }), 'notEvaluated PATH_NOT_FOUND'],
    [
      'the last run failed at decryption',
      [...age(withSecret, ready('False', "error decrypting 'db'")), decryptionSecret('apps/sops-age')],
      'fail DECRYPTION_FAILING',
      {
        verdicts: [`fail DECRYPTION_FAILING ${K} status`, `pass DECRYPTED ${K}`, `pass DECRYPTION_SET ${K} decryption`],
      },
    ],
    [
      'the last run failed for something else',
      [...age(withSecret, ready('False', 'timeout')), decryptionSecret('apps/sops-age')],
      'pass DECRYPTED',
    ],
    ['no Kustomization', kustomize(), 'notApplicable NO_KUSTOMIZATION'],
  ]);

  describe('where the source was not read', () => {
    judges([
      [
        'it applied a Secret without decryption',
        unread({}, inventory('apps_web_apps_Deployment', 'apps_db__Secret')),
        'fail PLAIN_SECRET_APPLIED',
        { verdicts: [`fail PLAIN_SECRET_APPLIED ${K} inventory`, UNREADABLE] },
      ],
      [
        'the same, with substitutions from a Secret',
        unread({ postBuild: { substituteFrom: [{ kind: 'Secret', name: 's' }] } }, inventory('apps_db__Secret')),
        'notEvaluated SOURCE_UNREADABLE',
        { verdicts: [UNREADABLE, `warn PLAIN_SECRET_APPLIED ${K} inventory`] },
      ],
      [
        'the same, with substitutions from a ConfigMap',
        unread({ postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 's' }] } }, inventory('apps_db__Secret')),
        'fail PLAIN_SECRET_APPLIED',
      ],
      [
        'it applied certificates only',
        unread({}, inventory('apps_app-tls_cert-manager.io_Certificate')),
        'notEvaluated SOURCE_UNREADABLE',
        { verdicts: [UNREADABLE, `pass NO_SECRET_APPLIED ${K} inventory`] },
      ],
      [
        'it applied kinds that are called almost like it',
        unread({}, inventory('apps_db_bitnami.com_SealedSecret', 'apps_db__SecretX', '_x__Secret_')),
        'notEvaluated SOURCE_UNREADABLE',
      ],
      [
        'the Secret is the token of a service account',
        [
          ...unread({}, inventory('apps_token__Secret')),
          decryptionSecret('apps/token', [], { type: 'kubernetes.io/service-account-token' }),
        ],
        'notEvaluated SOURCE_UNREADABLE',
        { verdicts: [UNREADABLE, `pass NO_SECRET_APPLIED ${K} inventory`] },
      ],
      ['it has applied nothing yet', unread(), 'notEvaluated SOURCE_UNREADABLE', { verdicts: [UNREADABLE] }],
      [
        'it decrypts: whether everything is encrypted is not known',
        [...unread({ decryption: withSecret }, inventory('apps_db__Secret')), decryptionSecret('apps/sops-age')],
        'notEvaluated SOURCE_UNREADABLE',
        { verdicts: [UNREADABLE, `pass DECRYPTION_SET ${K} decryption`] },
      ],
      [
        'an encrypted Secret stops the build',
        unread({}, ready('False', 'apps/db is SOPS encrypted, configuring decryption is required')),
        'fail DECRYPTION_FAILING',
      ],
      [
        'no source was collected',
        age(),
        'notEvaluated SOURCE_UNREADABLE',
        { unavailable: { gitTrees: 'notCollected' }, verdicts: ['notEvaluated SOURCE_UNREADABLE Cluster/cluster'] },
      ],
    ]);
  });

  it('keeps messages short and on a line, whatever files and recipients are called', () => {
    const long = 'x'.repeat(5000);
    const input = [
      ...fleet(
        { [`apps/a\nb${long}.yaml`]: sealedFile(sopsFor(`age:${long}\u0000`)), [`apps/${long}.yaml`]: PLAIN_FILE },
        withSecret,
      ),
      decryptionSecret('apps/sops-age', ['sops.asc']),
    ];
    const failing = judge(control, input).observations.filter(({ outcome }) => outcome === 'fail');
    expect(failing.map(({ reason }) => reason)).toEqual(['PLAINTEXT_IN_PATH', 'WRONG_KEY']);
    for (const { message } of failing) {
      expect(message.length).toBeLessThan(1500);
      expect(message).not.toMatch(/\p{Cc}/u);
    }
  });

  describe('shows the change', () => {
    const fixOf = (input: readonly object[]) =>
      judge(control, input).observations.find(({ fixes }) => fixes)?.fixes ?? [];

    it('in the manifest, and the Secret', () => {
      expect(fixOf(age()).map(({ content }) => content)).toEqual([
        expect.stringContaining(
          'name: web\n  namespace: apps\nspec:\n  decryption:\n    provider: sops\n    secretRef:\n      name: sops-age\n',
        ),
        'kubectl --namespace apps create secret generic sops-age --from-file=age.agekey=<file>\n',
      ]);
    });

    it('with an account, where a key service of a cloud is used', () => {
      expect(fixOf(fleet({ 'apps/db.yaml': sealedFile(KMS) }))[0]?.content).toContain('serviceAccountName: sops');
    });

    it('in the FluxInstance, for the root sync', () => {
      const root = [
        gitRepository('flux-system/fleet'),
        kustomizationOf('flux-system/flux-system'),
        gitTree({ 'apps/db.yaml': sealedFile(AGE) }),
        {
          apiVersion: 'fluxcd.controlplane.io/v1',
          kind: 'FluxInstance',
          metadata: { name: 'flux', namespace: 'flux-system' },
          spec: { sync: { kind: 'GitRepository', url: REPOSITORY } },
        },
      ];
      expect(fixOf(root)[0]).toMatchObject({ form: 'fluxOperatorPatch' });
      expect(fixOf(root)[0]?.content).toContain('path: /spec/decryption');
    });

    it('as a patch, for the root of flux bootstrap', () => {
      const labels = {
        'kustomize.toolkit.fluxcd.io/name': 'flux-system',
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      };
      const root = fluxObject('Kustomization', 'flux-system/flux-system', {
        path: './apps',
        sourceRef: { kind: 'GitRepository', name: 'fleet' },
      });
      const labelled = { ...root, metadata: { name: 'flux-system', namespace: 'flux-system', labels } };
      const [fix] = fixOf([gitRepository('flux-system/fleet'), labelled, gitTree({ 'apps/db.yaml': sealedFile(AGE) })]);
      expect(fix).toMatchObject({ form: 'kustomizePatch' });
      expect(fix?.content).toContain('# ./apps/flux-system/kustomization.yaml');
    });

    it('quotes paths for the shell', () => {
      const [fix] = fixOf(fleet({ "apps/a'; rm -rf $HOME.yaml": PLAIN_FILE }));
      expect(fix?.content).toContain("--in-place 'apps/a'\\''; rm -rf $HOME.yaml'\n");
    });
  });
});
