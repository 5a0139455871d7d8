import type { Severity } from '#libs/core';
import type { Component } from '../components.js';
import { type Version, isOlder } from './version.js';

/** Versions of a controller that an advisory is about: from `from` (absent = the first) to before `fixed`. */
interface AffectedRange {
  readonly from?: Version;
  readonly fixed: Version;
}

/** A published security advisory about Flux controllers, or about what is built into them. */
export interface Advisory {
  readonly id: string;
  /** What it is about, in a few words that continue "an advisory about …". */
  readonly about: string;
  readonly severity: Severity;
  /** Where it is published. */
  readonly source: string;
  readonly affected: Readonly<Partial<Record<Component, AffectedRange>>>;
}

/** When the list below was last compared with what is published. Later advisories are not known to this build. */
export const ADVISORIES_AS_OF = '2026-08-07';

const github = (ghsa: string): string => `https://github.com/advisories/${ghsa}`;
/** Of every controller that reconciles. */
const METAV1_DURATION = {
  'source-controller': { fixed: '0.30.0' },
  'kustomize-controller': { fixed: '0.29.0' },
  'helm-controller': { fixed: '0.24.0' },
  'notification-controller': { fixed: '0.27.0' },
  'image-reflector-controller': { fixed: '0.22.0' },
  'image-automation-controller': { fixed: '0.26.0' },
} as const;
/** go-git is built into the two controllers that speak Git. */
const goGit = (source: Version, automation: Version) => ({
  'source-controller': { fixed: source },
  'image-automation-controller': { fixed: automation },
});

/**
 * Advisories of https://github.com/fluxcd, oldest first. Those about the `flux` command alone are left out: it does not
 * run in a cluster. For libraries the fixed versions are those of the controllers' changelogs.
 */
export const ADVISORIES: readonly Advisory[] = [
  {
    id: 'CVE-2021-41254',
    about: 'privileges of tenants',
    severity: 'high',
    source: github('GHSA-35rf-v2jv-gfg7'),
    affected: { 'kustomize-controller': { fixed: '0.15.0' } },
  },
  {
    id: 'CVE-2022-24817',
    about: 'kubeconfigs that run programs',
    severity: 'critical',
    source: github('GHSA-vvmq-fwmg-2gjc'),
    affected: { 'kustomize-controller': { fixed: '0.23.0' }, 'helm-controller': { fixed: '0.19.0' } },
  },
  {
    id: 'CVE-2022-24877',
    about: 'paths in kustomization.yaml files',
    severity: 'critical',
    source: github('GHSA-j77r-2fxf-5jrw'),
    affected: { 'kustomize-controller': { fixed: '0.24.0' } },
  },
  {
    id: 'CVE-2022-24878',
    about: 'availability of kustomize-controller',
    severity: 'high',
    source: github('GHSA-7pwf-jg34-hxwp'),
    affected: { 'kustomize-controller': { from: '0.16.0', fixed: '0.24.0' } },
  },
  {
    id: 'CVE-2022-36049',
    about: 'memory use of helm-controller',
    severity: 'high',
    source: github('GHSA-p2g7-xwvr-rrw3'),
    affected: { 'helm-controller': { fixed: '0.23.0' } },
  },
  {
    id: 'CVE-2022-39272',
    about: 'invalid durations in objects',
    severity: 'medium',
    source: github('GHSA-f4p5-x4vc-mh4v'),
    affected: METAV1_DURATION,
  },
  {
    id: 'CVE-2024-31216',
    about: 'Azure SAS tokens in logs',
    severity: 'medium',
    source: github('GHSA-v554-xwgw-hc3w'),
    affected: { 'source-controller': { fixed: '1.2.5' } },
  },
  {
    id: 'CVE-2026-40109',
    about: 'authentication of Receivers of type gcr',
    severity: 'low',
    source: github('GHSA-h9cx-xjg6-5v2w'),
    affected: { 'notification-controller': { fixed: '1.8.3' } },
  },
  {
    id: 'CVE-2026-45022',
    about: 'signatures of Git commits (go-git)',
    severity: 'medium',
    source: github('GHSA-389r-gv7p-r3rp'),
    affected: goGit('1.8.4', '1.1.3'),
  },
  {
    id: 'CVE-2026-45570',
    about: 'quoting of repository paths over SSH (go-git)',
    severity: 'low',
    source: github('GHSA-m7cr-m3pv-hgrp'),
    affected: goGit('1.8.5', '1.1.4'),
  },
  {
    id: 'CVE-2026-45571',
    about: 'paths in Git repositories (go-git)',
    severity: 'medium',
    source: github('GHSA-crhj-59gh-8x96'),
    affected: goGit('1.8.5', '1.1.4'),
  },
  {
    id: 'CVE-2026-47680',
    about: 'paths in Buckets and sparse checkouts',
    severity: 'medium',
    source: github('GHSA-jjrm-hr5f-673x'),
    affected: { 'source-controller': { fixed: '1.8.5' } },
  },
];

/** An advisory that a version of a controller is affected by, and the version that is not. */
export interface AffectingAdvisory {
  readonly advisory: Advisory;
  readonly fixed: Version;
}

/** The known advisories about a version of a controller, oldest first. */
export function advisoriesFor(component: Component, version: Version): readonly AffectingAdvisory[] {
  return ADVISORIES.flatMap((advisory) => {
    const range = advisory.affected[component];
    if (!range || !isOlder(version, range.fixed)) return [];
    return range.from !== undefined && isOlder(version, range.from) ? [] : [{ advisory, fixed: range.fixed }];
  });
}
