import type { RequestRecord } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import type { Budget } from './budget.js';
import { ListSplitter } from './list-splitter.js';
import { requestRecord } from './request-record.js';
import { resourcePath, type ResourceType } from './resource-path.js';
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

/** What `readList` needs of a client. */
export interface PageReader {
  readonly budget: Budget;
  page<T>(path: string, accept: string, read: (answer: WireAnswer) => Promise<T>): Promise<T>;
}

const PAGE_SIZE = 500;
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

interface Page<T> {
  readonly items: readonly T[];
  /** Size of the items as JSON. */
  readonly kept: number;
  readonly next?: string;
  readonly record: RequestRecord;
}

/**
 * Follows `continue` to the end. A continue token that expired (410) restarts the list once; the `continue` inside that
 * answer would give an inconsistent remainder and is never used
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
 */
export async function readList<T>(
  reader: PageReader,
  type: ResourceType,
  options: ListOptions<T>,
): Promise<ListAnswer<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readPages(reader, type, options);
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status !== 410) throw error;
      if (attempt > 1) throw new ClusterError('incompleteList', { status: 410 });
    }
  }
}

async function readPages<T>(reader: PageReader, type: ResourceType, options: ListOptions<T>): Promise<ListAnswer<T>> {
  const accept = options.metadataOnly ? METADATA_ONLY : 'application/json';
  const items: T[] = [];
  const seen = new Set<string>();
  let first: RequestRecord | undefined;
  for (let next: string | undefined; ;) {
    const path = pagePath(type, options, next);
    const page = await reader.page(path, accept, (answer) =>
      readPage(reader.budget, answer, options, pagePath(type, options)),
    );
    for (const item of page.items) items.push(item);
    first ??= page.record;
    if (page.next === undefined) return { items, record: first };
    // A server that repeats itself would be read for ever.
    if (seen.has(page.next)) throw new ClusterError('budgetExceeded', { detail: 'pages' });
    seen.add(page.next);
    next = page.next;
  }
}

function pagePath<T>(type: ResourceType, options: ListOptions<T>, next?: string): string {
  const query = new URLSearchParams({ limit: String(options.limit ?? PAGE_SIZE) });
  if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  if (next !== undefined) query.set('continue', next);
  const where = options.namespace === undefined ? {} : { namespace: options.namespace };
  return `${resourcePath(type, where)}?${query.toString()}`;
}

async function readPage<T>(
  budget: Budget,
  answer: WireAnswer,
  options: ListOptions<T>,
  path: string,
): Promise<Page<T>> {
  assertAnswered(answer);
  const items: T[] = [];
  let kept = 0;
  const splitter = new ListSplitter((item) => {
    const projected = options.project(item);
    if (projected === undefined) return;
    const bytes = JSON.stringify(projected).length;
    budget.keep(bytes);
    kept += bytes;
    items.push(projected);
  });
  try {
    for await (const chunk of answer.body) splitter.push(chunk);
    const { next, resourceVersion } = envelopeOf(splitter.end());
    return { items, kept, record: requestRecord(path, answer, resourceVersion), ...(next !== undefined && { next }) };
  } catch (error) {
    budget.release(kept);
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
