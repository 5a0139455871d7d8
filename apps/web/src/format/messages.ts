/**
 * Messages have up to three parts: what is so, why it matters, what to do. The first sentence is the headline. A
 * sentence ends before a space and a capital, so that `v1.6.1` and `flux-system. svc` do not end one.
 */
const FIRST_SENTENCE = /^(.{20,}?[.!?])\s+(?=\p{Lu})(.+)$/su;

export interface MessageParts {
  readonly headline: string;
  /** Empty where the message is one sentence. */
  readonly rest: string;
}

export function messageParts(message: string): MessageParts {
  const [, headline = message, rest = ''] = FIRST_SENTENCE.exec(message) ?? [];
  return { headline, rest };
}

export interface TextSpan {
  readonly text: string;
  readonly code: boolean;
}

/** Splits at backticks: `` set `--flag` `` has a span of code. An unpaired backtick is text. */
export function textSpans(text: string): readonly TextSpan[] {
  return text
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== '')
    .map((part) => (/^`[^`]+`$/.test(part) ? { text: part.slice(1, -1), code: true } : { text: part, code: false }));
}
