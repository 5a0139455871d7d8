import { Injectable } from '@nestjs/common';
import type { AccessRule } from '#libs/core';
import { catalog } from '#libs/controls';
import { ClusterClient, ClusterError, preflight, type ClusterAccess, type Preflight } from '#libs/kubernetes';
import type { ObservedCondition } from '#libs/persistence';
import { EgressDenied, EgressPolicy } from '#libs/platform';
import { Problem } from '../http/problem.js';
import { ApiSettings } from '../settings.js';

/** Somebody waits for the answer; reading is a few dozen small requests. */
const BUDGET = { wallMs: 15_000, requests: 200, bytes: 32 * 1024 ** 2, qps: 50, burst: 50 };

export type Verification = { readonly preflight: Preflight } | { readonly error: ClusterError };

/** Meets clusters while somebody waits: may we connect, who are they, and what may we read there? */
@Injectable()
export class ClusterVerifier {
  constructor(
    private readonly egress: EgressPolicy,
    private readonly settings: ApiSettings,
  ) {}

  /**
   * Checks the address against the egress rule, without connecting. A name that does not resolve now is let pass: it
   * is checked again whenever it is used.
   * @throws {Problem} `egress-denied`
   */
  async checkAddress(server: string, pointer: string): Promise<void> {
    try {
      await this.egress.resolve(server);
    } catch (error) {
      if (!(error instanceof EgressDenied)) throw error;
      if (error.code === 'unresolvable') return;
      const errors = [{ pointer, code: error.code, detail: error.message }];
      throw new Problem('egress-denied', error.message, { errors, reason: error.code });
    }
  }

  /** @param expectedUid pinned identity; null before the first contact */
  async verify(access: ClusterAccess, expectedUid: string | null): Promise<Verification> {
    let client: ClusterClient | undefined;
    try {
      client = await ClusterClient.open(access, {
        egress: this.egress,
        budget: BUDGET,
        userAgent: `plimsoll-api/${this.settings.version}`,
      });
      const options = { controls: catalog, ...(expectedUid !== null && { expectedUid }) };
      return { preflight: await preflight(client, options) };
    } catch (error) {
      if (error instanceof ClusterError) return { error };
      throw error;
    } finally {
      await client?.close();
    }
  }
}

/** @throws {Problem} `identity-mismatch` or `verify-failed` */
export function verified(verification: Verification): Preflight {
  if ('preflight' in verification) return verification.preflight;
  const { code, message, hint } = verification.error;
  if (code === 'identityMismatch') throw new Problem('identity-mismatch', message, { reason: code, fix: hint });
  throw new Problem('verify-failed', message, { reason: code, fix: hint });
}

type Status = ObservedCondition['status'];

/** How far the conversation got: reachable, authenticated, identified. Others never got an answer. */
const REACHED: Partial<Record<ClusterError['code'], readonly [Status, Status, Status]>> = {
  unauthenticated: ['True', 'False', 'Unknown'],
  clientCertificateRefused: ['True', 'False', 'Unknown'],
  forbidden: ['True', 'True', 'Unknown'],
  identityMismatch: ['True', 'True', 'False'],
  probeChangedObject: ['True', 'True', 'True'],
  identityUnknown: ['True', 'True', 'False'],
};

function missingRules({ capabilities }: Preflight): readonly AccessRule[] {
  return capabilities.filter(({ allowed }) => allowed === false).map(({ rule }) => rule);
}

/** What a verification says about the state of a cluster. */
export function conditionsOf(verification: Verification): readonly ObservedCondition[] {
  const reached =
    'preflight' in verification
      ? (['True', 'True', 'True'] as const)
      : (REACHED[verification.error.code] ?? (['False', 'Unknown', 'Unknown'] as const));
  const failure = 'error' in verification ? verification.error : undefined;
  const judged = (type: ObservedCondition['type'], status: Status, good: string): ObservedCondition => ({
    type,
    status,
    reason: status === 'True' || !failure ? 'Verified' : capitalised(failure.code),
    message: status === 'True' || !failure ? good : `${failure.message} ${failure.hint}`,
  });
  const access = [
    judged('Reachable', reached[0], 'The API server answers.'),
    judged('Authenticated', reached[1], 'The credential is accepted.'),
    judged('IdentityVerified', reached[2], 'It is the cluster that was registered.'),
  ];
  const missing = 'preflight' in verification ? missingRules(verification.preflight) : (failure?.missing ?? []);
  if (missing.length > 0) return [...access, permissions('False', 'RulesMissing', missing)];
  return 'preflight' in verification ? [...access, permissions('True', 'AllRulesGranted')] : access;
}

function permissions(status: Status, reason: string, missing?: readonly AccessRule[]): ObservedCondition {
  const message = missing
    ? 'The auditor may not do what some controls need; the rules to add are in `missing`.'
    : 'The auditor may read everything that the controls need.';
  return { type: 'PermissionsSufficient', status, reason, message, ...(missing && { missing }) };
}

const capitalised = (code: string) => code.charAt(0).toUpperCase() + code.slice(1);
