import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../url/search-params.js';
import {
  breakGlassSearch,
  controlsSearch,
  deliveriesSearch,
  findingsSearch,
  fleetSearch,
  loginSearch,
  partialResultsSearch,
  remoteAppliesSearch,
  resultsSearch,
  runSearch,
  runsSearch,
} from '../url/searches.js';
import { NotFound } from './not-found.js';
import { ScreenError } from './screen-error.js';
import { Shell } from './shell.js';

/** Every address of the dashboard. A screen is loaded when it is first visited. */
const root = createRootRoute({ notFoundComponent: NotFound });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const fleet = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: fleetSearch,
  component: lazyRouteComponent(() => import('../screens/fleet/fleet-screen.js'), 'FleetScreen'),
});
const cluster = createRoute({
  getParentRoute: () => shell,
  path: '/clusters/$clusterRef',
  validateSearch: partialResultsSearch,
  component: lazyRouteComponent(() => import('../screens/cluster/cluster-screen.js'), 'ClusterScreen'),
});
const findings = createRoute({
  getParentRoute: () => shell,
  path: '/findings',
  validateSearch: findingsSearch,
  component: lazyRouteComponent(() => import('../screens/findings/findings-screen.js'), 'FindingsScreen'),
});
const finding = createRoute({
  getParentRoute: () => shell,
  path: '/findings/$findingId',
  component: lazyRouteComponent(() => import('../screens/finding/finding-screen.js'), 'FindingScreen'),
});
const remoteApplies = createRoute({
  getParentRoute: () => shell,
  path: '/remote-applies',
  validateSearch: remoteAppliesSearch,
  component: lazyRouteComponent(
    () => import('../screens/remote-applies/remote-applies-screen.js'),
    'RemoteAppliesScreen',
  ),
});
const remoteApply = createRoute({
  getParentRoute: () => shell,
  path: '/remote-applies/$remoteApplyId',
  component: lazyRouteComponent(() => import('../screens/remote-apply/remote-apply-screen.js'), 'RemoteApplyScreen'),
});
const breakGlass = createRoute({
  getParentRoute: () => shell,
  path: '/break-glass',
  validateSearch: breakGlassSearch,
  component: lazyRouteComponent(() => import('../screens/break-glass/break-glass-screen.js'), 'BreakGlassScreen'),
});
const drill = createRoute({
  getParentRoute: () => shell,
  path: '/drills/$drillId',
  component: lazyRouteComponent(() => import('../screens/drill/drill-screen.js'), 'DrillScreen'),
});
const results = createRoute({
  getParentRoute: () => shell,
  path: '/results',
  validateSearch: resultsSearch,
  component: lazyRouteComponent(() => import('../screens/results/results-screen.js'), 'ResultsScreen'),
});
const runs = createRoute({
  getParentRoute: () => shell,
  path: '/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import('../screens/runs/runs-screen.js'), 'RunsScreen'),
});
const run = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId',
  validateSearch: runSearch,
  component: lazyRouteComponent(() => import('../screens/run/run-screen.js'), 'RunScreen'),
});
const controls = createRoute({
  getParentRoute: () => shell,
  path: '/controls',
  validateSearch: controlsSearch,
  component: lazyRouteComponent(() => import('../screens/controls/controls-screen.js'), 'ControlsScreen'),
});
const control = createRoute({
  getParentRoute: () => shell,
  path: '/controls/$controlId',
  validateSearch: partialResultsSearch,
  component: lazyRouteComponent(() => import('../screens/control/control-screen.js'), 'ControlScreen'),
});
const channels = createRoute({
  getParentRoute: () => shell,
  path: '/channels',
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(() => import('../screens/channels/channels-screen.js'), 'ChannelsScreen'),
});
const channel = createRoute({
  getParentRoute: () => shell,
  path: '/channels/$channelRef',
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(() => import('../screens/channel/channel-screen.js'), 'ChannelScreen'),
});
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import('../screens/login/login-screen.js'), 'LoginScreen'),
});

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    fleet,
    cluster,
    findings,
    finding,
    remoteApplies,
    remoteApply,
    breakGlass,
    drill,
    results,
    runs,
    run,
    controls,
    control,
    channels,
    channel,
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: ScreenError,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** Cursors of the pages of a list that were left by "Next". */
    trail?: readonly string[];
  }
}
