import { z } from 'zod';
import { LabelSelectorError, parseLabelSelector, type LabelSelector } from '#libs/core';

/** Text in the syntax of `kubectl -l`. Kept as text; the store parses it again where it is used. */
export const LabelSelectorText = z
  .string()
  .max(1000)
  .superRefine((text, context) => {
    try {
      parseLabelSelector(text);
    } catch (error) {
      if (!(error instanceof LabelSelectorError)) throw error;
      context.addIssue({ code: 'custom', message: error.message, params: { code: 'label-selector' } });
    }
  })
  .describe('Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`.');

/** @param text checked by `LabelSelectorText` */
export function selectorOf(text: string | undefined): LabelSelector | undefined {
  return text === undefined ? undefined : parseLabelSelector(text);
}
