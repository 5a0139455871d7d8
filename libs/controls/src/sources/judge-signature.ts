import {
  type Evidence,
  type Fix,
  type Observation,
  fail,
  notApplicable,
  notEvaluated,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant } from '../tenants/tenant-model.js';
import type { IdentityFlaw, IdentityJudge } from './oidc-identity.js';
import { type VerifiedObject, judgeKeys, titleOf } from './source-verification.js';

/** Something that is fetched from a registry, by an object that may say how it is verified. */
export interface SignedObject extends Omit<VerifiedObject, 'verify'> {
  readonly verify: VerifiedObject['verify'] | undefined;
  /** The tenant whose object it is; undefined = the platform's. */
  readonly tenant: Tenant | undefined;
  /** What is fetched: `artifact`, `chart`. */
  readonly what: string;
  /** The kind has no field for the identity of signers: `spec.chart.spec.verify` of a HelmRelease. */
  readonly withoutIdentity: boolean;
  readonly fixes: () => readonly Fix[];
}

const KEYS = {
  cosign: { pattern: /\.pub$/, description: 'a public key of cosign (a key that ends in .pub)' },
  notation: { pattern: /\.(?:crt|pem)$/, description: 'a trust policy and certificates of notation' },
} as const;

/** What is to be said about how the signature of an artifact or chart is verified; undefined where it is well. */
export function judgeSignature(signed: SignedObject, flawsOf: IdentityJudge): Observation | undefined {
  const { object, verify, pointer, tenant, what } = signed;
  const subject = subjectOf(object);
  const title = titleOf(object);
  const field = pointer.slice(1).replaceAll('/', '.');
  const evidence = (at: string, observed: Evidence['observed'], expected: string): Evidence => ({
    object: objectReference(object),
    pointer: `${pointer}${at}`,
    observed,
    expected,
  });
  if (!verify) {
    if (tenant) return tenantsOwn(signed, tenant);
    const message =
      `${title} is of the platform, and Flux takes the ${what} whoever pushed it to the registry. A stolen credential of the registry is enough to change the cluster. ` +
      `Sign the ${what} and set ${field}.`;
    return fail(subject, 'NOT_VERIFIED', message, {
      evidence: [evidence('', null, 'a provider, and whose signature it must be')],
      fixes: signed.fixes(),
    });
  }
  const { provider = 'cosign', secretRef, matchOIDCIdentity: identities = [] } = verify;
  if (provider !== 'cosign' && provider !== 'notation') {
    const message = `${title} is verified by "${excerpt(provider, 40)}", which this version of Plimsoll does not know. Upgrade Plimsoll, or look at it yourself.`;
    return notEvaluated(subject, 'undecidable', 'UNKNOWN_PROVIDER', message);
  }
  if (provider === 'notation' || secretRef) return judgeKeys({ ...signed, verify }, KEYS[provider]);
  if (identities.length === 0) {
    const message =
      `${title} is verified by cosign without a key and without saying who must have signed, so the signature of anyone passes. ` +
      `Everybody can sign with an identity of their own, so this verifies next to nothing. ` +
      (signed.withoutIdentity
        ? 'A HelmRelease cannot say who: let spec.chartRef lead to an OCIRepository with spec.verify.matchOIDCIdentity, or name a Secret with a public key.'
        : `Set ${field}.matchOIDCIdentity to the issuer and the subject of your release workflow.`);
    const place = signed.withoutIdentity
      ? evidence('/secretRef', null, 'a Secret with a public key')
      : evidence('/matchOIDCIdentity', null, 'issuer and subject of who signs');
    return fail(subject, 'ANYONE_SIGNS', message, { evidence: [place], fixes: signed.fixes() });
  }
  const flaws = identities.flatMap((identity, index) => flawsOf(identity).map((flaw) => ({ flaw, identity, index })));
  const judged = (problem: IdentityFlaw['problem'], only?: IdentityFlaw['field']) =>
    flaws.filter(({ flaw }) => flaw.problem === problem && (only === undefined || flaw.field === only));
  const describe = (found: typeof flaws) => found.map(({ flaw }) => `the ${flaw.field} ${flaw.what}`).join('; ');
  const places = (found: typeof flaws, expected: string) =>
    found.map(({ flaw, identity, index }) =>
      evidence(`/matchOIDCIdentity/${index}/${flaw.field}`, excerpt(identity[flaw.field] ?? '', 200) || null, expected),
    );
  const broad = judged('tooBroad');
  const unanchored = judged('unanchored', 'subject');
  for (const [reason, found, why] of [
    ['IDENTITY_TOO_BROAD', broad, 'Whoever has an account at that issuer can sign what passes here.'],
    ['IDENTITY_UNANCHORED', unanchored, 'Somebody else can have such a name, and sign what passes here.'],
  ] as const) {
    const [first, ...others] = places(found, '^ and $ around one repository and workflow');
    if (!first) continue;
    const message = `${title} is verified by an identity that says too little: ${describe(found)}. ${why} Write the whole identity, from ^ to $, as in ^https://github\\.com/org/repo/\\.github/workflows/release\\.yml@refs/tags/.*$.`;
    return fail(subject, reason, message, { evidence: [first, ...others] });
  }
  const unknown = judged('unknown');
  if (unknown.length > 0) {
    const message = `How ${title} is verified cannot be judged: ${describe(unknown)}. Write the identity as a simple pattern from ^ to $.`;
    return notEvaluated(subject, 'undecidable', 'PATTERN_UNKNOWN', message);
  }
  const issuers = judged('unanchored', 'issuer');
  if (issuers.length === 0) return undefined;
  const message = `${title} is verified by an identity of which ${describe(issuers)}. Issuers with longer names would pass. Put ^ before and $ after the issuer.`;
  return warn(subject, 'ISSUER_UNANCHORED', message, {
    severity: 'low',
    evidence: places(issuers, '^ and $ around it'),
  });
}

function tenantsOwn({ object, what }: SignedObject, tenant: Tenant): Observation {
  const message = `${titleOf(object)} is of ${excerpt(tenant.name, 80)}; whether its ${what} is signed is a matter of that tenant. There is nothing to do for the platform.`;
  return notApplicable(subjectOf(object), 'TENANT_SOURCE', message);
}
