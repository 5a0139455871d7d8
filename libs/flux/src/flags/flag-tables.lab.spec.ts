import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { programsIn } from '../../../../test/lab/binaries.js';
import type { Component } from '../components.js';
import { flagsOf } from './flag-tables.js';

/** The controllers that the lab builds; `--help` prints their true flags. */
const CONTROLLERS = ['kustomize-controller', 'helm-controller', 'notification-controller'] as const;

function programs(): Readonly<Partial<Record<string, string>>> {
  return { ...inject('lab')?.programs, ...programsIn(process.env['PLIMSOLL_LAB_BIN']) };
}

/** `      --name type   usage (default x)`; a bool has no type, and zero values are not printed. */
const LINE = /^ +--(\S+)(?: ([a-zA-Z0-9]+))? {2,}(.*)$/;

function parseHelp(text: string): Map<string, { type: string; default: string }> {
  const flags = new Map<string, { type: string; default: string }>();
  for (const line of text.split('\n')) {
    const [, name, type = 'bool', usage = ''] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const printed = /\(default (.*)\)$/.exec(usage)?.[1];
    flags.set(name, { type, default: printed?.replace(/^"(.*)"$/, '$1') ?? zeroOf(type) });
  }
  return flags;
}

function zeroOf(type: string): string {
  if (type === 'bool') return 'false';
  return /int|float/.test(type) ? '0' : '';
}

function tableOf(component: Component): Map<string, { type: string; default: string }> {
  return new Map(
    [...flagsOf(component)].map(([name, definition]) => {
      // pflag prints a stringSlice as `strings`.
      const type = definition.type === 'stringSlice' ? 'strings' : definition.type;
      return [name, { type, default: definition.default }];
    }),
  );
}

const found = programs();

describe('flag tables and real controllers [needs lab]', () => {
  it.skipIf(CONTROLLERS.some((name) => found[name] === undefined)).each(CONTROLLERS)(
    '%s --help prints the table',
    (component) => {
      const { stdout, stderr, status } = spawnSync(path.resolve(found[component] ?? ''), ['--help'], {
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      const real = parseHelp(stdout + stderr);
      expect(real.size).toBeGreaterThan(20);
      const sorted = (flags: ReadonlyMap<string, unknown>) =>
        Object.fromEntries([...flags].sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(sorted(tableOf(component))).toEqual(sorted(real));
    },
  );
});
