import type { JsonValue, Probe, ProbeDenier, ProbeReport, ProbeResult, ProbeVerdict } from '#libs/core';
import { defined, Fields } from '../projection/fields.js';

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly Probe['method'][];
const SUBRESOURCES = ['status', 'finalize', 'scale'] as const;
const KINDS = [
  'accepted',
  'unauthorized',
  'cannotImpersonate',
  'denied',
  'brokenPolicy',
  'webhookDown',
  'dryRunUnsupported',
  'inconclusive',
  'unreadable',
] as const satisfies readonly ProbeVerdict['kind'][];
const MECHANISMS = [
  'validatingAdmissionPolicy',
  'webhook',
  'podSecurity',
  'quota',
  'admission',
] as const satisfies readonly ProbeDenier['mechanism'][];

/** What active verification found out, from a recording. */
export function readProbeReport(holder: Fields): ProbeReport {
  const value = holder.needChild('value');
  return { results: (value.children('results') ?? []).map(resultOf), left: value.count('left') ?? 0 };
}

function resultOf(fields: Fields): ProbeResult {
  return defined({
    probe: probeOf(fields.needChild('probe')),
    verdict: verdictOf(fields.needChild('verdict')),
    status: fields.count('status') ?? 0,
    auditId: fields.text('auditId'),
    shown: fields.json('shown'),
  });
}

function probeOf(fields: Fields): Probe {
  const [as, target] = [fields.needChild('as'), fields.needChild('target')];
  return defined({
    key: fields.needText('key'),
    control: fields.text('control') ?? '',
    as: { user: as.needText('user'), groups: as.texts('groups') ?? [] },
    method: needed(fields, 'method', METHODS),
    target: defined({
      group: target.text('group') ?? '',
      version: target.needText('version'),
      resource: target.needText('resource'),
      namespace: target.text('namespace'),
      name: target.text('name'),
      subresource: target.choice('subresource', SUBRESOURCES),
    }),
    uid: fields.text('uid'),
    body: bodyOf(fields),
    what: fields.text('what') ?? '',
    show: fields.texts('show'),
  });
}

/** A JSON patch is a list, everything else an object. */
function bodyOf(fields: Fields): JsonValue | undefined {
  const raw = fields.raw('body');
  return Array.isArray(raw) ? fields.jsonList('body') : fields.json('body');
}

function verdictOf(fields: Fields): ProbeVerdict {
  const kind = needed(fields, 'kind', KINDS);
  const name = fields.text('name');
  switch (kind) {
    case 'denied':
      return { kind, by: denierOf(fields.needChild('by')) };
    case 'brokenPolicy':
      return { kind, name: fields.needText('name') };
    case 'webhookDown':
    case 'dryRunUnsupported':
      return { kind, ...(name !== undefined && { name }) };
    default:
      return { kind };
  }
}

function denierOf(fields: Fields): ProbeDenier {
  const mechanism = needed(fields, 'mechanism', MECHANISMS);
  switch (mechanism) {
    case 'validatingAdmissionPolicy':
      return defined({ mechanism, name: fields.needText('name'), binding: fields.text('binding') });
    case 'webhook':
      return { mechanism, name: fields.needText('name') };
    default:
      return { mechanism };
  }
}

function needed<const T extends string>(fields: Fields, key: string, choices: readonly T[]): T {
  const value = fields.choice(key, choices);
  if (value === undefined) throw fields.malformed(key);
  return value;
}
