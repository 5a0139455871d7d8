import type { Principals } from '#libs/core';
import { defined, type Fields } from '../projection/fields.js';

export function readPrincipals(fields: Fields | undefined): Partial<Principals> | undefined {
  return (
    fields &&
    defined({
      users: fields.texts('users'),
      groups: fields.texts('groups'),
      serviceAccounts: fields.texts('serviceAccounts'),
    })
  );
}
