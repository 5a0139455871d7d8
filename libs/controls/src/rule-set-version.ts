/**
 * Version of all rules together: year, month, and a number that grows with every change of what a control answers.
 * It is stored with each assessment, so that a changed rule does not look like a changed cluster.
 */
export const RULE_SET_VERSION = '2026.11.3';
