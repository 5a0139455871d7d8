import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, browserProgram, launchBrowser, openContext } from './support/browser.js';
import { startDemoService, type DemoService } from './support/demo-service.js';

describe.skipIf(browserProgram() === undefined)('break-glass in the dashboard [needs browser]', () => {
  let demo: DemoService;
  let browser: Browser;
  let drillId: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    demo = await startDemoService();
    const { rest } = demo.service;
    const row = (await rest.list<{ cluster: string; entry: string | null }>('/break-glass')).find(({ entry }) => entry);
    const started = await rest.call<{ id: string }>('POST', '/drills', {
      body: { cluster: row?.cluster, mode: 'verify' },
      headers: { 'idempotency-key': 'break-glass-screens' },
    });
    drillId = started.id;
    await rest.call('GET', `/drills/${drillId}`, { headers: { prefer: 'wait=30' } });
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function visit(colorScheme: 'light' | 'dark', use: (page: Page) => Promise<void>): Promise<void> {
    const { context, page, misbehaviour } = await openContext(browser, { origin: demo.service.url, colorScheme });
    try {
      const { url } = await demo.service.rest.call<{ url: string }>('POST', '/auth/login-links', { body: {} });
      await page.goto(url);
      await page.getByRole('heading', { level: 1, name: 'Fleet' }).waitFor();
      await use(page);
      expect(misbehaviour.all).toEqual([]);
    } finally {
      await context.close();
    }
  }
  const open = async (page: Page, at: string) => {
    await page.goto(`${demo.service.url}${at}`);
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(
      () => document.querySelector('[aria-busy="true"]') === null && !document.body.textContent?.includes('Loading…'),
    );
  };

  it('shows who could get back in, and leads to the drill that tells so', async () => {
    await visit('light', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('b');
      await page.getByRole('heading', { level: 1, name: 'Break-glass' }).waitFor();
      await open(page, '/break-glass?verdict=unknown');
      expect(await page.getByRole('rowheader').count()).toBeGreaterThan(0);
      await open(page, `/drills/${drillId}`);
      const words = await page.getByRole('main').innerText();
      expect(words).toContain('Rights of a restore');
      expect(words).toContain('/apis/authorization.k8s.io/v1/subjectaccessreviews');
      expect(words).toMatch(/Writes made\s+0/i);
    });
  });

  it.each(['light', 'dark'] as const)('is accessible in %s colours', async (colorScheme) => {
    await visit(colorScheme, async (page) => {
      const found: string[] = [];
      for (const at of ['/break-glass', '/break-glass?q=nothing-like-this', `/drills/${drillId}`]) {
        await open(page, at);
        found.push(...(await accessibilityViolations(page)).map((violation) => `${at} ${violation}`));
      }
      expect(found).toEqual([]);
    });
  });
});
