export type EmbeddedPostgresErrorCode =
  | 'noBinaries'
  | 'noUser'
  | 'notOurs'
  | 'otherVersion'
  | 'initFailed'
  | 'startFailed'
  | 'stopFailed';

const SENTENCES: Record<EmbeddedPostgresErrorCode, string> = {
  noBinaries: 'There is no bundled PostgreSQL for this platform. Set DATABASE_URL to a PostgreSQL 16 or newer.',
  noUser:
    'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" to run it as. Start Plimsoll as another user, or set DATABASE_URL.',
  notOurs:
    'The folder holds files but was not made by Plimsoll, so nothing in it was touched. Set PLIMSOLL_DATA_DIR to an empty folder.',
  otherVersion:
    'The data was written by another major version of PostgreSQL. Dump it with that version and restore it, or set PLIMSOLL_DATA_DIR to an empty folder.',
  initFailed: 'PostgreSQL could not create its data folder.',
  startFailed: 'PostgreSQL did not start.',
  stopFailed: 'PostgreSQL did not stop in time.',
};

export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  /** @param detail a path, a version or the end of the server's own log */
  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    detail: string,
  ) {
    super(`${SENTENCES[code]} (${detail})`);
  }
}
