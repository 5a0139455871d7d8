import { stringify } from 'yaml';
import type { Fix } from '#libs/core';
import type { ArgvItem } from '../arguments/container-argv.js';
import type { Component } from '../components.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import type { InstallMethod } from '../inventory/install-method.js';

/** A setting of installers that gives the argument to all controllers that need it. */
export type Preset = 'multitenancy' | 'workloadIdentity';

/** A controller that needs a change, and how it was installed. */
export interface FixTarget {
  readonly instance: ControllerInstance;
  readonly install: InstallMethod;
}

/** The keys of the controllers in the values of https://github.com/fluxcd-community/helm-charts/tree/main/charts/flux2 */
const HELM_KEYS: Record<Component, string> = {
  'source-controller': 'sourceController',
  'kustomize-controller': 'kustomizeController',
  'helm-controller': 'helmController',
  'notification-controller': 'notificationController',
  'image-reflector-controller': 'imageReflectionController',
  'image-automation-controller': 'imageAutomationController',
  'source-watcher': 'sourceWatcher',
};

type Operation = Readonly<Record<'op' | 'path', string>> & { readonly value?: string | readonly string[] };

/** How to give a controller one more argument, in the form that fits its installation. */
export function setArgumentFixes(target: FixTarget, argument: string, preset?: Preset): readonly Fix[] {
  const { instance, install } = target;
  const operations = [addOperation(instance, argument)];
  switch (install.method) {
    case 'fluxOperator':
      return [
        operatorFix(target, preset ? { cluster: CLUSTER_SETTINGS[preset] } : patches(instance, operations), argument),
      ];
    case 'helmChart': {
      const values = preset === 'multitenancy' ? HELM_MULTITENANCY : helmArguments(instance.component, argument);
      return [{ form: 'helmValues', title: `Add ${argument} in the values of the chart`, content: yaml(values) }];
    }
    case 'azureExtension':
      return [azureFix(argument, preset)];
    default:
      return [kustomizeFix(target, operations, `Add ${argument}`)];
  }
}

/**
 * How to take an argument away. `item` is where the template of the Deployment has it; absent where only a running pod
 * has it.
 */
export function removeArgumentFixes(target: FixTarget, flag: string, item: ArgvItem | undefined): readonly Fix[] {
  const { instance, install } = target;
  if (!instance.deployment || !instance.template || !item) return [replacePodsFix(instance, flag)];
  const path = `${instance.template.pointer}${item.pointer}`;
  const operations: Operation[] = [
    { op: 'test', path, value: literal(instance, item) },
    { op: 'remove', path },
  ];
  switch (install.method) {
    case 'fluxOperator':
      return [operatorFix(target, patches(instance, operations), `without --${flag}`)];
    case 'helmChart':
      return [
        {
          form: 'helmValues',
          title: `Remove --${flag} from additionalArgs, or switch it off after it: the last occurrence wins`,
          content: yaml(helmArguments(instance.component, `--${flag}=false`)),
        },
      ];
    case 'azureExtension':
      return [azureFix(`--${flag}=false`)];
    default:
      return [kustomizeFix(target, operations, `Remove --${flag}, or the patch that adds it`)];
  }
}

/**
 * With a default service account the platform's own Kustomization must name its account, or it loses its rights. The
 * Flux Operator and the Azure extension see to it themselves.
 */
export function rootAccountFixes({ install }: FixTarget): readonly Fix[] {
  if (install.method === 'fluxOperator' || install.method === 'azureExtension') return [];
  const root = install.method === 'bootstrap' ? install.kustomization.name : 'flux-system';
  const operations: Operation[] = [{ op: 'add', path: '/spec/serviceAccountName', value: 'kustomize-controller' }];
  return [
    {
      form: 'kustomizePatch',
      title: `Let the Kustomization ${root} keep the account of the platform, in the same change`,
      content: yaml({ patches: [{ target: { kind: 'Kustomization', name: root }, patch: yaml(operations) }] }),
    },
  ];
}

