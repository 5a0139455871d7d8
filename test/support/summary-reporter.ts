import type { Reporter, TestModule } from 'vitest/node';

const HOW: Readonly<Record<string, string>> = {
  lab: 'They need real Kubernetes and Flux. Install Go (the programs are then built once, about 15 minutes), or set KUBEBUILDER_ASSETS or PLIMSOLL_LAB_BIN to a folder with the binaries, and run npm test again.',
  redis: 'They need redis-server on the PATH (Debian: apt-get install redis-server).',
  browser: 'They need Chromium on the PATH (Debian: apt-get install chromium).',
};

/**
 * Says loudly, at the very end, which tests were skipped because something is missing on this machine.
 * A test names its need in its title: `[needs lab]`, `[needs redis]`, `[needs browser]`.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = new Map<string, string[]>();
    let passed = 0;
    let failed = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
        if (state !== 'skipped') continue;
        // Not asked to be skipped: something before it, such as a beforeAll, failed.
        if (test.options.mode !== 'skip') {
          failed += 1;
          continue;
        }
        const need = /\[needs (\w+)\]/.exec(test.fullName)?.[1] ?? 'nothing named';
        skipped.set(need, [...(skipped.get(need) ?? []), `${module.relativeModuleId} > ${test.fullName}`]);
      }
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0) failed += 1;
    }
    for (const [need, names] of skipped) {
      console.log(
        `\n${'!'.repeat(100)}\nSKIPPED: ${names.length} tests did not run. ${HOW[need] ?? 'They were skipped in the code.'}`,
      );
      for (const name of names) console.log(`  - ${name}`);
      console.log('!'.repeat(100));
    }
    const total = [...skipped.values()].flat().length;
    console.log(`\n${passed} passed, ${failed} failed${total > 0 ? `, ${total} skipped` : ''}`);
  }
}
