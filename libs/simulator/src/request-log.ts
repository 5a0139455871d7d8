/** One request that a simulated cluster received. No headers and no bodies: they may hold credentials. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query, without the prefix of the cluster. */
  readonly path: string;
  readonly user: string | undefined;
  /** 0 where no answer was sent. */
  readonly status: number;
}

/** Creating one of these stores nothing in the cluster. */
const REVIEWS =
  /^\/apis\/(?:authorization|authentication)\.k8s\.io\/[^/]+\/(?:selfsubject(?:access)?|subjectaccess)reviews$/;
const KEPT = 20_000;

/** The requests of one cluster, oldest first. Mutating ones are all kept, of the others the last 20,000. */
export class RequestLog {
  private readonly mutations: LoggedRequest[] = [];
  private recent: LoggedRequest[] = [];
  private total = 0;

  add(request: LoggedRequest): void {
    this.total += 1;
    this.recent.push(request);
    if (this.recent.length > 2 * KEPT) this.recent = this.recent.slice(-KEPT);
    if (!isRead(request)) this.mutations.push(request);
  }

  get count(): number {
    return this.total;
  }

  get requests(): readonly LoggedRequest[] {
    return this.recent;
  }

  /** Everything but GET, HEAD and the reviews of rights: empty after an honest audit. */
  get mutating(): readonly LoggedRequest[] {
    return this.mutations;
  }

  clear(): void {
    this.mutations.length = 0;
    this.recent = [];
    this.total = 0;
  }
}

function isRead({ method, path }: LoggedRequest): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && REVIEWS.test(path.split('?')[0] ?? ''));
}
