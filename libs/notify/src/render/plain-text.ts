/**
 * Makes text from a cluster fit for people. Names, annotations and error texts of an audited cluster are written by
 * whoever may write there, so they are data to show, never instructions to the reader's screen.
 */

/** Joiners and variation selectors are kept: emoji and several scripts need them. */
const INVISIBLE =
  /(?!\p{Join_Control}|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFF9-\uFFFB]/gu;
const CONTROL_OR_SPACE = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Stacked accents that would climb over the lines above and below. */
const MARK_PILE = /(\p{M}{4})\p{M}+/gu;

/**
 * One line of visible text: control, bidirectional and invisible characters are removed, white space is collapsed,
 * half characters (lone surrogates) become U+FFFD.
 */
export function cleanText(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\uFFFD')
    .replace(INVISIBLE, '')
    .replace(CONTROL_OR_SPACE, ' ')
    .replace(MARK_PILE, '$1')
    .trim();
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Encodes text and cuts it between user-perceived characters (UAX #29), so that no accent, flag or entity is torn.
 *
 * @param text cleaned text
 * @param limit longest result, in UTF-16 units after encoding (never less than what Slack counts)
 * @param encode how one grapheme is written
 * @returns the encoded text, ending in `…` where something was cut
 */
export function encodeWithin(text: string, limit: number, encode: (grapheme: string) => string): string {
  let kept = '';
  /** `kept` up to the last place where an ellipsis still fits. */
  let cut = '';
  for (const { segment } of segmenter.segment(text)) {
    const next = kept + encode(segment);
    if (next.length > limit) return limit > 0 ? `${cut}…` : '';
    kept = next;
    if (kept.length < limit) cut = kept;
  }
  return kept;
}

/** Plain text for fields in which Slack interprets nothing, such as a header. */
export function plainText(text: string, limit: number): string {
  return encodeWithin(cleanText(text), limit, (grapheme) => grapheme);
}
