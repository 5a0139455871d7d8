import type { ProgramContainer } from '#libs/core';
import { basename } from '#libs/flux';
import { defined, type Fields } from './fields.js';
import { withoutUserInfo } from './urls.js';

/** What is kept of a container beside its name and image. */
export interface KeptSettings {
  /** Command and arguments. */
  readonly arguments: boolean;
  /** Names of the variables whose plain values are kept. */
  readonly environment?: RegExp;
}

/** A container as an API server shows it. */
export function programContainer(fields: Fields, settings: KeptSettings, ready?: boolean): ProgramContainer {
  const pattern = settings.environment;
  const env: Record<string, string | null> = {};
  for (const variable of (pattern && fields.children('env')) ?? []) {
    const name = variable.needText('name');
    if (!pattern?.test(name)) continue;
    const value = variable.text('value');
    env[name] = variable.has('valueFrom') ? null : withoutUserInfo(value ?? '');
  }
  const more = pattern !== undefined && (fields.children('envFrom') ?? []).length > 0;
  return container(fields, settings, { env, more, ready });
}

/** One of a recorded snapshot. */
export function recordedProgramContainer(fields: Fields, settings: KeptSettings): ProgramContainer {
  const { environment } = settings;
  const recorded = fields.child('env');
  const env: Record<string, string | null> = {};
  for (const name of recorded?.keys() ?? []) {
    if (environment?.test(name)) env[name] = recorded?.text(name) ?? null;
  }
  const more = environment !== undefined && fields.flag('hasEnvFrom') === true;
  return container(fields, settings, { env, more, ready: fields.flag('ready') });
}

interface ContainerParts {
  readonly env: Readonly<Record<string, string | null>>;
  readonly more: boolean;
  readonly ready: boolean | undefined;
}

function container(fields: Fields, settings: KeptSettings, { env, more, ready }: ContainerParts): ProgramContainer {
  const texts = (key: string) => (settings.arguments ? fields.texts(key)?.map(withoutUserInfo) : undefined);
  return defined({
    name: fields.needText('name'),
    image: fields.text('image') ?? '',
    command: texts('command'),
    args: texts('args'),
    env: Object.keys(env).length > 0 ? env : undefined,
    hasEnvFrom: more || undefined,
    ready,
  });
}

/** The last part of an image's repository, without tag and digest: `registry:5000/a/b:v1@sha256:…` → `b`. */
export function repositoryName(image: string): string {
  const name = basename(image.split('@', 1)[0] ?? '');
  return name.split(':', 1)[0] ?? '';
}
