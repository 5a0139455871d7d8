import type { Message } from '#libs/notify';

/** A message whose three Slack forms can be told apart on the wire. */
export const EXAMPLE_MESSAGE: Message = {
  type: 'run.completed',
  timestamp: '2026-11-24T02:00:06Z',
  data: { run: { id: 'run_1' } },
  slack: {
    full: { text: 'full', blocks: [{ type: 'divider' }, { type: 'divider' }] },
    compact: { text: 'compact', blocks: [{ type: 'divider' }] },
    plain: { text: 'plain' },
  },
};
