/** Why a recorded snapshot cannot be used. */
export type SnapshotErrorCode = 'tooLarge' | 'notJson' | 'notSnapshot' | 'otherSchema' | 'malformed';

const WORDS: Record<SnapshotErrorCode, string> = {
  tooLarge: 'The snapshot is larger than 256 MiB. Record it again with fewer controls.',
  notJson: 'The snapshot is not JSON. It may have been cut off: record it again.',
  notSnapshot: 'This is not a snapshot. Record one with: plimsoll scan --save-snapshot FILE.',
  otherSchema:
    'The snapshot was recorded by another version of Plimsoll, whose format is not understood. Record it again.',
  malformed: 'The snapshot is damaged. Record it again.',
};

export class SnapshotRejected extends Error {
  constructor(
    readonly code: SnapshotErrorCode,
    /** The field that is wrong, in our own words. */
    readonly field?: string,
  ) {
    super(field === undefined ? WORDS[code] : `${WORDS[code]} Field: ${field}.`);
    this.name = 'SnapshotRejected';
  }
}
