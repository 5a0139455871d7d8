import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = path.resolve(import.meta.dirname, '../../..');

const Service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  restart: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .default({}),
  healthcheck: z
    .strictObject({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string(), retries: z.int() })
    .optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: z.string().optional(),
  deploy: z.strictObject({ replicas: z.int() }).optional(),
});
export type ComposeService = z.infer<typeof Service>;

const ComposeFile = z.object({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  volumes: z.record(z.string(), z.null()),
});

/** docker-compose.yml, with only what this project means to use: anything else is an error. */
export function readComposeFile(): z.infer<typeof ComposeFile> {
  return ComposeFile.parse(parse(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));
}

const VARIABLE = /\$\{(\w+)(?::-([^}]*))?\}/g;

/** Puts variables in as `docker compose` does. */
export function interpolated(text: string, shell: Readonly<Record<string, string>> = {}): string {
  return text.replaceAll(VARIABLE, (_all, name: string, fallback = '') => shell[name] ?? String(fallback));
}

/** Names of the variables in a text. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, name]) => name ?? '');
}

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions of the last stage of the Dockerfile, and the names of what the first one copies. */
export function readDockerfile(): { readonly build: readonly Instruction[]; readonly run: readonly Instruction[] } {
  const lines = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const instructions = lines.map((line): Instruction => {
    const [name = '', ...rest] = line.split(' ');
    return { name, text: rest.join(' ') };
  });
  const last = instructions.findLastIndex(({ name }) => name === 'FROM');
  return { build: instructions.slice(0, last), run: instructions.slice(last) };
}
