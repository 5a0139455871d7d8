export { AlertCoverage, type AlertedSource, MATCH_STEPS, type ModeCoverage } from './alerting/alert-coverage.js';
export { alertsAreConfined } from './alerting/alert-path.js';
export type { MatchBudget } from './alerting/go-regexp.js';
export { anchorsOf } from './alerting/go-regexp-anchors.js';
export { compileGoPattern, matchesGoPattern } from './alerting/go-regexp.js';
export { invalidPatterns } from './alerting/message-filter.js';
export { missingAlert, missingRules } from './alerting/missing-alert.js';
export type { PathAnswer } from './alerting/path-answer.js';
export { addressOf, isInCluster, secretNamed } from './alerting/provider-delivery.js';
export type { FlagValue } from './arguments/flag-values.js';
export { parseFluxDuration, parseGoDuration } from './arguments/go-duration.js';
export { workloadIdentityFlags } from './arguments/parse-arguments.js';
export { type FlagReading, ignoredArguments, readFlag } from './arguments/read-flag.js';
export { COMPONENTS, type Component, basename } from './components.js';
export { excerpt, withoutValue } from './excerpt.js';
export {
  type FixTarget,
  type Preset,
  removeArgumentFixes,
  rootAccountFixes,
  setArgumentFixes,
} from './fixes/argument-fixes.js';
export { firstFluxOf, firstVersionOf } from './flags/availability.js';
export { WORKLOAD_IDENTITY_GATE } from './flags/feature-gates.js';
export { type ControllerRun, hasRunFor, isCrashLooping } from './inventory/controller-run.js';
export { type ControllerInstance, discoverControllers, fluxNamespacesOf } from './inventory/discover-controllers.js';
export { imageByDigest, listsImagesOf } from './images/digest-table.js';
export { digestOfImageId, isKnownSource, parseImageReference } from './images/image-reference.js';
export { describeInstall, installMethodOf } from './inventory/install-method.js';
export { type UnrecognisedController, unrecognisedControllers } from './inventory/unrecognised.js';
export { kubeConfigKey, kubeConfigOf } from './references/kube-config-of.js';
export {
  kubeConfigMapReferences,
  type ReferringObjects,
  type SecretReference,
  secretReferences,
  type SecretRole,
} from './references/secret-references.js';
export {
  type Lane,
  type LaneKeys,
  type LaneProblem,
  type LaneReading,
  SELECTOR_FLAG,
  componentOfKind,
  describeLane,
  intendedLanesOf,
  laneFinder,
  lanesOf,
  servedBy,
} from './lanes/lanes.js';
export { isSatisfiable, labelsMatching, selectorImplies, selectorsOverlap } from './lanes/selector-algebra.js';
export { parseWatchSelector } from './lanes/watch-selector.js';
export { type TargetFacts } from './identity/apply-target.js';
export { type NamedAccount, accountOfRun, accountsUsed, effectiveIdentities } from './identity/effective-identity.js';
export {
  type AccountIdentity,
  type AccountReference,
  type CredentialIdentity,
  type EffectiveIdentity,
  type IdentitySource,
  type UnknownIdentity,
} from './identity/identity.js';
export { type RemoteFailureCause, classifyCause } from './status/classify-cause.js';
export { sameRevision } from './status/revision.js';
export { PLATFORM_ACCOUNTS } from './tenancy/derive-tenants.js';
export { type Tenancy, resolveTenancy } from './tenancy/resolve-tenancy.js';
export { ADVISORIES_AS_OF, type AffectingAdvisory, advisoriesFor } from './versions/advisories.js';
export { RELEASES_AS_OF } from './versions/releases.js';
export { describeVersion } from './versions/resolve-version.js';
export { SUPPORTED, releasePlaceOf, supportOf } from './versions/support.js';
export { isOlder } from './versions/version.js';
