import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessibilityViolations,
  browserProgram,
  launchBrowser,
  openContext,
  type ContextOptions,
} from './support/browser.js';
import { startDemoService, type DemoService } from './support/demo-service.js';

describe.skipIf(browserProgram() === undefined)('the dashboard [needs browser]', () => {
  let demo: DemoService;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    demo = await startDemoService();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const loginLink = async () =>
    (await demo.service.rest.call<{ url: string }>('POST', '/auth/login-links', { body: {} })).url;

  /** A page for one test. Whatever it does in it, nothing may go wrong behind the scenes. */
  async function visit(options: Omit<ContextOptions, 'origin'>, use: (page: Page) => Promise<void>): Promise<void> {
    const { context, page, misbehaviour } = await openContext(browser, { ...options, origin: demo.service.url });
    try {
      await use(page);
      expect(misbehaviour.all).toEqual([]);
    } finally {
      await context.close();
    }
  }
  /** The same, logged in and on the fleet screen. */
  const visitLoggedIn = (use: (page: Page) => Promise<void>, options: Omit<ContextOptions, 'origin'> = {}) =>
    visit(options, async (page) => {
      await page.goto(await loginLink());
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
      await use(page);
    });
  const settled = async (page: Page) => {
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(
      () => document.querySelector('[aria-busy="true"]') === null && !document.body.textContent?.includes('Loading…'),
    );
  };
  const open = async (page: Page, at: string) => {
    await page.goto(`${demo.service.url}${at}`);
    await settled(page);
  };
  const rowOf = (page: Page, name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });

  it('is watched: errors, foreign requests and breaches of its policy would be seen', async () => {
    const { context, page, misbehaviour } = await openContext(browser, { origin: demo.service.url });
    await page.goto(`${demo.service.url}/login`);
    await page.evaluate(() => {
      console.error('something broke');
      const script = document.createElement('script');
      script.textContent = '0';
      document.body.append(script);
    });
    await page.goto(`${demo.receivers.slackUrl}/`);
    await context.close();
    expect(misbehaviour.errors[0]).toContain('something broke');
    expect(misbehaviour.violations[0]).toMatch(/^script-src-elem inline/);
    expect(misbehaviour.strangers[0]).toBe(`${demo.receivers.slackUrl}/`);
  });

  it('is opened by a login link, once', async () => {
    const link = await loginLink();
    await visit({}, async (page) => {
      await page.goto(link);
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
      expect(page.url()).toBe(`${demo.service.url}/`);
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('API token').waitFor();
    });
    // Whoever is not logged in is told so by 401 answers, which browsers write to the console.
    await visit({ expected: /status of 401/ }, async (page) => {
      await page.goto(`${demo.service.url}/findings?severity=high`);
      await page.getByLabel('API token').waitFor();
      await page.goto(link);
      await page.getByText('This link does not work').waitFor();
      expect(page.url()).not.toContain('link=');
      await page.getByLabel('API token').fill(demo.service.token);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
    });
  });

  it('shows the whole fleet, and never calls passing what could not be judged', async () => {
    await visitLoggedIn(async (page) => {
      await settled(page);
      // One is out of reach, two forbid what is needed.
      await page.getByRole('link', { name: '12 of 13 clusters' }).waitFor();
      expect(await page.getByRole('region', { name: 'Compliant clusters' }).innerText()).toMatch(/of 13/);
      expect(await page.getByRole('region', { name: 'Coverage', exact: true }).innerText()).toMatch(/\d+(\.\d)? ?%/);
      expect(await page.getByRole('region', { name: 'Not judged' }).innerText()).toContain('These are not passes');
      const table = page.getByRole('table', { name: 'Clusters under audit' });
      expect(await table.getByRole('rowheader').count()).toBe(13);
      const unreached = await rowOf(page, 'billing').innerText();
      expect(unreached).toContain('never judged');
      expect(unreached).not.toMatch(/passing|100|none/);
      // The files in Git are not read, so no cluster that applies some is called passing.
      for (const partly of ['fraud', 'labs', 'media', 'checkout']) {
        expect(await rowOf(page, partly).innerText()).toMatch(/\d+ (not evaluated|failing)/);
      }
      expect(await table.innerText()).not.toContain('passing');

      await page.getByRole('button', { name: 'not reached' }).click();
      await page.waitForURL(/unreachable=true/);
      await settled(page);
      expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(['billing']);
      await table.getByRole('link', { name: 'billing' }).click();
      await page.getByRole('heading', { level: 1, name: 'billing' }).waitFor();
      await settled(page);
      const words = await page.getByRole('main').innerText();
      expect(words).toMatch(/unreachable|No connection|not be reached/i);
      expect(words).not.toMatch(/passing/);
    });
  });

  it('leads to a finding and its fix by keys alone', async () => {
    await visitLoggedIn(async (page) => {
      const { keyboard } = page;
      await keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
      await keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.id === 'main');

      await keyboard.press('g');
      await keyboard.press('i');
      await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
      await settled(page);
      await keyboard.press('j');
      await keyboard.press('j');
      await keyboard.press('k');
      const focused = await page.evaluate(() => {
        const link = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(link);
        return { text: link.innerText, visible: link.matches(':focus-visible'), outlineStyle, outlineWidth };
      });
      expect(focused).toMatchObject({ visible: true });
      expect(focused.outlineStyle).not.toBe('none');
      await keyboard.press('Enter');
      await page.waitForURL(/\/findings\/fnd_/);
      // While the finding is on its way, its page says "Finding".
      await page.getByRole('heading', { level: 1, name: focused.text, exact: true }).waitFor();
      const fix = page.getByRole('region', { name: 'Fix' });
      expect(await fix.locator('pre').innerText()).toMatch(/\S/);

      // On by Tab to the button that copies the fix.
      await fix.getByRole('button', { name: /copy/i }).first().waitFor();
      for (let presses = 0; presses < 60; presses += 1) {
        await keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const section = [...document.querySelectorAll('section')].find(
            (one) => one.querySelector('h2')?.textContent === 'Fix',
          );
          return section?.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
        });
        if (at !== undefined && /copy/i.test(at ?? '')) break;
      }
      await keyboard.press('Enter');
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied.trim()).toBe((await fix.locator('pre').innerText()).trim());

      await keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search' }).waitFor();
      await keyboard.type('billing');
      await page
        .getByRole('option', { name: /billing/ })
        .first()
        .waitFor();
      await keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'billing' }).waitFor();
      await keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });
  });

  it('keeps filters, order and search in the address: they survive a reload, and Back undoes them', async () => {
    await visitLoggedIn(async (page) => {
      await open(page, '/findings');
      const rows = () => page.getByRole('table', { name: 'Findings' }).getByRole('rowheader').allInnerTexts();
      const all = await rows();
      await page.getByRole('button', { name: 'critical', exact: true }).click();
      await page.waitForURL(/severity=critical/);
      await settled(page);
      const critical = await rows();
      expect(critical.length).toBeGreaterThan(0);
      expect(critical).not.toEqual(all);
      await page.getByRole('button', { name: 'Cluster', exact: true }).click();
      await page.waitForURL(/sort=cluster/);
      await page.getByRole('searchbox', { name: 'Search findings' }).fill('helm');
      await page.waitForURL(/q=helm/);
      await settled(page);
      const found = await rows();
      expect(found).not.toEqual(critical);
      expect(found.length).toBeGreaterThan(0);

      const address = page.url();
      await page.reload();
      await settled(page);
      expect(page.url()).toBe(address);
      expect(await rows()).toEqual(found);
      expect(await page.getByRole('button', { name: 'critical', exact: true }).getAttribute('aria-pressed')).toBe(
        'true',
      );
      expect(await page.getByRole('searchbox', { name: 'Search findings' }).inputValue()).toBe('helm');
      expect(await page.getByRole('columnheader', { name: /^Cluster/ }).getAttribute('aria-sort')).toBe('ascending');

      // What the screen shows is what the API answers to the same query.
      const { search } = new URL(address);
      expect(found.length).toBe((await demo.service.rest.list(`/findings${search}`)).length);
      await page.goBack();
      await page.goBack();
      await page.goBack();
      await settled(page);
      expect(await rows()).toEqual(all);
    });
  });

  it('starts an audit and shows it to its end', async () => {
    await visitLoggedIn(async (page) => {
      await page.getByRole('button', { name: 'Run audit now' }).click();
      await page.waitForURL(/\/runs\/run_/);
      await page.getByText('completed').first().waitFor({ timeout: 60_000 });
      await settled(page);
      const words = await page.getByRole('main').innerText();
      expect(words).toContain('12 of 13, 1 not judged');
      expect(words).toContain('Not reachable');
      const row = await rowOf(page, 'billing').innerText();
      expect(row).toContain('Not reachable');
      expect(row).toMatch(/\b0 %/);
    });
  });

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    it('is accessible on every screen', async () => {
      const finding = (await demo.service.rest.list<{ id: string }>('/findings'))[0]?.id;
      const remoteApply = (await demo.service.rest.list<{ id: string }>('/remote-applies'))[0]?.id;
      const screens = [
        '/',
        '/clusters/payments',
        '/clusters/billing',
        '/clusters/fraud',
        '/findings',
        '/findings?q=nothing-like-this',
        `/findings/${finding}`,
        '/remote-applies',
        '/remote-applies?q=nothing-like-this',
        `/remote-applies/${remoteApply}`,
        '/results?outcome=notEvaluated',
        '/runs',
        `/runs/${demo.runId}`,
        '/controls',
        '/controls/FLUX-RA-03',
        '/channels',
        '/channels/slack',
        '/no-such-screen',
      ];
      await visitLoggedIn(
        async (page) => {
          const found: string[] = [];
          const check = async (where: string) => {
            expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme);
            found.push(...(await accessibilityViolations(page)).map((violation) => `${where} ${violation}`));
          };
          for (const at of screens) {
            await open(page, at);
            await check(at);
          }
          await open(page, '/');
          await page.keyboard.press('?');
          await page.getByRole('dialog', { name: 'Keys' }).waitFor();
          await check('keys');
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await page.keyboard.press('Control+k');
          await page.keyboard.type('helm');
          await page.getByRole('option').first().waitFor();
          await check('search');
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: 'Log out' }).click();
          await page.getByLabel('API token').waitFor();
          await check('/login');
          expect(found).toEqual([]);
        },
        { colorScheme },
      );
    });
  });
});
