import { cleanText, encodeWithin } from './plain-text.js';

declare const safe: unique symbol;
/**
 * Slack mrkdwn in which everything that came from outside is escaped. Only the functions of this file make it, and
 * `md` takes nothing else, so that a raw value in a message does not compile.
 */
export type Mrkdwn = string & { readonly [safe]: true };

const mark = (text: string): Mrkdwn => text as Mrkdwn;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** The three characters that Slack's mrkdwn reserves; `<!channel>` and `<@U…>` are harmless without them. */
const escapeEntities = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');

/** What mrkdwn formats has no escape, so running text gets characters that look alike. */
const LOOKALIKES: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ' };
const ZERO_WIDTH_SPACE = '\u200B';

/**
 * Takes the power from mentions and emoji codes. Slack turns `@here` into a notification of everybody where a
 * workspace parses plain text; a zero-width space keeps it readable and inert.
 */
function disarm(text: string): string {
  return text
    .replace(/@(?=\p{L})/gu, `@${ZERO_WIDTH_SPACE}`)
    .replace(/:(?=[\w+'-]*[a-z][\w+'-]*:)/gi, '\uA789')
    .replace(/[*~`]/g, (character) => LOOKALIKES[character] ?? '')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ');
}

/** Running text from outside, with nothing in it that Slack would interpret. */
export function text(value: string, limit = 300): Mrkdwn {
  return mark(encodeWithin(disarm(cleanText(value)), limit, escapeEntities));
}

/** A name or a code from outside, in a code span; backticks are removed. */
export function code(value: string, limit = 80): Mrkdwn {
  const content = cleanText(value).replaceAll('`', '').trim();
  return mark(`\`${encodeWithin(content === '' ? '(no name)' : content, limit, escapeEntities)}\``);
}

/** Lines from outside in a block of code; backticks are removed. A block that would be empty says so. */
export function codeBlock(lines: readonly string[], limit = 160): Mrkdwn {
  const shown = lines
    .map((line) => encodeWithin(cleanText(line).replaceAll('`', '').trim(), limit, escapeEntities))
    .filter((line) => line !== '');
  return mark(`\`\`\`${shown.length === 0 ? '(nothing)' : shown.join('\n')}\`\`\``);
}

/** A link to a page of ours. `label` must be plain: Slack formats nothing inside a link. */
export function link(url: string, label: string): Mrkdwn {
  const target = escapeEntities(url.replace(/[\s|<>"`\p{Cc}]/gu, (character) => encodeURIComponent(character)));
  return mark(`<${target}|${text(label, 150).replaceAll('|', '¦')}>`);
}

/** Joins a literal of ours with safe parts and numbers. */
export function md(literals: TemplateStringsArray, ...parts: readonly (Mrkdwn | number)[]): Mrkdwn {
  return mark(literals.map((literal, index) => literal + String(parts[index] ?? '')).join(''));
}

export function join(parts: readonly Mrkdwn[], separator: ', ' | ' · ' | '\n' | ' '): Mrkdwn {
  return mark(parts.join(separator));
}

/** Words of ours in a variable; a literal type, so that a value from outside does not compile. */
export function trusted<const T extends string>(words: string extends T ? never : T): Mrkdwn {
  return mark(words);
}
