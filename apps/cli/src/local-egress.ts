import { EgressPolicy } from '#libs/platform';

/** Loopback and private addresses are fine here: the kubeconfig is the user's own, on the user's machine. */
export const LOCAL_EGRESS = new EgressPolicy({
  allowCidrs: ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  allowPorts: [],
});
