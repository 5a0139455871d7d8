import { count, type DrillStepName, type DrillStepState } from '#libs/core';
import { fields, list, section } from './block-kit.js';
import { dayAndTime } from './digest-words.js';
import type { EventLayout, EventNamed, LayoutContext } from './event-layout.js';
import { lasted } from './event-words.js';
import { plainText } from './plain-text.js';
import { code, link, md, type Mrkdwn, text, trusted } from './mrkdwn.js';

/** The word stands beside the mark, so that nobody needs to tell marks apart. */
const STATES: Readonly<Record<DrillStepState, Mrkdwn>> = {
  passed: trusted(':white_check_mark: passed'),
  failed: trusted(':x: *failed*'),
  skipped: trusted(':heavy_minus_sign: not run'),
  unknown: trusted(':grey_question: not known'),
};

const STEPS: Readonly<Record<DrillStepName, Mrkdwn>> = {
  reach: trusted('Reach the API server'),
  identity: trusted('Be who the entry says'),
  rights: trusted('Hold the rights that recovery needs'),
  restoreCreate: trusted('Restore the access'),
  restoreDelete: trusted('Take it back'),
};

/** A rehearsal of break-glass failed, or passes again. */
export function drillFailed(event: EventNamed<'drill.failed'>, { links }: LayoutContext): EventLayout {
  const { facts, clusterName, ending } = event;
  const cluster = link(links.cluster(clusterName), clusterName);
  const url = links.cluster(clusterName);
  const drillId = event.state === 'closed' ? (ending?.drillId ?? facts.drillId) : facts.drillId;
  const common = {
    url,
    data: { drill: { id: drillId }, entry: plainText(facts.entry, 120), mode: facts.mode, writes: facts.writes },
  };
  if (event.state === 'closed') {
    return {
      ...common,
      title: `Break-glass drill passes again: ${clusterName}`,
      summary: `The break-glass drill of ${clusterName} passes again; it had failed for ${lasted(event)}`,
      body: () => [
        section(
          md`:white_check_mark: By the way in ${code(facts.entry, 80)}, access to ${cluster} can be recovered again. It could not for ${text(lasted(event))}.`,
        ),
      ],
      notes: [md`drill ${code(drillId)}`],
    };
  }
  return {
    ...common,
    title: `Break-glass drill failed: ${clusterName}`,
    summary: `Break-glass drill FAILED on ${clusterName}: the way in ${facts.entry} would not recover access`,
    body: (lines) => [
      section(
        md`If the platform lost its access to ${cluster} now, the way in ${code(facts.entry, 80)} *would not* recover it.`,
      ),
      list(
        trusted('*What was tried*'),
        facts.steps.map(({ name, state, message }) => md`${STATES[state]} · ${STEPS[name]}: ${text(message, 240)}`),
        // Where the message has to be short, the steps are still what it is about.
        Math.max(5, lines),
        (hidden) => md`+${hidden} more`,
      ),
      fields([
        [
          trusted('Last good drill'),
          facts.lastPassedAt === undefined ? trusted('never') : text(dayAndTime(facts.lastPassedAt)),
        ],
        [
          trusted('Writes made by this drill'),
          facts.writes === 0 ? trusted('none') : text(count(facts.writes, 'call')),
        ],
        ...(facts.runbook === undefined ? [] : [[trusted('Runbook'), runbookLink(facts.runbook)] as const]),
      ]),
    ],
    notes: [md`drill ${code(drillId)}`, link(url, 'open the cluster')],
  };
}

/** The host stands in the link, because it leads away from here. */
function runbookLink(address: string): Mrkdwn {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' ? link(url.href, `runbook at ${url.host}`) : code(address, 200);
}
