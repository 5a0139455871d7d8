import type { OperatorPod, ProgramContainer } from '#libs/core';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';
import { settingsOfProgram, type ProgramFinder } from './operator-programs.js';
import { ownerOf } from './pod-groups.js';
import { programContainer, recordedProgramContainer } from './program-containers.js';

/** A pod that runs a program that `programOf` knows; undefined for any other, and for one that is finished. */
export function operatorPod(object: Fields, programOf: ProgramFinder): OperatorPod | undefined {
  const spec = object.needChild('spec');
  for (const container of spec.children('containers') ?? []) {
    const image = container.text('image') ?? '';
    const command = container.texts('command');
    const program = programOf({ image, ...defined({ command, args: container.texts('args') }) });
    if (program === undefined) continue;
    const status = object.child('status');
    if (['Succeeded', 'Failed'].includes(status?.text('phase') ?? '')) return undefined;
    const name = container.needText('name');
    const state = status?.children('containerStatuses')?.find((entry) => entry.text('name') === name);
    return pod(object, {
      program,
      container: programContainer(container, settingsOfProgram(program), state?.flag('ready')),
      serviceAccountName: spec.text('serviceAccountName') || undefined,
      owner: ownerOf(object.needChild('metadata')),
      configMaps: mountedConfigMaps(spec),
    });
  }
  return undefined;
}

/** One of a recorded snapshot. */
export function projectRecordedOperatorPod(item: unknown): OperatorPod {
  const object = Fields.of(item);
  const program = object.needText('program');
  const owner = object.child('owner');
  return pod(object, {
    program,
    container: recordedProgramContainer(object.needChild('container'), settingsOfProgram(program)),
    serviceAccountName: object.text('serviceAccountName'),
    owner: owner && { kind: owner.needText('kind'), name: owner.needText('name') },
    configMaps: object.texts('configMaps'),
  });
}

interface OperatorPodParts {
  readonly program: string;
  readonly container: ProgramContainer;
  readonly serviceAccountName: string | undefined;
  readonly owner: OperatorPod['owner'];
  readonly configMaps: readonly string[] | undefined;
}

function pod(object: Fields, parts: OperatorPodParts): OperatorPod {
  return defined<OperatorPod>({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: namespacedMetadata(object),
    program: parts.program,
    container: parts.container,
    ...defined({
      serviceAccountName: parts.serviceAccountName,
      owner: parts.owner,
      configMaps: parts.configMaps,
    }),
  });
}

function mountedConfigMaps(spec: Fields): readonly string[] | undefined {
  const names = (spec.children('volumes') ?? []).flatMap((volume) => {
    const sources = [volume, ...(volume.child('projected')?.children('sources') ?? [])];
    return sources.flatMap((source) => source.child('configMap')?.text('name') ?? []);
  });
  // Every pod mounts the CA of its cluster.
  const kept = [...new Set(names)].filter((name) => name !== 'kube-root-ca.crt');
  return kept.length > 0 ? kept : undefined;
}
