import type { CredentialExpiring } from '#libs/core';
import { fields, section } from './block-kit.js';
import { dayAndTime } from './digest-words.js';
import type { EventLayout, EventNamed, LayoutContext } from './event-layout.js';
import { untilThen } from './event-words.js';
import { code, link, md, type Mrkdwn, text, trusted } from './mrkdwn.js';
import { plainText } from './plain-text.js';

/** Whose credential, what is lost without it, what to do. */
const USES: Readonly<
  Record<CredentialExpiring['use'], { readonly what: string; readonly loss: Mrkdwn; readonly advice: Mrkdwn }>
> = {
  cluster: {
    what: 'the credential that Plimsoll reads it with',
    loss: trusted('Without it the cluster is not audited; its last results are shown as stale, not as passing.'),
    advice: trusted('Issue a new one and store it with the cluster.'),
  },
  remoteApply: {
    what: 'a credential that Flux applies with',
    loss: trusted('Without it Flux applies nothing to the target cluster, and the platform loses its hold on it.'),
    advice: trusted('Renew it, or use workload identity, which needs no stored credential.'),
  },
  breakGlass: {
    what: 'the break-glass credential',
    loss: trusted('Without it nobody gets in when the platform has lost its access.'),
    advice: trusted('Issue a new one, put it where the entry says, and drill it.'),
  },
};

/** A credential ends soon, or has ended. */
export function credentialExpiring(
  event: EventNamed<'credential.expiring'>,
  { links, view }: LayoutContext,
): EventLayout {
  const { facts, clusterName, createdAt } = event;
  const { use, name, expiresAt, threshold, finding } = facts;
  const { what, loss, advice } = USES[use];
  const url = finding ? links.finding(finding.id) : links.cluster(clusterName);
  const cluster = link(links.cluster(clusterName), clusterName);
  const named: Mrkdwn = name === undefined ? md`` : md` ${code(name, 160)}`;
  const common = {
    url,
    data: {
      use,
      name: name === undefined ? null : plainText(name, 253),
      expiresAt: plainText(expiresAt, 40),
      threshold,
      finding: finding === undefined ? null : { id: finding.id, url },
      control: finding?.controlId ?? null,
    },
  };
  if (event.state === 'closed') {
    return {
      ...common,
      title: `Renewed: ${what}, ${clusterName}`,
      summary: `Renewed: ${what}${name === undefined ? '' : ` (${name})`}, ${clusterName}`,
      body: () => [section(md`:white_check_mark: On ${cluster}, ${text(what)}${named} no longer ends soon.`)],
      notes: [link(url, finding ? 'finding' : 'cluster')],
    };
  }
  const when = untilThen(expiresAt, createdAt);
  const ends = threshold === 0 ? `expired ${when}` : `expires ${when}`;
  return {
    ...common,
    title: `${threshold === 0 ? 'Credential expired' : 'Credential expires soon'}: ${clusterName}`,
    summary: `On ${clusterName}, ${what}${name === undefined ? '' : ` (${name})`} ${ends}`,
    body: () => [
      section(md`:warning: On ${cluster}, ${text(what)}${named} ${text(ends)}. ${loss}`),
      fields([
        [threshold === 0 ? trusted('Ended') : trusted('Ends'), text(dayAndTime(expiresAt))],
        [
          trusted('Found by'),
          finding
            ? md`${code(finding.controlId)} ${text(view.titleOf(finding.controlId), 120)}`
            : trusted('the registry'),
        ],
      ]),
      section(md`*What to do*\n${advice}`),
    ],
    notes: [
      link(url, finding ? 'open the finding' : 'open the cluster'),
      threshold === 0 ? trusted('the last reminder') : trusted('told at 30, 7 and 1 days, and when it has expired'),
    ],
  };
}
