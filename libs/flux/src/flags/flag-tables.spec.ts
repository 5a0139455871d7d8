import { describe, expect, it } from 'vitest';
import { setFlag } from '../arguments/flag-values.js';
import { COMPONENTS } from '../components.js';
import { compareVersions } from '../versions/version.js';
import { newestKnown } from '../versions/releases.js';
import { firstVersionOf, hasFlag } from './availability.js';
import { FLAGS_AS_OF, defaultValue, flagsOf } from './flag-tables.js';
import { RELEASES_AS_OF } from '../versions/releases.js';

describe('flag tables', () => {
  it.each(COMPONENTS)('%s: every flag once, with a default that it accepts', (component) => {
    const flags = [...flagsOf(component).values()];
    expect(flags.length).toBeGreaterThan(15);
    const refused = flags.filter((flag) => setFlag(flag.type, flag.default, undefined) === undefined);
    // A bool, number or duration without a default would be refused.
    expect(refused).toEqual([]);
  });

  it('describe the newest release that is known', () => {
    expect(FLAGS_AS_OF).toEqual(RELEASES_AS_OF);
  });

  it.each(COMPONENTS)('%s: no flag appears after the newest known version', (component) => {
    const late = [...flagsOf(component).keys()].filter((flag) => {
      const first = firstVersionOf(flag, component);
      return first !== undefined && compareVersions(first, newestKnown(component)) > 0;
    });
    expect(late).toEqual([]);
  });

  it.each([
    ['insecure-kubeconfig-exec', 'helm-controller', '0.18.9', false],
    ['insecure-kubeconfig-exec', 'helm-controller', '0.19.0', true],
    ['no-remote-bases', 'kustomize-controller', '0.24.4', false],
    ['no-remote-bases', 'kustomize-controller', undefined, true],
    ['concurrent', 'kustomize-controller', '0.1.0', true],
  ] as const)('--%s in %s %s: %s', (flag, component, version, expected) => {
    expect(hasFlag(flag, component, version)).toBe(expected);
  });

  it('leaves --no-cross-namespace-refs out of source-controller, and the selector out of notification-controller', () => {
    expect(flagsOf('source-controller').has('no-cross-namespace-refs')).toBe(false);
    expect(flagsOf('notification-controller').has('watch-label-selector')).toBe(false);
  });

  it('gives defaults their types', () => {
    const flags = flagsOf('source-controller');
    const value = (name: string) => {
      const definition = flags.get(name);
      return definition && defaultValue(definition);
    };
    expect(value('watch-all-namespaces')).toBe(true);
    expect(value('concurrent')).toBe(2n);
    expect(value('requeue-dependency')).toBe(30_000_000_000n);
    expect(value('ssh-kex-algos')).toEqual([]);
    expect(value('feature-gates')).toEqual({});
    expect(value('events-addr')).toBe('');
  });
});
