import type { ContextBlock, DividerBlock, HeaderBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { SlackContent } from '../message.js';
import { join, md, type Mrkdwn } from './mrkdwn.js';
import { plainText } from './plain-text.js';

/**
 * Slack's documented limits (docs.slack.dev/reference/block-kit/blocks), and one of ours for the whole message: Slack
 * answers `msg_blocks_too_long` from about 13,200 characters on, although every single block is within its limit.
 */
export const LIMITS = {
  blocks: 50,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  text: 3_000,
  message: 12_000,
} as const;

/** `verbatim`: Slack then links no channel names and no user groups that happen to stand in the text. */
const mrkdwn = (value: Mrkdwn): MrkdwnElement => ({ type: 'mrkdwn', text: value, verbatim: true });

export function header(title: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: plainText(title, LIMITS.header), emoji: false } };
}

export const DIVIDER: DividerBlock = { type: 'divider' };

export function section(content: Mrkdwn): SectionBlock {
  return { type: 'section', text: mrkdwn(content) };
}

export function fields(pairs: readonly (readonly [title: Mrkdwn, value: Mrkdwn])[]): SectionBlock {
  return {
    type: 'section',
    fields: pairs.slice(0, LIMITS.fields).map(([title, value]) => mrkdwn(md`*${title}*\n${value}`)),
  };
}

/** One line of small print. */
export function context(parts: readonly Mrkdwn[]): ContextBlock {
  return { type: 'context', elements: [mrkdwn(join(parts, ' · '))] };
}

/**
 * A titled list, cut at whole lines.
 *
 * @param most how many lines are wanted; fewer are shown where the section would grow too long
 * @param more the last line where some are left out, such as `+3 more` with a link
 */
export function list(
  title: Mrkdwn,
  lines: readonly Mrkdwn[],
  most: number,
  more: (hidden: number) => Mrkdwn,
): SectionBlock {
  for (let shown = Math.min(most, lines.length); ; shown -= 1) {
    const hidden = lines.length - shown;
    const content = join([title, ...lines.slice(0, shown), ...(hidden > 0 ? [more(hidden)] : [])], '\n');
    if (content.length <= LIMITS.section || shown === 0) return section(content);
  }
}

/** Whether Slack would take the message. */
export function withinLimits(message: SlackContent): boolean {
  const blocks = message.blocks ?? [];
  return (
    message.text.length <= LIMITS.text &&
    blocks.length <= LIMITS.blocks &&
    blocks.every(blockWithinLimits) &&
    JSON.stringify(message).length <= LIMITS.message
  );
}

function blockWithinLimits(block: KnownBlock): boolean {
  if (block.type === 'header') return block.text.text.length <= LIMITS.header;
  if (block.type === 'context') return block.elements.length <= LIMITS.contextElements;
  if (block.type !== 'section') return true;
  return (
    (block.text?.text.length ?? 0) <= LIMITS.section &&
    (block.fields ?? []).every(({ text }) => text.length <= LIMITS.field)
  );
}
