import type { Snapshot } from '#libs/core';
import { MAX_SNAPSHOT_BYTES } from './read-snapshot.js';
import { SnapshotRejected } from './snapshot-rejected.js';

/** The snapshot as JSON text, keys sorted, so that two of the same state compare line by line. Ends with a newline. */
export function writeSnapshot(snapshot: Snapshot): string {
  const text = `${JSON.stringify(snapshot, sortedKeys, 1)}\n`;
  if (text.length > MAX_SNAPSHOT_BYTES) throw new SnapshotRejected('tooLarge');
  return text;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
