export { selectsPod } from './match.js';
export { type Direction, directionsOf } from './directions.js';
export {
  type Doubt,
  type Endpoint,
  type Opening,
  podsThatReach,
  pointerOf,
  PolicyEvaluator,
  type Reach,
  type Verdict,
} from './reach.js';
export { type DefaultDeny, nativeDefaultDeny } from './native/default-deny.js';
export type { NativeEffect } from './native/effect.js';
export { nativeEffects } from './native/native-effects.js';
