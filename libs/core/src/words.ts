const INTEGER = new Intl.NumberFormat('en-US');

/** `10,000`. */
export function whole(n: number): string {
  return INTEGER.format(n);
}

/** `1 cluster`, `2 clusters`; `plural` where an `s` is not enough. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${whole(n)} ${n === 1 ? singular : plural}`;
}

/** A share from 0 to 1 as `98.6 %`. Rounded down, so that only a complete audit reads 100 %. */
export function percent(ratio: number): string {
  const tenths = Math.floor(Math.min(1, Math.max(0, ratio)) * 1000 + 1e-9);
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** Names as a message lists them: each once, sorted, and cut: `a, b and 3 more`. */
export function nameList(names: Iterable<string>, shown = 10): string {
  const all = [...new Set(names)].toSorted();
  const more = all.length > shown ? ` and ${whole(all.length - shown)} more` : '';
  return all.slice(0, shown).join(', ') + more;
}
