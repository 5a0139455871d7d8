import type { AlertEvent } from '#libs/core';

/** What an Event about an Alert says of messages that did not arrive. */
export interface AlertTrace {
  /** `DISPATCH_FAILED`: nothing was sent. `SEND_FAILED`: the receiver did not take it. */
  readonly code: 'DISPATCH_FAILED' | 'SEND_FAILED' | 'INVALID_CONFIG' | 'SOURCE_FETCH_FAILED';
  /** Continues "Alert a/b ", without a full stop. */
  readonly what: string;
  readonly todo: string;
}

/**
 * Events of notification-controller about lost messages; undefined for those without harm, such as
 * MetadataAppendFailed. https://fluxcd.io/flux/components/notification/alerts/
 */
export function traceOf({ reason, message = '' }: AlertEvent): AlertTrace | undefined {
  switch (reason) {
    case 'NotificationDispatchFailed':
      return message.startsWith('failed to send notification')
        ? {
            code: 'SEND_FAILED',
            what: 'sent messages that the receiver did not take',
            todo: 'Check the address, the credential and the network to the receiver.',
          }
        : {
            code: 'DISPATCH_FAILED',
            what: 'could not send messages at all',
            todo: 'Check its Provider and the Secrets of it, and whether the Alert is in the namespace of the objects that it names.',
          };
    case 'InvalidConfig':
      return {
        code: 'INVALID_CONFIG',
        what: 'has a configuration that notification-controller cannot use',
        todo: 'Correct what the event names.',
      };
    case 'SourceFetchFailed':
      return {
        code: 'SOURCE_FETCH_FAILED',
        what: 'lost messages, because the labels of the object could not be read',
        todo: 'Name the objects instead of their labels, so that deleted ones are told of too.',
      };
    default:
      return undefined;
  }
}
