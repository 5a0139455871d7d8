import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Go modules that pin every program: one folder each, holding only go.mod and go.sum. */
export const GO_FOLDER = fileURLToPath(new URL('./go', import.meta.url));

export const KUBERNETES_VERSION = 'v1.36.3';

/** In build order: an API server and its store first, because most tests need no more. */
export const PROGRAMS = [
  { name: 'kube-apiserver', module: 'kube', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  { name: 'etcd', module: 'etcd', package: 'go.etcd.io/etcd/server/v3' },
  { name: 'kube-controller-manager', module: 'kube', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  { name: 'kustomize-controller', module: 'kustomize-controller', package: 'github.com/fluxcd/kustomize-controller' },
  {
    name: 'notification-controller',
    module: 'notification-controller',
    package: 'github.com/fluxcd/notification-controller',
  },
  { name: 'helm-controller', module: 'helm-controller', package: 'github.com/fluxcd/helm-controller' },
] as const;
export type ProgramName = (typeof PROGRAMS)[number]['name'];

/** Absolute path of each program that was found. */
export type Programs = Readonly<Partial<Record<ProgramName, string>>>;

const [MAJOR, MINOR] = KUBERNETES_VERSION.slice(1).split('.');
const STAMP = 'k8s.io/component-base/version.git';

/** Without the stamped version, `/version` of the API server answers `v0.0.0-master`. */
export const BUILD_FLAGS: readonly string[] = [
  '-trimpath',
  '-mod=readonly',
  '-ldflags',
  `-s -w -X ${STAMP}Version=${KUBERNETES_VERSION} -X ${STAMP}Major=${MAJOR} -X ${STAMP}Minor=${MINOR} -X ${STAMP}TreeState=clean`,
];

/** What makes two builds the same, Go itself apart: all pins and all flags. */
export function sourceKey(): string {
  const hash = createHash('sha256');
  for (const { module } of PROGRAMS)
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(path.join(GO_FOLDER, module, file)));
  hash.update(JSON.stringify([PROGRAMS, BUILD_FLAGS]));
  return hash.digest('hex').slice(0, 16);
}

/** `go1.26.8`, or undefined where Go is not installed. */
export async function goVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run('go', ['env', 'GOVERSION'], { cwd: path.join(GO_FOLDER, 'kube') });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'plimsoll', 'lab');
}

/**
 * The folder of finished builds: named after the pins, the flags and the version of Go. Without Go, any earlier
 * build from the same pins will do.
 */
export function cacheFolder(go: string | undefined, root = cacheRoot()): string | undefined {
  const key = sourceKey();
  if (go !== undefined) return path.join(root, `${key}-${go}`);
  if (!existsSync(root)) return undefined;
  const earlier = readdirSync(root).find((name) => name.startsWith(`${key}-`));
  return earlier === undefined ? undefined : path.join(root, earlier);
}

/** The programs that stand in `folder`. */
export function programsIn(folder: string | undefined): Programs {
  if (folder === undefined || folder === '') return {};
  const found: Partial<Record<ProgramName, string>> = {};
  for (const { name } of PROGRAMS) {
    const file = path.resolve(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (isExecutable(file)) found[name] = file;
  }
  return found;
}

/**
 * Programs that need no build, the first place that has one wins: `PLIMSOLL_LAB_BIN`; `KUBEBUILDER_ASSETS` (the
 * folder of controller-runtime's envtest: kube-apiserver and etcd); the cache.
 */
export function findPrograms(cache: string | undefined, env: NodeJS.ProcessEnv = process.env): Programs {
  return { ...programsIn(cache), ...programsIn(env['KUBEBUILDER_ASSETS']), ...programsIn(env['PLIMSOLL_LAB_BIN']) };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
