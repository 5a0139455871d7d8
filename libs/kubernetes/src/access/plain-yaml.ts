import { Composer, isMap, isScalar, isSeq, Parser, type CST, type ParsedNode } from 'yaml';
import { problem, type KubeconfigErrorCode, type KubeconfigProblem } from './kubeconfig-rejected.js';

export type PlainValue = null | boolean | number | string | readonly PlainValue[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: PlainValue;
}

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 10;
const MAX_ENTRIES = 2_000;

type Parsed = { readonly value: PlainValue } | { readonly problem: KubeconfigProblem };

class Refused extends Error {
  constructor(readonly problem: KubeconfigProblem) {
    super(problem.code);
  }
}

/**
 * Reads YAML that is no more than JSON in another dress: one document, no anchors, aliases, tags, directives or merge
 * keys, at most 256 KiB and 10 levels. All of that is decided on the token tree, before any value is built, so a hostile
 * text costs no more than its own length.
 */
export function parsePlainYaml(text: string): Parsed {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) return { problem: problem('', 'tooLarge') };
  try {
    const tokens = tokensOf(text);
    const documents = [...new Composer({ uniqueKeys: false, merge: false, schema: 'core' }).compose(tokens)];
    const [document] = documents;
    if (document === undefined || document.contents === null) return { problem: problem('', 'empty') };
    if (documents.length > 1) return { problem: problem('', 'severalDocuments') };
    const [error] = document.errors;
    if (error) return { problem: problem('', 'notYaml', lineOf(text, error.pos[0])) };
    return { value: plainValue(document.contents as ParsedNode, '') };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.problem };
    throw error;
  }
}

/** The concrete syntax tree, once nothing in it is refused. */
function tokensOf(text: string): CST.Token[] {
  const tokens: CST.Token[] = [];
  let documents = 0;
  const refuse = (code: KubeconfigErrorCode, offset: number) => {
    throw new Refused(problem('', code, lineOf(text, offset)));
  };
  for (const token of new Parser().parse(text)) {
    if (token.type === 'document' && ++documents > 1) refuse('severalDocuments', token.offset);
    const pending: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { token, depth } = next;
      const code = REFUSED_TOKENS[token.type];
      if (code) refuse(code, token.offset);
      const inner = depth + ('items' in token ? 1 : 0);
      if (inner > MAX_DEPTH) refuse('tooDeep', token.offset);
      if ('items' in token && token.items.length > MAX_ENTRIES) refuse('tooManyEntries', token.offset);
      for (const child of [...childrenOf(token)].toReversed()) pending.push({ token: child, depth: inner });
    }
    tokens.push(token);
  }
  return tokens;
}

const REFUSED_TOKENS: Partial<Record<CST.Token['type'], KubeconfigErrorCode>> = {
  anchor: 'anchor',
  alias: 'alias',
  tag: 'tag',
  directive: 'directive',
  'directive-line': 'directive',
  error: 'notYaml',
};

function* childrenOf(token: CST.Token): Iterable<CST.Token> {
  if ('items' in token) {
    for (const item of token.items) {
      yield* item.start;
      if (item.key) yield item.key;
      if (item.sep) yield* item.sep;
      if (item.value) yield item.value;
    }
  }
  if (token.type === 'document') yield* token.start;
  if ('value' in token && token.value) yield token.value;
  if ('props' in token) yield* token.props;
  if ('end' in token && token.end) yield* token.end;
}

function plainValue(node: ParsedNode | null, pointer: string): PlainValue {
  if (node === null) return null;
  if (isSeq(node)) return node.items.map((item, i) => plainValue(item as ParsedNode, `${pointer}/${i}`));
  if (isMap(node)) {
    const entries = new Map<string, PlainValue>();
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== 'string') throw new Refused(problem(pointer, 'keyNotText'));
      const at = `${pointer}/${pointerToken(key.value)}`;
      if (key.value === '<<') throw new Refused(problem(at, 'mergeKey'));
      if (entries.has(key.value)) throw new Refused(problem(at, 'duplicateKey'));
      entries.set(key.value, plainValue(value as ParsedNode | null, at));
    }
    return Object.fromEntries(entries);
  }
  const value = isScalar(node) ? node.value : undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Refused(problem(pointer, 'wrongType'));
}

/** A key as part of a JSON pointer; an odd or long one is not repeated. */
export function pointerToken(key: string): string {
  return /^[\w.-]{1,64}$/.test(key) ? key : '?';
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
}
