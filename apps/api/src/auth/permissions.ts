/** Fixed and additive: each role can do what the ones before it can. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What an operation needs, and the lowest role that grants it. */
export const PERMISSIONS = {
  'fleet.read': 'viewer',
  'channels.write': 'operator',
  'clusters.write': 'operator',
  'deliveries.retry': 'operator',
  'drills.approve': 'operator',
  'drills.write': 'operator',
  'profiles.write': 'operator',
  'runs.write': 'operator',
  'schedules.write': 'operator',
  'tenants.write': 'operator',
  'waivers.approve': 'operator',
  'waivers.write': 'operator',
  'access.admin': 'admin',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof PERMISSIONS;

export function grants(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission]);
}
