import {
  count,
  percent,
  type DigestBlindSpot,
  type DigestFinding,
  type RunDigest,
  SEVERITIES,
  type Severity,
} from '#libs/core';
import type { KnownBlock } from '@slack/types';
import type { Message, SlackContent } from '../message.js';
import { context, DIVIDER, fields, header, LIMITS, list, section, withinLimits } from './block-kit.js';
import { CAUSE_WORDS, dayAndTime, headline, SEVERITY_EMOJI, summary } from './digest-words.js';
import { Links } from './links.js';
import { code, join, link, md, type Mrkdwn, text, trusted } from './mrkdwn.js';
import { plainText } from './plain-text.js';

/** Where a message is going, and where its links lead. */
export interface DigestView {
  /** `PLIMSOLL_PUBLIC_URL`. */
  readonly publicUrl: string;
  readonly channelId: string;
  /** Findings below it are counted but not listed. Absent: all are listed. */
  readonly minSeverity?: Severity;
}

/** How much of each list is told. */
interface Detail {
  readonly lines: number;
  readonly blindSpots: number;
  readonly names: number;
}
/** Tried from the top until the message fits. */
const FULL: readonly Detail[] = [
  { lines: 10, blindSpots: 8, names: 3 },
  { lines: 6, blindSpots: 4, names: 2 },
  { lines: 3, blindSpots: 3, names: 1 },
  { lines: 0, blindSpots: 0, names: 0 },
];
const COMPACT: readonly Detail[] = [
  { lines: 3, blindSpots: 2, names: 1 },
  { lines: 0, blindSpots: 0, names: 0 },
];

/** The message about one finished run: what is new, what is gone, and what was not looked at. */
export function renderDigest(digest: RunDigest, view: DigestView): Message {
  const links = new Links(view.publicUrl);
  const fit = (details: readonly Detail[]): SlackContent => {
    const contents = details.map((detail) => ({ text: fallback(digest), blocks: blocks(digest, detail, links, view) }));
    return contents.find(withinLimits) ?? plain(digest, links);
  };
  return {
    type: 'run.completed',
    timestamp: digest.finishedAt,
    data: webhookData(digest, links),
    slack: { full: fit(FULL), compact: fit(COMPACT), plain: plain(digest, links) },
  };
}

function blocks(digest: RunDigest, detail: Detail, links: Links, view: DigestView): readonly KnownBlock[] {
  return [
    header(headline(digest)),
    context([
      md`${text(dayAndTime(digest.finishedAt))}`,
      md`profile ${code(digest.profile)}`,
      md`${TRIGGER[digest.trigger]} run ${link(links.run(digest.runId), digest.runId)}`,
    ]),
    figures(digest),
    DIVIDER,
    ...(digest.baseline ? [baselineNote(digest)] : news(digest, detail, links, view)),
    ...notJudged(digest, detail, links),
    context([
      ...tail(digest, view),
      link(links.run(digest.runId), 'open the run'),
      link(links.channel(view.channelId), 'why am I seeing this?'),
    ]),
  ];
}

const TRIGGER: Readonly<Record<RunDigest['trigger'], Mrkdwn>> = {
  api: trusted('requested'),
  schedule: trusted('scheduled'),
  start: trusted('first'),
};

function figures(digest: RunDigest): KnownBlock {
  const { total, evaluated, notEvaluated } = digest.clusters;
  const { now, before } = digest.compliant;
  return fields([
    [
      trusted('Clusters audited'),
      md`${evaluated} of ${total}${notEvaluated > 0 ? md` (${notEvaluated} not judged)` : md``}`,
    ],
    [trusted('Coverage'), md`${text(percent(digest.coverage))} of checks evaluated`],
    [trusted('Open findings'), openFindings(digest)],
    [
      trusted('Compliant clusters'),
      md`${evaluated === 0 ? trusted('not known') : md`${now} of ${evaluated}`}${before === null ? md`` : md` (was ${before})`}`,
    ],
  ]);
}

function openFindings({ open }: RunDigest): Mrkdwn {
  const loud = (['critical', 'high'] as const).filter((severity) => open[severity] > 0);
  const others = open.medium + open.low + open.info;
  const parts = [
    ...loud.map((severity) => md`${SEVERITY_EMOJI[severity]} ${open[severity]} ${trusted(severity)}`),
    ...(others > 0 ? [md`${others} other`] : []),
  ];
  return parts.length === 0 ? trusted('none') : join(parts, ' · ');
}

function baselineNote(digest: RunDigest): KnownBlock {
  const found = text(count(digest.baselineFindings, 'finding'));
  return section(
    md`*${found} found in the first audit.* They are the baseline; from now on only changes are sent. Nothing is listed here, everything is in the run.`,
  );
}

interface Change {
  readonly finding: DigestFinding;
  /** What is special about it; empty for a new one. */
  readonly how: Mrkdwn;
}

