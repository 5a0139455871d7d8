import {
  matchesLabels,
  validLabels,
  type ApiDiscovery,
  type Collected,
  type DiscoveredCluster,
  type LabelSelector,
  type UnavailableReason,
} from '#libs/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterError } from '../cluster-error.js';
import { listServed, type ListedKind } from '../collect/list-served.js';
import { Fields } from '../projection/fields.js';
import { excerpt } from '#libs/flux';

/** What could not be read, so that clusters may be missing. Our own words. */
export interface DiscoveryGap {
  readonly reason: UnavailableReason;
  readonly message: string;
}

export interface SourceFindings {
  readonly clusters: readonly DiscoveredCluster[];
  /** Empty: these are all clusters of the source. */
  readonly gaps: readonly DiscoveryGap[];
}

/** What an object of a source is called, and its labels as far as they are valid. */
export interface ObjectHead {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DiscoveryOptions {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Of the objects that tell of clusters; absent: all. */
  readonly labelSelector?: LabelSelector;
}

interface Listed<T> {
  readonly items: readonly T[];
  readonly gaps: readonly DiscoveryGap[];
}

const NAMED = 10;

/** How the readers of sources read the management cluster. */
export class DiscoveryContext {
  constructor(
    readonly client: ClusterClient,
    private readonly api: Collected<ApiDiscovery>,
    readonly options: DiscoveryOptions,
  ) {}

  /**
   * The objects of a kind in the namespaces of the source, those that the selector takes. An object that cannot be
   * understood is a gap, and does not hide the others: whoever may write one object could else hide all clusters.
   */
  async list<T extends ObjectHead>(kind: Omit<ListedKind<T>, 'namespace'>): Promise<Listed<T>> {
    const { namespaces, labelSelector } = this.options;
    const malformed: string[] = [];
    const project = (version: string) => {
      const read = kind.project(version);
      return (item: unknown): T | undefined => {
        try {
          const found = read(item);
          return found && matchesLabels(labelSelector ?? [], found.labels) ? found : undefined;
        } catch (error) {
          if (!(error instanceof ClusterError) || error.code !== 'malformed') throw error;
          malformed.push(placeOf(item));
          return undefined;
        }
      };
    };
    const where = namespaces.length === 0 ? [{}] : namespaces.map((namespace) => ({ namespace }));
    const lists = await Promise.all(
      where.map((place) => listServed(this.client, this.api, { ...kind, ...place, project })),
    );
    const gaps = lists.flatMap((list) =>
      list.state === 'collected' ? [] : [{ reason: list.reason, message: list.message }],
    );
    return {
      items: lists.flatMap((list) => (list.state === 'collected' ? list.value : [])),
      gaps: [...gaps, ...malformedGap(kind.resource, malformed)],
    };
  }
}

export function headOf(object: Fields): ObjectHead {
  const metadata = object.needChild('metadata');
  return {
    namespace: objectName(metadata.needText('namespace')),
    name: objectName(metadata.needText('name')),
    labels: validLabels(metadata.textMap('labels') ?? {}),
  };
}

/** A DNS subdomain (RFC 1123), as names of objects are. Throws `malformed`. */
export function objectName(text: string): string {
  if (!/^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(text)) throw new ClusterError('malformed', { detail: 'name' });
  return text;
}

/** A key of a Secret's data. Throws `malformed`. */
export function dataKey(text: string): string {
  if (!/^[-._a-zA-Z0-9]{1,253}$/.test(text)) throw new ClusterError('malformed', { detail: 'key' });
  return text;
}

/** Of an object that may be anything, for people. */
function placeOf(item: unknown): string {
  const { metadata } = Object(item) as { readonly metadata?: unknown };
  const { namespace, name } = Object(metadata) as { readonly namespace?: unknown; readonly name?: unknown };
  const shown = (text: unknown) => (typeof text === 'string' ? excerpt(text, 63) : '?');
  return `${shown(namespace)}/${shown(name)}`;
}

function malformedGap(resource: string, names: readonly string[]): readonly DiscoveryGap[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, NAMED);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return [{ reason: 'malformed', message: `Some ${resource} could not be understood: ${shown.join(', ')}${more}.` }];
}
