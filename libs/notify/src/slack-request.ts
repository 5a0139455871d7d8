/** Longest answer that is read; Slack's own are a few hundred bytes. */
export const SLACK_MAX_ANSWER_BYTES = 64 * 1024;

export const SLACK_JSON_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
};
