import type { Artifacts, Collected, Namespace, NetworkPolicy, Pod } from '#libs/core';
import type { ControllerInstance } from '#libs/flux';
import { PolicyEvaluator } from '#libs/netpol';

/** `https://10.0.0.1:8443` → its host and port; undefined where there is no port to think of. */
function endpointOf(origin: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(https?):\/\/(?:\[([^\]]+)\]|([^:/]+))(?::(\d+))?/i.exec(origin);
  if (!match) return undefined;
  const port = match[4] ?? (match[1]?.toLowerCase() === 'http' ? '80' : '443');
  return { host: match[2] ?? match[3] ?? '', port: Number(port) };
}

const ADDRESS = /^[\d.]+$|:/;

/** Whether NetworkPolicies keep notification-controller from an address. Only addresses by number can be judged. */
export class AlertEgress {
  private readonly evaluator: PolicyEvaluator | undefined;
  private readonly pods: readonly Pod[];

  constructor(
    instances: readonly ControllerInstance[],
    readonly policies: Collected<Artifacts['networkPolicies']>,
    namespaces: Collected<readonly Namespace[]>,
  ) {
    this.evaluator =
      policies.state === 'collected'
        ? new PolicyEvaluator(policies.value, namespaces.state === 'collected' ? namespaces.value : [])
        : undefined;
    this.pods = instances
      .filter(({ component }) => component === 'notification-controller')
      .flatMap(({ pods }) => pods.flatMap(({ object }) => (object.kind === 'Pod' ? [object] : [])));
  }

  /** The policy that isolates the pod where none opens the way; undefined where a way is open or it cannot be told. */
  blockedBy(origin: string): NetworkPolicy | undefined {
    const endpoint = endpointOf(origin);
    const { evaluator } = this;
    if (!evaluator || !endpoint || !ADDRESS.test(endpoint.host)) return undefined;
    for (const pod of this.pods) {
      const [policy] = evaluator.isolating(pod, 'Egress');
      const { allowed } = evaluator.letsOut(pod, { address: endpoint.host }, endpoint.port);
      if (policy && !allowed) return policy;
    }
    return undefined;
  }

  /** The verdict on this address depends on policies. */
  dependsOnPolicies(origin: string): boolean {
    const endpoint = endpointOf(origin);
    return endpoint !== undefined && ADDRESS.test(endpoint.host) && this.pods.length > 0;
  }
}
