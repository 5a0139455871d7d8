import type { RequestRecord } from '#libs/core';
import { auditIdOf, type WireAnswer } from './transport.js';

/** What is kept of an answer as evidence. Values of the other side are kept only in the form they must have. */
export function requestRecord(path: string, answer: WireAnswer, resourceVersion?: unknown): RequestRecord {
  return {
    method: 'GET',
    path,
    status: answer.status,
    ...auditIdOf(answer.headers),
    ...(typeof resourceVersion === 'string' && /^\d{1,20}$/.test(resourceVersion) && { resourceVersion }),
  };
}
