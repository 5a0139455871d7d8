import type { Collection } from './collection.js';
import { runningStatus } from './manifests/workload.js';
import { objectKey, type SimulatedObject } from './simulated-object.js';

export interface GeneratedPodsOptions {
  readonly count: number;
  /** They are spread over this many namespaces `team-0000`, …; default 100. */
  readonly namespaces?: number;
  /** The nodes that they run on; default one for each hundred pods, and three at least. */
  readonly nodes?: readonly string[];
  /** Further pods in the same list, such as those of Flux. Their keys must sort before `team-`. */
  readonly among?: readonly SimulatedObject[];
}

const CONTAINERS = ['app', 'proxy'].map((name) => ({ name, image: `registry.example.com/platform/${name}:v1.2.3` }));
/** Stand in the template for what differs between pods. */
const NAMESPACE = '@namespace@';
const NAME = '@name@';
const NUMBER = '@number-----@';
const OWNER = '@owner@';
const NODE = '@node@';

/** Replicas of each Deployment. */
const REPLICAS = 5;
const PODS_PER_NODE = 100;

/** Names of nodes for so many pods. */
export function nodeNames(pods: number): readonly string[] {
  const count = Math.max(3, Math.ceil(pods / PODS_PER_NODE));
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

/**
 * Pods that are made as they are read: 100,000 of them take no memory. Five at a time belong to one
 * Deployment, on as many nodes. Each has two containers and the field ownership that real pods carry, about 8 KB of JSON.
 */
export class GeneratedPods implements Collection {
  private readonly perNamespace: number;
  private readonly among: readonly SimulatedObject[];
  private readonly template: string;
  private readonly nodes: readonly string[];

  constructor(private readonly options: GeneratedPodsOptions) {
    this.perNamespace = Math.max(1, Math.ceil(options.count / (options.namespaces ?? 100)));
    this.among = [...(options.among ?? [])].sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1));
    const last = this.among.at(-1);
    if (last !== undefined && objectKey(last) >= 'team-')
      throw new Error(`Pods among generated ones must sort before "team-"; ${objectKey(last)} does not.`);
    this.nodes = options.nodes ?? nodeNames(options.count);
    const placeholders = { namespace: NAMESPACE, name: NAME, number: NUMBER, owner: OWNER, node: NODE };
    const { apiVersion: _, kind: __, ...listed } = generatedPod(placeholders);
    this.template = JSON.stringify(listed);
  }

  get size(): number {
    return this.among.length + this.options.count;
  }

  keyAt(index: number): string {
    const other = this.among[index];
    if (other !== undefined) return objectKey(other);
    const number = index - this.among.length;
    return `${this.namespaceOf(number)}/${nameOf(number)}`;
  }

  at(index: number): SimulatedObject {
    const other = this.among[index];
    if (other !== undefined) return other;
    const number = index - this.among.length;
    return generatedPod(this.partsOf(number));
  }

  find(key: string): SimulatedObject | undefined {
    const other = this.among.find((pod) => objectKey(pod) === key);
    if (other !== undefined) return other;
    const index = Number(/\/app-(\d+)$/.exec(key)?.[1] ?? Number.NaN) + this.among.length;
    return index < this.size && this.keyAt(index) === key ? this.at(index) : undefined;
  }

  itemJson(index: number): string | undefined {
    if (index < this.among.length) return undefined;
    const { namespace, name, number, owner, node } = this.partsOf(index - this.among.length);
    return this.template
      .replaceAll(NAMESPACE, namespace)
      .replaceAll(NAME, name)
      .replaceAll(NUMBER, number)
      .replaceAll(OWNER, owner)
      .replaceAll(NODE, node);
  }

  private partsOf(number: number): PodParts {
    return {
      namespace: this.namespaceOf(number),
      name: nameOf(number),
      number: twelveDigits(number),
      owner: nameOf(number - (number % REPLICAS)),
      node: this.nodes[number % this.nodes.length] ?? '',
    };
  }

  private namespaceOf(number: number): string {
    return `team-${String(Math.floor(number / this.perNamespace)).padStart(4, '0')}`;
  }
}

const nameOf = (number: number) => `app-${String(number).padStart(7, '0')}`;
const twelveDigits = (number: number) => String(number).padStart(12, '0');

interface PodParts {
  readonly namespace: string;
  readonly name: string;
  readonly number: string;
  /** The Deployment. */
  readonly owner: string;
  readonly node: string;
}

function generatedPod({ namespace, name, number, owner, node }: PodParts): SimulatedObject {
  const startedAt = '2026-01-01T00:00:00Z';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `00000000-0000-4000-a000-${number}`,
      resourceVersion: '1000',
      generateName: 'app-',
      creationTimestamp: startedAt,
      labels: {
        'app.kubernetes.io/name': owner,
        'app.kubernetes.io/part-of': 'platform',
        'pod-template-hash': '6b7c9d8f5',
      },
      annotations: { 'prometheus.io/scrape': 'true', 'checksum/config': '0'.repeat(64) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${owner}-6b7c9d8f5`,
          uid: `00000000-0000-4000-b000-${number}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: ['kube-controller-manager', 'kubelet'].map((manager) => ({
        manager,
        operation: 'Update',
        apiVersion: 'v1',
        time: startedAt,
        fieldsType: 'FieldsV1',
        fieldsV1: OWNED_FIELDS,
      })),
    },
    spec: {
      containers: CONTAINERS.map((container) => ({ ...container, ...CONTAINER_DETAILS })),
      serviceAccountName: 'default',
      serviceAccount: 'default',
      nodeName: node,
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((taint) => ({
        key: `node.kubernetes.io/${taint}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      volumes: [{ name: 'config', configMap: { name: owner, defaultMode: 420 } }],
    },
    status: POD_STATUS,
  };
}

const CONTAINER_DETAILS = {
  args: ['--port=8080', '--log-level=info', '--config=/etc/app/config.yaml'],
  env: ['POD_NAME', 'POD_NAMESPACE', 'POD_IP'].map((name) => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
  })),
  ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
  resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '50m', memory: '64Mi' } },
  livenessProbe: { httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' }, periodSeconds: 10, timeoutSeconds: 1 },
  readinessProbe: { httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' }, periodSeconds: 10, timeoutSeconds: 1 },
  imagePullPolicy: 'IfNotPresent',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  volumeMounts: [{ name: 'config', mountPath: '/etc/app', readOnly: true }],
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
};

const POD_STATUS = runningStatus(CONTAINERS, 'generated');

/** About as long as the field ownership of a pod with two containers. */
const OWNED_FIELDS = {
  'f:metadata': {
    'f:annotations': { '.': {}, 'f:checksum/config': {} },
    'f:labels': { '.': {}, 'f:pod-template-hash': {} },
  },
  'f:spec': {
    'f:containers': Object.fromEntries(
      ['app', 'proxy'].map((name) => [
        `k:{"name":"${name}"}`,
        Object.fromEntries(
          Object.keys(CONTAINER_DETAILS).map((field) => [`f:${field}`, { '.': {}, 'f:resourceFieldRef': {} }]),
        ),
      ]),
    ),
  },
};
