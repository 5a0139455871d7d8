/** The one form in which Secrets are listed; an API server that does not know it refuses (406). */
export const METADATA_ALONE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** The label that the Sealed Secrets controller gives to its keys (https://github.com/bitnami-labs/sealed-secrets). */
export const SEALING_KEYS = 'sealedsecrets.bitnami.com/sealed-secrets-key';

/** The label of the Secrets in which Argo CD keeps its clusters (https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters). */
export const ARGO_CD_CLUSTERS = 'argocd.argoproj.io/secret-type=cluster';

/** The only selectors by which Secrets are listed. */
export const LISTED_SECRETS: ReadonlySet<string> = new Set([SEALING_KEYS, ARGO_CD_CLUSTERS]);