const CLUSTER_SETTINGS: Record<Preset, Readonly<Record<string, boolean | string>>> = {
  multitenancy: { multitenant: true, tenantDefaultServiceAccount: 'default' },
  workloadIdentity: { objectLevelWorkloadIdentity: true, multitenantWorkloadIdentity: true },
};
/** It leaves `--no-remote-bases` out. */
const HELM_MULTITENANCY = { multitenancy: { enabled: true, defaultServiceAccount: 'default' } };

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

function helmArguments(component: Component, argument: string): object {
  return { [HELM_KEYS[component]]: { container: { additionalArgs: [argument] } } };
}

function addOperation({ template }: ControllerInstance, argument: string): Operation {
  const path = `${template?.pointer ?? '/spec/template/spec/containers/0'}/args`;
  // Without a list there is nothing to append to.
  return template && !template.container.args?.length
    ? { op: 'add', path, value: [argument] }
    : { op: 'add', path: `${path}/-`, value: argument };
}

/** The argument as it is written, before any `$(NAME)` in it is expanded. */
function literal({ template }: ControllerInstance, { pointer, text }: ArgvItem): string {
  const [, field, index] = pointer.split('/');
  const list = field === 'command' ? template?.container.command : template?.container.args;
  return list?.[Number(index)] ?? text;
}

function patches({ owner }: ControllerInstance, operations: readonly Operation[]): object {
  return { kustomize: { patches: [patch(owner.name, operations)] } };
}

function patch(name: string, operations: readonly Operation[]): object {
  return { target: { kind: 'Deployment', name }, patch: yaml(operations) };
}

function operatorFix({ instance, install }: FixTarget, spec: object, argument: string): Fix {
  const name = install.method === 'fluxOperator' ? install.instance?.name : undefined;
  const content = {
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'FluxInstance',
    metadata: { name: name ?? 'flux', namespace: instance.namespace },
    spec,
  };
  return { form: 'fluxOperatorPatch', title: `Set in the FluxInstance: ${argument}`, content: yaml(content) };
}

function kustomizeFix({ instance, install }: FixTarget, operations: readonly Operation[], title: string): Fix {
  const where =
    install.method === 'bootstrap'
      ? `# ${install.path.replace(/\/$/, '')}/${instance.namespace}/kustomization.yaml in ${sourceName(install)}, applied by the Kustomization ${install.kustomization.namespace}/${install.kustomization.name}\n`
      : '# kustomization.yaml that holds the manifests of Flux\n';
  const content = where + yaml({ patches: [patch(instance.owner.name, operations)] });
  return { form: 'kustomizePatch', title, content };
}

function sourceName({ source }: Extract<InstallMethod, { method: 'bootstrap' }>): string {
  return source ? `the ${source.kind} ${source.namespace}/${source.name}` : 'its source';
}

/** https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2#multi-tenancy */
function azureFix(argument: string, preset?: Preset): Fix {
  if (preset === 'multitenancy') {
    return {
      form: 'azureExtension',
      title: 'Switch multi-tenancy on in the Azure extension',
      content:
        'az k8s-extension update --resource-group <group> --cluster-name <cluster> --cluster-type managedClusters --name flux --configuration-settings multiTenancy.enforce=true\n',
    };
  }
  return {
    form: 'steps',
    title: `The Azure extension decides about ${argument}`,
    content:
      'The extension manages this Deployment and undoes changes made by hand. See whether its configuration settings cover the argument; where they do not, ask for it, or install Flux another way.\n',
  };
}

function replacePodsFix({ namespace, owner, container }: ControllerInstance, flag: string): Fix {
  const content =
    owner.kind === 'Deployment'
      ? `kubectl --namespace ${namespace} rollout restart deployment/${owner.name}\nkubectl --namespace ${namespace} rollout status deployment/${owner.name}\n`
      : `Find what creates ${owner.kind} ${namespace}/${owner.name}, remove --${flag} from its container ${container}, and replace the pod.\n`;
  return { form: 'steps', title: `Replace the pods that still run with --${flag}`, content };
}
