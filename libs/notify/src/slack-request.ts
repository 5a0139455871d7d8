/** Longest answer that is read; Slack's own are a few hundred bytes. */
export const SLACK_MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Slack shows a message as soon as it has it, and cannot be told that the next one is the same. So a post that is under
 * way when this process stops gets a moment to be answered.
 */
export const SLACK_GRACE_MS = 3_000;

export const SLACK_JSON_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
};
