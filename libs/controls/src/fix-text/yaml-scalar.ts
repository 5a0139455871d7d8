/** Text that YAML 1.1 and 1.2 read as itself, without quotes: no number, boolean, null or date begins so. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9./_-]*$/i;

/**
 * A text as one scalar of YAML, for documents that are written out as text because thousands of them are made. JSON's
 * quotes are YAML's too.
 */
export function yamlScalar(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text);
}
