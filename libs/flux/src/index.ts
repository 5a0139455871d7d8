export * from './arguments/go-duration.js';
