export * from './evaluate.js';
export * from './not-evaluated.js';
