import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** What a test browser is started with: it must not talk to anybody on its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Chromium of this machine. Tests that need it say `[needs browser]` in their title and are skipped without it;
 * where `CI` is set its absence is an error, so that it cannot go unnoticed.
 */
export function browserProgram(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const found = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
  if (found === undefined && process.env['CI'] === 'true')
    throw new Error('CI has no Chromium on the PATH. Install it.');
  return found;
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = browserProgram();
  if (executablePath === undefined) throw new Error('There is no Chromium: guard the suite with browserProgram().');
  return chromium.launch({ executablePath, args: FLAGS });
}

/** What went wrong in the pages of a context, though nobody looked. */
export class Misbehaviour {
  /** Errors in the console, and exceptions that nobody caught. */
  readonly errors: string[] = [];
  /** Requests to anybody but the service. */
  readonly strangers: string[] = [];
  /** What the Content-Security-Policy stopped. */
  readonly violations: string[] = [];

  get all(): readonly string[] {
    return [...this.errors, ...this.strangers, ...this.violations];
  }
}

export interface ContextOptions {
  readonly origin: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Console errors that a test provokes. */
  readonly expected?: RegExp;
}

/** A fresh profile without cookies, watched from its first request on. */
export async function openContext(
  browser: Browser,
  { origin, colorScheme = 'light', expected }: ContextOptions,
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly misbehaviour: Misbehaviour }> {
  const context = await browser.newContext({
    colorScheme,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const misbehaviour = new Misbehaviour();
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) misbehaviour.strangers.push(url);
  });
  context.on('console', (message) => {
    if (message.type() !== 'error' || expected?.test(message.text())) return;
    misbehaviour.errors.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => misbehaviour.errors.push(error.error().stack ?? error.error().message));
  await context.exposeFunction('reportViolation', (text: string) => misbehaviour.violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const { reportViolation } = window as unknown as { reportViolation(text: string): void };
      reportViolation(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return { context, page: await context.newPage(), misbehaviour };
}

/** What axe-core finds wrong with a page (WCAG 2.2 A and AA, and its best practices); one line for each element. */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // By the debugger, not by a script element: the page's own policy stays as it is.
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
