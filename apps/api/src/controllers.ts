import type { Type } from '@nestjs/common';
import { AccessController } from './access/access.controller.js';
import { BreakGlassController } from './break-glass/break-glass.controller.js';
import { ChannelsController } from './channels/channels.controller.js';
import { ClusterAccessController } from './clusters/cluster-access.controller.js';
import { ClusterBatchController } from './clusters/cluster-batch.controller.js';
import { ClustersController } from './clusters/clusters.controller.js';
import { ControlsController } from './controls/controls.controller.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DrillsController } from './drills/drills.controller.js';
import { FindingsController } from './findings/findings.controller.js';
import { FleetController } from './fleet/fleet.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { ProfilesController } from './profiles/profiles.controller.js';
import { RemoteAppliesController } from './remote-applies/remote-applies.controller.js';
import { ResultsController } from './results/results.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { CandidatesController } from './sources/candidates.controller.js';
import { SourcesController } from './sources/sources.controller.js';
import { SystemController } from './system/system.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TopologyController } from './topology/topology.controller.js';
import { WaiversController } from './waivers/waivers.controller.js';

/** Every controller: what the application serves, and what the OpenAPI document is made of. */
export const CONTROLLERS: readonly Type[] = [
  AccessController,
  BreakGlassController,
  CandidatesController,
  ChannelsController,
  ClusterAccessController,
  ClusterBatchController,
  ClustersController,
  ControlsController,
  CredentialsController,
  DeliveriesController,
  DrillsController,
  FindingsController,
  FleetController,
  PagesController,
  ProfilesController,
  RemoteAppliesController,
  ResultsController,
  RunsController,
  SchedulesController,
  SourcesController,
  SystemController,
  TenantsController,
  TopologyController,
  WaiversController,
];
