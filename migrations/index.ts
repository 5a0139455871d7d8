import { InitialSchema1790000000000 } from './1790000000000-initial-schema.js';
import { OwnProfiles1795500000000 } from './1795500000000-own-profiles.js';
import { RemoteApplies1795600000000 } from './1795600000000-remote-applies.js';
import { Events1795650000000 } from './1795650000000-events.js';
import { Drills1795700000000 } from './1795700000000-drills.js';
import { Sources1795750000000 } from './1795750000000-sources.js';

/** All migrations, oldest first. Add a new one at the end; one that was released is never changed. */
export const migrations = [
  InitialSchema1790000000000,
  OwnProfiles1795500000000,
  RemoteApplies1795600000000,
  Events1795650000000,
  Drills1795700000000,
  Sources1795750000000,
];
