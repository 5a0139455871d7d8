import type { Node, RuntimeClass } from '#libs/core';
import { defined, Fields } from './fields.js';
import { NODE_ARGUMENTS, keptNodeArguments } from './k3s-arguments.js';
import { clusterMetadata, conditions } from './metadata.js';

/** A node: where pods may run and what its kubelet is. Its addresses, images and volumes are not kept. */
export function projectNode(item: unknown): Node {
  const object = Fields.of(item);
  const status = object.child('status');
  const ready = status && (status.flag('ready') ?? readyCondition(status));
  const info = status?.child('nodeInfo');
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: nodeMetadata(object),
    spec: defined({
      taints: object
        .child('spec')
        ?.children('taints')
        ?.map((taint) =>
          defined({
            key: taint.needText('key'),
            value: taint.text('value'),
            effect: taint.needText('effect'),
          }),
        ),
      unschedulable: object.child('spec')?.flag('unschedulable'),
    }),
    ...(status && {
      status: defined({
        nodeInfo: info && defined({ kubeletVersion: info.text('kubeletVersion'), osImage: info.text('osImage') }),
        ready,
      }),
    }),
  };
}

export function projectRuntimeClass(version: string): (item: unknown) => RuntimeClass {
  return (item) => {
    const object = Fields.of(item);
    return {
      apiVersion: `node.k8s.io/${version}`,
      kind: 'RuntimeClass',
      metadata: clusterMetadata(object),
      handler: object.text('handler') ?? '',
    };
  };
}

function readyCondition(status: Fields): boolean | undefined {
  const found = conditions(status)?.find(({ type }) => type === 'Ready');
  return found && found.status === 'True';
}

function nodeMetadata(object: Fields): Node['metadata'] {
  const metadata = clusterMetadata(object, { annotations: new Set([NODE_ARGUMENTS]) });
  const { [NODE_ARGUMENTS]: given, ...annotations } = metadata.annotations ?? {};
  const kept = given === undefined ? undefined : keptNodeArguments(given);
  const all = { ...annotations, ...(kept !== undefined && { [NODE_ARGUMENTS]: kept }) };
  return defined({ ...metadata, annotations: Object.keys(all).length > 0 ? all : undefined });
}
