import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, profileById } from '#libs/controls';
import { profileOfScan } from './scan-profile.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-profile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(text: string): Promise<string> {
  const name = path.join(folder, 'own.yaml');
  await writeFile(name, text);
  return name;
}
const standard = profileById(DEFAULT_PROFILE);

describe('profileOfScan', () => {
  it('is the default unless another one is named', async () => {
    expect(await profileOfScan({})).toEqual(standard);
    expect(await profileOfScan({ profile: DEFAULT_PROFILE })).toEqual(standard);
  });

  it('can be cut down to some controls, in any case of letters', async () => {
    expect((await profileOfScan({ controls: ['flux-kc-01', 'FLUX-HC-01'] })).controls).toEqual([
      'FLUX-KC-01',
      'FLUX-HC-01',
    ]);
  });

  it('can be a file that selects and tailors', async () => {
    const own = await file(
      `name: ours\nextends: ${DEFAULT_PROFILE}\nexclude: [FLUX-HC-02]\nseverityOverrides: { FLUX-KC-03: low }\n`,
    );
    const profile = await profileOfScan({ profile: own });
    expect(profile).toMatchObject({ id: 'ours@file', severityOverrides: { 'FLUX-KC-03': 'low' } });
    expect(profile.controls).toEqual(standard?.controls.filter((id) => id !== 'FLUX-HC-02'));
    await expect(profileOfScan({ profile: own, controls: ['FLUX-HC-02'] })).rejects.toThrow(
      'Not in the profile ours@file',
    );
  });

  it.each([
    ['no such profile', { profile: 'none@1' }, /no profile "none@1".*|There is no profile/],
    ['no such file', { profile: '/nowhere/own.yaml' }, /cannot be read \(ENOENT\)/],
    ['no control', { controls: [] }, /names no control/],
    ['no such control', { controls: ['FLUX-XX-99'] }, /Not in this release: FLUX-XX-99/],
  ])('refuses %s', async (_what, options, message) => {
    await expect(profileOfScan(options)).rejects.toThrow(message);
  });

  it.each([
    ['what is not YAML', '{', /not YAML/],
    ['an unknown member', `extends: ${DEFAULT_PROFILE}\ncolour: red\n`, /not valid at its top/],
    [
      'an unknown control',
      `extends: ${DEFAULT_PROFILE}\ninclude: [FLUX-XX-99]\n`,
      /include\.0: there is no such control/,
    ],
    ['an unknown profile', 'extends: none@1\n', /extends: there is no such profile/],
    [
      'an unknown severity',
      `extends: ${DEFAULT_PROFILE}\nseverityOverrides: { FLUX-KC-03: urgent }\n`,
      /severityOverrides\.FLUX-KC-03/,
    ],
    [
      'one that leaves nothing',
      `extends: ${DEFAULT_PROFILE}\nexclude: [${standard?.controls.join(', ')}]\n`,
      /leaves no control/,
    ],
  ])('refuses a file with %s', async (_what, text, message) => {
    const profile = await file(text);
    await expect(profileOfScan({ profile })).rejects.toThrow(message);
  });
});
