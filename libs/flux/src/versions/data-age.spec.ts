import { describe, expect, it } from 'vitest';
import { DIGESTS_AS_OF } from '../images/digests.generated.js';
import { ADVISORIES_AS_OF } from './advisories.js';
import { FLUX_RELEASES, RELEASES_AS_OF } from './releases.js';

const DAY = 24 * 3600 * 1000;
const newestRelease = FLUX_RELEASES.flatMap(({ date }) => date ?? [])
  .toSorted()
  .at(-1);

/**
 * Old data is no failure of the code: a control says so where it matters. This prints the age, so that whoever runs the
 * tests sees when the tables are due.
 */
describe.each([
  ['the table of Flux releases', RELEASES_AS_OF.date],
  ['the list of advisories', ADVISORIES_AS_OF],
  ['the table of image digests', DIGESTS_AS_OF],
])('%s', (what, asOf: string | undefined) => {
  it('says up to when it is complete', () => {
    expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const time = Date.parse(`${asOf}T00:00:00Z`);
    expect(new Date(time).toISOString().slice(0, 10)).toBe(asOf);
    process.stdout.write(`${what}: as of ${asOf}, ${Math.floor((Date.now() - time) / DAY)} days ago\n`);
  });

  it('claims nothing for the time after the newest release that is known', () => {
    expect(newestRelease).toBeDefined();
    expect(String(asOf) <= String(newestRelease)).toBe(true);
  });
});
