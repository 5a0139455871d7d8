export * from './coverage.js';
export * from './evaluate.js';
export * from './findings.js';
export * from './not-evaluated.js';
export * from './reconcile.js';
export * from './score.js';
export * from './waivers.js';
