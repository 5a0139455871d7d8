import type { RequestRecord } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import type { Budget } from './budget.js';
import { ListSplitter } from './list-splitter.js';
import { requestRecord } from './request-record.js';
import { resourcePath, type ResourceType } from './resource-path.js';
import { METADATA_ALONE } from './secrets-as-metadata.js';
import { assertAnswered } from './status.js';
import type { WireAnswer } from './transport.js';

export interface ListOptions<T> {
  /** Turns one element into what is kept, or undefined to drop it. Throws `ClusterError('malformed')` where it cannot. */
  readonly project: (item: unknown) => T | undefined;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Ask for metadata only (`PartialObjectMetadataList`). */
  readonly metadataOnly?: boolean;
  /** Page size; default 500. */
  readonly limit?: number;
}

export interface ListAnswer<T> {
  readonly items: readonly T[];
  /** One record for the whole list: its first page. */
  readonly record: RequestRecord;
}

/**
 * What a list is made into while it arrives. Pages are added whole, each once: what of a page had arrived when it broke off,
 * and everything before a restart, is forgotten.
 */
export interface Gatherer<T, S> {
  readonly start: () => S;
  /** Bytes of memory that one projected element takes, roughly. */
  readonly weigh: (item: T) => number;
  /** Adds a page, whose elements weigh `weight` together; returns how many bytes of it stay in memory. */
  readonly add: (state: S, items: readonly T[], weight: number) => number;
}

export interface Gathered<S> {
  readonly value: S;
  readonly record: RequestRecord;
}

/** What `gatherList` needs of a client. */
export interface PageReader {
  readonly budget: Budget;
  page<T>(path: string, accept: string, read: (answer: WireAnswer) => Promise<T>): Promise<T>;
}

const PAGE_SIZE = 500;

interface Page<T> {
  readonly items: readonly T[];
  readonly weight: number;
  readonly next?: string;
  readonly record: RequestRecord;
}

/** Every element, one after another. */
export function inOrder<T>(): Gatherer<T, T[]> {
  return {
    start: () => [],
    weigh: (item) => JSON.stringify(item).length,
    add: (all, items, weight) => {
      for (const item of items) all.push(item);
      return weight;
    },
  };
}

/**
 * Follows `continue` to the end. A continue token that expired (410) restarts the list once; the `continue` inside that
 * answer would give an inconsistent remainder and is never used
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
 */
export async function gatherList<T, S>(
  reader: PageReader,
  type: ResourceType,
  options: ListOptions<T>,
  gatherer: Gatherer<T, S>,
): Promise<Gathered<S>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await gatherPages(reader, type, options, gatherer);
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status !== 410) throw error;
      if (attempt > 1) throw new ClusterError('incompleteList', { status: 410 });
    }
  }
}

async function gatherPages<T, S>(
  reader: PageReader,
  type: ResourceType,
  options: ListOptions<T>,
  gatherer: Gatherer<T, S>,
): Promise<Gathered<S>> {
  const { budget } = reader;
  const value = gatherer.start();
  const seen = new Set<string>();
  let kept = 0;
  let first: RequestRecord | undefined;
  try {
    for (let next: string | undefined; ;) {
      const path = pagePath(type, options, next);
      const page = await reader.page(path, acceptOf(type, options), (answer) =>
        readPage(budget, answer, options, gatherer, pagePath(type, options)),
      );
      budget.release(page.weight);
      const staying = gatherer.add(value, page.items, page.weight);
      kept += staying;
      budget.keep(staying);
      first ??= page.record;
      if (page.next === undefined) return { value, record: first };
      // A server that repeats itself would be read for ever.
      if (seen.has(page.next)) throw new ClusterError('budgetExceeded', { detail: 'pages' });
      seen.add(page.next);
      next = page.next;
    }
  } catch (error) {
    budget.release(kept);
    throw error;
  }
}

/** Of Secrets nothing but metadata is ever taken: an API server that cannot answer so is to refuse. */
function acceptOf<T>(type: ResourceType, options: ListOptions<T>): string {
  if (isSecrets(type)) return METADATA_ALONE;
  return options.metadataOnly ? `${METADATA_ALONE},application/json` : 'application/json';
}

function isSecrets({ group, resource }: ResourceType): boolean {
  return group === '' && resource === 'secrets';
}

function pagePath<T>(type: ResourceType, options: ListOptions<T>, next?: string): string {
  const query = new URLSearchParams({ limit: String(options.limit ?? PAGE_SIZE) });
  if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  if (next !== undefined) query.set('continue', next);
  const where = options.namespace === undefined ? {} : { namespace: options.namespace };
  return `${resourcePath(type, where)}?${query.toString()}`;
}

async function readPage<T, S>(
  budget: Budget,
  answer: WireAnswer,
  options: ListOptions<T>,
  gatherer: Gatherer<T, S>,
  path: string,
): Promise<Page<T>> {
  assertAnswered(answer);
  const items: T[] = [];
  let weight = 0;
  const splitter = new ListSplitter((item) => {
    const projected = options.project(item);
    if (projected === undefined) return;
    const bytes = gatherer.weigh(projected);
    budget.keep(bytes);
    weight += bytes;
    items.push(projected);
  });
  try {
    for await (const chunk of answer.body) splitter.push(chunk);
    const { next, resourceVersion } = envelopeOf(splitter.end());
    return { items, weight, record: requestRecord(path, answer, resourceVersion), ...(next !== undefined && { next }) };
  } catch (error) {
    budget.release(weight);
    throw error;
  }
}

function envelopeOf({ kind, metadata }: Readonly<Record<string, unknown>>): {
  next?: string;
  resourceVersion?: unknown;
} {
  if (typeof kind !== 'string' || !kind.endsWith('List')) throw new ClusterError('malformed', { detail: 'kind' });
  if (typeof metadata !== 'object' || metadata === null) throw new ClusterError('malformed', { detail: 'metadata' });
  const { continue: next, resourceVersion } = metadata as Readonly<Record<string, unknown>>;
  if (next === undefined || next === '') return { resourceVersion };
  // Tokens are about 200 bytes; anything much longer is not one, and would not fit in a URL.
  if (typeof next !== 'string' || next.length > 4_096) throw new ClusterError('malformed', { detail: 'continue' });
  return { next, resourceVersion };
}
