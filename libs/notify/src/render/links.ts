/** Addresses of the pages that messages link to. `publicUrl` is `PLIMSOLL_PUBLIC_URL`; it may have a path. */
export class Links {
  readonly #base: string;

  constructor(publicUrl: string) {
    this.#base = publicUrl.replace(/\/+$/, '');
  }

  run(runId: string): string {
    return this.#to('runs', runId);
  }

  finding(findingId: string): string {
    return this.#to('findings', findingId);
  }

  /** The findings of one control that changed in a run, on every cluster. */
  changedFindings(controlId: string, runId: string): string {
    return `${this.#to('findings')}?${new URLSearchParams({ control: controlId, changedInRun: runId })}`;
  }

  cluster(name: string): string {
    return this.#to('clusters', name);
  }

  /** What a channel receives, and why. */
  channel(channelId: string): string {
    return this.#to('channels', channelId);
  }

  #to(...segments: readonly string[]): string {
    // Ids and names of the registry are shorter; whatever else comes here must not make an address that Slack refuses.
    // Half a character cannot stand in an address at all.
    const encoded = segments.map((segment) =>
      encodeURIComponent(segment.slice(0, 100).replace(/\p{Surrogate}/gu, '\uFFFD')),
    );
    return [this.#base, ...encoded].join('/');
  }
}
