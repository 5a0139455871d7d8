import { describe, expect, it } from 'vitest';
import { parseSearch } from './search-params.js';
import {
  controlsSearch,
  deliveriesSearch,
  findingsSearch,
  fleetSearch,
  partialResultsSearch,
  remoteAppliesSearch,
  resultsSearch,
  runSearch,
  runsSearch,
} from './searches.js';

describe('what screens understand in their address', () => {
  it.each([
    [fleetSearch, '?q=edge&unreachable=true&compliant=false&labelSelector=env%3Dprod&sort=-openCritical'],
    [findingsSearch, '?severity=critical&severity=high&state=open&cluster=edge-001&control=FLUX-KC-03&waived=false'],
    [findingsSearch, '?changedInRun=run_1&sort=-severity&cursor=abc'],
    [remoteAppliesSearch, '?silent=true&alertCovered=false&failing=true&cluster=hub&target=a&tenant=b&sort=-urgency'],
    [runsSearch, '?state=running&sort=-createdAt&cursor=abc&cluster=edge-001'],
    [runSearch, '?outcome=notEvaluated&cause=forbidden'],
    [controlsSearch, '?severity=high&family=multi-tenancy&sort=title&q=flag'],
    [partialResultsSearch, '?outcome=fail&outcome=notEvaluated&cause=timeout'],
    [resultsSearch, '?outcome=fail&cluster=edge-001&control=FLUX-KC-03&run=run_1'],
    [deliveriesSearch, '?state=dead&sort=createdAt'],
  ] as const)('%# is kept: %s', (search, query) => {
    const raw = parseSearch(query);
    const kept = search(raw) as Record<string, unknown>;
    expect(Object.keys(kept).sort()).toEqual(Object.keys(raw).sort());
  });

  it.each([
    fleetSearch,
    findingsSearch,
    remoteAppliesSearch,
    runsSearch,
    runSearch,
    controlsSearch,
    partialResultsSearch,
    resultsSearch,
    deliveriesSearch,
  ])('%# drops what it does not know', (search) => {
    const query = '?severity=awful&state=nowhere&sort=password&outcome=maybe&cause=because&stale=perhaps&extra=1';
    expect(search(parseSearch(query))).toEqual({});
  });
});
