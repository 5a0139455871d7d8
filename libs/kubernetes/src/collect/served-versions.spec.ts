import { describe, expect, it } from 'vitest';
import { collected, unavailable } from '#libs/core';
import { servedVersions } from './served-versions.js';

const KNOWN = ['v1', 'v1beta2', 'v1beta1'];
const find = (resources: readonly string[], stale: readonly string[] = []) =>
  servedVersions(collected({ serverVersion: 'v1', resources, stale }), 'a.io', 'things', KNOWN);

describe('the versions of a resource', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'the newest that is known first',
      ['a.io/v1beta1/things', 'a.io/v1/things', 'a.io/v1beta2/things'],
      ['v1', 'v1beta2', 'v1beta1'],
    ],
    ['what is known before what is newer', ['a.io/v2/things', 'a.io/v1beta1/things'], ['v1beta1', 'v2']],
    [
      'unknown ones as Kubernetes ranks them',
      ['a.io/v1alpha1/things', 'a.io/v3beta1/things', 'a.io/v2/things', 'a.io/v10/things', 'a.io/v3beta2/things'],
      ['v10', 'v2', 'v3beta2', 'v3beta1', 'v1alpha1'],
    ],
    ['not those of another group', ['a.io/v1/things', 'b.a.io/v1beta2/things'], ['v1']],
    ['not those of another resource', ['a.io/v1/things', 'a.io/v1beta2/others'], ['v1']],
  ])('%s', (_title, resources, versions) => {
    expect(find(resources)).toEqual({ state: 'served', versions });
  });

  it('are none where discovery does not list it', () => {
    expect(find(['a.io/v1/others', 'b.io/v1/things'], ['b.io/v1'])).toEqual({ state: 'absent' });
  });

  it('are not known to be none where its group does not answer', () => {
    expect(find([], ['a.io/v1'])).toEqual({ state: 'stale' });
  });

  it('are those that still answer where one does not', () => {
    expect(find(['a.io/v1/things'], ['a.io/v1beta2'])).toEqual({ state: 'served', versions: ['v1'] });
  });

  it('are guessed where discovery could not be read', () => {
    expect(servedVersions(unavailable('forbidden', ''), 'a.io', 'things', KNOWN)).toEqual({
      state: 'unknown',
      versions: KNOWN,
    });
  });

  it('are found in the core group', () => {
    const discovery = collected({ serverVersion: 'v1', resources: ['/v1/pods'], stale: [] });
    expect(servedVersions(discovery, '', 'pods', ['v1'])).toEqual({ state: 'served', versions: ['v1'] });
  });
});
