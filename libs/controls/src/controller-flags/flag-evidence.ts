import { type Evidence, objectReference } from '#libs/core';
import { type ControllerRun, type FlagReading, describeVersion, excerpt, withoutValue } from '#libs/flux';

const MAX_NAMES = 50;

/** Where the flag is written, or which arguments there are instead. */
export function flagEvidence(run: ControllerRun, reading: FlagReading, expected: string): Evidence {
  const object = objectReference(run.object);
  const { source, pointer } = run;
  const note = source === 'template' ? { note: 'From the template of the Deployment.' } : {};
  if (reading.state === 'undecidable') {
    return { object, pointer: `${pointer}${reading.pointer}`, observed: null, expected, note: reading.message };
  }
  const { item } = reading;
  if (!item) return { object, pointer: `${pointer}/args`, observed: flagNames(run), expected, ...note };
  if (reading.state === 'crash') {
    // Any flag may be the one that stops the controller.
    return { object, pointer: `${pointer}${item.pointer}`, observed: withoutValue(item.text), expected, ...note };
  }
  const next = reading.valueItem;
  const observed = excerpt(next ? `${item.text} ${next.text}` : item.text);
  return { object, pointer: `${pointer}${item.pointer}`, observed, expected, ...note };
}

/** Names without values: those of other flags do not belong into evidence. */
function flagNames({ container }: ControllerRun): readonly string[] {
  return [...(container.command ?? []), ...(container.args ?? [])]
    .filter((argument) => argument.startsWith('-'))
    .slice(0, MAX_NAMES)
    .map(withoutValue);
}

/** Which build runs, and how that is known. */
export function imageEvidence(run: ControllerRun, expected: string): Evidence {
  const imageId = run.status?.imageID;
  return {
    object: objectReference(run.object),
    pointer: `${run.pointer}/image`,
    observed: run.container.image,
    expected,
    note: describeVersion(run.version) + (imageId === undefined || imageId === '' ? '' : `; running ${imageId}`),
  };
}
