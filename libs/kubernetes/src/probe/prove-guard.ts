import type { AccessRule, UnavailableReason } from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { classifyAnswer } from './classify-answer.js';
import { MARKER_HEADER } from './dry-run-guard.js';
import { GUARD_ACCOUNT, GUARD_POLICY, GUARD_SERVICE } from './guard-manifest.js';
import { wireRequest } from './probe-wire.js';
import type { ProbeOptions } from './run-probes.js';

interface NotProved {
  readonly reason: UnavailableReason;
  readonly message: string;
  readonly missing: readonly AccessRule[];
}

/**
 * Whether the guard policy of the cluster stops a marked request that is no dry-run, and lets one pass that is. The first
 * is asked without a write: a connection through the proxy of a Service that does not exist is refused by the policy, or
 * answered with 404 where there is none.
 */
export async function proveGuard(client: ClusterClient, options: ProbeOptions): Promise<'proved' | NotProved> {
  const { marker, auditor, guardNamespace: namespace } = options;
  const user = `system:serviceaccount:${namespace}:${GUARD_ACCOUNT}`;
  const impersonate: AccessRule = {
    verb: 'impersonate',
    group: '',
    resource: 'serviceaccounts',
    namespace,
    name: GUARD_ACCOUNT,
  };
  const stopped = await client.guardTest(
    { namespace, service: GUARD_SERVICE },
    {
      accept: 'application/json',
      'impersonate-user': user,
      [MARKER_HEADER]: marker,
    },
  );
  const { reason, message } = stopped.body ?? {};
  const verdict = classifyAnswer(
    {
      status: stopped.status,
      ...(typeof reason === 'string' && { reason }),
      ...(typeof message === 'string' && { message }),
    },
    { impersonated: user, auditor },
  );
  if (verdict.kind === 'cannotImpersonate') {
    return not('forbidden', 'The auditor may not act as the account of the self-test, so that nothing was probed.', [
      impersonate,
    ]);
  }
  if (verdict.kind === 'unauthorized') {
    const right = { verb: 'get', group: '', resource: 'services/proxy', namespace, name: GUARD_SERVICE };
    return not('forbidden', 'The account of the self-test lacks its one right, so that nothing was probed.', [right]);
  }
  if (
    verdict.kind !== 'denied' ||
    verdict.by.mechanism !== 'validatingAdmissionPolicy' ||
    verdict.by.name !== GUARD_POLICY
  ) {
    return not(
      'notCollected',
      `The policy ${GUARD_POLICY} does not stop probes that are no dry-run, so that nothing was probed. Apply the manifest of active verification.`,
    );
  }
  const allowed = await client.probe(
    wireRequest(
      {
        key: 'guard',
        control: '',
        as: { user, groups: [] },
        method: 'POST',
        target: { group: '', version: 'v1', resource: 'configmaps', namespace },
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plimsoll-self-test', namespace } },
        what: 'creates a ConfigMap in a dry-run',
      },
      marker,
    ),
    { marker, foreignGroups: options.foreignGroups },
  );
  if (allowed.status === 201 || allowed.status === 200) return 'proved';
  return not('notCollected', 'The cluster refuses the dry-run of the self-test, so that nothing was probed.', [
    { verb: 'create', group: '', resource: 'configmaps', namespace },
  ]);
}

function not(reason: UnavailableReason, message: string, missing: readonly AccessRule[] = []): NotProved {
  return { reason, message, missing };
}
