/** Sections of the API, in the order in which a reader meets them. */
export const TAGS = {
  Fleet: 'The whole fleet at a glance.',
  Clusters: 'Clusters under audit: registration, identity, rights and state.',
  Sources: 'Management clusters as sources of clusters: what they know, and what of it is registered.',
  Credentials: 'How a cluster is reached. Secrets go in and never come out.',
  Tenants: 'Teams that share the fleet, and what is theirs.',
  Controls: 'What is checked, why, and how to fix it; benchmarks and profiles that choose among controls.',
  Schedules: 'Runs that start by the clock.',
  Runs: 'Audits of the fleet or a part of it.',
  Results: 'What each control said about each cluster, and since when.',
  Findings: 'Failures with a life: first seen, last seen, resolved.',
  'Remote apply': 'What management clusters apply to other clusters, by which credential, and who hears of failures.',
  'Break-glass': 'Ways in for emergencies: whether they would work, and drills that try.',
  Waivers: 'Accepted exceptions with a reason, an approver and an end.',
  Channels: 'Where changes are announced.',
  Deliveries: 'What was announced, and what became of it.',
  Access: 'Tokens, sessions, and who is asking.',
  System: 'The service itself: health, metrics and configuration.',
} as const satisfies Record<string, string>;

export type Tag = keyof typeof TAGS;
