import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { programsIn } from '../../../../test/lab/binaries.js';
import type { Component } from '../components.js';
import type { ArgvItem } from './container-argv.js';
import { parseArguments } from './parse-arguments.js';

const programs: Readonly<Partial<Record<string, string>>> = {
  ...inject('lab')?.programs,
  ...programsIn(process.env['PLIMSOLL_LAB_BIN']),
};
const CONTROLLERS = ['kustomize-controller', 'helm-controller', 'notification-controller'] as const;
const missing = CONTROLLERS.some((name) => programs[name] === undefined);

/** What a controller says that has accepted its arguments, and finds no cluster. */
const ACCEPTED = /unable to get kubeconfig/;
const SAYS: Readonly<Record<string, RegExp>> = {
  parsed: ACCEPTED,
  help: /^Usage of /m,
  badSyntax: /^bad flag syntax: /m,
  unknownFlag: /^unknown flag: /m,
  unknownShorthand: /^unknown shorthand flag: /m,
  valueRequired: /^flag needs an argument: /m,
  invalidValue: /^invalid argument |unable to set global jitter/m,
  unknownGate: /unable to load feature gates/,
  gateOff: /cannot set default service accounts when the feature gate ObjectLevelWorkloadIdentity is not enabled/,
  badSelector: /unable to configure watch (configs )?label selector/,
};
const EXIT: Readonly<Record<string, number>> = { parsed: 1, help: 0, unknownGate: 1, gateOff: 1, badSelector: 1 };

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
const LINES: readonly (readonly [Component, readonly string[]])[] = CONTROLLERS.flatMap(
  (component): [Component, string[]][] => [
    [component, []],
    [component, ['--watch-all-namespaces=false', '--log-level=debug', '--', '--nope']],
    [component, ['--no-cross-namespace-refs', 'false']],
    [component, ['--no-cross-namespace-refs true']],
    [component, ['-no-cross-namespace-refs']],
    [component, ['--no-cross-namespace-refs=yes']],
    [component, ['---no-cross-namespace-refs']],
    [component, ['--concurrent']],
    [component, ['--concurrent=many']],
    [component, ['--feature-gates=Nope=false']],
    [component, ['--feature-gates=CacheSecretsAndConfigMaps=true', GATE]],
    [component, ['feature-gates=Nope=true']],
    [component, ['--no-remote-bases']],
    [component, ['--insecure-kubeconfig-exec', '--insecure-kubeconfig-tls=0']],
    [component, ['--default-service-account=x']],
    [component, ['--default-service-account=x', GATE]],
    [component, ['--default-kubeconfig-service-account=x']],
    [component, ['--default-kubeconfig-service-account', 'x', GATE]],
    [component, ['--watch-label-selector', '--no-remote-bases=true']],
    [component, ['--watch-label-selector=shard in (a,b), !c']],
    [component, ['--interval-jitter-percentage=100']],
    [component, ['--help']],
  ],
);

describe.skipIf(missing)('start-up of real controllers [needs lab]', () => {
  it.each(LINES)('%s %j', (component, line) => {
    const argv: ArgvItem[] = line.map((text, index) => ({
      text,
      certain: text.length,
      unresolved: [],
      pointer: `/args/${index}`,
    }));
    const reading = parseArguments(component, argv);
    const expected = reading.state === 'crash' ? reading.code : reading.state;
    const { stdout, stderr, status } = spawnSync(path.resolve(programs[component] ?? ''), line, {
      encoding: 'utf8',
      env: {}, // no cluster: neither KUBECONFIG nor KUBERNETES_SERVICE_HOST
      timeout: 30_000,
    });
    expect(`${stdout}${stderr}`).toMatch(SAYS[expected] ?? /no such code/);
    expect(status).toBe(EXIT[expected] ?? (/global jitter/.test(stderr) ? 1 : 2));
  });
});
