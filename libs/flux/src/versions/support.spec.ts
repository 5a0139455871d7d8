import { describe, expect, it } from 'vitest';
import { SUPPORTED, releasePlaceOf, supportOf } from './support.js';

describe('support of releases', () => {
  it('is for the last three minor versions', () => {
    expect(SUPPORTED).toEqual(['2.7', '2.8', '2.9']);
  });

  it.each([
    ['source-controller', '1.9.4', { minor: '2.9', supported: true, newestPatch: '1.9.4' }],
    ['source-controller', '1.9.0', { minor: '2.8', supported: true }],
    ['source-controller', '1.7.0', { minor: '2.7', supported: true, newestPatch: '1.7.4' }],
    ['source-controller', '1.6.2', { minor: '2.6', supported: false, newestPatch: '1.6.2' }],
    ['source-controller', '1.2.5', { minor: '2.2', supported: false, newestPatch: '1.2.4' }],
    ['helm-controller', '1.6.9', { minor: '2.9', supported: true, newestPatch: '1.6.3' }],
    ['helm-controller', '0.1.0', { order: -1, supported: false }],
  ] as const)('%s %s', (component, version, place) => {
    expect(releasePlaceOf(component, version)).toMatchObject(place);
  });

  it.each([
    ['2.9', 'supported'],
    ['2.7', 'supported'],
    ['2.6', 'endOfLife'],
    ['0.41', 'endOfLife'],
    ['2.10', 'unknown'],
    ['3.0', 'unknown'],
  ] as const)('Flux %s: %s', (minor, support) => {
    expect(supportOf(minor)).toBe(support);
  });
});
