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
  readonly requirements: readonly Requirement[];
}

export interface Requirement {
  readonly id: string;
  readonly title: string;
  /** The audit procedures that the source gives for it, in its order. */
  readonly procedures: readonly {
    readonly title: string;
    /** Empty where no control automates it yet. */
    readonly controls: readonly string[];
  }[];
  /** Everything that automates the requirement, each once. */
  readonly controls: readonly string[];
}

/** How an own profile changes the one that it extends. */
export interface Tailoring {
  /** Id of a profile that comes with the release. */
  readonly extends: string;
  /** Controls that are added, whatever the other profile has. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly severityOverrides?: Readonly<Record<string, Severity>>;
}

/**
 * A profile as an own one makes it of `base`: its controls without the excluded ones, then the included ones. Where both
 * lists name a control it is excluded.
 */
export function tailored(id: string, base: Profile, tailoring: Tailoring): Profile {
  const { include = [], exclude = [], severityOverrides = {} } = tailoring;
  const controls = [...new Set([...base.controls, ...include])].filter((control) => !exclude.includes(control));
  const overrides = { ...base.severityOverrides, ...severityOverrides };
  return {
    id,
    ruleSetVersion: base.ruleSetVersion,
    controls,
    ...(Object.keys(overrides).length > 0 && { severityOverrides: overrides }),
  };
}
