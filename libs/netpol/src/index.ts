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
