import { type Component, type ControllerInstance, type AccountReference, accountOfRun } from '#libs/flux';

/** A service account with the controllers that run as it. */
export interface ControllerAccount {
  readonly account: AccountReference;
  readonly instances: readonly ControllerInstance[];
  readonly components: readonly Component[];
}

/** By the pods that run, and by the templates that new ones come from. */
export function controllerAccounts(instances: readonly ControllerInstance[]): readonly ControllerAccount[] {
  const found = new Map<string, { account: AccountReference; instances: Set<ControllerInstance> }>();
  for (const instance of instances) {
    for (const run of [...instance.pods, ...(instance.template ? [instance.template] : [])]) {
      const account = accountOfRun(run);
      const key = `${account.namespace}/${account.name}`;
      const entry = found.get(key) ?? { account, instances: new Set() };
      found.set(key, entry);
      entry.instances.add(instance);
    }
  }
  return [...found.values()].map(({ account, instances: own }) => ({
    account,
    instances: [...own],
    components: [...new Set([...own].map(({ component }) => component))],
  }));
}
