import type { Severity } from './outcome.js';

/** What is run on a cluster: which controls, with which severities. */
export interface Profile {
  /** `name@version`, such as `flux-security-best-practices@2026.11`. */
  readonly id: string;
  /** Control ids; in this order they are shown. */
  readonly controls: readonly string[];
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
