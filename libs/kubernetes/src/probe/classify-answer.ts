import type { ProbeVerdict } from '#libs/core';

/** What the API server answered to a probe, as far as it is looked at. The text is never stored or shown. */
export interface ProbeAnswer {
  readonly status: number;
  /** `reason` of the Status, such as `Forbidden`. */
  readonly reason?: string;
  readonly message?: string;
}

export interface ProbePeople {
  /** Who is impersonated, as the API server names the user. */
  readonly impersonated: string;
  /** Who the credential is. */
  readonly auditor: string;
}

const FORBIDDEN = / is forbidden: /;
const CANNOT_IMPERSONATE = /User "([^"]*)" cannot impersonate(?:[-:][\w:-]+)? resource "/;
const CANNOT = /User "([^"]*)" cannot [\w*-]+ (?:resource|path) "/;
const NOT_HELD = /attempting to grant RBAC permissions not currently held/;
const NOT_ADMIN = /must have cluster-admin privileges to use the aggregationRule/;
const POLICY = /ValidatingAdmissionPolicy '([^']*)'(?: with binding '([^']*)')? denied request/;
const POLICY_ERROR = /resulted in error|failed to configure/;
const WEBHOOK = /admission webhook "([^"]*)" denied the request/;
const WEBHOOK_DOWN = /failed calling webhook(?: "([^"]*)")?/;
const NO_DRY_RUN = /(?:admission webhook "([^"]*)" )?does not support dry run|dryRun is not supported/;
const POD_SECURITY = /violates PodSecurity/;
const QUOTA = /exceeded quota|failed quota/;
/** Plugins of the API server that refuse in words of their own. */
const PLUGINS =
  /may not be deleted|because it is being terminated|conflicts? (?:with|between) .*namespace|unable to validate against any (?:security context constraint|pod security policy)|(?:minimum|maximum) (?:cpu|memory|storage) usage per/i;

/**
 * What the answer to a probe proves. The text decides before the code does, for the codes of policies and webhooks are
 * whatever their authors chose: a policy denies with 422 unless it states a reason, a webhook with 400 unless it states
 * a code. In a text with "is forbidden: " only what follows it counts, for an object can be called anything.
 */
export function classifyAnswer(answer: ProbeAnswer, { impersonated, auditor }: ProbePeople): ProbeVerdict {
  const { status, message = '' } = answer;
  if (status === 200 || status === 201) return { kind: 'accepted' };
  const text = afterForbidden(message);
  const stranger = CANNOT_IMPERSONATE.exec(text)?.[1];
  // Constrained impersonation names the resource of the probe itself, so that the user tells who was refused.
  if (stranger !== undefined && stranger !== impersonated) return { kind: 'cannotImpersonate' };
  const refused = CANNOT.exec(text)?.[1];
  if (refused !== undefined && refused === auditor && auditor !== impersonated) return { kind: 'cannotImpersonate' };
  if (status === 403 && (refused === impersonated || NOT_HELD.test(text) || NOT_ADMIN.test(text))) {
    return { kind: 'unauthorized' };
  }
  const policy = POLICY.exec(message);
  if (policy) {
    const [whole, name = '', binding] = policy;
    const after = message.slice(policy.index + whole.length);
    if (POLICY_ERROR.test(after)) return { kind: 'brokenPolicy', name };
    const mechanism = 'validatingAdmissionPolicy';
    return { kind: 'denied', by: { mechanism, name, ...(binding !== undefined && { binding }) } };
  }
  const webhook = WEBHOOK.exec(message)?.[1];
  if (webhook !== undefined) return { kind: 'denied', by: { mechanism: 'webhook', name: webhook } };
  if (POD_SECURITY.test(text)) return { kind: 'denied', by: { mechanism: 'podSecurity' } };
  if (QUOTA.test(text)) return { kind: 'denied', by: { mechanism: 'quota' } };
  const unsupported = NO_DRY_RUN.exec(message);
  if (unsupported) return { kind: 'dryRunUnsupported', ...named(unsupported[1]) };
  const down = WEBHOOK_DOWN.exec(message);
  if (down) return { kind: 'webhookDown', ...named(down[1]) };
  if (PLUGINS.test(text)) return { kind: 'denied', by: { mechanism: 'admission' } };
  // A create comes to the name only after authorization and admission.
  if (status === 409 && answer.reason === 'AlreadyExists') return { kind: 'accepted' };
  // Validation and preconditions come before the validating part of admission.
  if (status === 409 || status === 422) return { kind: 'inconclusive' };
  if (status === 403) return { kind: 'denied', by: { mechanism: 'admission' } };
  return { kind: 'unreadable' };
}

function afterForbidden(message: string): string {
  const found = FORBIDDEN.exec(message);
  return found ? message.slice(found.index + found[0].length) : message;
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}
