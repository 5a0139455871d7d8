import type { Severity } from './outcome.js';

/** What is run on a cluster: which controls, with which severities. */
export interface Profile {
  /** `name@version`, such as `flux-security-best-practices@2026.11`. */
  readonly id: string;
  /** Version of the rules behind the ids, so that a changed rule does not look like drift. */
  readonly ruleSetVersion: string;
  /** Control ids; in this order they are shown. */
  readonly controls: readonly string[];
  /** Replaces the control's severity, and any that its observations state themselves. */
  readonly severityOverrides?: Readonly<Record<string, Severity>>;
}

/** A published list of requirements, each naming the controls that automate it. */
export interface Benchmark {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly requirements: readonly {
    readonly id: string;
    readonly title: string;
    readonly controls: readonly string[];
  }[];
}
