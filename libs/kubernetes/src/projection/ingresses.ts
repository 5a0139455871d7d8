import type { Ingress } from '#libs/core';
import { defined, Fields } from './fields.js';
import { namespacedMetadata } from './metadata.js';

type Backend = Ingress['spec']['backends'][number];

/** An Ingress, its rules taken apart into what leads to which Service. Backends that are no Services are left out. */
export function projectIngress(version: string): (item: unknown) => Ingress {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec');
    const tls = spec?.children('tls') ?? [];
    const byDefault = spec && backendOf(spec.child('defaultBackend') ?? spec.child('backend'));
    return ingress(object, version, {
      tls: tls.length > 0,
      tlsHosts: tls.flatMap((entry) => entry.texts('hosts') ?? []),
      backends: [...(byDefault ? [byDefault] : []), ...(spec?.children('rules') ?? []).flatMap(ruleBackends)],
    });
  };
}

/** One of a recorded snapshot. */
export function projectRecordedIngress(version: string): (item: unknown) => Ingress {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.needChild('spec');
    return ingress(object, version, {
      tls: spec.flag('tls') ?? false,
      tlsHosts: spec.texts('tlsHosts') ?? [],
      backends: (spec.children('backends') ?? []).map((backend) =>
        defined({
          host: backend.text('host'),
          path: backend.text('path'),
          service: backend.needText('service'),
          port: backend.numberOrText('port'),
        }),
      ),
    });
  };
}

function ingress(object: Fields, version: string, spec: Ingress['spec']): Ingress {
  return { apiVersion: `networking.k8s.io/${version}`, kind: 'Ingress', metadata: namespacedMetadata(object), spec };
}

function ruleBackends(rule: Fields): readonly Backend[] {
  const host = rule.text('host') || undefined;
  return (rule.child('http')?.children('paths') ?? []).flatMap((path) => {
    const backend = backendOf(path.child('backend'));
    return backend ? [defined({ host, path: path.text('path'), ...backend })] : [];
  });
}

/** `networking.k8s.io/v1` names the Service in an object, `v1beta1` in two fields. */
function backendOf(fields: Fields | undefined): Pick<Backend, 'service' | 'port'> | undefined {
  const service = fields?.child('service');
  const port = service?.child('port');
  const name = service?.text('name') ?? fields?.text('serviceName');
  if (name === undefined || name === '') return undefined;
  return defined({
    service: name,
    port: port?.count('number') ?? port?.text('name') ?? fields?.numberOrText('servicePort'),
  });
}
