import { type Artifacts, type Source, SOURCE_KINDS } from '#libs/core';

/** A Secret that sources take their credentials from, and which. */
export interface SourceSecret {
  readonly namespace: string;
  readonly name: string;
  readonly usedBy: readonly [Source, ...Source[]];
}

/** All sources of the kinds that could be read. */
export function readSources(sources: Artifacts['sources']): readonly Source[] {
  return SOURCE_KINDS.flatMap((kind) => {
    const list = sources[kind];
    return list.state === 'collected' ? list.value : [];
  });
}

/** The Secrets of `spec.secretRef`, each once. */
export function sourceSecrets(sources: readonly Source[]): readonly SourceSecret[] {
  const found = new Map<string, { namespace: string; name: string; usedBy: [Source, ...Source[]] }>();
  for (const source of sources) {
    const { namespace } = source.metadata;
    const name = source.spec.secretRef?.name;
    if (namespace === undefined || name === undefined || name === '') continue;
    const known = found.get(`${namespace}/${name}`);
    if (known) known.usedBy.push(source);
    else found.set(`${namespace}/${name}`, { namespace, name, usedBy: [source] });
  }
  return [...found.values()];
}