/** New, returned and worsened findings in one list, worst first. */
function news(
  digest: RunDigest,
  detail: Detail,
  links: Links,
  { minSeverity = 'info' }: DigestView,
): readonly KnownBlock[] {
  const total = digest.openedCount + digest.reopenedCount + digest.escalatedCount;
  const wanted = SEVERITIES.slice(0, SEVERITIES.indexOf(minSeverity) + 1);
  const groups = [
    ...digest.opened.map((finding) => ({ finding, how: md`` })),
    ...digest.reopened.map((finding) => ({ finding, how: trusted(' (back again)') })),
    ...digest.escalated.map((finding) => ({ finding, how: trusted(' (more severe than before)') })),
  ]
    .filter(({ finding }) => wanted.includes(finding.severity))
    .sort((a, b) => SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity));
  if (groups.length === 0) return [];
  const all = link(links.run(digest.runId), `all ${count(total, 'change')}`);
  return [
    list(
      trusted('*New since the previous run*'),
      groups.map((change) => findingLine(change, digest.runId, detail, links)),
      detail.lines,
      (hidden) => md`+${hidden} more: ${all}`,
    ),
  ];
}

function findingLine({ finding, how }: Change, runId: string, detail: Detail, links: Links): Mrkdwn {
  const target =
    finding.clusterCount > 1 ? links.changedFindings(finding.controlId, runId) : links.finding(finding.findingId);
  const where = names(finding, detail);
  const tenant = finding.tenant === undefined ? md`` : md` (tenant ${code(finding.tenant, 63)})`;
  return md`${SEVERITY_EMOJI[finding.severity]} ${trusted(finding.severity)}: ${link(target, plainText(finding.title, 120))} *not met* on ${where}${tenant}${how}`;
}

/** `a, b` where all names are shown, else `4 clusters (a, b and 2 more)`. */
function names(group: { readonly clusters: readonly string[]; readonly clusterCount: number }, detail: Detail): Mrkdwn {
  const total = Math.max(group.clusterCount, group.clusters.length);
  const shown = group.clusters.slice(0, detail.names).map((name) => code(name, 63));
  const rest = total - shown.length;
  if (shown.length === 0) return text(count(total, 'cluster'));
  return rest === 0 ? join(shown, ', ') : md`${text(count(total, 'cluster'))} (${join(shown, ', ')} and ${rest} more)`;
}

function notJudged(digest: RunDigest, detail: Detail, links: Links): readonly KnownBlock[] {
  if (digest.blindSpots.length === 0) return [];
  const all = link(links.run(digest.runId), 'see the run');
  return [
    list(
      trusted('*Not judged* (these are not passes)'),
      digest.blindSpots.map((spot) => blindSpotLine(spot, detail)),
      detail.blindSpots,
      (hidden) => md`+${hidden} more: ${all}`,
    ),
  ];
}

function blindSpotLine(spot: DigestBlindSpot, detail: Detail): Mrkdwn {
  const why = text(spot.message.trim() === '' ? CAUSE_WORDS[spot.cause] : spot.message, 200);
  const what = spot.controls === 0 ? md`` : md`${text(count(spot.controls, 'check'))} not evaluated, `;
  return md`${names(spot, detail)}: ${what}${why}`;
}

function tail(digest: RunDigest, { minSeverity = 'info' }: DigestView): readonly Mrkdwn[] {
  const first = digest.baseline ? 0 : digest.baselineFindings;
  return [
    ...(digest.resolvedCount > 0 ? [md`${digest.resolvedCount} resolved`] : []),
    ...(first > 0
      ? [md`${text(count(first, 'finding'))} in clusters audited for the first time: counted, not listed`]
      : []),
    ...(minSeverity === 'info' ? [] : [md`findings below ${trusted(minSeverity)} are counted, not listed`]),
  ];
}

const fallback = (digest: RunDigest): Mrkdwn => text(summary(digest), LIMITS.text);

/** The last resort: no blocks, the figures and the link. */
function plain(digest: RunDigest, links: Links): SlackContent {
  const blind = digest.blindSpots.length > 0 ? trusted('\nWhat was not judged is not a pass.') : md``;
  return { text: md`${fallback(digest)}${blind}\n${link(links.run(digest.runId), 'open the run')}` };
}

function webhookData(digest: RunDigest, links: Links): Message['data'] {
  return {
    run: {
      id: digest.runId,
      url: links.run(digest.runId),
      profile: plainText(digest.profile, 200),
      trigger: digest.trigger,
    },
    baseline: digest.baseline,
    clusters: { ...digest.clusters },
    coverage: digest.coverage,
    compliant: { ...digest.compliant },
    open: { ...digest.open },
    changes: {
      opened: digest.openedCount,
      reopened: digest.reopenedCount,
      escalated: digest.escalatedCount,
      resolved: digest.resolvedCount,
      baseline: digest.baselineFindings,
    },
  };
}
