import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { DataSource } from 'typeorm';
import {
  CandidateRepository,
  ChannelRepository,
  ClusterRepository,
  createDataSource,
  CredentialRepository,
  DeliveryRepository,
  DrillRepository,
  FindingRepository,
  IdempotencyRepository,
  OutboxRepository,
  ProfileRepository,
  RemoteApplyRepository,
  ResultRepository,
  RunRepository,
  ScheduleRepository,
  SourceRepository,
  TenantRepository,
  TokenRepository,
  WaiverRepository,
} from '#libs/persistence';
import { EgressPolicy, Keyring } from '#libs/platform';
import { Admission, Authenticator } from './auth/admission.js';
import { TokenAuthenticator } from './auth/token-authenticator.js';
import type { ApiOptions } from './api-options.js';
import { ChannelsService, NotifySettings } from './channels/channels.service.js';
import { ClusterRegistry } from './clusters/cluster-registry.js';
import { ClusterVerifier } from './clusters/cluster-verifier.js';
import { StoredAccess } from './clusters/stored-access.js';
import { CONTROLLERS } from './controllers.js';
import { FleetService } from './fleet/fleet.service.js';
import { Housekeeping } from './housekeeping.js';
import { AnswerInterceptor } from './http/answer.interceptor.js';
import { CursorCodec } from './http/cursor.js';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import { Lists } from './http/lists.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RateLimiter } from './http/rate-limiter.js';
import { Stopping } from './http/stopping.js';
import { ValidationPipe } from './http/validation.pipe.js';
import { buildOpenApiDocument } from './openapi/build-openapi-document.js';
import { OPENAPI_DOCUMENT } from './pages/pages.controller.js';
import { CandidateAcceptance } from './sources/candidate-acceptance.js';
import { ApiSettings } from './settings.js';
import { Metrics } from './system/metrics.js';
import { Readiness } from './system/readiness.js';

const REPOSITORIES = [
  CandidateRepository,
  ChannelRepository,
  ClusterRepository,
  CredentialRepository,
  DeliveryRepository,
  DrillRepository,
  FindingRepository,
  IdempotencyRepository,
  OutboxRepository,
  ProfileRepository,
  RemoteApplyRepository,
  ResultRepository,
  RunRepository,
  ScheduleRepository,
  SourceRepository,
  TenantRepository,
  TokenRepository,
  WaiverRepository,
];

const SERVICES: readonly Type[] = [
  CandidateAcceptance,
  ChannelsService,
  ClusterRegistry,
  ClusterVerifier,
  FleetService,
  Housekeeping,
  Lists,
  Metrics,
  Readiness,
  Stopping,
  StoredAccess,
  TokenAuthenticator,
];

/** The composition root: the only place where the API's parts meet. */
@Module({})
export class ApiModule {
  static of(options: ApiOptions, settings: ApiSettings, problems: ProblemFilter): DynamicModule {
    return {
      module: ApiModule,
      controllers: [...CONTROLLERS],
      providers: [...resources(options, settings), ...repositories(), ...SERVICES, ...http(settings, problems)],
    };
  }
}

function resources({ databaseUrl, poolSize, keyring, egress, notify }: ApiOptions, settings: ApiSettings): Provider[] {
  return [
    {
      provide: DataSource,
      useFactory: () =>
        createDataSource(databaseUrl, { max: poolSize ?? 10, applicationName: 'plimsoll-api' }).initialize(),
    },
    { provide: ApiSettings, useValue: settings },
    { provide: Keyring, useValue: keyring },
    { provide: EgressPolicy, useValue: egress },
    { provide: NotifySettings, useValue: { ...notify, egress } },
    { provide: CursorCodec, useFactory: () => new CursorCodec(keyring.derive('cursors'), settings.now) },
    { provide: OPENAPI_DOCUMENT, useFactory: () => buildOpenApiDocument(settings.publicUrl) },
  ];
}

function repositories(): Provider[] {
  return REPOSITORIES.map((Repository) => ({
    provide: Repository,
    useFactory: (dataSource: DataSource) => new Repository(dataSource),
    inject: [DataSource],
  }));
}

function http(settings: ApiSettings, problems: ProblemFilter): Provider[] {
  return [
    { provide: Authenticator, useExisting: TokenAuthenticator },
    {
      provide: Admission,
      useFactory: (authenticator: Authenticator) =>
        new Admission(authenticator, new RateLimiter(settings.rateLimits, settings.now), settings.publicUrl),
      inject: [Authenticator],
    },
    { provide: APP_FILTER, useValue: problems },
    { provide: APP_PIPE, useClass: ValidationPipe },
    // The first is outermost: what is replayed is written to the reply like any other answer.
    { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ];
}
