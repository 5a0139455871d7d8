import { Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../values.js';
import { Hidden, OptionalInteger, OptionalJson, OptionalTime, Text, Time } from './columns.js';

export type Role = 'viewer' | 'operator' | 'admin';

@Entity('api_token')
export class ApiTokenEntity {
  @PrimaryColumn('text') id: string;
  @Text() name: string;
  @Text() role: Role;
  /** The part of the token that may be shown. */
  @Text() publicId: string;
  @Text(Hidden) hash: string;
  @Time() expiresAt: string;
  @OptionalTime() lastUsedAt: string | null;
  @OptionalTime() revokedAt: string | null;
  @Text() createdBy: string;
  @Time() createdAt: string;
}

@Entity('session')
export class SessionEntity {
  @PrimaryColumn('text') id: string;
  @Text() tokenId: string;
  @Text(Hidden) hash: string;
  @Time() expiresAt: string;
  @Time() createdAt: string;
}

@Entity('login_link')
export class LoginLinkEntity {
  @PrimaryColumn('text') hash: string;
  @Text() tokenId: string;
  @Time() expiresAt: string;
  @OptionalTime() usedAt: string | null;
}

@Entity('idempotency_key')
export class IdempotencyKeyEntity {
  @PrimaryColumn('text') tokenId: string;
  @PrimaryColumn('text') route: string;
  @PrimaryColumn('text') key: string;
  @Text() bodyHash: string;
  @Text() state: 'inFlight' | 'done';
  @OptionalInteger() status: number | null;
  @OptionalJson() response: unknown;
  @OptionalJson() headers: JsonObject | null;
  @Time() createdAt: string;
}
