import { describe, expect, it } from 'vitest';
import { ADVISORIES, advisoriesFor } from './advisories.js';
import { FLUX_RELEASES } from './releases.js';
import { parseVersion } from './version.js';

const idsOf = (...of: Parameters<typeof advisoriesFor>) => advisoriesFor(...of).map(({ advisory }) => advisory.id);

describe('advisories', () => {
  it('have an id, whole versions and a page each', () => {
    for (const { id, source, affected, about } of ADVISORIES) {
      expect(id).toMatch(/^CVE-\d{4}-\d{4,}$/);
      expect(source).toMatch(/^https:\/\/github\.com\/advisories\/GHSA(-[0-9a-z]{4}){3}$/);
      expect(about).toMatch(/^\S.*[^.]$/);
      const ranges = Object.values(affected);
      expect(ranges.length).toBeGreaterThan(0);
      for (const { from = '0.0.0', fixed } of ranges) {
        expect([from, fixed].map((version) => parseVersion(version)?.version)).toEqual([from, fixed]);
      }
    }
    expect(new Set(ADVISORIES.map(({ id }) => id)).size).toBe(ADVISORIES.length);
  });

  it.each([
    ['kustomize-controller', '0.22.9', ['CVE-2022-24817', 'CVE-2022-24877', 'CVE-2022-24878', 'CVE-2022-39272']],
    ['kustomize-controller', '0.23.0', ['CVE-2022-24877', 'CVE-2022-24878', 'CVE-2022-39272']],
    ['kustomize-controller', '0.15.0', ['CVE-2022-24817', 'CVE-2022-24877', 'CVE-2022-39272']],
    ['kustomize-controller', '0.29.0', []],
    ['notification-controller', '1.8.2', ['CVE-2026-40109']],
    ['notification-controller', '1.8.3', []],
    ['source-controller', '1.8.3', ['CVE-2026-45022', 'CVE-2026-45570', 'CVE-2026-45571', 'CVE-2026-47680']],
    ['source-controller', '1.8.4', ['CVE-2026-45570', 'CVE-2026-45571', 'CVE-2026-47680']],
    ['image-automation-controller', '1.1.3', ['CVE-2026-45570', 'CVE-2026-45571']],
    ['source-watcher', '2.0.0', []],
  ] as const)('%s %s: %j', (component, version, ids) => {
    expect(idsOf(component, version)).toEqual(ids);
  });

  it('leave the newest release alone', () => {
    const newest = FLUX_RELEASES.at(-1)?.components ?? {};
    for (const [component, version] of Object.entries(newest)) {
      expect(idsOf(component as Parameters<typeof advisoriesFor>[0], version)).toEqual([]);
    }
  });
});
