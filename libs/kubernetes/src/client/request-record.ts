import type { RequestRecord } from '#libs/core';
import type { WireAnswer } from './transport.js';

/** What is kept of an answer as evidence. Values of the other side are kept only in the form they must have. */
export function requestRecord(path: string, answer: WireAnswer, resourceVersion?: unknown): RequestRecord {
  const auditId = answer.headers['audit-id'];
  return {
    method: 'GET',
    path,
    status: answer.status,
    ...(typeof auditId === 'string' && /^[0-9a-f-]{36}$/i.test(auditId) && { auditId }),
    ...(typeof resourceVersion === 'string' && /^\d{1,20}$/.test(resourceVersion) && { resourceVersion }),
  };
}
