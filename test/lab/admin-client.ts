import { Agent, request as send } from 'undici';
import { eventually } from './poll.js';

/** An object as a test writes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object as the server answers it. */
export interface StoredObject extends Manifest {
  readonly metadata: Manifest['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed body, or undefined where it is not JSON. */
  readonly json: unknown;
}

export interface ClientCredentials {
  readonly server: string;
  readonly caPem: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  readonly token?: string;
}

/** A request that the API server refused; the message holds its answer. */
export class ApiError extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly status: number,
    text: string,
  ) {
    super(`${method} ${path}: HTTP ${status} ${text.slice(0, 500)}`);
  }
}

interface ResourcePath {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** A small client for tests: it may write, it retries nothing, and it knows resources by asking the server. */
export class AdminClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, ResourcePath>();

  constructor(readonly credentials: ClientCredentials) {
    const { caPem, certPem, keyPem } = credentials;
    this.agent = new Agent({
      connections: 8,
      connect: { ca: caPem, ...(certPem && { cert: certPem }), ...(keyPem && { key: keyPem }) },
    });
  }

  /** One request, whatever the answer. Objects are sent as JSON. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    const { server, token } = this.credentials;
    const response = await send(`${server}${path}`, {
      method: method as 'GET',
      dispatcher: this.agent,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, json: parseJson(text) };
  }

  /** Creates or changes the object so that it has the given fields (server-side apply, taking over conflicts). */
  async apply(object: Manifest): Promise<StoredObject> {
    return this.send('PATCH', `${await this.pathOf(object)}?fieldManager=lab&force=true`, object, APPLY);
  }

  async applyAll(objects: readonly Manifest[]): Promise<void> {
    for (const object of objects) await this.apply(object);
  }

  async create(object: Manifest): Promise<StoredObject> {
    const path = await this.pathOf(object);
    return this.send('POST', path.slice(0, path.lastIndexOf('/')), object);
  }

  /** The stored object, or undefined where there is none. */
  async find(object: Manifest): Promise<StoredObject | undefined> {
    const path = await this.pathOf(object);
    const response = await this.request('GET', path);
    if (response.status === 404) return undefined;
    return checked('GET', path, response);
  }

  async get(object: Manifest): Promise<StoredObject> {
    return this.send('GET', await this.pathOf(object));
  }

  async list(apiVersion: string, kind: string, namespace?: string, query = ''): Promise<StoredObject[]> {
    const path = await this.pathOf({ apiVersion, kind, metadata: { name: '', ...(namespace && { namespace }) } });
    const answer = await this.send('GET', `${path.slice(0, path.lastIndexOf('/'))}${query}`);
    return (answer as unknown as { items: StoredObject[] }).items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** JSON merge patch (RFC 7386): `null` removes a field. */
  async patch(object: Manifest, patch: unknown): Promise<StoredObject> {
    return this.send('PATCH', await this.pathOf(object), patch, MERGE);
  }

  async patchStatus(object: Manifest, status: unknown): Promise<StoredObject> {
    return this.send('PATCH', `${await this.pathOf(object)}/status`, { status }, MERGE);
  }

  /** Deletes; an object that does not exist is as good as deleted. */
  async delete(object: Manifest): Promise<void> {
    const path = await this.pathOf(object);
    const response = await this.request('DELETE', path);
    if (response.status !== 404) checked('DELETE', path, response);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<StoredObject> {
    return checked(method, path, await this.request(method, path, body, headers));
  }

  private async pathOf({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const { plural, namespaced } = await this.resourceOf(apiVersion, kind);
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const inNamespace = namespaced && metadata.namespace !== undefined;
    return `${root}${inNamespace ? `/namespaces/${metadata.namespace}` : ''}/${plural}/${metadata.name}`;
  }

  /** A kind of a CustomResourceDefinition is served a moment after that was created: wait for it. */
  private async resourceOf(apiVersion: string, kind: string): Promise<ResourcePath> {
    const key = `${apiVersion}/${kind}`;
    const known = this.resources.get(key);
    if (known !== undefined) return known;
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const found = await eventually(`${this.credentials.server} serves ${key}`, async () => {
      const response = await this.request('GET', path);
      if (response.status !== 200) throw new ApiError('GET', path, response.status, response.text);
      const { resources } = response.json as { resources: { name: string; kind: string; namespaced: boolean }[] };
      return resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
    });
    const resource = { plural: found.name, namespaced: found.namespaced };
    this.resources.set(key, resource);
    return resource;
  }
}

const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const MERGE = { 'content-type': 'application/merge-patch+json' };

function checked(method: string, path: string, response: ApiResponse): StoredObject {
  if (response.status >= 300) throw new ApiError(method, path, response.status, response.text);
  return response.json as StoredObject;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
