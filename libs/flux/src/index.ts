export { parseFluxDuration } from './arguments/go-duration.js';
export { COMPONENTS, type Component, basename } from './components.js';
export { type RemoteFailureCause, classifyCause } from './status/classify-cause.js';
export { sameRevision } from './status/revision.js';
