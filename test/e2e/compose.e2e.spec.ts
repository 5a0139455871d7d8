import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '#libs/platform';
import { registerCluster, registerTenant } from '../../apps/cli/src/up/fleet.js';
import { startChild, stopChildren, type Child } from '../../apps/cli/src/up/children.js';
import { startDemo, type Demo } from '../../apps/cli/src/up/demo.js';
import { RestClient } from '../../apps/cli/src/up/rest-client.js';
import { freePorts } from '../lab/ports.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { redisIsPresent, startRedis, type TestRedis } from '../support/redis.js';
import { serverBuild } from '../support/server-build.js';
import { ServiceRest } from '../support/service-rest.js';
import {
  interpolated,
  readComposeFile,
  readDockerfile,
  ROOT,
  variablesIn,
  type ComposeService,
} from './support/compose-file.js';

const compose = readComposeFile();
const dockerfile = readDockerfile();
const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
};
const services = Object.entries(compose.services);
/** Those that run our image. */
const ours = services.filter(([, { build }]) => build !== undefined);
const instruction = (name: string) => dockerfile.run.filter((one) => one.name === name).map(({ text }) => text);
const entrypoint = JSON.parse(instruction('ENTRYPOINT')[0] ?? '[]') as string[];

describe('docker-compose.yml', () => {
  it('runs migrations, the API and workers beside PostgreSQL and Redis', () => {
    expect(services.map(([name]) => name).toSorted()).toEqual(['api', 'migrate', 'postgres', 'redis', 'worker']);
    expect(ours.map(([name]) => name).toSorted()).toEqual(['api', 'migrate', 'worker']);
  });

  it.each(services)('%s: its image is built here, or is of a stated version', (_, { image, build }) => {
    expect(build === undefined || existsSync(path.join(ROOT, build, 'Dockerfile'))).toBe(true);
    expect(image).toMatch(/^[a-z]+:[\w.-]+$/);
    expect(image).not.toMatch(/:latest$/);
  });

  it.each(ours)('%s: starts a program that a build has', async (_, { command = [] }) => {
    expect(command).toHaveLength(1);
    expect(existsSync(path.join(await serverBuild(), '..', command[0] ?? ''))).toBe(true);
  });

  it.each(ours)('%s: has only settings that the service knows', (_, { environment }) => {
    const named = [...Object.keys(environment), ...Object.values(environment).flatMap(variablesIn)];
    expect(named.filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });

  it.each(services)('%s: has the secrets, volumes and services that it refers to', (_, service) => {
    expect(service.secrets.filter((name) => compose.secrets[name] === undefined)).toEqual([]);
    const files = Object.values(service.environment).filter((value) => value.startsWith('/run/'));
    expect(files.filter((file) => !service.secrets.includes(path.basename(file)))).toEqual([]);
    const volumes = service.volumes.map((volume) => volume.split(':')[0] ?? '');
    expect(volumes.filter((name) => !(name in compose.volumes))).toEqual([]);
    for (const [name, { condition }] of Object.entries(service.depends_on)) {
      const other = compose.services[name];
      const canBe = condition === 'service_healthy' ? other?.healthcheck !== undefined : other?.restart === 'no';
      expect([name, canBe]).toEqual([name, true]);
    }
  });

  it.each(services)('%s: can be reached from this machine only, if at all', (_, { ports }) => {
    expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  });

  it.each(ours)('%s: may do nothing that it need not', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it('says how to make its secrets', async () => {
    const head = (await readFile(path.join(ROOT, 'docker-compose.yml'), 'utf8')).split('\nname:')[0] ?? '';
    for (const { file } of Object.values(compose.secrets)) expect(head).toContain(`> ${file.replace('./', '')}`);
  });
});

describe('the image', () => {
  it('takes everything from the build that it is started with, and has a user of its own', () => {
    const sources = instruction('COPY').map((text) => /^--from=build \/src\/(\S+)/.exec(text)?.[1]);
    expect(sources).toEqual(['package.json', 'node_modules', 'dist', 'apps/web/dist']);
    expect(instruction('USER')[0]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(entrypoint).toEqual(['node', '--enable-source-maps']);
    const run = dockerfile.build.filter(({ name }) => name === 'RUN').map(({ text }) => text);
    expect(run.join('\n')).toMatch(/npm ci .*\nnpm run -s build && npm prune --omit=dev/);
    expect(manifest.scripts['build']).toBeDefined();
    for (const name of dockerfile.build
      .filter(({ text }) => text.includes('package.json'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1))) {
      expect([name, existsSync(path.join(ROOT, name))]).toEqual([name, true]);
    }
  });

  it('needs no package that is there for development only', async () => {
    const dist = await serverBuild();
    const needed = new Set<string>();
    for (const file of await readdir(dist, { recursive: true })) {
      if (!file.endsWith('.js') || !file.includes(`${path.sep}src${path.sep}`)) continue;
      const text = await readFile(path.join(dist, file), 'utf8');
      // Statements begin a line; the same words in a text are none.
      const imports =
        /^(?:import|export)\b[^"'\n]*\bfrom ["']([@a-z][^"']*)["']|^import ["']([@a-z][^"']*)["']|\bimport\(["']([@a-z][^"']*)["']/gm;
      for (const [, from, bare, call] of text.matchAll(imports)) {
        const name = from ?? bare ?? call ?? '';
        needed.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
      }
    }
    const builtin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
    expect(needed.size).toBeGreaterThan(15);
    expect([...needed].filter((name) => !builtin(name) && manifest.dependencies[name] === undefined)).toEqual([]);
  });
});

describe.skipIf(!redisIsPresent())('what the containers start [needs redis]', () => {
  let folder: string;
  let database: TestDatabase;
  let redis: TestRedis;
  let demo: Demo;
  let listen: string;
  const children: Child[] = [];
  const lines: Record<string, string[]> = {};

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-image-'));
    [database, redis, demo] = await Promise.all([createDatabase({ template: 'empty' }), startRedis(), startDemo()]);
    const [port] = await freePorts(1);
    listen = `127.0.0.1:${port}`;
    // /app as the image has it.
    await cp(await serverBuild(), path.join(folder, 'app/dist'), { recursive: true });
    await cp(path.join(ROOT, 'package.json'), path.join(folder, 'app/package.json'));
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'app/node_modules'));
    // Secrets as the head of docker-compose.yml makes them: with a newline at the end.
    await mkdir(path.join(folder, 'secrets'));
    const password = decodeURIComponent(new URL(database.url).password);
    await writeFile(path.join(folder, 'secrets/postgres-password'), `${password}\n`);
    await writeFile(path.join(folder, 'secrets/master-key'), `${randomBytes(32).toString('base64')}\n`);
  });
  afterAll(async () => {
    await stopChildren(children, 1_000);
    await demo?.stop();
    await redis?.stop();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const service = (name: string): ComposeService => {
    const found = compose.services[name];
    if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
    return found;
  };
  /** The container's environment, with what listens here in the places of its neighbours. */
  const environmentOf = (name: string): Record<string, string> => {
    const { host } = new URL(database.url);
    const shell = { PLIMSOLL_EGRESS_ALLOW_CIDRS: '127.0.0.0/8', PLIMSOLL_PUBLIC_URL: `http://${listen}` };
    const adapted = (value: string) =>
      interpolated(value, shell)
        .replace('@postgres:5432/plimsoll', `@${host}${new URL(database.url).pathname}`)
        .replace('redis://redis:6379', redis.url)
        .replace('0.0.0.0:3000', listen)
        .replace('/run/secrets', path.join(folder, 'secrets'));
    const entries = Object.entries(service(name).environment).map(([key, value]) => [key, adapted(value)] as const);
    return { PATH: process.env['PATH'] ?? '', HOME: '/', NODE_ENV: 'production', ...Object.fromEntries(entries) };
  };
  const program = (name: string) => path.join(folder, 'app', service(name).command?.[0] ?? '');
  const start = (name: string): Child => {
    const own: string[] = [];
    lines[name] = own;
    const child = startChild(name, program(name), environmentOf(name), (line) => own.push(line));
    children.push(child);
    return child;
  };
  const says = (name: string, words: string) =>
    eventually(`${name} says "${words}"`, () => lines[name]?.some((line) => line.includes(words)), {
      withinMs: 60_000,
    });

  it('migrations end well, twice', async () => {
    expect(await start('migrate').ended).toBe(0);
    expect(await start('migrate').ended).toBe(0);
  });

  it('the API becomes healthy by the check of its container', async () => {
    const [kind, command = '', ...args] = service('api').healthcheck?.test ?? [];
    expect([kind, command]).toEqual(['CMD', 'node']);
    const check = () =>
      spawnSync(
        process.execPath,
        args.map((arg) => arg.replace('127.0.0.1:3000', listen)),
      ).status;
    expect(check()).toBe(1);
    start('api');
    await says('api', 'the API is ready');
    expect(check()).toBe(0);
  });

  it('the check of the Redis container is answered', () => {
    const [, command = '', ...args] = service('redis').healthcheck?.test ?? [];
    const { stdout } = spawnSync(command, ['-u', redis.url, ...args], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('PONG');
  });

  it('workers audit a fleet', async () => {
    const replicas = service('worker').deploy?.replicas ?? 1;
    expect(replicas).toBe(2);
    for (let index = 0; index < replicas; index += 1) {
      start('worker');
      await says('worker', 'the worker is ready');
    }
    expect(lines['worker']?.join('\n')).toContain('"queues":"redis"');
    // `docker compose logs api` shows the first token.
    const rest = new ServiceRest(`http://${listen}`);
    rest.token = /first admin token, shown only now: (\S+)/.exec(lines['api']?.join('\n') ?? '')?.[1] ?? '';
    const client = new RestClient(`http://${listen}`, rest.token);
    for (const tenant of demo.tenants) await registerTenant(client, tenant);
    for (const cluster of demo.clusters) await registerCluster(client, cluster);
    expect(await rest.audit()).toMatchObject({ targets: { total: 13, done: 13 } });
    expect((await rest.list('/findings')).length).toBeGreaterThan(10);
  });

  it('everything ends within the grace period of its container, and writes nothing beside the database', async () => {
    const running = children.filter(({ name }) => name !== 'migrate');
    const before = performance.now();
    await stopChildren(running, 60_000);
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    // Docker's own 10 s where the file states none.
    expect(performance.now() - before).toBeLessThan(10_000);
    expect((await readdir(path.join(folder, 'app'))).toSorted()).toEqual(['dist', 'node_modules', 'package.json']);
  });
});
