import { count, type SilentAlert, type SilentObject } from '#libs/core';
import { list, section } from './block-kit.js';
import { dayAndTime } from './digest-words.js';
import type { EventLayout, EventNamed, LayoutContext } from './event-layout.js';
import { lasted } from './event-words.js';
import { code, link, md, type Mrkdwn, text, trusted } from './mrkdwn.js';
import { plainText } from './plain-text.js';

const MOST_IDS = 20;

/** Flux fails to apply to another cluster, and nobody was told. */
export function remoteApplySilent(event: EventNamed<'remoteApply.silent'>, { links }: LayoutContext): EventLayout {
  const { facts, clusterName } = event;
  const { objects, objectCount, registered } = facts;
  const target = facts.target ?? 'another cluster';
  const where = registered
    ? link(links.cluster(target), target)
    : facts.target === undefined
      ? text(target)
      : code(target, 120);
  const management = link(links.cluster(clusterName), clusterName);
  const [first] = objects;
  const url = first ? links.finding(first.alertFindingId) : links.cluster(clusterName);
  const common = {
    url,
    data: {
      target: facts.target === undefined ? null : plainText(facts.target, 253),
      objects: objects.slice(0, MOST_IDS).map(({ kind, namespace, name, cause, failureFindingId, alertFindingId }) => ({
        kind: plainText(kind, 63),
        namespace: plainText(namespace, 253),
        name: plainText(name, 253),
        cause: plainText(cause.code, 63),
        failure: { id: failureFindingId, url: links.finding(failureFindingId) },
        alerting: { id: alertFindingId, url: links.finding(alertFindingId) },
      })),
      objectCount,
    },
  };
  if (event.state === 'closed') {
    const isHeard = event.ending?.how === 'heard';
    return {
      ...common,
      title: isHeard ? `No longer silent: remote apply to ${target}` : `Resolved: remote apply to ${target}`,
      summary: isHeard
        ? `People now hear of it when ${clusterName} cannot apply to ${target}`
        : `Resolved: ${clusterName} no longer fails to apply to ${target}`,
      body: () => [
        section(
          isHeard
            ? md`:white_check_mark: An Alert or a rule now tells people when ${management} cannot apply to ${where}. It was silent for ${text(lasted(event))}. What still fails there is still to be mended.`
            : md`:white_check_mark: ${management} no longer fails to apply to ${where}. It failed unheard for ${text(lasted(event))}.`,
        ),
      ],
      notes: [link(url, isHeard ? 'finding' : 'finding: who would hear of the next failure')],
    };
  }
  const subject = count(objectCount, 'Flux object');
  return {
    ...common,
    title: `Remote apply failing silently: ${target}`,
    summary: `${subject} on ${clusterName} cannot apply to ${target} since ${dayAndTime(event.since)}, and nobody was told`,
    body: (lines) => [
      section(
        md`${text(subject)} on ${management} cannot apply to ${where} since ${text(dayAndTime(event.since))}, and *no Alert has told anybody*.`,
      ),
      list(
        trusted('*What fails*'),
        objects.map((object) => objectLine(object)),
        Math.max(1, lines),
        (hidden) => md`+${hidden + objectCount - objects.length} more: ${management}`,
      ),
      list(
        trusted('*Why nothing fired*'),
        reasons(objects),
        Math.max(1, Math.min(lines, 6)),
        (hidden) => md`+${hidden} more: ${link(url, 'see the finding')}`,
      ),
    ],
    notes: [
      link(`${url}#fix`, 'copy the Alert manifest'),
      ...(first ? [link(links.finding(first.failureFindingId), 'why it fails')] : []),
      ...(objectCount > objects.length ? [md`${objects.length} of ${objectCount} objects shown`] : []),
    ],
  };
}

function objectLine({ kind, namespace, name, cause }: SilentObject): Mrkdwn {
  return md`${code(`${kind} ${namespace}/${name}`, 160)} ${code(cause.code, 60)}: ${text(cause.message, 200)}`;
}

/** Why, which field, and how the Alerts and Providers stand that come nearest; each said once. */
function reasons(objects: readonly SilentObject[]): readonly Mrkdwn[] {
  const lines = [
    ...objects.flatMap(({ why }) => why.map((each) => text(each, 400))),
    ...objects.flatMap(({ fields }) =>
      fields.map(
        ({ object, pointer, observed, expected }) =>
          md`${code(object, 120)} has ${code(pointer, 100)} = ${code(observed, 100)}; wanted: ${text(expected, 120)}`,
      ),
    ),
    ...objects.flatMap(({ alerts }) => alerts.flatMap(alertLine)),
  ];
  return [...new Set(lines)];
}

const HEALTH: Readonly<Record<SilentAlert['health'], Mrkdwn>> = {
  delivers: trusted('nothing stands against its delivery'),
  silent: trusted('it delivers nothing'),
  doubtful: trusted('it delivers in part, or calls nobody'),
  unknown: trusted('whether it delivers is not known'),
};

function alertLine({ namespace, name, provider, health, why }: SilentAlert): readonly Mrkdwn[] {
  const through = provider
    ? md` goes to Provider ${code(provider.name, 63)} (${text(provider.type === '' ? 'no type' : provider.type, 40)})`
    : trusted(' has no Provider that exists');
  const reason = why === undefined ? md`` : md`: ${text(why, 200)}`;
  return [md`Alert ${code(`${namespace}/${name}`, 120)}${through}; ${HEALTH[health]}${reason}`];
}
