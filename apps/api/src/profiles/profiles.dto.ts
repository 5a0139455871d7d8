import { z } from 'zod';
import { catalog, DEFAULT_PROFILE, profiles, RULE_SET_VERSION } from '#libs/controls';
import type { Profile as CoreProfile } from '#libs/core';
import { type ProfileRecord, profileIdOf } from '#libs/persistence';
import { exampleOf, Name, named, text, type View } from '../http/schema.js';
import { SeveritySchema } from '../shared/audit.dto.js';
import { composed } from '../shared/profile-check.js';

const CONTROL_IDS = catalog.map(({ id }) => id);
const ControlIds = z.array(z.enum(CONTROL_IDS as [string, ...string[]])).max(CONTROL_IDS.length);

const settings = {
  description: text(1000).default('').describe('Why the fleet differs from the profile that it extends.'),
  extends: z.enum(profiles.map(({ id }) => id) as [string, ...string[]]).describe('A profile of the release.'),
  include: ControlIds.default([]).describe('Controls that are added.'),
  exclude: ControlIds.default([]).describe('Controls that are left out; wins over `include`.'),
  severityOverrides: z
    .record(
      z.string().refine((id) => CONTROL_IDS.includes(id), { error: 'There is no such control.' }),
      SeveritySchema,
    )
    .default({})
    .describe('Replaces the severity of a control, and any that its observations state themselves.'),
};
const EXAMPLE = {
  description: 'Fargate separates our pods; the platform team owns image automation.',
  extends: DEFAULT_PROFILE,
  include: ['FLUX-MT-01'],
  exclude: ['FLUX-HC-02'],
  severityOverrides: { 'FLUX-KC-03': 'critical' },
} as const;

export const ProfileSettings = named(
  'ProfileSettings',
  z.strictObject(settings),
  'How an own profile changes the one that it extends.',
  EXAMPLE,
);
export type ProfileSettings = z.infer<typeof ProfileSettings>;

export const ProfileInput = named(
  'ProfileInput',
  z.strictObject({ name: Name, ...settings }),
  'An own profile to make.',
  { name: 'our-fleet', ...EXAMPLE },
);
export type ProfileInput = z.infer<typeof ProfileInput>;

export const Profile = named(
  'Profile',
  z.object({
    id: z.string().describe('What a run or a schedule names. Of an own profile: `<name>@<version>`.'),
    name: z.string(),
    isDefault: z.boolean(),
    ruleSetVersion: z.string().describe('Version of the rules behind the ids.'),
    controls: z.array(z.string()).describe('What is judged, with everything that tailoring changed.'),
    severityOverrides: z.record(z.string(), SeveritySchema),
    tailoring: z.object(settings).nullable().describe('Null: it comes with the release and cannot be changed.'),
  }),
  'What a run judges.',
  {
    id: 'our-fleet@3',
    name: 'our-fleet',
    isDefault: false,
    ruleSetVersion: RULE_SET_VERSION,
    controls: ['FLUX-HC-01', 'FLUX-KC-01'],
    severityOverrides: EXAMPLE.severityOverrides,
    tailoring: EXAMPLE,
  },
);
export type Profile = View<typeof Profile>;

export const ProfileList = named(
  'ProfileList',
  z.object({ items: z.array(Profile) }),
  'All profiles: those of the release, then the own ones by name.',
  { items: [exampleOf(Profile)] },
);

export function toReleasedProfile({ id, ruleSetVersion, controls, severityOverrides = {} }: CoreProfile): Profile {
  const name = id.slice(0, id.lastIndexOf('@'));
  return { id, name, isDefault: id === DEFAULT_PROFILE, ruleSetVersion, controls, severityOverrides, tailoring: null };
}

export function toOwnProfile(record: ProfileRecord): Profile {
  const { name, description, extends: base, include, exclude, severityOverrides } = record;
  const profile = composed(record);
  return {
    id: profileIdOf(record),
    name,
    isDefault: false,
    ruleSetVersion: RULE_SET_VERSION,
    controls: profile?.controls ?? [],
    severityOverrides: profile?.severityOverrides ?? {},
    tailoring: { description, extends: base, include, exclude, severityOverrides },
  };
}
