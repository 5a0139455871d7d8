import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Registration } from '#libs/core';
import type { Manifest } from './admin-client.js';
import { alertVariants, type AlertVariant } from './alert-variants.js';
import { deleteKubeconfigSecret, expireCredential, killCluster, replaceKubeconfig, revokeAccess } from './break.js';
import {
  HELM_RELEASE,
  KUSTOMIZATION,
  alertTo,
  configMapYaml,
  connectSpoke,
  readyCondition,
  reconcileNow,
  remoteHelmRelease,
  remoteKustomization,
  type RemoteApplyTarget,
} from './fleet.js';
import { startFluxControllers, type RunningFlux } from './flux-controllers.js';
import { installFlux } from './flux-install.js';
import { HttpReceiver } from './http-receiver.js';
import { startLab, type Lab, type RunningCluster } from './lab.js';
import { eventually } from './poll.js';
import { RemoteApplyAudit, registered, remoteApplyAuditor } from './remote-apply-audit.js';
import { OWN_FAILURES, failOnHub } from './remote-apply-failures.js';
import { SourceServer } from './source-server.js';

const shared = inject('lab');
const HEARD = 'spoke-a';
const UNHEARD = 'spoke-b';
const VARIANTS = 'variants';
/** Of FLUX-RA-02: tokens for an hour. */
const GOOD_KUBECONFIGS = [['warn TOKEN_EXPIRES_SOON'], ['warn TOKEN_EXPIRES_SOON']];
const REGISTRATION: Registration = {
  name: 'hub',
  role: 'management',
  tenants: [
    { name: 'spoke-a', namespaces: { names: [HEARD, VARIANTS] } },
    { name: 'spoke-b', namespaces: { names: [UNHEARD] } },
  ],
};

interface FluxEvent {
  readonly severity: string;
  readonly involvedObject: { readonly kind: string; readonly namespace: string; readonly name: string };
}

const kustomization = (namespace: string, name = 'apps'): Manifest => ({
  apiVersion: KUSTOMIZATION,
  kind: 'Kustomization',
  metadata: { namespace, name },
});
const helmRelease = (namespace: string, name = 'web'): Manifest => ({
  apiVersion: HELM_RELEASE,
  kind: 'HelmRelease',
  metadata: { namespace, name },
});

