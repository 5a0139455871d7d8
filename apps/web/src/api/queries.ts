import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from './client.js';
import type { PageOf, QueryOf } from './types.js';

/** Every read of the dashboard. Keys start with the resource, so that a change can refresh all that shows it. */
const list = <T>(resource: string, query: object, read: (signal: AbortSignal) => Promise<PageOf<T>>) =>
  queryOptions({
    queryKey: [resource, 'list', query],
    queryFn: ({ signal }) => read(signal),
    placeholderData: keepPreviousData,
  });

/** What `useList` takes. */
export type ListOptions<T> = ReturnType<typeof list<T>>;

const one = <T>(resource: string, key: string, read: (signal: AbortSignal) => Promise<T>) =>
  queryOptions({ queryKey: [resource, 'one', key], queryFn: ({ signal }) => read(signal) });

export const me = () => ({
  ...one('me', '', (signal) => bodyOf(api.GET('/api/v1/me', { signal }))),
  staleTime: 60_000,
});

export const fleet = () => one('fleet', '', (signal) => bodyOf(api.GET('/api/v1/fleet', { signal })));

export const clusters = (query: QueryOf<'listClusters'>) =>
  list('clusters', query, (signal) => bodyOf(api.GET('/api/v1/clusters', { params: { query }, signal })));

const ofCluster = (clusterRef: string) => ({ params: { path: { clusterRef } } });
export const cluster = (ref: string) =>
  one('clusters', ref, (signal) => bodyOf(api.GET('/api/v1/clusters/{clusterRef}', { ...ofCluster(ref), signal })));
export const credentials = (ref: string) =>
  one('clusters', `${ref}/credentials`, (signal) =>
    bodyOf(api.GET('/api/v1/clusters/{clusterRef}/credentials', { ...ofCluster(ref), signal })),
  );
export const capabilities = (ref: string) =>
  one('clusters', `${ref}/capabilities`, (signal) =>
    bodyOf(api.GET('/api/v1/clusters/{clusterRef}/capabilities', { ...ofCluster(ref), signal })),
  );

export const findings = (query: QueryOf<'listFindings'>) =>
  list('findings', query, (signal) => bodyOf(api.GET('/api/v1/findings', { params: { query }, signal })));
export const finding = (findingId: string) =>
  one('findings', findingId, (signal) =>
    bodyOf(api.GET('/api/v1/findings/{findingId}', { params: { path: { findingId } }, signal })),
  );

export const remoteApplies = (query: QueryOf<'listRemoteApplies'>) =>
  list('remote-applies', query, (signal) => bodyOf(api.GET('/api/v1/remote-applies', { params: { query }, signal })));
export const remoteApply = (remoteApplyId: string) =>
  one('remote-applies', remoteApplyId, (signal) =>
    bodyOf(api.GET('/api/v1/remote-applies/{remoteApplyId}', { params: { path: { remoteApplyId } }, signal })),
  );

export const breakGlass = (query: QueryOf<'getBreakGlass'>) =>
  list('break-glass', query, (signal) => bodyOf(api.GET('/api/v1/break-glass', { params: { query }, signal })));
export const drill = (drillId: string) =>
  one('drills', drillId, (signal) =>
    bodyOf(api.GET('/api/v1/drills/{drillId}', { params: { path: { drillId } }, signal })),
  );

export const results = (query: QueryOf<'listResults'>) =>
  list('results', query, (signal) => bodyOf(api.GET('/api/v1/results', { params: { query }, signal })));

export const runs = (query: QueryOf<'listRuns'>) =>
  list('runs', query, (signal) => bodyOf(api.GET('/api/v1/runs', { params: { query }, signal })));
const ofRun = (runId: string) => ({ params: { path: { runId } } });
export const run = (id: string) =>
  one('runs', id, (signal) => bodyOf(api.GET('/api/v1/runs/{runId}', { ...ofRun(id), signal })));
/** Only a completed run has one. */
export const runDiff = (id: string) => ({
  ...one('runs', `${id}/diff`, (signal) => bodyOf(api.GET('/api/v1/runs/{runId}/diff', { ...ofRun(id), signal }))),
  staleTime: Infinity,
});
export const targets = (runId: string, query: QueryOf<'listRunTargets'>) =>
  list('targets', { runId, ...query }, (signal) =>
    bodyOf(api.GET('/api/v1/runs/{runId}/targets', { params: { path: { runId }, query }, signal })),
  );

export const controls = (query: QueryOf<'listControls'>) =>
  list('controls', query, (signal) => bodyOf(api.GET('/api/v1/controls', { params: { query }, signal })));
export const control = (controlId: string) =>
  one('controls', controlId, (signal) =>
    bodyOf(api.GET('/api/v1/controls/{controlId}', { params: { path: { controlId } }, signal })),
  );

export const channels = (query: QueryOf<'listChannels'>) =>
  list('channels', query, (signal) => bodyOf(api.GET('/api/v1/channels', { params: { query }, signal })));
export const channel = (channelRef: string) =>
  one('channels', channelRef, (signal) =>
    bodyOf(api.GET('/api/v1/channels/{channelRef}', { params: { path: { channelRef } }, signal })),
  );

export const deliveries = (query: QueryOf<'listDeliveries'>) =>
  list('deliveries', query, (signal) => bodyOf(api.GET('/api/v1/deliveries', { params: { query }, signal })));
