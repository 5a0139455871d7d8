import {
  type Collected,
  type Kustomization,
  type Observation,
  CLUSTER_SUBJECT,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  subjectOf,
  warn,
} from '#libs/core';
import { type ControllerInstance, readFlag } from '#libs/flux';
import { flagEvidence } from '../controller-flags/flag-evidence.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';

const GATE = 'StrictPostBuildSubstitutions';

/** Substitution that also runs where there is nothing to substitute. */
export function judgeStrategy(object: Kustomization): readonly Observation[] {
  if (object.spec.postBuild?.substituteStrategy !== 'Always') return [];
  const { namespace, name } = object.metadata;
  return [
    warn(
      subjectOf(object, { field: 'substituteStrategy' }),
      'SUBSTITUTE_ALWAYS',
      `Kustomization ${namespace}/${name} substitutes also where no variable is defined (substituteStrategy: Always). ` +
        'Everything that looks like a variable in its manifests, in scripts of ConfigMaps too, is then replaced or refused. ' +
        'Leave the strategy out, unless that is what is meant.',
      {
        severity: 'low',
        evidence: [
          {
            object: objectReference(object),
            pointer: '/spec/postBuild/substituteStrategy',
            observed: 'Always',
            expected: 'absent, or WithVariables',
          },
        ],
      },
    ),
  ];
}

/** Instances of kustomize-controller that were told to put nothing where a variable is not defined. */
export function judgeGate(instances: Collected<readonly ControllerInstance[]>): readonly Observation[] {
  if (instances.state === 'unavailable') {
    return [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: GATE }, instances)];
  }
  return instances.value
    .filter(({ component }) => component === 'kustomize-controller')
    .flatMap((instance): readonly Observation[] => {
      const subject = subjectOfInstance(instance, GATE);
      const title = `kustomize-controller ${instance.namespace}/${instance.owner.name}`;
      const runs = [
        ...instance.pods.filter(({ terminating }) => !terminating),
        ...(instance.template ? [instance.template] : []),
      ];
      const readings = runs.map((run) => ({ run, reading: readFlag(run.arguments, 'feature-gates', run.env) }));
      const off = readings.find(({ reading }) => reading.state === 'value' && isOff(reading.value));
      if (off) {
        return [
          warn(
            subject,
            'NOT_STRICT',
            `${title} runs with the feature gate ${GATE} off. ` +
              'A variable that is not defined is then replaced by nothing, and the manifest is applied without it. ' +
              'Remove the setting: the gate is on by default since Flux 2.9.',
            { severity: 'low', evidence: [flagEvidence(off.run, off.reading, `${GATE} not set to false`)] },
          ),
        ];
      }
      const unclear = readings.find(({ reading }) => reading.state === 'undecidable')?.reading;
      if (unclear?.state !== 'undecidable') return [];
      const message = `Whether ${title} substitutes strictly is not known: ${unclear.message} Write the feature gates plainly into its arguments.`;
      return [notEvaluated(subject, 'undecidable', unclear.code, message, { missing: unclear.missing })];
    });
}

function isOff(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    GATE in value &&
    (value as Readonly<Record<string, unknown>>)[GATE] === false
  );
}
