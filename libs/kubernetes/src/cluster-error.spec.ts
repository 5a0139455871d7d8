import { describe, expect, it } from 'vitest';
import { codeOfUnavailable } from '#libs/core';
import { CLUSTER_ERROR_CODES, ClusterError } from './cluster-error.js';

describe.each(CLUSTER_ERROR_CODES)('the error %s', (code) => {
  const error = new ClusterError(code);

  it('says what happened and what to do', () => {
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.hint).toMatch(/^[A-Z].*\.$/);
    expect(error.hint).not.toBe(error.message);
  });

  it('has a reason that the results know', () => {
    expect(codeOfUnavailable(error.reason)).toMatch(/^[A-Z_]+$/);
  });
});

it('keeps details, and no cause', () => {
  const missing = [{ verb: 'list', group: '', resource: 'pods' }];
  const error = new ClusterError('forbidden', { status: 403, missing, detail: 'x' });
  expect(error).toMatchObject({ name: 'ClusterError', code: 'forbidden', status: 403, missing, detail: 'x' });
  expect(error.cause).toBeUndefined();
});
