import { endNameOf, type FleetEvent } from '#libs/core';
import type { Message, SlackContent } from '../message.js';
import { context, header, LIMITS, withinLimits } from './block-kit.js';
import { credentialExpiring } from './credential-expiring.js';
import { drillFailed } from './drill-failed.js';
import type { EventLayout, EventView, LayoutContext } from './event-layout.js';
import { Links } from './links.js';
import { link, md, text } from './mrkdwn.js';
import { plainText } from './plain-text.js';
import { remoteApplySilent } from './remote-apply-silent.js';
import { tenantCanRevoke } from './tenant-can-revoke.js';

/** How many items of each list are told; tried from the left until the message fits. */
const FULL = [12, 6, 3, 1] as const;
const COMPACT = [2, 1] as const;

function layoutOf(event: FleetEvent, layout: LayoutContext): EventLayout {
  if (event.type === 'tenant.canRevoke') return tenantCanRevoke(event, layout);
  if (event.type === 'remoteApply.silent') return remoteApplySilent(event, layout);
  if (event.type === 'credential.expiring') return credentialExpiring(event, layout);
  return drillFailed(event, layout);
}

/** The message about one event: that it began, or, where it is closed, that it is over. */
export function renderEvent(event: FleetEvent, view: EventView): Message {
  const links = new Links(view.publicUrl);
  const { title, summary, body, notes, url, data } = layoutOf(event, { links, view });
  const isOver = event.state === 'closed';
  const words = text(summary, LIMITS.text / 2);
  const plain: SlackContent = { text: md`${words}\n${link(url, 'open')}` };
  const fit = (lines: readonly number[]): SlackContent => {
    const contents = lines.map((most) => ({
      text: words,
      blocks: [
        header(title),
        ...body(most),
        context([...notes, link(links.channel(view.channelId), 'why am I seeing this?')]),
      ],
    }));
    return contents.find(withinLimits) ?? plain;
  };
  return {
    type: isOver ? endNameOf(event.type) : event.type,
    timestamp: isOver ? (event.closedAt ?? event.createdAt) : event.createdAt,
    data: {
      event: { id: event.id, state: event.state, since: event.since, severity: event.severity },
      ...(isOver && { ended: { at: event.closedAt, how: event.ending?.how ?? 'resolved' } }),
      cluster: {
        id: event.clusterId,
        name: plainText(event.clusterName, 253),
        url: links.cluster(event.clusterName),
      },
      ...data,
    },
    slack: { full: fit(FULL), compact: fit(COMPACT), plain },
  };
}
