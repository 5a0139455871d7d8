import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query } from '@nestjs/common';
import { profileById, profiles } from '#libs/controls';
import { ProfileRepository, type ProfileRecord } from '#libs/persistence';
import { newId } from '#libs/platform';
import { created, noContent, ok, wouldBe, type Answer } from '../http/answer.js';
import { changedMeanwhile, entityTag, requireMatch } from '../http/entity-tag.js';
import { Operation } from '../http/operation.js';
import { WriteQuery } from '../http/patching.js';
import { notFound, Problem } from '../http/problem.js';
import type { View } from '../http/schema.js';
import { nameParameter } from '../shared/name-parameter.js';
import {
  Profile,
  ProfileInput,
  ProfileList,
  ProfileSettings,
  toOwnProfile,
  toReleasedProfile,
} from './profiles.dto.js';

/** Which controls a run judges. Profiles of the release never change; own ones extend them. */
@Controller('api/v1/profiles')
export class ProfilesController {
  constructor(private readonly own: ProfileRepository) {}

  @Get()
  @Operation({
    id: 'listProfiles',
    tag: 'Controls',
    summary: 'List profiles',
    access: 'fleet.read',
    answers: { 200: ProfileList },
  })
  async list(): Promise<Answer<View<typeof ProfileList>>> {
    const own = await this.own.list();
    return ok({ items: [...profiles.map(toReleasedProfile), ...own.map(toOwnProfile)] });
  }

  @Post()
  @Operation({
    id: 'createProfile',
    tag: 'Controls',
    summary: 'Create an own profile',
    description: 'Select controls and change their severity, on top of a profile of the release.',
    access: 'profiles.write',
    etag: true,
    answers: { 201: Profile, 200: Profile },
    errors: ['name-taken'],
  })
  async create(
    @Body({ schema: ProfileInput }) input: ProfileInput,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<Profile>> {
    const values = { ...input, id: newId('prf') };
    if (isReleased(input.name)) throw nameTaken(input.name);
    if (dryRun) {
      if (await this.own.get(input.name)) throw nameTaken(input.name);
      const now = new Date().toISOString();
      return wouldBe(toOwnProfile({ ...values, version: 1, createdAt: now, updatedAt: now }));
    }
    const profile = await this.own.create(values);
    if (profile === 'nameTaken') throw nameTaken(input.name);
    const body = toOwnProfile(profile);
    return created(body, { location: `/api/v1/profiles/${profile.name}`, etag: entityTag(profile.version, body) });
  }

  @Get(':profileRef')
  @Operation({
    id: 'getProfile',
    tag: 'Controls',
    summary: 'Read a profile',
    access: 'fleet.read',
    etag: true,
    answers: { 200: Profile },
  })
  async get(@Param('profileRef') reference: string): Promise<Answer<Profile>> {
    const released = profileById(reference);
    if (released) {
      const body = toReleasedProfile(released);
      return ok(body, { etag: entityTag(1, body) });
    }
    return present(await this.#find(reference));
  }

  @Put(':profileRef')
  @Operation({
    id: 'upsertProfile',
    tag: 'Controls',
    summary: 'Create an own profile, or bring it to this state',
    description: 'A change is a new version. Runs that have started go on with the version that they started with.',
    access: 'profiles.write',
    etag: true,
    ifMatch: true,
    answers: { 200: Profile, 201: Profile },
    errors: ['name-taken'],
  })
  async upsert(
    @Param('profileRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: ProfileSettings }) input: ProfileSettings,
    @Query({ schema: WriteQuery }) query: WriteQuery,
  ): Promise<Answer<Profile>> {
    const profile = await this.own.get(reference);
    if (!profile) {
      const name = nameParameter(reference, 'profileRef');
      if (ifMatch !== undefined) throw new Problem('etag-mismatch', `There is no own profile "${name}" to change.`);
      return this.create({ name, ...input }, query);
    }
    requireMatch(ifMatch, profile.version);
    if (query.dryRun) return wouldBe(toOwnProfile({ ...profile, ...input, version: profile.version + 1 }));
    const updated = await this.own.update(profile.id, profile.version, input);
    if (updated === 'notFound') throw notFound('profile', reference);
    if (updated === 'stale') throw changedMeanwhile((await this.#find(profile.name)).version);
    return present(updated);
  }

  @Delete(':profileRef')
  @Operation({
    id: 'deleteProfile',
    tag: 'Controls',
    summary: 'Delete an own profile; its runs and results stay',
    access: 'profiles.write',
    ifMatch: true,
    answers: { 204: null },
    errors: ['profile-in-use'],
  })
  async delete(
    @Param('profileRef') reference: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: WriteQuery }) { dryRun }: WriteQuery,
  ): Promise<Answer<undefined>> {
    const profile = await this.#find(reference);
    requireMatch(ifMatch, profile.version);
    if (dryRun) return noContent();
    const result = await this.own.delete(profile.id, profile.version);
    if (result === 'inUse') throw new Problem('profile-in-use', `A schedule runs the profile "${profile.name}".`);
    if (result === 'stale') throw changedMeanwhile((await this.#find(profile.name)).version);
    return noContent();
  }

  async #find(reference: string): Promise<ProfileRecord> {
    const profile = await this.own.get(reference);
    if (!profile) throw notFound('profile', reference);
    return profile;
  }
}

const nameTaken = (name: string) => new Problem('name-taken', `There is a profile "${name}" already.`);

/** The name of a profile of the release, in whatever version, is not free. */
function isReleased(name: string): boolean {
  return profiles.some(({ id }) => id.startsWith(`${name}@`));
}

function present(profile: ProfileRecord): Answer<Profile> {
  const body = toOwnProfile(profile);
  return ok(body, { etag: entityTag(profile.version, body) });
}
