export {
  comesFromKnownHost,
  type Demand,
  FLUX_TARGETS,
  keepsPodsFrom,
  namesAccount,
  namesDecryptionKey,
  namesRuntimeClass,
  noExternalArtifacts,
  POD_RISKS,
  refersAtHome,
  staysOffNodes,
} from './demands.js';
export { type PodSecurity, type PodSecurityLevel, podSecurityOf } from './pod-security.js';
export { Admission, admissionOf, type AdmissionObjects, type Protection, type Shortcoming } from './protection.js';
export type { Engine, Gap, PolicyRule } from './rule.js';
export type { PodRisk as AdmittedPodRisk, Requester } from './situation.js';
