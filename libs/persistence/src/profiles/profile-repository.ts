import { newId } from '#libs/platform';
import type { DataSource } from 'typeorm';
import { ProfileEntity } from '../entities/runs.js';
import { violatesUnique } from '../sql/database-error.js';
import { columns, row, rows } from '../sql/rows.js';
import { insertRow, updateVersioned } from '../sql/versioned.js';

/** Its id in runs and results is `<name>@<version>`: see `profileIdOf`. */
export type ProfileRecord = Readonly<ProfileEntity>;

type Settable = Pick<ProfileEntity, 'description' | 'extends' | 'include' | 'exclude' | 'severityOverrides'>;
export type NewProfile = Readonly<Settable> & { readonly id?: string; readonly name: string };
export type ProfileChanges = Readonly<Settable>;

/** The id under which runs and results know a version of an own profile. */
export function profileIdOf({ name, version }: Pick<ProfileEntity, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

export class ProfileRepository {
  constructor(private readonly dataSource: DataSource) {}

  async create(input: NewProfile): Promise<ProfileRecord | 'nameTaken'> {
    const id = input.id ?? newId('prf');
    try {
      await insertRow(this.dataSource, ProfileEntity, { ...input, id });
    } catch (error) {
      if (violatesUnique(error, 'profile_name_key')) return 'nameTaken';
      throw error;
    }
    return this.#required(input.name);
  }

  /** A new version of it; runs that have started keep the one that they started with. */
  async update(
    id: string,
    expectedVersion: number | null,
    changes: ProfileChanges,
  ): Promise<ProfileRecord | 'notFound' | 'stale'> {
    const updated = await updateVersioned(this.dataSource, ProfileEntity, id, expectedVersion, changes);
    const now = await row<ProfileRecord>(this.dataSource, `${this.#select()} WHERE p.id = $1`, [id]);
    if (!now) return 'notFound';
    return updated ? now : 'stale';
  }

  /** @param ref the name, or `<name>@<version>` of the version that is current */
  get(ref: string): Promise<ProfileRecord | null> {
    return row<ProfileRecord>(
      this.dataSource,
      `${this.#select()} WHERE p.name = $1 OR p.name || '@' || p.version = $1`,
      [ref],
    );
  }

  /** All of them, by name: there are few. */
  list(): Promise<readonly ProfileRecord[]> {
    return rows<ProfileRecord>(this.dataSource, `${this.#select()} ORDER BY p.name`, []);
  }

  /** `inUse`: a schedule names it. */
  async delete(id: string, expectedVersion: number): Promise<'deleted' | 'stale' | 'inUse'> {
    const used = await row(
      this.dataSource,
      `SELECT 1 FROM schedule s JOIN profile p ON split_part(s.profile, '@', 1) = p.name WHERE p.id = $1 LIMIT 1`,
      [id],
    );
    if (used) return 'inUse';
    const result = await this.dataSource.getRepository(ProfileEntity).delete({ id, version: expectedVersion });
    return result.affected === 0 ? 'stale' : 'deleted';
  }

  #select(): string {
    return `SELECT ${columns(this.dataSource, ProfileEntity, 'p')} FROM profile p`;
  }

  async #required(name: string): Promise<ProfileRecord> {
    const profile = await this.get(name);
    if (!profile) throw new Error(`Profile ${name} was deleted while it was being written.`);
    return profile;
  }
}
