/** What can go wrong with an answer. */
type FaultKind =
  /** The request is taken and never answered. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** An error status. 429 and 503 come as plain text, as real API servers send them; others as a Status. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** 200 with something that is not JSON. */
  | { readonly kind: 'garbage' }
  /** 200 with JSON of another shape. */
  | { readonly kind: 'json'; readonly body: unknown }
  /** 200 with a body that ends in its middle; the connection is closed. */
  | { readonly kind: 'truncate' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Lists never end: every page says that there is one more. */
  | { readonly kind: 'endlessList' }
  /** Requests with a continue token are answered 410. */
  | { readonly kind: 'expiredContinue' }
  /** The namespace `kube-system` shows another UID: a different cluster answers. */
  | { readonly kind: 'swapIdentity'; readonly uid: string }
  /** The connection is closed without an answer. */
  | { readonly kind: 'close' };

/** Which requests it happens to. All given conditions must hold; none = every request. */
interface FaultScope {
  /** Matched against the path and query, without the prefix of the cluster. */
  readonly path?: RegExp;
  readonly method?: string;
  /** Lets this many matching requests pass first. */
  readonly after?: number;
  /** Stops after this many. Default: goes on until cleared. */
  readonly times?: number;
}

export type Fault = FaultKind & FaultScope;

/** The faults of one cluster and how often each has struck. */
export class FaultInjector {
  private faults: { readonly fault: Fault; seen: number }[] = [];

  add(fault: Fault): void {
    this.faults.push({ fault, seen: 0 });
  }

  clear(): void {
    this.faults = [];
  }

  /** The faults that strike this request; counts it. */
  strike(method: string, path: string): readonly Fault[] {
    return this.faults
      .filter((entry) => {
        const { fault } = entry;
        if (fault.method !== undefined && fault.method !== method) return false;
        if (fault.path !== undefined && !fault.path.test(path)) return false;
        entry.seen += 1;
        const after = fault.after ?? 0;
        return entry.seen > after && entry.seen <= after + (fault.times ?? Number.POSITIVE_INFINITY);
      })
      .map(({ fault }) => fault);
  }
}
