import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../lab/ports.js';
import { ServiceRest } from '../support/service-rest.js';
import { isListening, Newcomer, type NpmStart } from './support/newcomer.js';

const MINUTES = 60_000;
/** A promise to people is five minutes; a busy machine that installs from an empty cache may take longer. */
const FIRST_START_MS = 10 * MINUTES;

interface Cluster {
  readonly name: string;
}

/** The last commit is what is started here; commit first to see a change. */
describe('npm start, typed by somebody who has just cloned the repository', () => {
  let newcomer: Newcomer;
  let port: number;
  let running: NpmStart;

  const tell = (what: string, seconds: number) => console.log(`${what}: ${seconds.toFixed(1)} s`);
  const restWith = async (dataDir: string): Promise<ServiceRest> => {
    const rest = new ServiceRest(`http://127.0.0.1:${port}`);
    rest.token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim();
    return rest;
  };
  const rest = () => restWith(path.join(newcomer.clone, '.data'));
  const namesOf = async (service: ServiceRest) => (await service.list<Cluster>('/clusters')).map(({ name }) => name);

  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    newcomer = await Newcomer.arrive(`127.0.0.1:${port}`);
  });
  afterAll(() => newcomer?.leave());

  it(
    'installs, builds, audits a demo fleet and shows the result',
    async () => {
      running = newcomer.start();
      await running.says(/of 13 clusters evaluated/, FIRST_START_MS);
      tell('from the clone to the first result', running.seconds);
      await running.says(/Dashboard \(one-time link, 10 minutes\): http/, MINUTES);
      expect(running.output).toMatch(/CLUSTER +CONTROLS +NOT JUDGED +COVERAGE +OPEN FINDINGS/);
      expect(running.output).toMatch(/\? +billing +not evaluated: unreachable/);
      expect(running.output).toMatch(/✗ +checkout +2 fail, 2 warn/);
      // Printed once, at the first start, and kept in a file that only its owner can read.
      const file = path.join(newcomer.clone, '.data/admin-token');
      expect(running.output).toContain(file);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(running.output.split((await readFile(file, 'utf8')).trim())).toHaveLength(2);
      expect((await stat(path.join(newcomer.clone, '.data/master.key'))).mode & 0o777).toBe(0o600);
    },
    FIRST_START_MS + MINUTES,
  );

  it('answers over REST with the admin token, and serves the dashboard', async () => {
    const service = await rest();
    expect(await namesOf(service)).toHaveLength(13);
    const page = await service.request<string>('GET', '//', { token: null, headers: { accept: 'text/html' } });
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('<div id="root">')]);
    expect((await service.request('GET', '//api/docs', { token: null })).status).toBe(200);
  });

  it('refuses a port that is taken, with exit code 2 and what to do', async () => {
    const second = newcomer.start();
    expect(await second.ended).toBe(2);
    expect(second.output).toContain(`Something listens on 127.0.0.1:${port} already.`);
    expect(second.output).toContain('PLIMSOLL_LISTEN=');
    expect(await namesOf(await rest())).toHaveLength(13);
  });

  it('leaves nothing behind at Ctrl-C', async () => {
    expect((await newcomer.processes()).length).toBeGreaterThan(3);
    const before = performance.now();
    await running.interrupt();
    tell('Ctrl-C', (performance.now() - before) / 1000);
    expect(await newcomer.processes()).toEqual([]);
    expect(await isListening(port)).toBe(false);
  });

  it('keeps its data, and starts the second time in seconds', async () => {
    running = newcomer.start(['--no-demo']);
    await running.says(/Dashboard \(one-time link/, 2 * MINUTES);
    tell('the second start', running.seconds);
    expect(running.output).not.toMatch(/Installing|Built/);
    expect(await namesOf(await rest())).toHaveLength(13);
    await running.interrupt();
    expect(await newcomer.processes()).toEqual([]);
  });

  it('starts empty without the demo', async () => {
    const dataDir = path.join(newcomer.clone, '../empty');
    running = newcomer.start(['--no-demo'], { PLIMSOLL_DATA_DIR: dataDir });
    await running.says(/Dashboard \(one-time link/, 2 * MINUTES);
    tell('a start without the demo on fresh data', running.seconds);
    expect(running.output).toContain('No clusters yet.');
    expect(await namesOf(await restWith(dataDir))).toEqual([]);
    await running.interrupt();
    expect(await newcomer.processes()).toEqual([]);
    expect(await isListening(port)).toBe(false);
  });
});
