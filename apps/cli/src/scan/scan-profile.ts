import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { catalog, controlById, DEFAULT_PROFILE, profileById, profiles } from '#libs/controls';
import { type Profile, SEVERITIES, type Tailoring, tailored } from '#libs/core';
import { CliError, ExitCode } from '../exit-codes.js';

const ControlId = z.string().refine((id) => controlById(id) !== undefined, { error: 'there is no such control' });

const TailoringFile = z.strictObject({
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  extends: z.string().refine((id) => profileById(id) !== undefined, { error: 'there is no such profile' }),
  include: z.array(ControlId).optional(),
  exclude: z.array(ControlId).optional(),
  severityOverrides: z.record(ControlId, z.enum(SEVERITIES as [string, ...string[]])).optional(),
});

/**
 * What a scan judges: a profile of the release by its id, or one of one's own from a YAML file in the form that
 * `PUT /api/v1/profiles/{name}` takes; of it only `controls`, where they are named. Without a profile, any control of
 * the catalog can be named.
 * @throws {CliError} usage
 */
export async function profileOfScan(options: {
  readonly profile?: string;
  readonly controls?: readonly string[];
}): Promise<Profile> {
  const { profile: reference = DEFAULT_PROFILE, controls } = options;
  const profile = /\.(?:ya?ml|json)$/i.test(reference) ? await profileFromFile(reference) : releasedProfile(reference);
  if (!controls) return profile;
  if (controls.length === 0) {
    throw new CliError(ExitCode.usage, '--controls names no control.', 'plimsoll explain lists them.');
  }
  const wanted = controls.map((control) => control.toUpperCase());
  const choice = options.profile === undefined ? catalog.map(({ id }) => id) : profile.controls;
  const unknown = wanted.filter((id) => !choice.includes(id));
  if (unknown.length > 0) {
    const where = options.profile === undefined ? 'Not in this release' : `Not in the profile ${profile.id}`;
    throw new CliError(ExitCode.usage, `${where}: ${unknown.join(', ')}.`, 'plimsoll explain lists the controls.');
  }
  return { ...profile, controls: wanted };
}

function releasedProfile(id: string): Profile {
  const profile = profileById(id);
  if (profile) return profile;
  throw new CliError(
    ExitCode.usage,
    `There is no profile "${id}".`,
    `There are ${profiles.map((each) => each.id).join(' and ')}; a profile of your own is named by its YAML file.`,
  );
}

async function profileFromFile(path: string): Promise<Profile> {
  const parsed = TailoringFile.safeParse(await readYaml(path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new CliError(
      ExitCode.usage,
      `The profile ${path} is not valid at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown shape'}.`,
      'It has extends, and may have include, exclude and severityOverrides.',
    );
  }
  const { name = 'own', description: _, ...tailoring } = parsed.data;
  const profile = tailored(`${name}@file`, releasedProfile(tailoring.extends), tailoring as Tailoring);
  if (profile.controls.length > 0) return profile;
  throw new CliError(ExitCode.usage, `The profile ${path} leaves no control.`, 'Exclude less.');
}

async function readYaml(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(ExitCode.usage, `The profile ${path} cannot be read${code ? ` (${code})` : ''}.`);
  }
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new CliError(ExitCode.usage, `The profile ${path} is not YAML: ${problem.message.split('\n')[0]}`);
  return document.toJS();
}