/** Two spokes; people hear of failures of one of them. What the controls say is held against what arrives. */
describe.skipIf(!shared?.flux)('failures of remote applies, by the real Flux controllers [needs lab]', () => {
  let lab: Lab;
  let hub: RunningCluster;
  let flux: RunningFlux;
  let sources: SourceServer;
  let receiver: HttpReceiver;
  let targets: readonly RemoteApplyTarget[] = [];
  let variants: readonly AlertVariant[] = [];
  let auditor: string;

  const audit = () =>
    RemoteApplyAudit.of(
      auditor,
      REGISTRATION,
      ['spoke-a', 'spoke-b'].map((name) => registered(lab.cluster(name))),
    );
  /** An audit while none of the objects is being tried again, which hides how it stands. */
  const auditOf = (each: readonly Manifest[]) =>
    eventually('an audit between two tries', async () => {
      const told = await audit();
      return each.some((object) => told.verdicts('RA-03', object).includes('warn RECONCILING')) ? undefined : told;
    });
  const objects = [HEARD, UNHEARD].flatMap((namespace) => [kustomization(namespace), helmRelease(namespace)]);
  const all = [...objects, kustomization(VARIANTS)];

  beforeAll(async () => {
    if (shared === null) return;
    const clusters = ['hub', 'spoke-a', 'spoke-b'].map((name) => ({ name, controllerManager: false }));
    lab = await startLab({ programs: shared.programs, clusters });
    hub = lab.cluster('hub');
    await installFlux(hub, shared.crdFolder, { lockDown: 'none' });
    [flux, sources, receiver] = await Promise.all([
      startFluxControllers(lab.workspace, hub, shared.programs, { fromDeployments: true }),
      SourceServer.start(),
      HttpReceiver.start(),
    ]);
    auditor = await remoteApplyAuditor(hub);
    targets = await Promise.all([
      connectSpoke(hub, lab.cluster('spoke-a'), HEARD),
      connectSpoke(hub, lab.cluster('spoke-b'), UNHEARD),
      connectSpoke(hub, lab.cluster('spoke-a'), VARIANTS),
    ]);
    await alertTo(hub.admin, HEARD, 'all', `${receiver.url}/all`);
    variants = alertVariants(VARIANTS, receiver.url);
    for (const { objects: each } of variants) await hub.admin.applyAll(each);
    for (const target of targets) {
      await remoteKustomization(target, sources, 'apps', { 'c.yaml': configMapYaml(target.namespace, 'default') });
      if (target.namespace !== VARIANTS) await remoteHelmRelease(target, sources, 'web', 'default');
    }
    await hub.admin.patch(kustomization(VARIANTS), { metadata: { labels: { tier: 'prod' } } });
  });
  afterAll(async () => {
    await flux?.stop();
    await lab?.stop();
    await Promise.all([sources?.stop(), receiver?.stop()]);
  });

  const untilReady = (object: Manifest, status: 'True' | 'False', reason = /./) =>
    eventually(
      `${object.kind} ${object.metadata.namespace}/${object.metadata.name} is Ready=${status} ${reason}`,
      async () => {
        const ready = await readyCondition(hub.admin, object);
        return ready?.status === status && reason.test(ready.reason) ? ready : undefined;
      },
    );
  const reconcileAll = (each: readonly Manifest[]) =>
    Promise.all(each.map((object) => reconcileNow(hub.admin, object)));
  /** Errors about an object, from the `since`-th message on; with `path`, those that came by this Alert. */
  const errorsAbout = ({ kind, metadata: { namespace, name } }: Manifest, since = 0, path?: string) =>
    receiver.received.slice(since).filter((request) => {
      const { severity, involvedObject } = request.json as FluxEvent;
      return (
        severity === 'error' &&
        (path === undefined || request.path === path) &&
        involvedObject.kind === kind &&
        involvedObject.namespace === namespace &&
        involvedObject.name === name
      );
    });
  const untilHeard = (object: Manifest, since: number, path: string) =>
    eventually(
      `an error about ${object.kind} ${object.metadata.name} arrives at ${path}`,
      () => errorsAbout(object, since, path)[0],
    );

  it('all is well: everything is registered, healthy and delivered, and it is told what nobody would hear of', async () => {
    await Promise.all(all.map((object) => untilReady(object, 'True')));
    const told = await audit();
    for (const object of all) {
      expect(told.verdicts('RA-01', object)).toEqual(['pass MAPPED']);
      expect(told.verdicts('RA-03', object)).toEqual(['pass HEALTHY']);
    }
    // An Alert is all that a Kustomization needs to be missed; a HelmRelease that loses its target sends no event.
    expect(told.verdicts('RA-04', kustomization(HEARD))).toEqual(['warn SILENT_FAILURE']);
    expect(told.verdicts('RA-04', helmRelease(HEARD))).toEqual(['fail SILENT_FAILURE']);
    // Of the Alerts that do not help, the nearest is told: one of them means to be for every namespace.
    expect(told.verdicts('RA-04', kustomization(UNHEARD))).toEqual(['fail ALERT_NAMESPACE_WILDCARD']);
    expect(told.verdicts('RA-04', helmRelease(UNHEARD))).toEqual(['fail SILENT_FAILURE']);
    expect(receiver.received.filter(({ path }) => path === '/all')).toEqual([]);
  });

  interface Loss {
    readonly mode: readonly [kustomization: string, helmRelease: string];
    readonly cause: string;
    readonly helmReason: RegExp;
    readonly break: (target: RemoteApplyTarget) => Promise<void>;
    readonly repair: (target: RemoteApplyTarget) => Promise<void>;
    readonly registered: string;
    /** An Alert hears of it when a deleted Kustomization cannot remove what it applied. */
    readonly deletionIsHeard: boolean;
    /** Of FLUX-RA-02, about the Secrets of both spokes. */
    readonly kubeconfigs: readonly (readonly string[])[];
  }
  const bindings = new Map<RemoteApplyTarget, Manifest>();
  const recreate = async ({ hub: { admin }, kubeconfigSecret }: RemoteApplyTarget) => {
    await admin.delete(kubeconfigSecret);
    await admin.apply(kubeconfigSecret);
  };
  const LOSSES: readonly (readonly [string, Loss])[] = [
    [
      'access is revoked on the spokes',
      {
        mode: ['APPLY_DENIED', 'STATE_ERROR'],
        cause: 'ACCESS_REVOKED',
        helmReason: /^StateError$/,
        registered: 'pass MAPPED',
        kubeconfigs: GOOD_KUBECONFIGS,
        deletionIsHeard: true,
        break: async (target) => {
          const found = await target.spoke.admin.find(target.spokeBinding);
          if (found)
            bindings.set(target, {
              apiVersion: found.apiVersion,
              kind: found.kind,
              metadata: { name: found.metadata.name },
              roleRef: found['roleRef'],
              subjects: found['subjects'],
            });
          await revokeAccess(target);
        },
        repair: async (target) => {
          const binding = bindings.get(target);
          if (binding) await target.spoke.admin.apply(binding);
        },
      },
    ],
    [
      'the kubeconfig Secrets are deleted',
      {
        mode: ['KUBECLIENT_FAIL', 'REST_CLIENT'],
        cause: 'CREDENTIAL_MISSING',
        helmReason: /^RESTClientError$/,
        registered: 'fail SECRET_MISSING',
        kubeconfigs: [['notApplicable NO_KUBECONFIG'], ['notApplicable NO_KUBECONFIG']],
        deletionIsHeard: false,
        break: deleteKubeconfigSecret,
        repair: recreate,
      },
    ],
    [
      'a certificate has expired, a token is not one of the spoke',
      {
        mode: ['APPLY_DENIED', 'STATE_ERROR'],
        cause: 'CREDENTIAL_INVALID',
        helmReason: /^StateError$/,
        registered: 'pass MAPPED',
        kubeconfigs: [['fail CERTIFICATE_EXPIRED', 'fail SYSTEM_MASTERS'], ['warn TOKEN_EXPIRY_UNKNOWN']],
        deletionIsHeard: true,
        break: async (target) =>
          target.namespace === UNHEARD
            ? replaceKubeconfig(target, await target.spoke.kubeconfig({ token: 'not-a-token-of-the-spoke' }))
            : expireCredential(target),
        repair: recreate,
      },
    ],
    [
      'the API servers of the spokes are gone',
      {
        mode: ['APPLY_DENIED', 'STATE_ERROR'],
        cause: 'NETWORK',
        helmReason: /^StateError$/,
        registered: 'pass MAPPED',
        kubeconfigs: GOOD_KUBECONFIGS,
        deletionIsHeard: true,
        break: async ({ namespace, spoke }) => {
          if (namespace !== VARIANTS) await killCluster(lab.cluster(spoke.name));
        },
        repair: async ({ namespace, spoke }) => {
          if (namespace !== VARIANTS) await lab.cluster(spoke.name).restart();
        },
      },
    ],
  ];

  /** A Kustomization of which people hear, ready to be deleted. Of one name the same message comes but once in 5 minutes. */
  const untilLeaving = async (name: string): Promise<Manifest> => {
    const [target] = targets;
    if (!target) throw new Error('There is no spoke.');
    const leaving = await remoteKustomization(target, sources, name, { 'c.yaml': configMapYaml(name, 'default') });
    await untilReady(leaving, 'True');
    return leaving;
  };

  it.each(LOSSES)('%s', async (_title, loss) => {
    const leaving = await untilLeaving(`leaving-${loss.cause.toLowerCase().replaceAll('_', '-')}`);
    const since = receiver.received.length;
    for (const target of targets) await loss.break(target);
    await hub.admin.delete(leaving);
    await reconcileAll(all);
    await Promise.all(
      all.map((object) =>
        untilReady(object, 'False', object.kind === 'HelmRelease' ? loss.helmReason : /^ReconciliationFailed$/),
      ),
    );
    const told = await auditOf(all);
    for (const object of all) {
      expect(told.verdicts('RA-01', object)).toEqual([loss.registered]);
      expect(told.verdicts('RA-03', object)).toEqual([`warn ${loss.cause}`]);
    }
    const secrets = targets.slice(0, 2).map(({ kubeconfigSecret }) => told.verdicts('RA-02', kubeconfigSecret));
    expect(secrets).toEqual(loss.kubeconfigs);
    const heard = (object: Manifest) => told.heardBy(object, loss.mode[object.kind === 'HelmRelease' ? 1 : 0]);
    expect(
      Object.fromEntries(objects.map((object) => [`${object.kind} of ${object.metadata.namespace}`, heard(object)])),
    ).toEqual({
      'Kustomization of spoke-a': 'covered',
      'HelmRelease of spoke-a': 'uncovered',
      'Kustomization of spoke-b': 'uncovered',
      'HelmRelease of spoke-b': 'uncovered',
    });
    await untilHeard(kustomization(HEARD), since, '/all');
    const expected = variants.map(
      (variant) => [variant, told.heardBy(kustomization(VARIANTS), loss.mode[0], variant.alert)] as const,
    );
    for (const [{ path, arrives }, state] of expected) {
      if (state === 'covered' && arrives) await untilHeard(kustomization(VARIANTS), since, path);
    }
    expect(told.verdicts('RA-03', leaving)).toEqual(['warn DELETING']);
    if (loss.deletionIsHeard) await untilHeard(leaving, since, '/all');
    for (const target of targets) await loss.repair(target);
    await reconcileAll(all);
    // Time enough for a message that should not come.
    await Promise.all(all.map((object) => untilReady(object, 'True')));
    const unheard = expected.filter(([, state]) => state === 'uncovered').map(([{ path }]) => path);
    expect(unheard.length).toBeGreaterThan(8);
    expect(unheard.flatMap((path) => errorsAbout(kustomization(VARIANTS), since, path))).toEqual([]);
    expect(objects.slice(1).flatMap((object) => errorsAbout(object))).toEqual([]);
    await eventually('the Kustomization is gone', async () => ((await hub.admin.find(leaving)) ? undefined : true));
    expect(errorsAbout(leaving, since).length > 0).toBe(loss.deletionIsHeard);
  });

  it('what fails on the hub itself: as told, and heard of as told', async () => {
    const since = receiver.received.length;
    for (const target of targets.slice(0, 2)) await failOnHub(target, sources);
    const own = OWN_FAILURES.flatMap((failure) => [HEARD, UNHEARD].map((namespace) => ({ ...failure, namespace })));
    const objectOf = ({ kind, name, namespace }: (typeof own)[number]) =>
      kind === 'Kustomization' ? kustomization(namespace, name) : helmRelease(namespace, name);
    for (const failure of own) if (failure.ready) await untilReady(objectOf(failure), failure.ready, failure.reason);
    for (const failure of own) {
      if (failure.heard && failure.namespace === HEARD) await untilHeard(objectOf(failure), since, '/all');
    }
    const told = await auditOf(own.map(objectOf));
    expect(
      own.map((failure) => [failure.namespace, failure.name, ...told.verdicts('RA-03', objectOf(failure))]),
    ).toEqual(own.map(({ namespace, name, verdicts }) => [namespace, name, ...verdicts]));
    expect(
      own.map((failure) => [failure.namespace, failure.name, told.heardBy(objectOf(failure), failure.mode)]),
    ).toEqual(
      own.map(({ namespace, name, heard }) => [
        namespace,
        name,
        heard && namespace === HEARD ? 'covered' : 'uncovered',
      ]),
    );
    expect(
      own
        .filter((failure) => errorsAbout(objectOf(failure), since).length > 0)
        .map(({ namespace, name }) => [namespace, name]),
    ).toEqual(
      own
        .filter(({ namespace, heard }) => heard && namespace === HEARD)
        .map(({ namespace, name }) => [namespace, name]),
    );
  });

  it('what became of the messages: told by the Alerts that lost them', async () => {
    const dead = variants.find(({ arrives }) => !arrives);
    await eventually('the loss of a message to a dead receiver is told', async () => {
      const events = await hub.admin.list('v1', 'Event', VARIANTS);
      return events.find((event) => (event['involvedObject'] as { name: string }).name === dead?.name);
    });
    const told = await audit();
    const verdicts = variants.map(({ name, alert }) => [name, told.verdicts('RA-05', alert).join(', ')] as const);
    expect(Object.fromEntries(verdicts.filter(([, verdict]) => verdict !== 'pass NO_TRACE_OF_LOSS'))).toEqual({
      // They name no object that is applied remotely.
      'name-with-star': '',
      'namespace-star': '',
      'other-kind': '',
      'included-invalid': 'fail INVALID_CONFIG, fail INVALID_PATTERN',
      'included-beside-invalid': 'fail INVALID_CONFIG, fail INVALID_PATTERN',
      'excluded-invalid': 'fail INVALID_CONFIG, fail INVALID_PATTERN',
      suspended: 'notApplicable ALERT_SUSPENDED',
      'provider-suspended': 'notApplicable PROVIDER_SUSPENDED',
      'provider-missing': 'fail DISPATCH_FAILED, fail PROVIDER_MISSING',
      'provider-secret-missing': 'fail DISPATCH_FAILED, fail PROVIDER_SECRET_MISSING',
      'provider-dead': 'fail SEND_FAILED',
    });
  });
});
