import { count } from '#libs/core';
import { codeBlock, code, join, link, md, type Mrkdwn, text, trusted } from './mrkdwn.js';
import { fields, list, section } from './block-kit.js';
import { dayAndTime } from './digest-words.js';
import type { EventLayout, EventNamed, LayoutContext } from './event-layout.js';
import { lasted } from './event-words.js';
import { plainText } from './plain-text.js';

const MOST_EVIDENCE = 12;
const MOST_IDS = 20;

/** A tenant can take the platform's access to its cluster away. */
export function tenantCanRevoke(event: EventNamed<'tenant.canRevoke'>, { links, view }: LayoutContext): EventLayout {
  const { facts, clusterName } = event;
  const { ways, wayCount, newCount } = facts;
  const [first] = ways;
  const url = first ? links.finding(first.findingId) : links.cluster(clusterName);
  const controls = [...new Set(ways.map(({ controlId }) => controlId))];
  const common = {
    url,
    data: {
      tenant: plainText(facts.tenant, 253),
      findings: ways
        .slice(0, MOST_IDS)
        .map(({ findingId: id, controlId: control }) => ({ id, control, url: links.finding(id) })),
      findingCount: wayCount,
      newCount,
    },
  };
  if (event.state === 'closed') {
    return {
      ...common,
      title: 'Resolved: a tenant could revoke the access of the platform',
      summary: `Resolved: tenant ${facts.tenant} can no longer revoke the access of the platform to ${clusterName}`,
      body: () => [
        section(
          md`:white_check_mark: Tenant ${code(facts.tenant, 63)} can no longer revoke the access of the platform to ${link(links.cluster(clusterName), clusterName)}. It could for ${text(lasted(event))}.`,
        ),
      ],
      notes: [link(url, 'finding, with the evidence before')],
    };
  }
  const wayLines = ways.map(
    ({ findingId, message }) => md`${text(message, 500)} ${link(`${links.finding(findingId)}#fix`, 'fix')}`,
  );
  return {
    ...common,
    title: 'Critical: a tenant can revoke the access of the platform',
    summary: `CRITICAL on ${clusterName}: tenant ${facts.tenant} can revoke the access of the platform`,
    body: (lines) => [
      fields([
        [trusted('Cluster'), link(links.cluster(clusterName), clusterName)],
        [trusted('Tenant'), owned(facts)],
        [
          trusted('Control'),
          join(
            controls.slice(0, 3).map((id) => md`${code(id)} ${text(view.titleOf(id), 120)}`),
            '\n',
          ),
        ],
        [trusted('Since'), text(dayAndTime(event.since))],
      ]),
      list(
        wayCount > newCount ? md`*How* (${newCount} new of ${wayCount})` : trusted('*How*'),
        wayLines,
        Math.max(1, Math.min(lines, 3)),
        (hidden) => md`+${hidden + wayCount - ways.length} more: ${link(url, 'see the finding')}`,
      ),
      ...evidence(ways.flatMap((way) => way.evidence).slice(0, Math.min(lines, MOST_EVIDENCE))),
    ],
    notes: [
      link(url, 'open the finding'),
      wayCount > ways.length
        ? md`${text(count(wayCount, 'way'))} in all`
        : trusted('told again only where a way is added'),
    ],
  };
}

function owned({ tenant, owner }: { readonly tenant: string; readonly owner?: string }): Mrkdwn {
  return owner === undefined ? code(tenant, 63) : md`${code(tenant, 63)} · owner ${text(owner, 100)}`;
}

function evidence(lines: readonly string[]) {
  return lines.length === 0 ? [] : [section(md`*Evidence*\n${codeBlock(lines)}`)];
}
