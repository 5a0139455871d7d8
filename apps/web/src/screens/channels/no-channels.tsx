import type { ReactNode } from 'react';
import { CodeBlock } from '../../ui/code-block.js';
import { EmptyState, Ways } from '../../ui/layout.js';

const post = (body: string): string =>
  `curl -X POST ${location.origin}/api/v1/channels \\\n  -H "Authorization: Bearer $PLIMSOLL_TOKEN" -H "Content-Type: application/json" \\\n  -d '${body}'`;

export function NoChannels(): ReactNode {
  return (
    <EmptyState title="No channel yet">
      <p>
        A channel gets one message when an audit has finished and something changed or could not be judged. The first
        audit of a cluster is its baseline and is told in one line. Addresses and tokens are sealed and never shown.
      </p>
      <Ways>
        <section>
          <h3>Slack, incoming webhook</h3>
          <CodeBlock
            title="simplest"
            text={post(
              '{"name":"platform","kind":"slackWebhook","secret":{"url":"https://hooks.slack.com/services/…"}}',
            )}
          />
        </section>
        <section>
          <h3>Slack, bot token</h3>
          <CodeBlock
            title="scopes chat:write, and channels:history against repeats"
            text={post(
              '{"name":"platform","kind":"slackBot","settings":{"channelId":"C0123ABCDEF"},"secret":{"token":"xoxb-…"}}',
            )}
          />
        </section>
        <section>
          <h3>Signed webhook</h3>
          <CodeBlock
            title="Standard Webhooks; the signing secret is in the answer, once"
            text={post('{"name":"automation","kind":"webhook","secret":{"url":"https://hooks.example.com/plimsoll"}}')}
          />
        </section>
      </Ways>
    </EmptyState>
  );
}
