import type { AlertEvent } from '#libs/core';
import { defined, Fields } from './fields.js';
import { messageOf, namespacedMetadata } from './metadata.js';

const MAX_MESSAGE = 1_024;
/** The path of a webhook is its secret. */
const URL_PATH = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#"'<>]+)[/?#][^\s"'<>]*/gi;

/** An Event about an Alert; undefined for one about something else, or about nothing that has a name. */
export function projectAlertEvent(item: unknown): AlertEvent | undefined {
  const object = Fields.of(item);
  const involved = object.needChild('involvedObject');
  const name = involved.text('name') ?? '';
  if (involved.text('kind') !== 'Alert' || name === '') return undefined;
  return defined({
    apiVersion: 'v1',
    kind: 'Event' as const,
    metadata: namespacedMetadata(object),
    involvedObject: defined({ kind: 'Alert', namespace: involved.text('namespace'), name }),
    reason: object.text('reason') ?? '',
    type: object.text('type'),
    message: messageOf(object)?.replaceAll(URL_PATH, '$1/…').slice(0, MAX_MESSAGE),
    count: object.child('series')?.count('count') ?? object.count('count'),
    lastSeen: lastSeen(object),
  });
}

/** Old and new ways of writing events put it into different fields. */
function lastSeen(object: Fields): string | undefined {
  return (
    object.text('lastSeen') ??
    object.child('series')?.text('lastObservedTime') ??
    object.text('lastTimestamp') ??
    object.text('eventTime')
  );
}
