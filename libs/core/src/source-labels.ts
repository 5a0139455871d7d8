/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** Registered clusters keep 64 labels; some are the operator's own. */
const MAX_LABELS = 32;
const MAX_NAME = 63;

type Labels = Readonly<Record<string, string>>;

/** The labels that Kubernetes would take, in order of their keys. */
export function validLabels(labels: Labels): Labels {
  const valid = Object.entries(labels).filter(([key, value]) => KEY.test(key) && VALUE.test(value));
  return Object.fromEntries(valid.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, MAX_LABELS));
}

/**
 * Labels as they are imported: under `source/`, so that nobody takes them for the operator's own. A prefix becomes part of
 * the name (`topology.kubernetes.io/region` → `source/topology.kubernetes.io_region`); what is too long then is left out.
 */
export function importedLabels(labels: Labels): Labels {
  const entries = Object.entries(validLabels(labels)).map(([key, value]) => [key.replace('/', '_'), value] as const);
  return Object.fromEntries(
    entries.filter(([name]) => name.length <= MAX_NAME).map(([name, value]) => [`source/${name}`, value]),
  );
}

/** Labels that all of these have alike. */
export function sharedLabels(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((labels) => labels[key] === value)),
  );
}
