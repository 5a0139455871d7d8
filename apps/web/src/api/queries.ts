import type { RunDigest } from '#libs/core';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from './http.js';
import type {
  Channel,
  Cluster,
  Control,
  ControlSummary,
  Credential,
  Delivery,
  Finding,
  FindingSummary,
  Fleet,
  Me,
  PageOf,
  Result,
  Run,
  Target,
} from './types.js';

/** Every read of the dashboard. Keys start with the resource, so that a change can refresh all that shows it. */
type Query = Readonly<Record<string, unknown>>;

const list = <T>(key: string, path: string, query: object) =>
  queryOptions({
    queryKey: [key, 'list', path, query],
    queryFn: ({ signal }) => get<PageOf<T>>(path, query as Query, signal),
    placeholderData: keepPreviousData,
  });

/** What `useList` takes. */
export type ListOptions<T> = ReturnType<typeof list<T>>;

const one = <T>(key: string, path: string) =>
  queryOptions({ queryKey: [key, 'one', path], queryFn: ({ signal }) => get<T>(path, undefined, signal) });

const segment = encodeURIComponent;

export const me = () => ({ ...one<Me>('me', '/me'), staleTime: 60_000 });

export const fleet = () => one<Fleet>('fleet', '/fleet');
export const clusters = (query: object) => list<Cluster>('clusters', '/clusters', query);
export const cluster = (ref: string) => one<Cluster>('clusters', `/clusters/${segment(ref)}`);
export const credentials = (ref: string) =>
  one<{ readonly items: readonly Credential[] }>('clusters', `/clusters/${segment(ref)}/credentials`);

export const findings = (query: object) => list<FindingSummary>('findings', '/findings', query);
export const finding = (id: string) => one<Finding>('findings', `/findings/${segment(id)}`);

export const results = (query: object) => list<Result>('results', '/results', query);

export const runs = (query: object) => list<Run>('runs', '/runs', query);
export const run = (id: string) => one<Run>('runs', `/runs/${segment(id)}`);
/** Only a completed run has one. */
export const runDiff = (id: string) => ({
  ...one<RunDigest>('runs', `/runs/${segment(id)}/diff`),
  staleTime: Infinity,
});
export const targets = (runId: string, query: object) =>
  list<Target>('targets', `/runs/${segment(runId)}/targets`, query);

export const controls = (query: object) => list<ControlSummary>('controls', '/controls', query);
export const control = (id: string) => one<Control>('controls', `/controls/${segment(id)}`);

export const channels = (query: object) => list<Channel>('channels', '/channels', query);
export const channel = (ref: string) => one<Channel>('channels', `/channels/${segment(ref)}`);
export const deliveries = (query: object) => list<Delivery>('deliveries', '/deliveries', query);
