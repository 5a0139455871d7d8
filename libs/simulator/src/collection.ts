import { objectKey, type LiveObject, type SimulatedObject } from './simulated-object.js';

/** The objects of one resource, in the order of their keys. */
export interface Collection {
  readonly size: number;
  keyAt(index: number): string;
  at(index: number, now: number): SimulatedObject;
  find(key: string, now: number): SimulatedObject | undefined;
  /** The object as it stands in a list, where it costs less to write than to make. */
  itemJson?(index: number): string | undefined;
}

/** Objects held one by one, which can be changed. */
export class MemoryCollection implements Collection {
  private readonly objects = new Map<string, LiveObject>();
  private sortedKeys: readonly string[] | undefined;

  get size(): number {
    return this.objects.size;
  }

  put(object: SimulatedObject | LiveObject, now: number): void {
    const live = typeof object === 'function' ? object : () => object;
    const key = objectKey(live(now));
    if (!this.objects.has(key)) this.sortedKeys = undefined;
    this.objects.set(key, live);
  }

  remove(key: string): boolean {
    this.sortedKeys = undefined;
    return this.objects.delete(key);
  }

  keyAt(index: number): string {
    return this.keys()[index] ?? '';
  }

  at(index: number, now: number): SimulatedObject {
    const object = this.find(this.keyAt(index), now);
    if (object === undefined) throw new RangeError(`There is no object ${index} of ${this.size}.`);
    return object;
  }

  find(key: string, now: number): SimulatedObject | undefined {
    return this.objects.get(key)?.(now);
  }

  private keys(): readonly string[] {
    this.sortedKeys ??= [...this.objects.keys()].sort();
    return this.sortedKeys;
  }
}

/** The first index whose key is greater than `key`. */
export function indexAfter(collection: Collection, key: string): number {
  let low = 0;
  let high = collection.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (collection.keyAt(middle) > key) high = middle;
    else low = middle + 1;
  }
  return low;
}
