import { type Evidence, objectReference } from '#libs/core';
import { type AccountIdentity, type CredentialIdentity, type IdentitySource, excerpt } from '#libs/flux';

/** Somebody of this cluster. */
export type Actor = AccountIdentity | CredentialIdentity;

/** Where it stands as whom an object acts. */
export function sourceEvidence(sources: readonly IdentitySource[], expected: string): readonly Evidence[] {
  return sources.map(({ object, pointer, observed }) => ({
    object: objectReference(object),
    pointer,
    observed: observed === null ? null : excerpt(observed),
    expected,
  }));
}
