export {
  hashToken,
  newApiToken,
  newSecret,
  parseApiToken,
  sameHash,
  type ApiTokenKind,
  type NewApiToken,
  type ParsedApiToken,
} from './api-token.js';
export { ConfigError, loadConfig, SETTING_NAMES, type Config, type ListenAddress, type PortRange } from './config.js';
export { EgressDenied, type EgressDenialCode } from './egress-denied.js';
export { EgressPolicy, lookupFor, type CheckedAddress, type EgressOptions, type Resolver } from './egress-policy.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres/start-embedded-postgres.js';
export { newId, type IdPrefix } from './ids.js';
export { channelAad, credentialAad, Keyring, KeyringError, type KeyringErrorCode, type Sealed } from './keyring.js';
export { loadKeyring } from './load-keyring.js';
export { createLogger, type Logger, type LogLevel } from './logger.js';
