#!/usr/bin/env node
// The command line from a checkout: builds what is stale, then runs it.
import { build } from './build.mjs';

await build({ web: process.argv[2] === 'up' });
await import('../dist/apps/cli/src/main.js');
