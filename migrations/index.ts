import { InitialSchema1790000000000 } from './1790000000000-initial-schema.js';

/** All migrations, oldest first. Add a new one at the end; one that was released is never changed. */
export const migrations = [InitialSchema1790000000000];
