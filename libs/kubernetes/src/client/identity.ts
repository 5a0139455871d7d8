import { ClusterError } from '../cluster-error.js';
import { BASE_READS } from '../auditor/auditor-reads.js';
import type { ClusterClient, JsonAnswer, ObjectAnswer } from './cluster-client.js';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

export interface ServerVersion {
  /** `gitVersion`, such as `v1.36.3` or `v1.30.0+k3s1`. */
  readonly gitVersion: string;
  readonly latencyMs: number;
}

/** Asks for the version. Throws `notKubernetes` where what answers does not look like an API server. */
export async function readVersion(client: ClusterClient): Promise<ServerVersion> {
  let answer: JsonAnswer;
  try {
    answer = await client.getJson('/version');
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // Every API server has this path, so what says otherwise is none.
    const isOther = error.code === 'notFound' || error.code === 'malformed' || error.code === 'rejected';
    throw isOther
      ? new ClusterError('notKubernetes', error.status === undefined ? {} : { status: error.status })
      : error;
  }
  const { gitVersion, major } = answer.body;
  if (
    typeof gitVersion !== 'string' ||
    !/^v\d+\.\d+\.\d+[\w.+-]{0,64}$/.test(gitVersion) ||
    typeof major !== 'string'
  ) {
    throw new ClusterError('notKubernetes');
  }
  return { gitVersion, latencyMs: Math.round(answer.durationMs) };
}

/**
 * The cluster's identity: the UID of its namespace `kube-system`.
 *
 * @param expected throws `identityMismatch` where it is another one
 * @param reserved may use the part of the time budget that is set aside for this
 */
export async function readIdentity(client: ClusterClient, expected?: string, reserved = false): Promise<string> {
  const uid = await kubeSystemUid(client, reserved);
  if (expected !== undefined && uid !== expected) throw new ClusterError('identityMismatch');
  return uid;
}

async function kubeSystemUid(client: ClusterClient, reserved: boolean): Promise<string> {
  let answer: ObjectAnswer | undefined;
  try {
    answer = await client.getObject(NAMESPACES, { name: 'kube-system' }, { accept: METADATA_ONLY, reserved });
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') {
      throw new ClusterError('forbidden', { status: 403, missing: BASE_READS });
    }
    if (error instanceof ClusterError && error.code === 'notFound') throw new ClusterError('identityUnknown');
    throw error;
  }
  const metadata = answer?.body['metadata'];
  if (typeof metadata !== 'object' || metadata === null) throw new ClusterError('identityUnknown');
  const { name, uid } = metadata as Readonly<Record<string, unknown>>;
  if (name !== 'kube-system' || typeof uid !== 'string' || !/^[A-Za-z0-9-]{8,64}$/.test(uid)) {
    throw new ClusterError('identityUnknown');
  }
  return uid;
}
