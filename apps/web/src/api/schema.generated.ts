// Made from docs/openapi.json by `npm run generate`. Do not edit.
export interface paths {
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API reference as a page */
        get: operations["getApiReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a link that logs a browser in once */
        post: operations["createLoginLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a browser session with a token or a login link
         * @description Sets an HttpOnly cookie for twelve hours. A login link works once.
         */
        post: operations["openSession"];
        /** Log out */
        delete: operations["closeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/benchmarks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List benchmarks */
        get: operations["listBenchmarks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/benchmarks/{benchmarkId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a benchmark */
        get: operations["getBenchmark"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/break-glass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Could somebody get back in? The readiness board
         * @description One row for each cluster that has a way in for emergencies, or needs one: a management cluster, or one dedicated to a tenant. Of several ways in the row shows the best. What is older than twice the days between drills counts for nothing.
         */
        get: operations["getBreakGlass"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List channels */
        get: operations["listChannels"];
        put?: never;
        /** Create a channel */
        post: operations["createChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{channelRef}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a channel */
        get: operations["getChannel"];
        put?: never;
        post?: never;
        /** Delete a channel with its deliveries */
        delete: operations["deleteChannel"];
        options?: never;
        head?: never;
        /**
         * Change a channel
         * @description Switching it on again clears why the service had switched it off.
         */
        patch: operations["updateChannel"];
        trace?: never;
    };
    "/api/v1/channels/{channelRef}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a marked test message now */
        post: operations["testChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List clusters */
        get: operations["listClusters"];
        put?: never;
        /**
         * Register a cluster
         * @description Contacts the cluster first, unless `verify=false`. Where that fails, the cluster is stored with the reason in its conditions, unless `requireVerified=true`.
         */
        post: operations["registerCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{clusterRef}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a cluster */
        get: operations["getCluster"];
        /**
         * Register a cluster, or bring its registration to this state
         * @description For declarative tools. The credential may be left out for a registered cluster while its connection stays the same.
         */
        put: operations["upsertCluster"];
        post?: never;
        /**
         * Delete a cluster and its credential
         * @description Its history stays, unless `purge=true`.
         */
        delete: operations["deleteCluster"];
        options?: never;
        head?: never;
        /** Change what is declared about a cluster */
        patch: operations["updateCluster"];
        trace?: never;
    };
    "/api/v1/clusters/{clusterRef}/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which controls can be judged, and which permissions are missing
         * @description As the last contact showed; nothing is asked of the cluster now.
         */
        get: operations["getCapabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{clusterRef}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is known of a cluster’s credential; never the secret */
        get: operations["listCredentials"];
        put?: never;
        /**
         * Replace a cluster’s credential, and its address if it moved
         * @description Contacts the cluster first, unless `verify=false`; another cluster than the registered one is refused. The old credential is erased.
         */
        post: operations["replaceCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{clusterRef}/install-manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Manifest that brings a registered cluster’s auditor up to date
         * @description With `mode=active` it names the principals that the registry declares for the tenants of the cluster, so fetch it again when these change. Nobody of the platform or of break-glass is among them.
         */
        get: operations["getClusterInstallManifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{clusterRef}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a cluster’s results changed over time, newest first */
        get: operations["getClusterTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters/{clusterRef}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Contact a cluster now: identity, version, and what may be read
         * @description Pins the identity at the first contact, and puts what it finds into the conditions. Changes nothing in the cluster.
         */
        post: operations["verifyCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register up to 1,000 clusters
         * @description Each item is checked and stored on its own, and answered in its place; one that is refused does not keep the others out. Clusters are not contacted: the next run does that, or `verify`.
         */
        post: operations["registerClusters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/controls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List controls */
        get: operations["listControls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/controls/{controlId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a control: why, how it is judged, how to fix it */
        get: operations["getControl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a delivery and its attempts */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{deliveryId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a dead or skipped delivery again */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List drills */
        get: operations["listDrills"];
        put?: never;
        /**
         * Ask for a drill of a way in
         * @description The service does `verify` itself, and answers at once; follow `Location` with `Prefer: wait`. Any other drill waits for `plimsoll drill`, since the break-glass credential never comes here; a live one first waits for two approvals.
         */
        post: operations["startDrill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills/{drillId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a drill with its steps and calls
         * @description With `Prefer: wait` the answer comes when it is over, or, with `If-None-Match`, when anything changed.
         */
        get: operations["getDrill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills/{drillId}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a drill that is not over */
        post: operations["abortDrill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills/{drillId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve a live drill that another token asked for; it takes two */
        post: operations["approveDrill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills/{drillId}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report what came of a drill at a terminal
         * @description As `plimsoll drill --report` does. A drill that passed with the restore in it, or failed, becomes the last drill of its entry, which FLUX-BG-02 and FLUX-BG-04 judge.
         */
        post: operations["reportDrill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills/{drillId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a drill at a terminal, once
         * @description As `plimsoll drill` does before a live drill writes: an approval is good for one of them. What was begun has to be reported within two hours.
         */
        post: operations["beginDrill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/{evidenceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read evidence, also such as was replaced since */
        get: operations["getEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List findings, worst first */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{findingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a finding with its evidence and fixes */
        get: operations["getFinding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fleet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the fleet stands */
        get: operations["getFleet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version, defaults and limits */
        get: operations["getInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/install-manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Manifest to apply before a cluster is registered */
        get: operations["getInstallManifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Clusters and controls as a matrix, page by page */
        get: operations["getMatrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract as OpenAPI 3.1 */
        get: operations["getOpenApiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List profiles */
        get: operations["listProfiles"];
        put?: never;
        /**
         * Create an own profile
         * @description Select controls and change their severity, on top of a profile of the release.
         */
        post: operations["createProfile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles/{profileRef}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a profile */
        get: operations["getProfile"];
        /**
         * Create an own profile, or bring it to this state
         * @description A change is a new version. Runs that have started go on with the version that they started with.
         */
        put: operations["upsertProfile"];
        post?: never;
        /** Delete an own profile; its runs and results stay */
        delete: operations["deleteProfile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remote-applies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what management clusters apply to others, silent failures first */
        get: operations["listRemoteApplies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remote-applies/{remoteApplyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a remote apply with its credential’s source, its identity and its Alerts */
        get: operations["getRemoteApply"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List results: as they stand now, or as they stood in a run */
        get: operations["listResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs */
        get: operations["listRuns"];
        put?: never;
        /**
         * Start a run
         * @description Answers at once; the workers do the audit. Follow `Location` with `Prefer: wait`.
         */
        post: operations["startRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a run and its progress
         * @description With `Prefer: wait` the answer comes when the run has finished, or, with `If-None-Match`, when anything changed.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{runId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run; finished clusters keep their results */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{runId}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed in a completed run against the one before */
        get: operations["getRunDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{runId}/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the clusters in a run */
        get: operations["listRunTargets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules */
        get: operations["listSchedules"];
        put?: never;
        /** Create a schedule */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{scheduleRef}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a schedule */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        /** Delete a schedule; its runs stay */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /** Change a schedule */
        patch: operations["updateSchedule"];
        trace?: never;
    };
    "/api/v1/schedules/{scheduleRef}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a schedule starts next */
        get: operations["listNextTimes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sources of clusters */
        get: operations["listSources"];
        put?: never;
        /**
         * Name a management cluster as a source of clusters
         * @description Unless it is not enabled, it is synchronised at once, and then by the clock.
         */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{sourceRef}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a source and how its last synchronisation went */
        get: operations["getSource"];
        put?: never;
        post?: never;
        /** Delete a source and its candidates; registered clusters stay */
        delete: operations["deleteSource"];
        options?: never;
        head?: never;
        /** Change a source */
        patch: operations["updateSource"];
        trace?: never;
    };
    "/api/v1/sources/{sourceRef}/candidates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Clusters that a source tells of, and why they can or cannot be registered */
        get: operations["listCandidates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{sourceRef}/candidates:accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register candidates
         * @description Each is registered, or refused, on its own, and answered in its place. Its credential is read from the management cluster now, and must lead where the candidate was seen to lead. A cluster that is registered under another name is refused with `cluster-duplicate`; nothing is overwritten.
         */
        post: operations["acceptCandidates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{sourceRef}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look now which clusters the management cluster knows
         * @description The work is done by a worker; `sync` of the source tells how it goes.
         */
        post: operations["syncSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tenants */
        get: operations["listTenants"];
        put?: never;
        /** Create a tenant */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenantRef}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a tenant */
        get: operations["getTenant"];
        /** Create a tenant, or bring it to this state */
        put: operations["upsertTenant"];
        post?: never;
        /** Delete a tenant */
        delete: operations["deleteTenant"];
        options?: never;
        head?: never;
        /** Change a tenant */
        patch: operations["updateTenant"];
        trace?: never;
    };
    "/api/v1/tenants/{tenantRef}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a tenant’s clusters stand */
        get: operations["getTenantSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tokens */
        get: operations["listTokens"];
        put?: never;
        /** Create a token; it is shown once */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a token */
        get: operations["getToken"];
        put?: never;
        post?: never;
        /** Revoke a token and its sessions */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a management cluster applies to others as a graph */
        get: operations["getTopology"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List waivers */
        get: operations["listWaivers"];
        put?: never;
        /** Request a waiver; it has no effect until somebody else approves it */
        post: operations["requestWaiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waivers/{waiverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a waiver */
        get: operations["getWaiver"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waivers/{waiverId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve a waiver that another token requested */
        post: operations["approveWaiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waivers/{waiverId}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a waiver, or refuse a request */
        post: operations["revokeWaiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description Let Prometheus send a token of the role viewer (`authorization.credentials_file`).
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All problems as a page */
        get: operations["listProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a problem means and what to do, as a page */
        get: operations["getProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process can do its work */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What became of each candidate. */
        AcceptanceResult: {
            accepted: number;
            failed: number;
            items: {
                /** @description As in the request. */
                candidate: string;
                /** @description 201 (200 with `dryRun=true`), or the status of the problem. */
                status: number;
                clusterId?: string;
                /** @description Of the registered cluster. */
                name?: string;
                problem?: components["schemas"]["Problem"];
            }[];
        };
        /** @description A permission as a ClusterRole would grant it. */
        AccessRule: {
            verb: string;
            /** @description API group; empty for the core group. */
            group: string;
            resource: string;
            /** @description Absent: in all namespaces. */
            namespace?: string;
            name?: string;
        };
        /** @description What became of each item of a batch. */
        BatchResult: {
            created: number;
            failed: number;
            items: {
                /** @description Position in the request. */
                index: number;
                name: string | null;
                /** @description 201, or the status of the problem. */
                status: number;
                id?: string;
                problem?: components["schemas"]["Problem"];
            }[];
        };
        /** @description A published list of requirements; immutable. */
        Benchmark: {
            id: string;
            title: string;
            source: string;
            requirements: {
                id: string;
                title: string;
                /** @description The audit procedures of the source; `controls` is empty where nothing automates one. */
                procedures: {
                    title: string;
                    controls: string[];
                }[];
                /** @description All controls of its procedures. */
                controls: string[];
            }[];
        };
        /** @description All benchmarks. */
        BenchmarkList: {
            items: components["schemas"]["Benchmark"][];
        };
        /** @description One page of the readiness board. */
        BreakGlassBoard: {
            items: components["schemas"]["BreakGlassRow"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
            /** @description Clusters by verdict, of all that match the other filters. */
            verdicts: {
                ready: number;
                notReady: number;
                unknown: number;
            };
        };
        /** @description How people get into a cluster when every usual way is gone. Holds no credential. */
        BreakGlassEntry: {
            name: string;
            /** @description Who the credential is, as the API server sees it. */
            principals?: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            /** @enum {string} */
            authMethod?: "clientCertificate" | "serviceAccountToken" | "oidc" | "cloudProvider" | "other";
            /**
             * Format: uri
             * @description The address that is used in an emergency.
             */
            apiServer?: string;
            network?: {
                /** @enum {string} */
                via: "direct" | "vpn" | "bastion" | "managementCluster" | "tenantNetwork";
                /** @description The usual way in goes the same way. */
                sharedWithPrimary?: boolean;
            };
            /** @description Identity provider that signs people in. Absent: none is needed. */
            identityProvider?: string;
            /** @description The usual way in uses the same identity provider. */
            identityProviderShared?: boolean;
            /** @description Where to find the credential, such as a path in a vault. What looks like a credential is refused. */
            credentialRef?: string;
            /** @description Every place that holds it. */
            credentialStores?: ("vault" | "offline" | "managementCluster" | "git" | "cloudProvider" | "other")[];
            owner?: string;
            /** @description Two or more. */
            approvers?: string[];
            /**
             * Format: date-time
             * @description When somebody last attested that a second factor is needed. Counts for 180 days.
             */
            mfaAttestedAt?: string;
            /** @description After how many days the credential is due for rotation. */
            rotationDays?: number;
            /** @description How often the way in is drilled. */
            drillDays?: number;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            rotatedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt?: string;
            /** Format: uri */
            runbookUrl?: string;
            /**
             * Format: date-time
             * @description When the runbook was last fetched with success.
             */
            runbookReachableAt?: string;
            alertOnUse?: {
                /** @description Id of the rule in the audit or SIEM system. */
                rule: string;
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                testedAt?: string;
            };
            /** @description An audit log of the cluster reaches somebody who would see the credential being used. */
            auditFeed?: boolean;
            lastDrill?: {
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                at: string;
                /** @description Who did it. */
                by?: string;
                /** @enum {string} */
                result: "passed" | "failed";
                /** @description The step that failed. */
                failedStep?: string;
                /** @description Where the record of the drill is. */
                evidence?: string;
            };
        };
        /** @description How people get into a cluster when every usual way is gone. Holds no credential. */
        BreakGlassEntryInput: {
            name: string;
            /** @description Who the credential is, as the API server sees it. */
            principals?: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            /** @enum {string} */
            authMethod?: "clientCertificate" | "serviceAccountToken" | "oidc" | "cloudProvider" | "other";
            /**
             * Format: uri
             * @description The address that is used in an emergency.
             */
            apiServer?: string;
            network?: {
                /** @enum {string} */
                via: "direct" | "vpn" | "bastion" | "managementCluster" | "tenantNetwork";
                /** @description The usual way in goes the same way. */
                sharedWithPrimary?: boolean;
            };
            /** @description Identity provider that signs people in. Absent: none is needed. */
            identityProvider?: string;
            /** @description The usual way in uses the same identity provider. */
            identityProviderShared?: boolean;
            /** @description Where to find the credential, such as a path in a vault. What looks like a credential is refused. */
            credentialRef?: string;
            /** @description Every place that holds it. */
            credentialStores?: ("vault" | "offline" | "managementCluster" | "git" | "cloudProvider" | "other")[];
            owner?: string;
            /** @description Two or more. */
            approvers?: string[];
            /**
             * Format: date-time
             * @description When somebody last attested that a second factor is needed. Counts for 180 days.
             */
            mfaAttestedAt?: string;
            /** @description After how many days the credential is due for rotation. */
            rotationDays?: number;
            /** @description How often the way in is drilled. */
            drillDays?: number;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            rotatedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt?: string;
            /** Format: uri */
            runbookUrl?: string;
            /**
             * Format: date-time
             * @description When the runbook was last fetched with success.
             */
            runbookReachableAt?: string;
            alertOnUse?: {
                /** @description Id of the rule in the audit or SIEM system. */
                rule: string;
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                testedAt?: string;
            };
            /** @description An audit log of the cluster reaches somebody who would see the credential being used. */
            auditFeed?: boolean;
            lastDrill?: {
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                at: string;
                /** @description Who did it. */
                by?: string;
                /** @enum {string} */
                result: "passed" | "failed";
                /** @description The step that failed. */
                failedStep?: string;
                /** @description Where the record of the drill is. */
                evidence?: string;
            };
        };
        /** @description Whether somebody could get back into one cluster. */
        BreakGlassRow: {
            /** @description Of the cluster. */
            id: string;
            /** @description Name of the cluster. */
            cluster: string;
            tenants: string[];
            /** @description The best of its ways in, which the row is about; null where it has none and needs one. */
            entry: string | null;
            /** @description How many ways in it has. */
            entries: number;
            /**
             * @description Could somebody get back in?
             * @enum {string}
             */
            verdict: "ready" | "notReady" | "unknown";
            /** @description Whether it signs in, and until when. */
            credential: {
                /**
                 * @description `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.
                 * @enum {string}
                 */
                state: "ok" | "attention" | "failed" | "unknown";
                /** @description For people. */
                text: string;
                /** @description When it was found out. */
                at: string | null;
                ageDays: number | null;
                /** @description Stable code of the step that failed. */
                cause: string | null;
            };
            /** @description Whether the API server is reached. */
            path: {
                /**
                 * @description `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.
                 * @enum {string}
                 */
                state: "ok" | "attention" | "failed" | "unknown";
                /** @description For people. */
                text: string;
                /** @description When it was found out. */
                at: string | null;
                ageDays: number | null;
                /** @description Stable code of the step that failed. */
                cause: string | null;
            };
            /** @description Whether every right of a restore is held. */
            rights: {
                /**
                 * @description `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.
                 * @enum {string}
                 */
                state: "ok" | "attention" | "failed" | "unknown";
                /** @description For people. */
                text: string;
                /** @description When it was found out. */
                at: string | null;
                ageDays: number | null;
                /** @description Stable code of the step that failed. */
                cause: string | null;
            };
            /** @description Whether the restore would go through, tried as dry-runs. */
            recoveryPlan: {
                /**
                 * @description `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.
                 * @enum {string}
                 */
                state: "ok" | "attention" | "failed" | "unknown";
                /** @description For people. */
                text: string;
                /** @description When it was found out. */
                at: string | null;
                ageDays: number | null;
                /** @description Stable code of the step that failed. */
                cause: string | null;
            };
            /** @description The last time that somebody used the credential to try. */
            lastDrill: {
                /**
                 * @description `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.
                 * @enum {string}
                 */
                state: "ok" | "attention" | "failed" | "unknown";
                /** @description For people. */
                text: string;
                /** @description When it was found out. */
                at: string | null;
                ageDays: number | null;
                /** @description Stable code of the step that failed. */
                cause: string | null;
            };
            /** @description Copies of the credential that do not break together with the cluster’s usual access. */
            escrow: {
                /**
                 * @description `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough.
                 * @enum {string}
                 */
                state: "ok" | "attention" | "failed" | "unknown";
                /** @description For people. */
                text: string;
                /** @description When it was found out. */
                at: string | null;
                ageDays: number | null;
                /** @description Stable code of the step that failed. */
                cause: string | null;
            };
            /** @description Null where it was written into the registry by hand. */
            lastDrillId: string | null;
            /** @description A drill that is not over. */
            openDrillId: string | null;
            runbookUrl: string | null;
            links: {
                cluster: string;
                drills: string;
                lastDrill: string | null;
                findings: string;
            };
        };
        /** @description A cluster that a source tells of. No member holds a secret. */
        Candidate: {
            id: string;
            /** @description Before the prefix of the mapping. */
            name: string;
            /**
             * @description `proposed`: can be accepted. `blocked`: cannot, see `reasons`. `registered`: it is `cluster`. `conflict`: registering it was refused. `orphaned`: the source does not tell of it any more.
             * @enum {string}
             */
            state: "proposed" | "blocked" | "registered" | "conflict" | "orphaned";
            /** @description The object that tells of it. */
            object: {
                kind: string;
                namespace: string;
                name: string;
            };
            /** @description As on the management cluster. */
            labels: components["schemas"]["Labels"];
            tenantNamespace: string | null;
            /** @description Address of its API server. */
            server: string | null;
            /** @description Its CA certificates, PEM: what a registration by hand needs. */
            caData: string | null;
            /** @description SHA-256 of the public key of its CA. */
            caSpkiSha256: string | null;
            /** @description Where its credential is kept on the management cluster. Null: nothing there could be used. */
            credentialFrom: {
                kind: string;
                namespace: string;
                name: string;
                /** @description In the data of the Secret; null: the usual ones. */
                key: string | null;
            } | null;
            /** @description Why it cannot be registered as it is. Empty: it can. */
            reasons: {
                code: string;
                message: string;
                fix: string;
            }[];
            /** @description The registered cluster that it is. */
            cluster: {
                id: string;
                name: string;
            } | null;
            /** @description Why registering it was refused, and the cluster in the way. */
            conflict: {
                /** @enum {string} */
                code: "clusterDuplicate" | "nameTaken";
                clusterId: string;
            } | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastSeenAt: string;
            orphanedAt: string | null;
        };
        /** @description Candidates to register. The credential of each is read from the management cluster now. */
        CandidateAcceptance: {
            /** @description Ids or names of candidates of the source. */
            candidates: string[];
            /** @description Names or ids of the tenants of these clusters. Absent: as the mapping of the source says. */
            tenants?: string[];
            /** @description Names to register under, by id or name of the candidate. Absent: as found, with the prefix. */
            names?: {
                [key: string]: string;
            };
        };
        /** @description One page of a list. */
        CandidatePage: {
            items: components["schemas"]["Candidate"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description What the credential may read, as far as the last contact showed. */
        Capabilities: {
            /** @description When the permissions were found to be so; null: not known yet. */
            checkedAt: string | null;
            predictedCoverage: {
                evaluated: number;
                applicable: number;
                /** @description Judged share of the applicable controls, 0 to 1. */
                ratio: number;
            } | null;
            /** @description Permissions to add to the auditor’s ClusterRole. */
            missing: components["schemas"]["AccessRule"][];
            controls: {
                controlId: string;
                title: string;
                reads: components["schemas"]["AccessRule"][];
                /** @description Required ones that are missing: it will answer notEvaluated. */
                missing: components["schemas"]["AccessRule"][];
            }[];
        };
        /** @description Where changes are announced. No member holds a secret. */
        Channel: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "slackWebhook" | "slackBot" | "webhook";
            settings: {
                /** @description Host of the address; the rest of it is secret. */
                host?: string;
                channelId?: string;
            };
            events: ("run.completed" | "tenant.canRevoke" | "remoteApply.silent" | "credential.expiring" | "drill.failed" | "drill.recovered")[];
            /** @enum {string} */
            minSeverity: "critical" | "high" | "medium" | "low" | "info";
            enabled: boolean;
            /** @description Why the service itself switched it off. */
            disabledReason: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
        };
        /** @description A channel to make. Everything under `secret` is sealed at once and never returned. */
        ChannelInput: {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /** @constant */
            kind: "slackWebhook";
            secret: {
                /**
                 * Format: uri
                 * @description https address. Write-only.
                 */
                url: string;
            };
            /**
             * @description What it is told. Who is told of an event is also told when it is over; `drill.recovered` is the end of `drill.failed`.
             * @default [
             *       "run.completed"
             *     ]
             */
            events: ("run.completed" | "tenant.canRevoke" | "remoteApply.silent" | "credential.expiring" | "drill.failed" | "drill.recovered")[];
            /**
             * @description Findings and events below it are left out.
             * @default low
             * @enum {string}
             */
            minSeverity: "critical" | "high" | "medium" | "low" | "info";
            /** @default true */
            enabled: boolean;
        } | {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /** @constant */
            kind: "slackBot";
            settings: {
                /** @description Slack id of the channel, such as C0123ABCDEF. */
                channelId: string;
            };
            secret: {
                /** @description Bot token with the scope chat:write. Write-only. */
                token: string;
            };
            /**
             * @description What it is told. Who is told of an event is also told when it is over; `drill.recovered` is the end of `drill.failed`.
             * @default [
             *       "run.completed"
             *     ]
             */
            events: ("run.completed" | "tenant.canRevoke" | "remoteApply.silent" | "credential.expiring" | "drill.failed" | "drill.recovered")[];
            /**
             * @description Findings and events below it are left out.
             * @default low
             * @enum {string}
             */
            minSeverity: "critical" | "high" | "medium" | "low" | "info";
            /** @default true */
            enabled: boolean;
        } | {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /** @constant */
            kind: "webhook";
            secret: {
                /**
                 * Format: uri
                 * @description https address. Write-only.
                 */
                url: string;
                /** @description Standard Webhooks secrets, newest first. Absent: one is made, and shown once in the answer. */
                signingSecrets?: string[];
            };
            /**
             * @description What it is told. Who is told of an event is also told when it is over; `drill.recovered` is the end of `drill.failed`.
             * @default [
             *       "run.completed"
             *     ]
             */
            events: ("run.completed" | "tenant.canRevoke" | "remoteApply.silent" | "credential.expiring" | "drill.failed" | "drill.recovered")[];
            /**
             * @description Findings and events below it are left out.
             * @default low
             * @enum {string}
             */
            minSeverity: "critical" | "high" | "medium" | "low" | "info";
            /** @default true */
            enabled: boolean;
        };
        /** @description One page of a list. */
        ChannelPage: {
            items: components["schemas"]["Channel"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description Merge patch of `events`, `minSeverity`, `enabled` and `settings`; `secret`, where given, replaces the stored one as a whole. */
        ChannelPatch: {
            [key: string]: unknown;
        };
        /** @description What became of a test message. Never holds what the receiver said. */
        ChannelTestResult: {
            delivered: boolean;
            /** @description Stable class of the outcome, such as `ok` or `invalidAuth`. */
            code: string;
            /** @description What to do about it. */
            hint: string;
            httpStatus: number | null;
            durationMs: number;
        };
        /** @description A cluster under audit. No member holds a secret. */
        Cluster: {
            id: string;
            name: string;
            role: ("management" | "tenant" | "standalone") | null;
            /** @default null */
            tenancy: ("dedicated" | "shared") | null;
            /**
             * @description How platform configuration reaches it.
             * @default null
             */
            delivery: ("remoteApply" | "inCluster" | "other") | null;
            labels: components["schemas"]["Labels"];
            tenants: {
                id: string;
                name: string;
            }[];
            platform: components["schemas"]["PlatformSettings"];
            /** @description How the API server is reached. */
            connection: {
                /** @description `https://host[:port][/path]` of the API server. */
                server: string;
                /** @description CA certificates, as PEM or as base64 of PEM. Absent: the public CAs. */
                caData?: string;
                /** @description Name to expect in the server’s certificate. */
                tlsServerName?: string;
            };
            identity: {
                /** @description UID of the namespace kube-system, pinned at the first contact. */
                uid: string;
            } | null;
            kubernetesVersion: string | null;
            fluxVersion: string | null;
            /** @description Empty until the cluster is contacted. */
            conditions: components["schemas"]["Condition"][];
            /** @description The last audit could not judge it: what is shown is from before. */
            stale: boolean;
            /** @description When it was judged last. */
            lastAuditedAt: string | null;
            lastAttemptAt: string | null;
            unreachableSince: string | null;
            lastRunId: string | null;
            /** @description Null: never audited. */
            summary: {
                outcomes: components["schemas"]["OutcomeCounts"];
                /** @description Judged share of the applicable controls, 0 to 1. */
                coverage: number;
                /** @description Nothing failed and everything that applies was judged. */
                compliant: boolean;
                openFindings: components["schemas"]["SeverityCounts"];
                /** @description Open findings that the last run could not look at. */
                staleFindings: number;
            } | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            updatedAt: string;
        };
        /** @description Up to 1,000 items of the form ClusterRegistration. Each is checked and answered on its own. */
        ClusterBatch: {
            items: unknown[];
        };
        /** @description One page of a list. */
        ClusterPage: {
            items: components["schemas"]["Cluster"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description Merge patch of `role`, `tenancy`, `delivery`, `labels`, `tenants` and `platform`. The connection changes together with its credential only: `POST …/credentials`. */
        ClusterPatch: {
            [key: string]: unknown;
        };
        /** @description A cluster to register. */
        ClusterRegistration: {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /**
             * @description `management`: its Flux applies to other clusters. Null: not stated; derived from the cluster, never taken for standalone.
             * @default null
             */
            role: ("management" | "tenant" | "standalone") | null;
            /** @default null */
            tenancy: ("dedicated" | "shared") | null;
            /**
             * @description How platform configuration reaches it.
             * @default null
             */
            delivery: ("remoteApply" | "inCluster" | "other") | null;
            /** @default {} */
            labels: components["schemas"]["Labels"];
            /**
             * @description Names or ids of its tenants.
             * @default []
             */
            tenants: string[];
            /** @default {} */
            platform: components["schemas"]["PlatformSettingsInput"];
            /** @description Required unless the credential is a kubeconfig. */
            connection?: {
                /** @description `https://host[:port][/path]` of the API server. */
                server: string;
                /** @description CA certificates, as PEM or as base64 of PEM. Absent: the public CAs. */
                caData?: string;
                /** @description Name to expect in the server’s certificate. */
                tlsServerName?: string;
            };
            credential: components["schemas"]["CredentialInput"];
        };
        /** @description The whole registration of the cluster named in the path. */
        ClusterUpsert: {
            /**
             * @description `management`: its Flux applies to other clusters. Null: not stated; derived from the cluster, never taken for standalone.
             * @default null
             */
            role: ("management" | "tenant" | "standalone") | null;
            /** @default null */
            tenancy: ("dedicated" | "shared") | null;
            /**
             * @description How platform configuration reaches it.
             * @default null
             */
            delivery: ("remoteApply" | "inCluster" | "other") | null;
            /** @default {} */
            labels: components["schemas"]["Labels"];
            /**
             * @description Names or ids of its tenants.
             * @default []
             */
            tenants: string[];
            /** @default {} */
            platform: components["schemas"]["PlatformSettingsInput"];
            /** @description Required unless the credential is a kubeconfig. */
            connection?: {
                /** @description `https://host[:port][/path]` of the API server. */
                server: string;
                /** @description CA certificates, as PEM or as base64 of PEM. Absent: the public CAs. */
                caData?: string;
                /** @description Name to expect in the server’s certificate. */
                tlsServerName?: string;
            };
            /** @description Required for a new cluster and to change the connection. */
            credential?: components["schemas"]["CredentialInput"];
        };
        /** @description A condition as Kubernetes objects have. */
        Condition: {
            type: string;
            /** @enum {string} */
            status: "True" | "False" | "Unknown";
            reason?: string;
            message?: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastTransitionTime?: string;
            /** @description Permissions to add, for `PermissionsSufficient`. */
            missing?: components["schemas"]["AccessRule"][];
        };
        /** @description A requirement with its check. */
        Control: {
            id: string;
            title: string;
            family: string;
            /**
             * @description Default; a profile may override it.
             * @enum {string}
             */
            severity: "critical" | "high" | "medium" | "low" | "info";
            /** @description Kinds of cluster that it is meant for. */
            scope: string[];
            /** @enum {string} */
            mode: "read" | "active";
            since: string;
            rationale: string;
            /** @description What it reads and how it judges. */
            audit: string;
            remediation: string;
            references: string[];
            /** @description Artifacts without which it answers notEvaluated. */
            requires: string[];
            optional: string[];
            /** @description Every permission that it can use. */
            reads: components["schemas"]["AccessRule"][];
            examples: {
                passing: {
                    title: string;
                    yaml: string;
                }[];
                failing: {
                    title: string;
                    yaml: string;
                }[];
            };
            /** @description Requirements that it automates. */
            benchmarks: {
                benchmarkId: string;
                requirementId: string;
                title: string;
            }[];
        };
        /** @description One page of a list. */
        ControlPage: {
            items: components["schemas"]["ControlSummary"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description A control in a list. */
        ControlSummary: {
            id: string;
            title: string;
            family: string;
            /**
             * @description Default; a profile may override it.
             * @enum {string}
             */
            severity: "critical" | "high" | "medium" | "low" | "info";
            /** @description Kinds of cluster that it is meant for. */
            scope: string[];
            /** @enum {string} */
            mode: "read" | "active";
            since: string;
        };
        /** @description A channel that was just made. */
        CreatedChannel: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "slackWebhook" | "slackBot" | "webhook";
            settings: {
                /** @description Host of the address; the rest of it is secret. */
                host?: string;
                channelId?: string;
            };
            events: ("run.completed" | "tenant.canRevoke" | "remoteApply.silent" | "credential.expiring" | "drill.failed" | "drill.recovered")[];
            /** @enum {string} */
            minSeverity: "critical" | "high" | "medium" | "low" | "info";
            enabled: boolean;
            /** @description Why the service itself switched it off. */
            disabledReason: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /** @description Only for a webhook without signing secrets of its own, and only in this answer. */
            signingSecret?: string;
        };
        /** @description A token that was just made. */
        CreatedToken: {
            id: string;
            name: string;
            /**
             * @description Each role can do what the ones before it can.
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            /** @description The part of the token that may be shown. */
            publicId: string;
            /** @description Id of the token that made it; `system`: the service itself. */
            createdBy: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt: string;
            lastUsedAt: string | null;
            revokedAt: string | null;
            /** @description The token itself. Shown in this answer only; absent where the request was replayed. */
            token?: string;
        };
        /** @description A stored credential, without the secret. */
        Credential: {
            id: string;
            /** @enum {string} */
            kind: "token" | "clientCertificate";
            /** @description SHA-256 that tells two credentials apart; nothing can be derived from it. */
            fingerprint: string;
            /** @description Who it says it is: claim `sub`, or subject of the certificate. */
            subject: string | null;
            /** @description Null: it does not say. */
            expiresAt: string | null;
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
        };
        /** @description What proves to the cluster who is asking. Sealed at once and never returned. */
        CredentialInput: {
            /** @constant */
            kind: "kubeconfig";
            /** @description A kubeconfig, as text. Names the server too, so `connection` is left out. Write-only. */
            kubeconfig: string;
            /** @description Context to use; absent: the current one. */
            context?: string;
        } | {
            /** @constant */
            kind: "token";
            /** @description Bearer token, such as a service account’s. Write-only. */
            token: string;
        } | {
            /** @constant */
            kind: "clientCertificate";
            /** @description Client certificate, as PEM or base64 of PEM. Write-only. */
            certData: string;
            /** @description Its private key, without a passphrase. Write-only. */
            keyData: string;
        };
        /** @description The credentials of a cluster; one is in use. */
        CredentialList: {
            items: components["schemas"]["Credential"][];
        };
        /** @description A new credential. The present one is used until this one is stored, then forgotten. */
        CredentialReplacement: {
            /** @description A new address; absent: the present one stays. */
            connection?: {
                /** @description `https://host[:port][/path]` of the API server. */
                server: string;
                /** @description CA certificates, as PEM or as base64 of PEM. Absent: the public CAs. */
                caData?: string;
                /** @description Name to expect in the server’s certificate. */
                tlsServerName?: string;
            };
            credential: components["schemas"]["CredentialInput"];
        };
        /** @description One message for one channel, and what became of it. */
        Delivery: {
            id: string;
            channel: {
                id: string;
                name: string;
            };
            /** @description What is told, as a channel asks for it. */
            event: string;
            /** @description Of `run.completed`. */
            runId: string | null;
            /** @description Of all others; the same for the message that it is over. */
            eventId: string | null;
            /** @description It tells that the event is over. */
            isEnd: boolean;
            /** @enum {string} */
            state: "pending" | "sending" | "sent" | "retrying" | "dead" | "skipped";
            attempts: number;
            nextAttemptAt: string | null;
            /** @description Stable class of the last outcome. */
            lastCode: string | null;
            /** @description What to do about it. */
            lastHint: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            sentAt: string | null;
        };
        /** @description A delivery with its attempts. */
        DeliveryDetail: {
            id: string;
            channel: {
                id: string;
                name: string;
            };
            /** @description What is told, as a channel asks for it. */
            event: string;
            /** @description Of `run.completed`. */
            runId: string | null;
            /** @description Of all others; the same for the message that it is over. */
            eventId: string | null;
            /** @description It tells that the event is over. */
            isEnd: boolean;
            /** @enum {string} */
            state: "pending" | "sending" | "sent" | "retrying" | "dead" | "skipped";
            attempts: number;
            nextAttemptAt: string | null;
            /** @description Stable class of the last outcome. */
            lastCode: string | null;
            /** @description What to do about it. */
            lastHint: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            sentAt: string | null;
            /** @description Every attempt, oldest first. */
            history: {
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                at: string;
                /** @enum {string} */
                outcome: "sent" | "retry" | "rejected";
                code: string;
                httpStatus: number | null;
                durationMs: number;
            }[];
        };
        /** @description One page of a list. */
        DeliveryPage: {
            items: components["schemas"]["Delivery"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description One rehearsal of a way in for emergencies. */
        Drill: {
            id: string;
            cluster: {
                id: string;
                name: string;
            };
            entry: string;
            /** @enum {string} */
            mode: "verify" | "dryRun" | "live";
            /** @enum {string} */
            runner: "cli" | "service";
            /** @enum {string} */
            state: "awaitingApproval" | "awaitingResults" | "queued" | "running" | "completed" | "aborted" | "expired";
            /** @description Null until it completes. */
            outcome: ("passed" | "failed" | "unknown") | null;
            /** @description Calls that could have changed the cluster. 0 unless it is live. */
            writes: number;
            /** @description The token that asked. */
            requestedBy: {
                id: string;
                name: string;
            };
            reason: string | null;
            /** @description Of a live drill, which takes two tokens other than the one that asked. */
            approvals: {
                by: {
                    id: string;
                    name: string;
                };
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                at: string;
            }[];
            /** @description Who held the credential. */
            operators: string | null;
            alertId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description What is not over by then expires.
             */
            deadlineAt: string;
            startedAt: string | null;
            finishedAt: string | null;
        };
        /** @description A drill with its steps and every call that it made. */
        DrillDetail: {
            id: string;
            cluster: {
                id: string;
                name: string;
            };
            entry: string;
            /** @enum {string} */
            mode: "verify" | "dryRun" | "live";
            /** @enum {string} */
            runner: "cli" | "service";
            /** @enum {string} */
            state: "awaitingApproval" | "awaitingResults" | "queued" | "running" | "completed" | "aborted" | "expired";
            /** @description Null until it completes. */
            outcome: ("passed" | "failed" | "unknown") | null;
            /** @description Calls that could have changed the cluster. 0 unless it is live. */
            writes: number;
            /** @description The token that asked. */
            requestedBy: {
                id: string;
                name: string;
            };
            reason: string | null;
            /** @description Of a live drill, which takes two tokens other than the one that asked. */
            approvals: {
                by: {
                    id: string;
                    name: string;
                };
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                at: string;
            }[];
            /** @description Who held the credential. */
            operators: string | null;
            alertId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description What is not over by then expires.
             */
            deadlineAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            /** @description UID of the namespace `kube-system` that is pinned for the cluster; null before the first sight. */
            clusterUid: string | null;
            /** @description Empty until it completes. */
            steps: {
                /** @enum {string} */
                name: "reach" | "identity" | "rights" | "restoreCreate" | "restoreDelete";
                /**
                 * @description `unknown`: it could not be found out, which is neither good nor bad news.
                 * @enum {string}
                 */
                state: "passed" | "failed" | "skipped" | "unknown";
                /** @description Stable code; absent where the step passed. */
                cause?: string;
                message: string;
                durationMs: number;
                /** @description Every call that was made. */
                requests: {
                    /** @enum {string} */
                    method: "GET" | "POST" | "DELETE";
                    path: string;
                    dryRun: boolean;
                    /** @description 0: no answer. */
                    status: number;
                    /** @description By which the cluster’s audit log names the call. */
                    auditId?: string;
                }[];
            }[];
            /** @description The calls that could have changed the cluster. */
            written: {
                /** @enum {string} */
                method: "GET" | "POST" | "DELETE";
                path: string;
                dryRun: boolean;
                /** @description 0: no answer. */
                status: number;
                /** @description By which the cluster’s audit log names the call. */
                auditId?: string;
            }[];
        };
        /** @description A drill to ask for. */
        DrillInput: {
            /** @description Name or id. */
            cluster: string;
            /** @description Name of the break-glass entry. Absent: the only one that the cluster has. */
            entry?: string;
            /**
             * @description `verify` reads and asks; `dryRun` also sends the restore as a server-side dry-run; `live` also creates one binding and deletes it at once, and needs two approvals.
             * @enum {string}
             */
            mode: "verify" | "dryRun" | "live";
            /**
             * @description `service`: asked at once, with the auditor’s credential; for `verify` only, and the standard there. `cli`: somebody runs `plimsoll drill` with the break-glass credential, which never leaves their machine.
             * @enum {string}
             */
            runner?: "cli" | "service";
            /** @description Name of the cluster, to be sure. Needed for `live`. */
            confirm?: string;
            /** @description Needed for `live`. */
            reason?: string;
        };
        /** @description One page of a list. */
        DrillPage: {
            items: components["schemas"]["Drill"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description What somebody found at a terminal. Holds no credential; the outcome and the number of writes are worked out here. */
        DrillResultsInput: {
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            finishedAt: string;
            /** @description Who held the credential, by name. Absent: the token that reports. */
            operators?: string;
            /** @description The alert that the use of the credential set off: proves that such use is noticed. */
            alertId?: string;
            steps: {
                /** @enum {string} */
                name: "reach" | "identity" | "rights" | "restoreCreate" | "restoreDelete";
                /**
                 * @description `unknown`: it could not be found out, which is neither good nor bad news.
                 * @enum {string}
                 */
                state: "passed" | "failed" | "skipped" | "unknown";
                /** @description Stable code; absent where the step passed. */
                cause?: string;
                message: string;
                durationMs: number;
                /** @description Every call that was made. */
                requests: {
                    /** @enum {string} */
                    method: "GET" | "POST" | "DELETE";
                    path: string;
                    dryRun: boolean;
                    /** @description 0: no answer. */
                    status: number;
                    /** @description By which the cluster’s audit log names the call. */
                    auditId?: string;
                }[];
            }[];
        };
        /** @description What a finding rests on. Secrets never are part of it. */
        Evidence: {
            id: string;
            findingId: string;
            runId: string;
            /** @description Of the facts, in their canonical form. */
            sha256: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            collectedAt: string;
            items: components["schemas"]["EvidenceItem"][];
        };
        /** @description One fact: where it stands, what stands there, what should. */
        EvidenceItem: {
            object?: {
                apiVersion: string;
                kind: string;
                namespace?: string;
                name: string;
                uid?: string;
                resourceVersion?: string;
                generation?: number;
            };
            /** @description JSON pointer into the object. */
            pointer: string;
            /** @description Any JSON value. */
            observed: unknown;
            expected: string;
            note?: string;
        };
        /** @description A failure with its evidence, the ways to fix it, and what hangs on it. */
        Finding: {
            id: string;
            /** @description The same in every run and in the CLI. */
            fingerprint: string;
            controlId: string;
            controlTitle: string;
            /** @enum {string} */
            state: "open" | "resolved" | "reopened";
            /** @enum {string} */
            outcome: "fail" | "warn";
            /** @enum {string} */
            severity: "critical" | "high" | "medium" | "low" | "info";
            /** @enum {string} */
            confidence: "proven" | "derived" | "heuristic";
            reason: string;
            message: string;
            cluster: {
                id: string;
                name: string;
            };
            tenant: {
                id: string;
                name: string;
            } | null;
            subject: components["schemas"]["Subject"];
            /** @description A waived failure stays a failure. */
            waiver: {
                id: string;
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                expiresAt: string;
                approver: string | null;
            } | null;
            /** @description The last run could not look at it. */
            stale: boolean;
            /** @description Found in the cluster’s first audit. */
            baseline: boolean;
            /** @description Runs that saw it. */
            occurrences: number;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastSeenAt: string;
            resolvedAt: string | null;
            fixes: components["schemas"]["Fix"][];
            evidence: components["schemas"]["Evidence"] | null;
            openedRunId: string;
            lastRunId: string;
            resolvedRunId: string | null;
            resolvedReason: string | null;
            /** @description Its life so far, oldest first. */
            changes: {
                /** @enum {string} */
                change: "opened" | "reopened" | "resolved" | "escalated";
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                runId: string;
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                at: string;
            }[];
            related: components["schemas"]["RelatedToFinding"];
        };
        /** @description One page of a list. */
        FindingPage: {
            items: components["schemas"]["FindingSummary"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description A failure with a life. */
        FindingSummary: {
            id: string;
            /** @description The same in every run and in the CLI. */
            fingerprint: string;
            controlId: string;
            controlTitle: string;
            /** @enum {string} */
            state: "open" | "resolved" | "reopened";
            /** @enum {string} */
            outcome: "fail" | "warn";
            /** @enum {string} */
            severity: "critical" | "high" | "medium" | "low" | "info";
            /** @enum {string} */
            confidence: "proven" | "derived" | "heuristic";
            reason: string;
            message: string;
            cluster: {
                id: string;
                name: string;
            };
            tenant: {
                id: string;
                name: string;
            } | null;
            subject: components["schemas"]["Subject"];
            /** @description A waived failure stays a failure. */
            waiver: {
                id: string;
                /**
                 * Format: date-time
                 * @description RFC 3339 time.
                 */
                expiresAt: string;
                approver: string | null;
            } | null;
            /** @description The last run could not look at it. */
            stale: boolean;
            /** @description Found in the cluster’s first audit. */
            baseline: boolean;
            /** @description Runs that saw it. */
            occurrences: number;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastSeenAt: string;
            resolvedAt: string | null;
        };
        /** @description A change that would fix it, ready to paste. */
        Fix: {
            /** @enum {string} */
            form: "kustomizePatch" | "fluxOperatorPatch" | "helmValues" | "azureExtension" | "manifest" | "steps";
            title: string;
            content: string;
        };
        /** @description The fleet at a glance. */
        FleetSummary: {
            /** @description `notCompliant`: something failed or could not be judged. Counted up to 10,000. */
            clusters: {
                total: number;
                compliant: number;
                notCompliant: number;
                unreachable: number;
            };
            /** @description Over all clusters and controls. */
            outcomes: components["schemas"]["OutcomeCounts"];
            /** @description Null: nothing was audited yet. */
            coverage: number | null;
            openFindings: components["schemas"]["SeverityCounts"];
            controls: {
                controlId: string;
                title: string;
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                /** @description Clusters by outcome. */
                outcomes: {
                    [key: string]: number;
                };
            }[];
            /** @description Up to ten, worst first. */
            worstClusters: components["schemas"]["Cluster"][];
            activeRun: components["schemas"]["Run"] | null;
            /** @description The last one that completed. */
            lastRun: components["schemas"]["Run"] | null;
        };
        /** @description One word. */
        Health: {
            /** @enum {string} */
            status: "ok" | "notReady";
        };
        /** @description This service and its limits. */
        Info: {
            version: string;
            ruleSetVersion: string;
            defaultProfile: string;
            controls: number;
            publicUrl: string;
            apiDocument: string;
            limits: {
                requestsPerMinute: number;
                writesPerMinute: number;
                batchItems: number;
                runDeadlineSeconds: number;
            };
        };
        /** @description Kubernetes labels. */
        Labels: {
            [key: string]: string;
        };
        /** @description A link that logs a browser in, once, within ten minutes. */
        LoginLink: {
            /** @description Opens a session once. The secret is in the fragment, which browsers never send; absent on a replay. */
            url?: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt: string;
        };
        /** @description A login link to make. */
        LoginLinkInput: {
            /** @description Whose session it opens; absent: the asking token’s. */
            tokenId?: string;
        };
        /** @description Clusters and controls in compact form. */
        Matrix: {
            /** @description Columns. */
            controls: string[];
            /** @description What a character of `cells` means. */
            legend: {
                [key: string]: string;
            };
            rows: {
                id: string;
                name: string;
                labels: {
                    [key: string]: string;
                };
                /** @description The last audit could not judge it. */
                stale: boolean;
                coverage: number | null;
                /** @description One character for each control. */
                cells: string;
            }[];
            page: {
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /** @enum {string} */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description Who is asking, and what they may do. */
        Me: {
            tokenId: string;
            name: string;
            /**
             * @description Each role can do what the ones before it can.
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            permissions: ("fleet.read" | "channels.write" | "clusters.write" | "deliveries.retry" | "drills.approve" | "drills.write" | "profiles.write" | "runs.write" | "schedules.write" | "tenants.write" | "waivers.approve" | "waivers.write" | "access.admin")[];
            /** @enum {string} */
            via: "token" | "session";
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt: string;
        };
        /** @description When a schedule starts next, jitter included. */
        NextTimes: {
            items: string[];
        };
        /** @description How many had each outcome. What was not evaluated is never counted as passing. */
        OutcomeCounts: {
            pass: number;
            warn: number;
            fail: number;
            notApplicable: number;
            notEvaluated: number;
            manual: number;
            error?: number;
        };
        /** @description What the platform team declares about a cluster; the rest is read from the cluster. */
        PlatformSettings: {
            /** @description Absent: found in the cluster. */
            fluxNamespaces?: string[];
            platformNamespaces?: string[];
            /** @description Namespace labels whose value names a tenant, most trusted first. */
            tenantLabels?: string[];
            platformPrincipals?: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            breakGlass?: components["schemas"]["BreakGlassEntry"][];
            /** @description How long a remote-apply object may stay suspended. Absent: 24. */
            suspendGraceHours?: number;
            /** @description Handlers of runtime classes that sandbox pods, besides the known ones. */
            sandboxHandlers?: string[];
            /** @description Registries, with or without a path, that controller images may come from besides Flux’s own. */
            trustedRegistries?: string[];
            /** @description SOPS recipients (public keys) whose private half is kept for recovery only. */
            recoveryRecipients?: string[];
            /** @description After how many days keys and credentials are due for rotation. Absent: 365. */
            rotationDays?: number;
            /** @description This service itself is declared to tell people about failing remote applies. */
            watcher?: {
                /**
                 * Format: date-time
                 * @description When that was last tested.
                 */
                testedAt?: string;
            };
            /** @description Absent: off. */
            activeVerification?: {
                /** @description Audits send server-side dry-runs in the name of tenants, which change nothing. They need a wider manifest. */
                enabled: boolean;
                /** @description Reserved for a probe of the network; has no effect yet. */
                networkProbe?: boolean;
                /** @description Reserved for a probe of Alerts; has no effect yet. */
                alertCanary?: boolean;
                /** @description Image of the pods of the network probe. */
                pauseImage?: string;
            };
        };
        /** @description What the platform team declares about a cluster; the rest is read from the cluster. */
        PlatformSettingsInput: {
            /** @description Absent: found in the cluster. */
            fluxNamespaces?: string[];
            platformNamespaces?: string[];
            /** @description Namespace labels whose value names a tenant, most trusted first. */
            tenantLabels?: string[];
            platformPrincipals?: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            breakGlass?: components["schemas"]["BreakGlassEntryInput"][];
            /** @description How long a remote-apply object may stay suspended. Absent: 24. */
            suspendGraceHours?: number;
            /** @description Handlers of runtime classes that sandbox pods, besides the known ones. */
            sandboxHandlers?: string[];
            /** @description Registries, with or without a path, that controller images may come from besides Flux’s own. */
            trustedRegistries?: string[];
            /** @description SOPS recipients (public keys) whose private half is kept for recovery only. */
            recoveryRecipients?: string[];
            /** @description After how many days keys and credentials are due for rotation. Absent: 365. */
            rotationDays?: number;
            /** @description This service itself is declared to tell people about failing remote applies. */
            watcher?: {
                /**
                 * Format: date-time
                 * @description When that was last tested.
                 */
                testedAt?: string;
            };
            /** @description Absent: off. */
            activeVerification?: {
                /** @description Audits send server-side dry-runs in the name of tenants, which change nothing. They need a wider manifest. */
                enabled: boolean;
                /** @description Reserved for a probe of the network; has no effect yet. */
                networkProbe?: boolean;
                /** @description Reserved for a probe of Alerts; has no effect yet. */
                alertCanary?: boolean;
                /** @description Image of the pods of the network probe. */
                pauseImage?: string;
            };
        };
        /** @description Problem details (RFC 9457) of every answer that is no success. */
        Problem: {
            /**
             * Format: uri
             * @description Address of a page that explains the problem.
             */
            type: string;
            title: string;
            status: number;
            /**
             * @description Stable; branch on this.
             * @enum {string}
             */
            code: "malformed" | "cursor-mismatch" | "idempotency-key-missing" | "unauthenticated" | "forbidden" | "cross-site-request" | "self-approval" | "live-needs-approval" | "not-found" | "already-finished" | "already-decided" | "candidate-changed" | "cluster-duplicate" | "delivery-not-retryable" | "drill-running" | "drill-state" | "has-running-audit" | "sync-running" | "idempotency-in-flight" | "identity-mismatch" | "last-admin" | "name-taken" | "run-conflict" | "run-not-completed" | "profile-in-use" | "tenant-not-empty" | "cursor-expired" | "etag-mismatch" | "too-large" | "too-many-nodes" | "uri-too-long" | "unsupported-media-type" | "bad-cron" | "confirm-mismatch" | "egress-denied" | "empty-target" | "expiry-too-long" | "idempotency-key-reused" | "candidate-not-acceptable" | "kubeconfig-rejected" | "validation-failed" | "verify-failed" | "if-match-required" | "rate-limited" | "internal" | "not-ready";
            /** @description What happened in this case, for people. */
            detail: string;
            /** @description What to do about it. */
            fix: string;
            requestId?: string;
            errors?: {
                /** @description JSON pointer into the request body. */
                pointer?: string;
                parameter?: string;
                header?: string;
                code: string;
                detail: string;
            }[];
            requiredPermission?: string;
            existingId?: string;
            currentETag?: string;
            reason?: string;
            suggestedCollapse?: string;
        };
        /** @description What a run judges. */
        Profile: {
            /** @description What a run or a schedule names. Of an own profile: `<name>@<version>`. */
            id: string;
            name: string;
            isDefault: boolean;
            /** @description Version of the rules behind the ids. */
            ruleSetVersion: string;
            /** @description What is judged, with everything that tailoring changed. */
            controls: string[];
            severityOverrides: {
                [key: string]: "critical" | "high" | "medium" | "low" | "info";
            };
            /** @description Null: it comes with the release and cannot be changed. */
            tailoring: {
                /**
                 * @description Why the fleet differs from the profile that it extends.
                 * @default
                 */
                description: string;
                /**
                 * @description A profile of the release.
                 * @enum {string}
                 */
                extends: "flux-security-best-practices@2026.11" | "flux-fleet-hygiene@2026.11" | "everything@2026.11";
                /**
                 * @description Controls that are added.
                 * @default []
                 */
                include: ("FLUX-BG-01" | "FLUX-BG-02" | "FLUX-BG-03" | "FLUX-BG-04" | "FLUX-BG-05" | "FLUX-DED-01" | "FLUX-DED-02" | "FLUX-DED-03" | "FLUX-DED-04" | "FLUX-HC-01" | "FLUX-HC-02" | "FLUX-KC-01" | "FLUX-KC-02" | "FLUX-KC-03" | "FLUX-KC-04" | "FLUX-KEK-01" | "FLUX-KEK-02" | "FLUX-KEK-03" | "FLUX-MT-01" | "FLUX-MT-02" | "FLUX-MT-03" | "FLUX-MT-04" | "FLUX-MT-05" | "FLUX-MT-06" | "FLUX-MT-07" | "FLUX-NET-01" | "FLUX-NET-02" | "FLUX-NET-03" | "FLUX-NET-04" | "FLUX-NODE-01" | "FLUX-NODE-02" | "FLUX-NODE-03" | "FLUX-NODE-04" | "FLUX-RA-01" | "FLUX-RA-02" | "FLUX-RA-03" | "FLUX-RA-04" | "FLUX-RA-05" | "FLUX-RA-06" | "FLUX-RES-01" | "FLUX-RES-02" | "FLUX-RES-03" | "FLUX-RES-04" | "FLUX-SEC-03" | "FLUX-SS-01" | "FLUX-SS-02" | "FLUX-X-01" | "FLUX-X-02" | "FLUX-X-03" | "FLUX-X-04" | "FLUX-X-05" | "FLUX-X-06" | "FLUX-X-07" | "FLUX-X-08" | "FLUX-X-09" | "FLUX-X-10" | "FLUX-X-11" | "FLUX-X-12" | "FLUX-X-13" | "FLUX-X-14" | "FLUX-X-15" | "FLUX-X-16" | "FLUX-X-17" | "FLUX-X-18" | "FLUX-X-19" | "FLUX-X-20" | "FLUX-X-21" | "FLUX-X-22" | "FLUX-X-23" | "FLUX-X-24")[];
                /**
                 * @description Controls that are left out; wins over `include`.
                 * @default []
                 */
                exclude: ("FLUX-BG-01" | "FLUX-BG-02" | "FLUX-BG-03" | "FLUX-BG-04" | "FLUX-BG-05" | "FLUX-DED-01" | "FLUX-DED-02" | "FLUX-DED-03" | "FLUX-DED-04" | "FLUX-HC-01" | "FLUX-HC-02" | "FLUX-KC-01" | "FLUX-KC-02" | "FLUX-KC-03" | "FLUX-KC-04" | "FLUX-KEK-01" | "FLUX-KEK-02" | "FLUX-KEK-03" | "FLUX-MT-01" | "FLUX-MT-02" | "FLUX-MT-03" | "FLUX-MT-04" | "FLUX-MT-05" | "FLUX-MT-06" | "FLUX-MT-07" | "FLUX-NET-01" | "FLUX-NET-02" | "FLUX-NET-03" | "FLUX-NET-04" | "FLUX-NODE-01" | "FLUX-NODE-02" | "FLUX-NODE-03" | "FLUX-NODE-04" | "FLUX-RA-01" | "FLUX-RA-02" | "FLUX-RA-03" | "FLUX-RA-04" | "FLUX-RA-05" | "FLUX-RA-06" | "FLUX-RES-01" | "FLUX-RES-02" | "FLUX-RES-03" | "FLUX-RES-04" | "FLUX-SEC-03" | "FLUX-SS-01" | "FLUX-SS-02" | "FLUX-X-01" | "FLUX-X-02" | "FLUX-X-03" | "FLUX-X-04" | "FLUX-X-05" | "FLUX-X-06" | "FLUX-X-07" | "FLUX-X-08" | "FLUX-X-09" | "FLUX-X-10" | "FLUX-X-11" | "FLUX-X-12" | "FLUX-X-13" | "FLUX-X-14" | "FLUX-X-15" | "FLUX-X-16" | "FLUX-X-17" | "FLUX-X-18" | "FLUX-X-19" | "FLUX-X-20" | "FLUX-X-21" | "FLUX-X-22" | "FLUX-X-23" | "FLUX-X-24")[];
                /**
                 * @description Replaces the severity of a control, and any that its observations state themselves.
                 * @default {}
                 */
                severityOverrides: {
                    [key: string]: "critical" | "high" | "medium" | "low" | "info";
                };
            } | null;
        };
        /** @description An own profile to make. */
        ProfileInput: {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /**
             * @description Why the fleet differs from the profile that it extends.
             * @default
             */
            description: string;
            /**
             * @description A profile of the release.
             * @enum {string}
             */
            extends: "flux-security-best-practices@2026.11" | "flux-fleet-hygiene@2026.11" | "everything@2026.11";
            /**
             * @description Controls that are added.
             * @default []
             */
            include: ("FLUX-BG-01" | "FLUX-BG-02" | "FLUX-BG-03" | "FLUX-BG-04" | "FLUX-BG-05" | "FLUX-DED-01" | "FLUX-DED-02" | "FLUX-DED-03" | "FLUX-DED-04" | "FLUX-HC-01" | "FLUX-HC-02" | "FLUX-KC-01" | "FLUX-KC-02" | "FLUX-KC-03" | "FLUX-KC-04" | "FLUX-KEK-01" | "FLUX-KEK-02" | "FLUX-KEK-03" | "FLUX-MT-01" | "FLUX-MT-02" | "FLUX-MT-03" | "FLUX-MT-04" | "FLUX-MT-05" | "FLUX-MT-06" | "FLUX-MT-07" | "FLUX-NET-01" | "FLUX-NET-02" | "FLUX-NET-03" | "FLUX-NET-04" | "FLUX-NODE-01" | "FLUX-NODE-02" | "FLUX-NODE-03" | "FLUX-NODE-04" | "FLUX-RA-01" | "FLUX-RA-02" | "FLUX-RA-03" | "FLUX-RA-04" | "FLUX-RA-05" | "FLUX-RA-06" | "FLUX-RES-01" | "FLUX-RES-02" | "FLUX-RES-03" | "FLUX-RES-04" | "FLUX-SEC-03" | "FLUX-SS-01" | "FLUX-SS-02" | "FLUX-X-01" | "FLUX-X-02" | "FLUX-X-03" | "FLUX-X-04" | "FLUX-X-05" | "FLUX-X-06" | "FLUX-X-07" | "FLUX-X-08" | "FLUX-X-09" | "FLUX-X-10" | "FLUX-X-11" | "FLUX-X-12" | "FLUX-X-13" | "FLUX-X-14" | "FLUX-X-15" | "FLUX-X-16" | "FLUX-X-17" | "FLUX-X-18" | "FLUX-X-19" | "FLUX-X-20" | "FLUX-X-21" | "FLUX-X-22" | "FLUX-X-23" | "FLUX-X-24")[];
            /**
             * @description Controls that are left out; wins over `include`.
             * @default []
             */
            exclude: ("FLUX-BG-01" | "FLUX-BG-02" | "FLUX-BG-03" | "FLUX-BG-04" | "FLUX-BG-05" | "FLUX-DED-01" | "FLUX-DED-02" | "FLUX-DED-03" | "FLUX-DED-04" | "FLUX-HC-01" | "FLUX-HC-02" | "FLUX-KC-01" | "FLUX-KC-02" | "FLUX-KC-03" | "FLUX-KC-04" | "FLUX-KEK-01" | "FLUX-KEK-02" | "FLUX-KEK-03" | "FLUX-MT-01" | "FLUX-MT-02" | "FLUX-MT-03" | "FLUX-MT-04" | "FLUX-MT-05" | "FLUX-MT-06" | "FLUX-MT-07" | "FLUX-NET-01" | "FLUX-NET-02" | "FLUX-NET-03" | "FLUX-NET-04" | "FLUX-NODE-01" | "FLUX-NODE-02" | "FLUX-NODE-03" | "FLUX-NODE-04" | "FLUX-RA-01" | "FLUX-RA-02" | "FLUX-RA-03" | "FLUX-RA-04" | "FLUX-RA-05" | "FLUX-RA-06" | "FLUX-RES-01" | "FLUX-RES-02" | "FLUX-RES-03" | "FLUX-RES-04" | "FLUX-SEC-03" | "FLUX-SS-01" | "FLUX-SS-02" | "FLUX-X-01" | "FLUX-X-02" | "FLUX-X-03" | "FLUX-X-04" | "FLUX-X-05" | "FLUX-X-06" | "FLUX-X-07" | "FLUX-X-08" | "FLUX-X-09" | "FLUX-X-10" | "FLUX-X-11" | "FLUX-X-12" | "FLUX-X-13" | "FLUX-X-14" | "FLUX-X-15" | "FLUX-X-16" | "FLUX-X-17" | "FLUX-X-18" | "FLUX-X-19" | "FLUX-X-20" | "FLUX-X-21" | "FLUX-X-22" | "FLUX-X-23" | "FLUX-X-24")[];
            /**
             * @description Replaces the severity of a control, and any that its observations state themselves.
             * @default {}
             */
            severityOverrides: {
                [key: string]: "critical" | "high" | "medium" | "low" | "info";
            };
        };
        /** @description All profiles: those of the release, then the own ones by name. */
        ProfileList: {
            items: components["schemas"]["Profile"][];
        };
        /** @description How an own profile changes the one that it extends. */
        ProfileSettings: {
            /**
             * @description Why the fleet differs from the profile that it extends.
             * @default
             */
            description: string;
            /**
             * @description A profile of the release.
             * @enum {string}
             */
            extends: "flux-security-best-practices@2026.11" | "flux-fleet-hygiene@2026.11" | "everything@2026.11";
            /**
             * @description Controls that are added.
             * @default []
             */
            include: ("FLUX-BG-01" | "FLUX-BG-02" | "FLUX-BG-03" | "FLUX-BG-04" | "FLUX-BG-05" | "FLUX-DED-01" | "FLUX-DED-02" | "FLUX-DED-03" | "FLUX-DED-04" | "FLUX-HC-01" | "FLUX-HC-02" | "FLUX-KC-01" | "FLUX-KC-02" | "FLUX-KC-03" | "FLUX-KC-04" | "FLUX-KEK-01" | "FLUX-KEK-02" | "FLUX-KEK-03" | "FLUX-MT-01" | "FLUX-MT-02" | "FLUX-MT-03" | "FLUX-MT-04" | "FLUX-MT-05" | "FLUX-MT-06" | "FLUX-MT-07" | "FLUX-NET-01" | "FLUX-NET-02" | "FLUX-NET-03" | "FLUX-NET-04" | "FLUX-NODE-01" | "FLUX-NODE-02" | "FLUX-NODE-03" | "FLUX-NODE-04" | "FLUX-RA-01" | "FLUX-RA-02" | "FLUX-RA-03" | "FLUX-RA-04" | "FLUX-RA-05" | "FLUX-RA-06" | "FLUX-RES-01" | "FLUX-RES-02" | "FLUX-RES-03" | "FLUX-RES-04" | "FLUX-SEC-03" | "FLUX-SS-01" | "FLUX-SS-02" | "FLUX-X-01" | "FLUX-X-02" | "FLUX-X-03" | "FLUX-X-04" | "FLUX-X-05" | "FLUX-X-06" | "FLUX-X-07" | "FLUX-X-08" | "FLUX-X-09" | "FLUX-X-10" | "FLUX-X-11" | "FLUX-X-12" | "FLUX-X-13" | "FLUX-X-14" | "FLUX-X-15" | "FLUX-X-16" | "FLUX-X-17" | "FLUX-X-18" | "FLUX-X-19" | "FLUX-X-20" | "FLUX-X-21" | "FLUX-X-22" | "FLUX-X-23" | "FLUX-X-24")[];
            /**
             * @description Controls that are left out; wins over `include`.
             * @default []
             */
            exclude: ("FLUX-BG-01" | "FLUX-BG-02" | "FLUX-BG-03" | "FLUX-BG-04" | "FLUX-BG-05" | "FLUX-DED-01" | "FLUX-DED-02" | "FLUX-DED-03" | "FLUX-DED-04" | "FLUX-HC-01" | "FLUX-HC-02" | "FLUX-KC-01" | "FLUX-KC-02" | "FLUX-KC-03" | "FLUX-KC-04" | "FLUX-KEK-01" | "FLUX-KEK-02" | "FLUX-KEK-03" | "FLUX-MT-01" | "FLUX-MT-02" | "FLUX-MT-03" | "FLUX-MT-04" | "FLUX-MT-05" | "FLUX-MT-06" | "FLUX-MT-07" | "FLUX-NET-01" | "FLUX-NET-02" | "FLUX-NET-03" | "FLUX-NET-04" | "FLUX-NODE-01" | "FLUX-NODE-02" | "FLUX-NODE-03" | "FLUX-NODE-04" | "FLUX-RA-01" | "FLUX-RA-02" | "FLUX-RA-03" | "FLUX-RA-04" | "FLUX-RA-05" | "FLUX-RA-06" | "FLUX-RES-01" | "FLUX-RES-02" | "FLUX-RES-03" | "FLUX-RES-04" | "FLUX-SEC-03" | "FLUX-SS-01" | "FLUX-SS-02" | "FLUX-X-01" | "FLUX-X-02" | "FLUX-X-03" | "FLUX-X-04" | "FLUX-X-05" | "FLUX-X-06" | "FLUX-X-07" | "FLUX-X-08" | "FLUX-X-09" | "FLUX-X-10" | "FLUX-X-11" | "FLUX-X-12" | "FLUX-X-13" | "FLUX-X-14" | "FLUX-X-15" | "FLUX-X-16" | "FLUX-X-17" | "FLUX-X-18" | "FLUX-X-19" | "FLUX-X-20" | "FLUX-X-21" | "FLUX-X-22" | "FLUX-X-23" | "FLUX-X-24")[];
            /**
             * @description Replaces the severity of a control, and any that its observations state themselves.
             * @default {}
             */
            severityOverrides: {
                [key: string]: "critical" | "high" | "medium" | "low" | "info";
            };
        };
        /** @description Whether this process can do its work. */
        ReadinessReport: {
            /** @enum {string} */
            status: "ok" | "notReady";
            checks?: {
                /** @enum {string} */
                name: "database" | "migrations" | "queue" | "key";
                ok: boolean;
                /** @description False: the API works without it. */
                required: boolean;
                message: string;
            }[];
        };
        /** @description What hangs on a finding, and what it hangs on, by the last audits of all clusters. */
        RelatedToFinding: {
            /** @description Flux objects that are applied to other clusters and hang on this finding, the most urgent first. */
            remoteApplies: {
                id: string;
                /**
                 * @description `appliesToCluster`: on a management cluster, applied to the cluster of the finding. The others are on that cluster itself: the subject of the finding, or something that depends on it.
                 * @enum {string}
                 */
                relation: "appliesToCluster" | "isSubject" | "usesSubject" | "servedBySubject" | "onCluster";
                /** @description The management cluster. */
                cluster: {
                    id: string;
                    name: string;
                };
                /** @enum {string} */
                kind: "Kustomization" | "HelmRelease";
                namespace: string;
                name: string;
                /** @description Class of its failure; null where it does not fail. */
                cause: string | null;
                /** @description It fails and nobody is told. Null: that could not be told. */
                silent: boolean | null;
                suspended: boolean;
            }[];
            /** @description Of a finding on a management cluster: the clusters that it reaches. */
            targetClusters: {
                id: string;
                name: string;
            }[];
            /** @description Of a finding on a management cluster: the tenants that it reaches. */
            tenants: {
                id: string | null;
                name: string;
            }[];
            /** @description Other open findings with the same cause, worst first; at most 20. */
            findings: {
                id: string;
                /**
                 * @description `accessOfTarget`: a management cluster lost its access, and who can take it away on the target cluster.
                 * @enum {string}
                 */
                because: "sameObject" | "sameCredential" | "accessOfTarget" | "sameTarget";
                controlId: string;
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                reason: string;
                cluster: {
                    id: string;
                    name: string;
                };
                subject: components["schemas"]["Subject"];
            }[];
            /** @description There are more remote applies than were looked at. */
            truncated: boolean;
        };
        /** @description A remote apply with its credential, its identity and who hears of its failures. */
        RemoteApply: {
            id: string;
            /** @description The management cluster. */
            cluster: {
                id: string;
                name: string;
            };
            object: {
                namespace: string;
                name: string;
                apiVersion: string;
                /** @enum {string} */
                kind: "Kustomization" | "HelmRelease";
                uid?: string;
            };
            target: {
                /**
                 * @description `registered`: one cluster of the registry. `broken`: the kubeconfig leads nowhere.
                 * @enum {string}
                 */
                state: "registered" | "self" | "unregistered" | "ambiguous" | "broken" | "unknown";
                cluster: {
                    id: string;
                    name: string;
                } | null;
                /** @description `https://host:port`, or the id of the cluster in its cloud. */
                address: string | null;
                matchedBy: ("cloudId" | "caAndAddress" | "address" | "ca") | null;
                /** @description How sure the match is. */
                confidence: ("proven" | "derived" | "heuristic") | null;
                /** @description Why it leads to no known cluster. */
                why: string | null;
            };
            /** @description Of the target cluster, and of the namespace of the object. */
            tenants: {
                id: string | null;
                name: string;
            }[];
            /** @enum {string} */
            authMethod: "clientCertificate" | "serviceAccountToken" | "token" | "workloadIdentity" | "exec" | "basic" | "none" | "unknown";
            /** @description Its Ready condition; null where that is Unknown or absent. */
            ready: boolean | null;
            suspended: boolean;
            /** @description It says it is ready, and was not reconciled when it should have been. */
            overdue: boolean;
            /** @description What it fails of; null where it does not fail. */
            cause: {
                code: string;
                message: string;
            } | null;
            failingSince: string | null;
            /** @description People hear of it when the target cluster is lost. Null: that could not be told. */
            alertCovered: boolean | null;
            /** @description It fails now and nobody is told. Null: that could not be told. */
            silent: boolean | null;
            /** @description The last audit of the management cluster could not look at it. */
            stale: boolean;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastSeenAt: string;
            /** @description How the controller proves who it is. */
            auth: {
                /** @enum {string} */
                method: "clientCertificate" | "serviceAccountToken" | "token" | "workloadIdentity" | "exec" | "basic" | "none" | "unknown";
                /** @description Where the credential is kept. The credential itself is never shown. */
                source: {
                    namespace: string;
                    name: string;
                    /** @enum {string} */
                    kind: "Secret" | "ConfigMap";
                    key?: string;
                } | null;
                provider: string | null;
                expiresAt: string | null;
            };
            /** @description Who acts on the target cluster, as far as it can be told. */
            identity: {
                /** @enum {string} */
                kind: "certificate" | "serviceAccount" | "user" | "cloud" | "unknown";
                name: string | null;
                groups: string[];
                /** @description Service account whose rights limit it on the target cluster. */
                impersonates: {
                    known: boolean;
                    account: string | null;
                };
            };
            alerts: {
                namespace: string;
                name: string;
                /**
                 * @description `source`: it names only the source of the object.
                 * @enum {string}
                 */
                names: "object" | "source";
                provider: {
                    namespace: string;
                    name: string;
                    type: string;
                } | null;
                /**
                 * @description `silent`: nothing is sent. `doubtful`: in part, or to nobody who is called.
                 * @enum {string}
                 */
                health: "delivers" | "silent" | "doubtful" | "unknown";
                code: string | null;
                why: string | null;
            }[];
            /** @description The registry declares a watcher that was tested lately. */
            watched: boolean;
            /** @description Ways of failing of which nobody would hear, and why nothing would fire. */
            uncovered: {
                mode: string;
                /** @description Continues “when”. */
                when: string;
                /** @description The platform has then lost its hold on the target cluster. */
                essential: boolean;
                /** @enum {string} */
                state: "uncovered" | "partial" | "unknown";
                code: string;
                why: string;
            }[];
            lastRunId: string;
        };
        /** @description One page of a list. */
        RemoteApplyPage: {
            items: components["schemas"]["RemoteApplySummary"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description A Flux object and the cluster that it is applied to. */
        RemoteApplySummary: {
            id: string;
            /** @description The management cluster. */
            cluster: {
                id: string;
                name: string;
            };
            object: {
                namespace: string;
                name: string;
                apiVersion: string;
                /** @enum {string} */
                kind: "Kustomization" | "HelmRelease";
                uid?: string;
            };
            target: {
                /**
                 * @description `registered`: one cluster of the registry. `broken`: the kubeconfig leads nowhere.
                 * @enum {string}
                 */
                state: "registered" | "self" | "unregistered" | "ambiguous" | "broken" | "unknown";
                cluster: {
                    id: string;
                    name: string;
                } | null;
                /** @description `https://host:port`, or the id of the cluster in its cloud. */
                address: string | null;
                matchedBy: ("cloudId" | "caAndAddress" | "address" | "ca") | null;
                /** @description How sure the match is. */
                confidence: ("proven" | "derived" | "heuristic") | null;
                /** @description Why it leads to no known cluster. */
                why: string | null;
            };
            /** @description Of the target cluster, and of the namespace of the object. */
            tenants: {
                id: string | null;
                name: string;
            }[];
            /** @enum {string} */
            authMethod: "clientCertificate" | "serviceAccountToken" | "token" | "workloadIdentity" | "exec" | "basic" | "none" | "unknown";
            /** @description Its Ready condition; null where that is Unknown or absent. */
            ready: boolean | null;
            suspended: boolean;
            /** @description It says it is ready, and was not reconciled when it should have been. */
            overdue: boolean;
            /** @description What it fails of; null where it does not fail. */
            cause: {
                code: string;
                message: string;
            } | null;
            failingSince: string | null;
            /** @description People hear of it when the target cluster is lost. Null: that could not be told. */
            alertCovered: boolean | null;
            /** @description It fails now and nobody is told. Null: that could not be told. */
            silent: boolean | null;
            /** @description The last audit of the management cluster could not look at it. */
            stale: boolean;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            firstSeenAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastSeenAt: string;
        };
        /** @description What a control said about a cluster, and for how long. */
        Result: {
            /** @description `res_` and a number. */
            id: string;
            cluster: {
                id: string;
                name: string;
            };
            controlId: string;
            /** @enum {string} */
            outcome: "pass" | "warn" | "fail" | "notApplicable" | "notEvaluated" | "manual" | "error";
            /** @description Stable code of what decided the outcome. */
            reason: string;
            cause: ("forbidden" | "unauthenticated" | "unreachable" | "timeout" | "transient" | "incompleteList" | "budgetExceeded" | "parseError" | "identityMismatch" | "notCollected" | "undecidable" | "tenantsUndefined" | "tenantsAmbiguous") | null;
            message: string;
            /** @enum {string} */
            severity: "critical" | "high" | "medium" | "low" | "info";
            /** @description Subjects by outcome. */
            counts: components["schemas"]["OutcomeCounts"];
            /** @description Some subjects could not be judged. */
            partial: boolean;
            /** @description Permissions that would make it readable. */
            missing: components["schemas"]["AccessRule"][];
            /** @description Subjects that did not pass, the first few hundred. */
            observations: {
                /** @enum {string} */
                outcome: "pass" | "warn" | "fail" | "notApplicable" | "notEvaluated" | "manual" | "error";
                subject: components["schemas"]["Subject"];
                reason: string;
                message: string;
                /** @enum {string} */
                severity?: "critical" | "high" | "medium" | "low" | "info";
                /**
                 * @description Why something could not be judged.
                 * @enum {string}
                 */
                cause?: "forbidden" | "unauthenticated" | "unreachable" | "timeout" | "transient" | "incompleteList" | "budgetExceeded" | "parseError" | "identityMismatch" | "notCollected" | "undecidable" | "tenantsUndefined" | "tenantsAmbiguous";
            }[];
            /**
             * Format: date-time
             * @description Since when it stands so.
             */
            fromAt: string;
            /** @description Until when it stood so; null: it still does. */
            toAt: string | null;
            fromRunId: string;
            toRunId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            lastSeenAt: string;
            lastRunId: string;
        };
        /** @description One page of a list. */
        ResultPage: {
            items: components["schemas"]["Result"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description One audit of the fleet or a part of it. */
        Run: {
            id: string;
            /** @enum {string} */
            trigger: "api" | "schedule" | "start";
            scheduleId: string | null;
            /** @description Name of the token, or `schedule:<name>`. */
            requestedBy: string;
            reason: string | null;
            profile: string;
            /** @description Null: all of the profile. */
            controls: string[] | null;
            target: {
                clusters?: string[];
                labelSelector?: string;
                tenant?: string;
            };
            /** @enum {string} */
            state: "queued" | "running" | "completed" | "cancelled";
            /** @description Clusters in it. */
            targets: {
                total: number;
                /** @description Done or cancelled. */
                done: number;
            };
            /** @description Null until it completes. */
            counts: {
                outcomes: components["schemas"]["OutcomeCounts"];
                /** @description Why controls were not evaluated, and how many. */
                causes: {
                    [key: string]: number;
                };
                targets: {
                    evaluated: number;
                    notEvaluated: number;
                    cancelled: number;
                    compliant: number;
                };
                opened: number;
                reopened: number;
                escalated: number;
                resolved: number;
            } | null;
            /** @description Null until it completes. */
            coverage: number | null;
            /** @description The first evaluated run of all its clusters: nothing in it is called new. */
            baseline: boolean;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            /**
             * Format: date-time
             * @description What is not done by then counts as not evaluated.
             */
            deadlineAt: string;
        };
        /** @description A run with its progress. */
        RunDetail: {
            id: string;
            /** @enum {string} */
            trigger: "api" | "schedule" | "start";
            scheduleId: string | null;
            /** @description Name of the token, or `schedule:<name>`. */
            requestedBy: string;
            reason: string | null;
            profile: string;
            /** @description Null: all of the profile. */
            controls: string[] | null;
            target: {
                clusters?: string[];
                labelSelector?: string;
                tenant?: string;
            };
            /** @enum {string} */
            state: "queued" | "running" | "completed" | "cancelled";
            /** @description Clusters in it. */
            targets: {
                total: number;
                /** @description Done or cancelled. */
                done: number;
            };
            /** @description Null until it completes. */
            counts: {
                outcomes: components["schemas"]["OutcomeCounts"];
                /** @description Why controls were not evaluated, and how many. */
                causes: {
                    [key: string]: number;
                };
                targets: {
                    evaluated: number;
                    notEvaluated: number;
                    cancelled: number;
                    compliant: number;
                };
                opened: number;
                reopened: number;
                escalated: number;
                resolved: number;
            } | null;
            /** @description Null until it completes. */
            coverage: number | null;
            /** @description The first evaluated run of all its clusters: nothing in it is called new. */
            baseline: boolean;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            /**
             * Format: date-time
             * @description What is not done by then counts as not evaluated.
             */
            deadlineAt: string;
            /** @description Where it stands now. */
            progress: {
                queued: number;
                running: number;
                done: number;
                cancelled: number;
                evaluated: number;
                notEvaluated: number;
                /** @description Why whole clusters could not be judged. */
                causes: {
                    [key: string]: number;
                };
                opened: number;
                reopened: number;
                escalated: number;
                resolved: number;
                /** @description Of what is done so far. */
                coverage: number | null;
            };
        };
        /** @description What changed in a run, grouped by cause. */
        RunDiff: {
            runId: string;
            profile: string;
            /** @enum {string} */
            trigger: "api" | "schedule" | "start";
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            finishedAt: string;
            baseline: boolean;
            clusters: {
                total: number;
                evaluated: number;
                notEvaluated: number;
                /** @description Not evaluated, though they were the last time. */
                lost: number;
                /** @description Evaluated again. */
                regained: number;
            };
            /** @description Judged share of the applicable controls, 0 to 1. */
            coverage: number;
            compliant: {
                now: number;
                before: number | null;
            };
            open: components["schemas"]["SeverityCounts"];
            /** @description New findings of clusters that were audited for the first time. */
            baselineFindings: number;
            opened: {
                findingId: string;
                controlId: string;
                title: string;
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                /** @description The first few names. */
                clusters: string[];
                clusterCount: number;
                tenant?: string;
                message: string;
            }[];
            reopened: {
                findingId: string;
                controlId: string;
                title: string;
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                /** @description The first few names. */
                clusters: string[];
                clusterCount: number;
                tenant?: string;
                message: string;
            }[];
            escalated: {
                findingId: string;
                controlId: string;
                title: string;
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                /** @description The first few names. */
                clusters: string[];
                clusterCount: number;
                tenant?: string;
                message: string;
            }[];
            resolved: {
                findingId: string;
                controlId: string;
                title: string;
                /** @enum {string} */
                severity: "critical" | "high" | "medium" | "low" | "info";
                /** @description The first few names. */
                clusters: string[];
                clusterCount: number;
                tenant?: string;
                message: string;
            }[];
            openedCount: number;
            reopenedCount: number;
            escalatedCount: number;
            resolvedCount: number;
            /** @description What could not be judged; never a pass. */
            blindSpots: {
                /**
                 * @description Why something could not be judged.
                 * @enum {string}
                 */
                cause: "forbidden" | "unauthenticated" | "unreachable" | "timeout" | "transient" | "incompleteList" | "budgetExceeded" | "parseError" | "identityMismatch" | "notCollected" | "undecidable" | "tenantsUndefined" | "tenantsAmbiguous";
                clusters: string[];
                clusterCount: number;
                /** @description 0: the whole cluster. */
                controls: number;
                message: string;
            }[];
        };
        /** @description A run to start. */
        RunInput: {
            /**
             * @description All parts must hold; an empty target means every cluster.
             * @default {}
             */
            target: {
                /** @description Names or ids. */
                clusters?: string[];
                /** @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`. */
                labelSelector?: string;
                /** @description Name or id. */
                tenant?: string;
            };
            /** @description Of the release, or the name of an own one. Absent: the default profile. */
            profile?: string;
            /** @description Only these controls of the profile. */
            controls?: string[];
            reason?: string;
        };
        /** @description One page of a list. */
        RunPage: {
            items: components["schemas"]["Run"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description A run that starts by the clock. */
        Schedule: {
            id: string;
            name: string;
            cron: string;
            timeZone: string;
            jitterSeconds: number;
            target: {
                labelSelector: string;
            };
            profile: string;
            budgetSeconds: number | null;
            enabled: boolean;
            pauseUntil: string | null;
            /** @description Null: it is switched off. */
            nextRunAt: string | null;
            lastFiredAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            updatedAt: string;
        };
        /** @description A schedule to make. */
        ScheduleInput: {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /** @description Five fields: minute, hour, day of month, month, day of week. */
            cron: string;
            /**
             * @description IANA name, such as `Europe/Paris`.
             * @default UTC
             */
            timeZone: string;
            /**
             * @description Each start is moved by up to so much.
             * @default 0
             */
            jitterSeconds: number;
            /**
             * @description An empty selector means every cluster.
             * @default {
             *       "labelSelector": ""
             *     }
             */
            target: {
                /**
                 * @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`.
                 * @default
                 */
                labelSelector: string;
            };
            /** @description Absent: the default profile. */
            profile?: string;
            /** @description Time for each cluster. Absent: the service’s own. */
            budgetSeconds?: number;
            /** @default true */
            enabled: boolean;
            /**
             * @description No start before this time.
             * @default null
             */
            pauseUntil: string | null;
        };
        /** @description One page of a list. */
        SchedulePage: {
            items: components["schemas"]["Schedule"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description Merge patch of the members of ScheduleInput other than `name`. */
        SchedulePatch: {
            [key: string]: unknown;
        };
        /** @description What to open a session with: an API token, or the secret of a login link. */
        SessionInput: {
            token: string;
        } | {
            link: string;
        };
        /** @description How many findings are open, by severity. */
        SeverityCounts: {
            critical: number;
            high: number;
            medium: number;
            low: number;
            info: number;
        };
        /** @description Where clusters are found. */
        Source: {
            id: string;
            name: string;
            /**
             * @description Who knows of clusters: `fluxKubeConfig` (`spec.kubeConfig` of Flux), `clusterApi`, `argocd`, `sveltos` or `clusterProfile` (cluster inventory).
             * @enum {string}
             */
            type: "fluxKubeConfig" | "clusterApi" | "argocd" | "sveltos" | "clusterProfile";
            hubCluster: {
                id: string;
                name: string;
            };
            namespaces: string[];
            labelSelector: string;
            /** @description What clusters of the source are registered as. */
            mapping: {
                /** @description Before the name of each cluster. */
                namePrefix?: string;
                /**
                 * @description Absent: `tenant`.
                 * @enum {string}
                 */
                role?: "management" | "tenant" | "standalone";
                /** @enum {string} */
                tenancy?: "dedicated" | "shared";
                /**
                 * @description Absent: `remoteApply` where Flux applies to it, else not stated.
                 * @enum {string}
                 */
                delivery?: "remoteApply" | "inCluster" | "other";
                /** @description Labels of every cluster, beside those of the source, which stand under `source/`. */
                labels?: components["schemas"]["Labels"];
                /** @description The tenant that has the name of the namespace, where there is one, gets the cluster. */
                tenantFromNamespace?: boolean;
            };
            /** @enum {string} */
            policy: "propose" | "autoRegister";
            pruneAfter: number;
            intervalSeconds: number;
            enabled: boolean;
            sync: {
                /** @enum {string} */
                state: "idle" | "queued" | "running";
                requestedAt: string | null;
                /** @description Null: only on demand. */
                nextSyncAt: string | null;
                lastSyncAt: string | null;
                /** @description `partial`: something could not be read, so nothing was taken for gone. Null: never synchronised. */
                result: ("ok" | "partial" | "failed") | null;
                message: string | null;
                counts: {
                    proposed: number;
                    blocked: number;
                    registered: number;
                    conflict: number;
                    orphaned: number;
                } | null;
            };
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            updatedAt: string;
        };
        /** @description A source of clusters to make. */
        SourceInput: {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /**
             * @description Who knows of clusters: `fluxKubeConfig` (`spec.kubeConfig` of Flux), `clusterApi`, `argocd`, `sveltos` or `clusterProfile` (cluster inventory).
             * @enum {string}
             */
            type: "fluxKubeConfig" | "clusterApi" | "argocd" | "sveltos" | "clusterProfile";
            /** @description Name or id of the registered management cluster. Stays as it is. */
            hubCluster: string;
            /**
             * @description Where to look on the management cluster. Empty: everywhere; for `argocd`: the namespace `argocd`.
             * @default []
             */
            namespaces: string[];
            /**
             * @description Only what has these labels. Required by `autoRegister`.
             * @default
             */
            labelSelector: string;
            /**
             * @description What clusters of the source are registered as.
             * @default {}
             */
            mapping: {
                /** @description Before the name of each cluster. */
                namePrefix?: string;
                /**
                 * @description Absent: `tenant`.
                 * @enum {string}
                 */
                role?: "management" | "tenant" | "standalone";
                /** @enum {string} */
                tenancy?: "dedicated" | "shared";
                /**
                 * @description Absent: `remoteApply` where Flux applies to it, else not stated.
                 * @enum {string}
                 */
                delivery?: "remoteApply" | "inCluster" | "other";
                /** @description Labels of every cluster, beside those of the source, which stand under `source/`. */
                labels?: components["schemas"]["Labels"];
                /** @description The tenant that has the name of the namespace, where there is one, gets the cluster. */
                tenantFromNamespace?: boolean;
            };
            /**
             * @description `autoRegister`: what the label selector takes is registered at once.
             * @default propose
             * @enum {string}
             */
            policy: "propose" | "autoRegister";
            /**
             * @description Days after which what is gone is forgotten.
             * @default 30
             */
            pruneAfter: number;
            /**
             * @description How often to look; moved a little each time.
             * @default 900
             */
            intervalSeconds: number;
            /**
             * @description `false`: only on demand.
             * @default true
             */
            enabled: boolean;
        };
        /** @description One page of a list. */
        SourcePage: {
            items: components["schemas"]["Source"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description Merge patch of the members of SourceInput other than `name`, `type` and `hubCluster`. */
        SourcePatch: {
            [key: string]: unknown;
        };
        /** @description The object that a verdict is about. */
        Subject: {
            apiVersion?: string;
            kind: string;
            namespace?: string;
            name: string;
            uid?: string;
            container?: string;
            field?: string;
        };
        /** @description One cluster in a run. */
        Target: {
            id: string;
            runId: string;
            cluster: {
                id: string;
                name: string;
            };
            /** @enum {string} */
            state: "queued" | "running" | "done" | "cancelled";
            /** @description Null until it is done. */
            outcome: ("evaluated" | "notEvaluated") | null;
            cause: ("forbidden" | "unauthenticated" | "unreachable" | "timeout" | "transient" | "incompleteList" | "budgetExceeded" | "parseError" | "identityMismatch" | "notCollected" | "undecidable" | "tenantsUndefined" | "tenantsAmbiguous") | null;
            message: string | null;
            attempt: number;
            /** @description Controls by outcome. */
            counts: components["schemas"]["OutcomeCounts"] | null;
            coverage: number | null;
            compliant: boolean | null;
            opened: number;
            reopened: number;
            escalated: number;
            resolved: number;
            collectedAt: string | null;
            startedAt: string | null;
            finishedAt: string | null;
        };
        /** @description One page of a list. */
        TargetPage: {
            items: components["schemas"]["Target"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description A team that shares the fleet. */
        Tenant: {
            id: string;
            name: string;
            displayName: string;
            /**
             * @description How much the tenant must be kept apart. Null: not stated, treated as high.
             * @default null
             */
            isolation: ("high" | "low") | null;
            /**
             * @description Null: not stated.
             * @default null
             */
            criticality: ("normal" | "critical") | null;
            /**
             * @description Who to ask.
             * @default []
             */
            owners: {
                name: string;
                /** Format: email */
                email?: string;
                slack?: string;
            }[];
            /**
             * @description Which namespaces are the tenant’s. All labels must match.
             * @default {}
             */
            namespaces: {
                names?: string[];
                matchLabels?: components["schemas"]["Labels"];
            };
            /** @default {} */
            principals: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            /** @default [] */
            gitPaths: {
                repo: string;
                ref?: string;
                paths: string[];
            }[];
            /** @default {} */
            labels: components["schemas"]["Labels"];
            /** @description How many clusters it has. */
            clusters: number;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            updatedAt: string;
        };
        /** @description A tenant to make. */
        TenantInput: {
            /** @description Lower-case letters, digits and dashes. */
            name: string;
            /**
             * @description Null: the name.
             * @default null
             */
            displayName: string | null;
            /**
             * @description How much the tenant must be kept apart. Null: not stated, treated as high.
             * @default null
             */
            isolation: ("high" | "low") | null;
            /**
             * @description Null: not stated.
             * @default null
             */
            criticality: ("normal" | "critical") | null;
            /**
             * @description Who to ask.
             * @default []
             */
            owners: {
                name: string;
                /** Format: email */
                email?: string;
                slack?: string;
            }[];
            /**
             * @description Which namespaces are the tenant’s. All labels must match.
             * @default {}
             */
            namespaces: {
                names?: string[];
                matchLabels?: components["schemas"]["Labels"];
            };
            /** @default {} */
            principals: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            /** @default [] */
            gitPaths: {
                repo: string;
                ref?: string;
                paths: string[];
            }[];
            /** @default {} */
            labels: components["schemas"]["Labels"];
        };
        /** @description One page of a list. */
        TenantPage: {
            items: components["schemas"]["Tenant"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description Merge patch of the members of TenantInput other than `name`; null resets a member. */
        TenantPatch: {
            [key: string]: unknown;
        };
        /** @description What is declared about a tenant. */
        TenantSettings: {
            /**
             * @description Null: the name.
             * @default null
             */
            displayName: string | null;
            /**
             * @description How much the tenant must be kept apart. Null: not stated, treated as high.
             * @default null
             */
            isolation: ("high" | "low") | null;
            /**
             * @description Null: not stated.
             * @default null
             */
            criticality: ("normal" | "critical") | null;
            /**
             * @description Who to ask.
             * @default []
             */
            owners: {
                name: string;
                /** Format: email */
                email?: string;
                slack?: string;
            }[];
            /**
             * @description Which namespaces are the tenant’s. All labels must match.
             * @default {}
             */
            namespaces: {
                names?: string[];
                matchLabels?: components["schemas"]["Labels"];
            };
            /** @default {} */
            principals: {
                users?: string[];
                groups?: string[];
                /** @description As `namespace/name`. */
                serviceAccounts?: string[];
            };
            /** @default [] */
            gitPaths: {
                repo: string;
                ref?: string;
                paths: string[];
            }[];
            /** @default {} */
            labels: components["schemas"]["Labels"];
        };
        /** @description How a tenant’s clusters stand. */
        TenantSummary: {
            /** @description Clusters that the tenant is on. */
            clusters: number;
            outcomes: components["schemas"]["OutcomeCounts"];
            /** @description Null while none of its clusters was audited. */
            coverage: number | null;
            openFindings: components["schemas"]["SeverityCounts"];
        };
        /** @description Changes of a cluster’s results. */
        Timeline: {
            items: components["schemas"]["Result"][];
        };
        /** @description An API token, without the secret. */
        Token: {
            id: string;
            name: string;
            /**
             * @description Each role can do what the ones before it can.
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            /** @description The part of the token that may be shown. */
            publicId: string;
            /** @description Id of the token that made it; `system`: the service itself. */
            createdBy: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt: string;
            lastUsedAt: string | null;
            revokedAt: string | null;
        };
        /** @description A token to make. */
        TokenInput: {
            /** @description What it is for. */
            name: string;
            /**
             * @description Each role can do what the ones before it can.
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            /**
             * Format: date-time
             * @description Absent: in 90 days. At most 365 days from now.
             */
            expiresAt?: string;
        };
        /** @description One page of a list. */
        TokenPage: {
            items: components["schemas"]["Token"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
        /** @description What a management cluster applies to others: objects, credentials, identities, target clusters. */
        Topology: {
            root: {
                id: string;
                name: string;
            };
            depth: number;
            collapse: string | null;
            nodes: {
                /** @description Stable for as long as what it stands for; opaque. */
                id: string;
                /** @enum {string} */
                kind: "managementCluster" | "object" | "credential" | "identity" | "targetCluster" | "accessObject";
                label: string;
                cluster: {
                    id: string;
                    name: string;
                } | null;
                /** @description Of an object that stands for one remote apply. */
                remoteApplyId: string | null;
                /** @description Of an access object: a finding that names it. */
                findingId: string | null;
                /** @description Things that it stands for. */
                members: number;
                standing: components["schemas"]["TopologyStanding"];
            }[];
            edges: {
                from: string;
                to: string;
                /** @enum {string} */
                relation: "holds" | "uses" | "provesToBe" | "actsOn" | "restsOn";
                standing: components["schemas"]["TopologyStanding"];
            }[];
        };
        /** @description Remote applies behind a node or an edge of the graph, by how they stand. */
        TopologyStanding: {
            total: number;
            failing: number;
            /** @description Fails, and nobody is told. */
            silent: number;
            suspended: number;
            /** @description Nobody would hear of a failure. */
            notAlerted: number;
            /** @description The last audit could not look at it. */
            stale: number;
        };
        /** @description What a cluster said when it was contacted just now. */
        Verification: {
            identity: {
                uid: string;
            };
            kubernetesVersion: string;
            latencyMs: number;
            tls: {
                protocol: string;
                /**
                 * Format: date-time
                 * @description End of the server certificate.
                 */
                notAfter?: string;
                /** @description SHA-256 of the server certificate. */
                fingerprint?: string;
            } | null;
            /** @description Who we are there. */
            user: {
                name: string;
                groups: string[];
            } | null;
            capabilities: {
                rule: components["schemas"]["AccessRule"];
                /** @description Null: the API server did not say. */
                allowed: boolean | null;
                /** @description Controls that use it. */
                usedBy: string[];
            }[];
            /** @description Controls that these permissions are enough for. */
            predictedCoverage: {
                evaluated: number;
                applicable: number;
                /** @description Judged share of the applicable controls, 0 to 1. */
                ratio: number;
            };
            /** @description Permissions that an auditor should not have. */
            overprivileged: components["schemas"]["AccessRule"][];
        };
        /** @description An accepted, or requested, exception. What it covers is shown as waived, never as passing. */
        Waiver: {
            id: string;
            controlId: string;
            /** @description Every stated part must match; an empty scope matches the whole fleet. */
            scope: {
                fingerprint?: string;
                /** @description Name or id. */
                cluster?: string;
                /** @description Labels that the cluster must have. */
                labels?: components["schemas"]["Labels"];
                subject?: {
                    kind?: string;
                    namespace?: string;
                    name?: string;
                };
            };
            reason: string;
            ticketUrl: string | null;
            /** @enum {string} */
            state: "requested" | "approved" | "revoked";
            expired: boolean;
            /** @description Open findings that it covers now. */
            matches: number;
            /** @description The token that asked. */
            requestedBy: {
                id: string;
                name: string;
            };
            /** @description The token that approved. */
            approver: {
                id: string;
                name: string;
            } | null;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description RFC 3339 time.
             */
            createdAt: string;
        };
        /** @description An exception to ask for. */
        WaiverInput: {
            controlId: string;
            /** @description Every stated part must match; an empty scope matches the whole fleet. */
            scope: {
                fingerprint?: string;
                /** @description Name or id. */
                cluster?: string;
                /** @description Labels that the cluster must have. */
                labels?: components["schemas"]["Labels"];
                subject?: {
                    kind?: string;
                    namespace?: string;
                    name?: string;
                };
            };
            /** @description Why the exception is acceptable. */
            reason: string;
            /** Format: uri */
            ticketUrl?: string;
            /**
             * Format: date-time
             * @description At most 365 days from now. From then on it has no effect.
             */
            expiresAt: string;
        };
        /** @description One page of a list. */
        WaiverPage: {
            items: components["schemas"]["Waiver"][];
            page: {
                /** @description Cursor of the next page; null on the last one. */
                next: string | null;
                limit: number;
                total: {
                    count: number;
                    /**
                     * @description `atLeast`: there are more than were counted.
                     * @enum {string}
                     */
                    type: "exact" | "atLeast";
                };
            };
        };
    };
    responses: {
        /** @description `already-decided`: Waiver is not in a state that allows this. `idempotency-in-flight`: The same request is still being worked on. */
        "already-decided.idempotency-in-flight": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `already-finished`: Run has already finished. `idempotency-in-flight`: The same request is still being worked on. */
        "already-finished.idempotency-in-flight": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `bad-cron`: Schedule cannot be understood. `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "bad-cron.idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `bad-cron`: Schedule cannot be understood. `validation-failed`: Request is not valid. */
        "bad-cron.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `candidate-changed`: Candidate is not what it was. `cluster-duplicate`: Cluster is already registered. `idempotency-in-flight`: The same request is still being worked on. `identity-mismatch`: This is another cluster. `name-taken`: Name is taken. */
        "candidate-changed.cluster-duplicate.idempotency-in-flight.identity-mismatch.name-taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `candidate-not-acceptable`: Candidate cannot be registered as it is. `egress-denied`: Address is not allowed. `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "candidate-not-acceptable.egress-denied.idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cluster-duplicate`: Cluster is already registered. `idempotency-in-flight`: The same request is still being worked on. `identity-mismatch`: This is another cluster. */
        "cluster-duplicate.idempotency-in-flight.identity-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cluster-duplicate`: Cluster is already registered. `idempotency-in-flight`: The same request is still being worked on. `name-taken`: Name is taken. */
        "cluster-duplicate.idempotency-in-flight.name-taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cluster-duplicate`: Cluster is already registered. `identity-mismatch`: This is another cluster. */
        "cluster-duplicate.identity-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `confirm-mismatch`: Confirmation names another cluster. `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "confirm-mismatch.idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cross-site-request`: Request came from another site. */
        "cross-site-request": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cross-site-request`: Request came from another site. `forbidden`: Permission is missing. */
        "cross-site-request.forbidden": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cross-site-request`: Request came from another site. `forbidden`: Permission is missing. `live-needs-approval`: Live drill is not approved. */
        "cross-site-request.forbidden.live-needs-approval": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cross-site-request`: Request came from another site. `forbidden`: Permission is missing. `self-approval`: A second pair of eyes is needed. */
        "cross-site-request.forbidden.self-approval": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cursor-expired`: Cursor has expired. */
        "cursor-expired": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `cursor-mismatch`: Cursor belongs to another list. */
        "cursor-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `delivery-not-retryable`: Delivery cannot be sent again. `idempotency-in-flight`: The same request is still being worked on. */
        "delivery-not-retryable.idempotency-in-flight": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `drill-running`: Way in is being drilled. `idempotency-in-flight`: The same request is still being worked on. */
        "drill-running.idempotency-in-flight": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `drill-state`: Drill is not in a state that allows this. `idempotency-in-flight`: The same request is still being worked on. */
        "drill-state.idempotency-in-flight": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `egress-denied`: Address is not allowed. `idempotency-key-reused`: Idempotency-Key was used for another request. `kubeconfig-rejected`: Kubeconfig is not accepted. `validation-failed`: Request is not valid. */
        "egress-denied.idempotency-key-reused.kubeconfig-rejected.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `egress-denied`: Address is not allowed. `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "egress-denied.idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `egress-denied`: Address is not allowed. `kubeconfig-rejected`: Kubeconfig is not accepted. `validation-failed`: Request is not valid. */
        "egress-denied.kubeconfig-rejected.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `egress-denied`: Address is not allowed. `validation-failed`: Request is not valid. */
        "egress-denied.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `empty-target`: No cluster matches. `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "empty-target.idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `etag-mismatch`: Object has changed. */
        "etag-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `expiry-too-long`: Expiry is out of bounds. `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "expiry-too-long.idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: Permission is missing. */
        forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `has-running-audit`: Cluster is being audited. */
        "has-running-audit": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-in-flight`: The same request is still being worked on. */
        "idempotency-in-flight": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-in-flight`: The same request is still being worked on. `name-taken`: Name is taken. */
        "idempotency-in-flight.name-taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-in-flight`: The same request is still being worked on. `run-conflict`: The same audit is already running. */
        "idempotency-in-flight.run-conflict": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-in-flight`: The same request is still being worked on. `sync-running`: Source is being synchronised. */
        "idempotency-in-flight.sync-running": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-key-missing`: Idempotency-Key is required. `malformed`: Request cannot be read. */
        "idempotency-key-missing.malformed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-key-reused`: Idempotency-Key was used for another request. `validation-failed`: Request is not valid. */
        "idempotency-key-reused.validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `if-match-required`: If-Match is required. */
        "if-match-required": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Something went wrong on our side. */
        internal: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `last-admin`: Nobody could administer the service any more. */
        "last-admin": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `malformed`: Request cannot be read. */
        malformed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `name-taken`: Name is taken. */
        "name-taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-found`: Not found. */
        "not-found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not-ready`: Service is not ready. */
        "not-ready": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `profile-in-use`: Profile is in use. */
        "profile-in-use": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate-limited`: Too many requests. */
        "rate-limited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `run-not-completed`: Run is not completed. */
        "run-not-completed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `tenant-not-empty`: Tenant still has clusters. */
        "tenant-not-empty": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-large`: Request is too large. */
        "too-large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-many-nodes`: Graph is too large. */
        "too-many-nodes": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: Authentication is required. */
        unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-media-type`: Content type is not supported. */
        "unsupported-media-type": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `uri-too-long`: Address is too long. */
        "uri-too-long": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation-failed`: Request is not valid. */
        "validation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `verify-failed`: Cluster cannot be verified. */
        "verify-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
        RequestId: string;
        /** @description ETag of the object as you read it. */
        IfMatch: string;
        /** @description ETag of the object as you read it; required where it exists. */
        IfMatchToReplace: string;
        /** @description ETag that you have; where it is still the current one, the answer is 304. */
        IfNoneMatch: string;
        /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
        IdempotencyKey: string;
        /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
        IdempotencyKeyRequired: string;
        /** @description `wait=<seconds>` (1 to 60): answer when the object changes, at the latest after this time (RFC 7240). */
        PreferWait: string;
    };
    requestBodies: never;
    headers: {
        /** @description Id of the request in the log. */
        "X-Request-Id": string;
        /** @description Version of the object, for If-Match and If-None-Match. */
        ETag: string;
        /** @description Path of the object that was made. */
        Location: string;
        /** @description The next page as `rel="next"` (RFC 8288). */
        Link: string;
        /** @description Seconds until asking again is worth it. */
        "Retry-After": string;
        /** @description What is left: `"requests";r=<requests>;t=<seconds>`. */
        RateLimit: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getApiReference: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    createLoginLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LoginLinkInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginLink"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    closeSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listBenchmarks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BenchmarkList"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getBenchmark: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a benchmark. */
                benchmarkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Benchmark"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getBreakGlass: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `verdict`, `cluster`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                verdict?: ("ready" | "notReady" | "unknown")[];
                /** @description Names or ids. */
                cluster?: string[];
                /** @description Names. */
                tenant?: string[];
                /** @description Rows in which one of these parts has failed. */
                failing?: ("credential" | "path" | "rights" | "recoveryPlan" | "lastDrill" | "escrow")[];
                /** @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`. */
                labelSelector?: string;
                /** @description Part of the name of the cluster. */
                q?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BreakGlassBoard"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listChannels: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `createdAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                kind?: ("slackWebhook" | "slackBot" | "webhook")[];
                enabled?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    createChannel: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedChannel"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedChannel"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight.name-taken"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["egress-denied.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                channelRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    deleteChannel: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                channelRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    updateChannel: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                channelRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["ChannelPatch"];
                "application/json": components["schemas"]["ChannelPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["egress-denied.validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    testChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                channelRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTestResult"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["egress-denied.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listClusters: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `createdAt`, `lastAuditedAt`, `coverage`, `openCritical`, `kubernetesVersion`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the name. */
                q?: string;
                /** @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`. */
                labelSelector?: string;
                /** @description Name or id of a tenant. */
                tenant?: string[];
                role?: ("management" | "tenant" | "standalone")[];
                tenancy?: ("dedicated" | "shared")[];
                /** @description A condition and its status, such as `Reachable:False`; all that are given must hold. */
                condition?: string[];
                /** @description Nothing failed and everything that applies was judged. */
                compliant?: boolean;
                /** @description The last attempt did not reach it. */
                unreachable?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    registerCluster: {
        parameters: {
            query?: {
                /** @description `false`: do not contact the cluster now. */
                verify?: boolean;
                /** @description Store nothing unless the cluster could be verified. */
                requireVerified?: boolean;
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterRegistration"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["cluster-duplicate.idempotency-in-flight.name-taken"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["egress-denied.idempotency-key-reused.kubeconfig-rejected.validation-failed"];
            424: components["responses"]["verify-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getCluster: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    upsertCluster: {
        parameters: {
            query?: {
                /** @description `false`: do not contact the cluster now. */
                verify?: boolean;
                /** @description Store nothing unless the cluster could be verified. */
                requireVerified?: boolean;
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description ETag of the object as you read it; required where it exists. */
                "If-Match"?: components["parameters"]["IfMatchToReplace"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ClusterUpsert"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["cluster-duplicate.identity-mismatch"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["egress-denied.kubeconfig-rejected.validation-failed"];
            424: components["responses"]["verify-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    deleteCluster: {
        parameters: {
            query?: {
                /** @description Delete its history, too. */
                purge?: boolean;
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["has-running-audit"];
            412: components["responses"]["etag-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    updateCluster: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["ClusterPatch"];
                "application/json": components["schemas"]["ClusterPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getCapabilities: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capabilities"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listCredentials: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialList"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    replaceCredential: {
        parameters: {
            query?: {
                /** @description `false`: do not contact the cluster now. */
                verify?: boolean;
                /** @description Store nothing unless the cluster could be verified. */
                requireVerified?: boolean;
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialReplacement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialList"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialList"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["cluster-duplicate.idempotency-in-flight.identity-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["egress-denied.idempotency-key-reused.kubeconfig-rejected.validation-failed"];
            424: components["responses"]["verify-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getClusterInstallManifest: {
        parameters: {
            query?: {
                /** @description A read-only service account; with `active` also what active verification needs: the policy that stops whatever is no dry-run, and the right to act as the declared principals of this cluster’s tenants. */
                mode?: "serviceAccount" | "readOnly" | "active";
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getClusterTimeline: {
        parameters: {
            query?: {
                control?: string;
                /** @description Changes at most. */
                limit?: number;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    verifyCluster: {
        parameters: {
            query?: never;
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                clusterRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["cluster-duplicate.idempotency-in-flight.identity-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            424: components["responses"]["verify-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    registerClusters: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key": components["parameters"]["IdempotencyKeyRequired"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClusterBatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            400: components["responses"]["idempotency-key-missing.malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listControls: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `id`, `title`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the id or title. */
                q?: string;
                family?: string[];
                severity?: ("critical" | "high" | "medium" | "low" | "info")[];
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ControlPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getControl: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a control. */
                controlId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Control"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `createdAt`, `nextAttemptAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                state?: ("pending" | "sending" | "sent" | "retrying" | "dead" | "skipped")[];
                /** @description Name or id. */
                channel?: string[];
                run?: string[];
                event?: string[];
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a delivery. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a delivery. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted; the work goes on. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["delivery-not-retryable.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listDrills: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `createdAt`, `finishedAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Names or ids. */
                cluster?: string[];
                entry?: string[];
                mode?: ("verify" | "dryRun" | "live")[];
                runner?: ("cli" | "service")[];
                state?: ("awaitingApproval" | "awaitingResults" | "queued" | "running" | "completed" | "aborted" | "expired")[];
                outcome?: ("passed" | "failed" | "unknown")[];
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DrillPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    startDrill: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key": components["parameters"]["IdempotencyKeyRequired"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrillInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            /** @description Accepted; the work goes on. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            400: components["responses"]["idempotency-key-missing.malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["drill-running.idempotency-in-flight"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["confirm-mismatch.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getDrill: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=<seconds>` (1 to 60): answer when the object changes, at the latest after this time (RFC 7240). */
                Prefer?: components["parameters"]["PreferWait"];
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a drill. */
                drillId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DrillDetail"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    abortDrill: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a drill. */
                drillId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["drill-state.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    approveDrill: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a drill. */
                drillId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden.self-approval"];
            404: components["responses"]["not-found"];
            409: components["responses"]["drill-state.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    reportDrill: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a drill. */
                drillId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrillResultsInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DrillDetail"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden.live-needs-approval"];
            404: components["responses"]["not-found"];
            409: components["responses"]["drill-state.idempotency-in-flight"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    beginDrill: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a drill. */
                drillId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden.live-needs-approval"];
            404: components["responses"]["not-found"];
            409: components["responses"]["drill-state.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getEvidence: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a piece of evidence. */
                evidenceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listFindings: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `severity`, `firstSeenAt`, `lastSeenAt`, `control`, `cluster`, `occurrences`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the message or of the subject’s namespace or name. */
                q?: string;
                /** @description Name or id. */
                cluster?: string[];
                /** @description Name or id. */
                tenant?: string[];
                control?: string[];
                severity?: ("critical" | "high" | "medium" | "low" | "info")[];
                /** @description `reopened` findings are open, too. */
                state?: ("open" | "resolved" | "reopened")[];
                outcome?: ("fail" | "warn")[];
                confidence?: ("proven" | "derived" | "heuristic")[];
                fingerprint?: string[];
                reason?: string[];
                /** @description Labels of the cluster. */
                labelSelector?: string;
                stale?: boolean;
                waived?: boolean;
                baseline?: boolean;
                /** @description Opened, reopened, escalated or resolved in this run. */
                changedInRun?: string;
                /** @description RFC 3339 time. */
                "firstSeenAt[gte]"?: string;
                /** @description RFC 3339 time. */
                "lastSeenAt[gte]"?: string;
                /** @description RFC 3339 time. */
                "lastSeenAt[lt]"?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getFinding: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a finding. */
                findingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getFleet: {
        parameters: {
            query?: {
                /** @description Only these clusters. */
                labelSelector?: string;
                /** @description Only clusters of this tenant; name or id. */
                tenant?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetSummary"];
                };
            };
            401: components["responses"]["unauthenticated"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getInfo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Info"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getInstallManifest: {
        parameters: {
            query?: {
                /** @description A read-only service account. */
                mode?: "serviceAccount" | "readOnly";
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getMatrix: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `createdAt`, `lastAuditedAt`, `coverage`, `openCritical`, `kubernetesVersion`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the name. */
                q?: string;
                /** @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`. */
                labelSelector?: string;
                /** @description Name or id of a tenant. */
                tenant?: string[];
                role?: ("management" | "tenant" | "standalone")[];
                tenancy?: ("dedicated" | "shared")[];
                /** @description A condition and its status, such as `Reachable:False`; all that are given must hold. */
                condition?: string[];
                /** @description Nothing failed and everything that applies was judged. */
                compliant?: boolean;
                /** @description The last attempt did not reach it. */
                unreachable?: boolean;
                /** @description Whose controls are the columns. */
                profile?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matrix"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getOpenApiDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    listProfiles: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileList"];
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    createProfile: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight.name-taken"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getProfile: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a profile of the release, or the name of an own one, with or without its current version. */
                profileRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    upsertProfile: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description ETag of the object as you read it; required where it exists. */
                "If-Match"?: components["parameters"]["IfMatchToReplace"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a profile of the release, or the name of an own one, with or without its current version. */
                profileRef: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["name-taken"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    deleteProfile: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a profile of the release, or the name of an own one, with or without its current version. */
                profileRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["profile-in-use"];
            412: components["responses"]["etag-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listRemoteApplies: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `urgency`, `failingSince`, `cluster`, `target`, `name`, `firstSeenAt`, `lastSeenAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of namespace and name of the object, or of the name or address of the target. */
                q?: string;
                /** @description Name or id of the management cluster. */
                cluster?: string[];
                /** @description Name or id of the target cluster, or its address. */
                target?: string[];
                /** @description Of the target cluster, or of the namespace of the object. */
                tenant?: string[];
                kind?: ("Kustomization" | "HelmRelease")[];
                targetState?: ("registered" | "self" | "unregistered" | "ambiguous" | "broken" | "unknown")[];
                authMethod?: ("clientCertificate" | "serviceAccountToken" | "token" | "workloadIdentity" | "exec" | "basic" | "none" | "unknown")[];
                ready?: ("true" | "false" | "unknown")[];
                /** @description It fails, whatever its Ready condition says. */
                failing?: boolean;
                suspended?: boolean;
                /** @description Whether people hear of it when the target cluster is lost. */
                alertCovered?: ("true" | "false" | "unknown")[];
                /** @description Whether it fails now without anybody being told. */
                silent?: ("true" | "false" | "unknown")[];
                stale?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteApplyPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getRemoteApply: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a remote apply. */
                remoteApplyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteApply"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listResults: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `cluster`, `control`, `severity`, `fromAt`, `lastSeenAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description As they stood in this run; absent: as they stand now. */
                run?: string;
                /** @description Name or id. */
                cluster?: string[];
                /** @description Name or id. */
                tenant?: string[];
                control?: string[];
                outcome?: ("pass" | "warn" | "fail" | "notApplicable" | "notEvaluated" | "manual" | "error")[];
                cause?: ("forbidden" | "unauthenticated" | "unreachable" | "timeout" | "transient" | "incompleteList" | "budgetExceeded" | "parseError" | "identityMismatch" | "notCollected" | "undecidable" | "tenantsUndefined" | "tenantsAmbiguous")[];
                severity?: ("critical" | "high" | "medium" | "low" | "info")[];
                reason?: string[];
                /** @description Labels of the cluster. */
                labelSelector?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `createdAt`, `finishedAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                state?: ("queued" | "running" | "completed" | "cancelled")[];
                trigger?: ("api" | "schedule" | "start")[];
                /** @description Name or id of a schedule. */
                schedule?: string[];
                profile?: string[];
                /** @description Runs that include this cluster; name or id. */
                cluster?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    startRun: {
        parameters: {
            query?: {
                /** @description Where the same target is being audited already, answer with that run instead of 409. */
                join?: boolean;
                /** @description Check everything, start nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key": components["parameters"]["IdempotencyKeyRequired"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RunInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Accepted; the work goes on. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            400: components["responses"]["idempotency-key-missing.malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight.run-conflict"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["empty-target.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=<seconds>` (1 to 60): answer when the object changes, at the latest after this time (RFC 7240). */
                Prefer?: components["parameters"]["PreferWait"];
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a run. */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    cancelRun: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a run. */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Accepted; the work goes on. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["already-finished.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getRunDiff: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a run. */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDiff"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            409: components["responses"]["run-not-completed"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listRunTargets: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `clusterName`, `finishedAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                state?: ("queued" | "running" | "done" | "cancelled")[];
                outcome?: ("evaluated" | "notEvaluated")[];
                cause?: ("forbidden" | "unauthenticated" | "unreachable" | "timeout" | "transient" | "incompleteList" | "budgetExceeded" | "parseError" | "identityMismatch" | "notCollected" | "undecidable" | "tenantsUndefined" | "tenantsAmbiguous")[];
                /** @description Id. */
                cluster?: string[];
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a run. */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            410: components["responses"]["cursor-expired"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `createdAt`, `nextRunAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the name. */
                q?: string;
                enabled?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    createSchedule: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight.name-taken"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["bad-cron.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                scheduleRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    deleteSchedule: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                scheduleRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    updateSchedule: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                scheduleRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["SchedulePatch"];
                "application/json": components["schemas"]["SchedulePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["bad-cron.validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listNextTimes: {
        parameters: {
            query?: {
                /** @description How many. */
                count?: number;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                scheduleRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextTimes"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listSources: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `createdAt`, `lastSyncAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the name. */
                q?: string;
                type?: ("fluxKubeConfig" | "clusterApi" | "argocd" | "sveltos" | "clusterProfile")[];
                policy?: ("propose" | "autoRegister")[];
                /** @description Name or id of a management cluster. */
                hubCluster?: string[];
                /** @description Of the last synchronisation. */
                result?: ("ok" | "partial" | "failed")[];
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourcePage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    createSource: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "mgmt-eu",
                 *       "type": "fluxKubeConfig",
                 *       "hubCluster": "mgmt-eu-1",
                 *       "namespaces": [],
                 *       "labelSelector": "env=prod",
                 *       "mapping": {
                 *         "tenancy": "dedicated",
                 *         "tenantFromNamespace": true
                 *       },
                 *       "policy": "propose",
                 *       "pruneAfter": 30,
                 *       "intervalSeconds": 900,
                 *       "enabled": true
                 *     }
                 */
                "application/json": components["schemas"]["SourceInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *       "name": "mgmt-eu",
                     *       "type": "fluxKubeConfig",
                     *       "hubCluster": {
                     *         "id": "cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *         "name": "mgmt-eu-1"
                     *       },
                     *       "namespaces": [],
                     *       "labelSelector": "env=prod",
                     *       "mapping": {
                     *         "tenancy": "dedicated",
                     *         "tenantFromNamespace": true
                     *       },
                     *       "policy": "propose",
                     *       "pruneAfter": 30,
                     *       "intervalSeconds": 900,
                     *       "enabled": true,
                     *       "sync": {
                     *         "state": "idle",
                     *         "requestedAt": "2026-11-24T02:00:00.000Z",
                     *         "nextSyncAt": "2026-11-24T02:15:31.000Z",
                     *         "lastSyncAt": "2026-11-24T02:00:04.000Z",
                     *         "result": "ok",
                     *         "message": "214 clusters were found.",
                     *         "counts": {
                     *           "proposed": 3,
                     *           "blocked": 1,
                     *           "registered": 210,
                     *           "conflict": 0,
                     *           "orphaned": 2
                     *         }
                     *       },
                     *       "createdAt": "2026-11-24T01:00:00.000Z",
                     *       "updatedAt": "2026-11-24T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *       "name": "mgmt-eu",
                     *       "type": "fluxKubeConfig",
                     *       "hubCluster": {
                     *         "id": "cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *         "name": "mgmt-eu-1"
                     *       },
                     *       "namespaces": [],
                     *       "labelSelector": "env=prod",
                     *       "mapping": {
                     *         "tenancy": "dedicated",
                     *         "tenantFromNamespace": true
                     *       },
                     *       "policy": "propose",
                     *       "pruneAfter": 30,
                     *       "intervalSeconds": 900,
                     *       "enabled": true,
                     *       "sync": {
                     *         "state": "idle",
                     *         "requestedAt": "2026-11-24T02:00:00.000Z",
                     *         "nextSyncAt": "2026-11-24T02:15:31.000Z",
                     *         "lastSyncAt": "2026-11-24T02:00:04.000Z",
                     *         "result": "ok",
                     *         "message": "214 clusters were found.",
                     *         "counts": {
                     *           "proposed": 3,
                     *           "blocked": 1,
                     *           "registered": 210,
                     *           "conflict": 0,
                     *           "orphaned": 2
                     *         }
                     *       },
                     *       "createdAt": "2026-11-24T01:00:00.000Z",
                     *       "updatedAt": "2026-11-24T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight.name-taken"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                sourceRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *       "name": "mgmt-eu",
                     *       "type": "fluxKubeConfig",
                     *       "hubCluster": {
                     *         "id": "cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *         "name": "mgmt-eu-1"
                     *       },
                     *       "namespaces": [],
                     *       "labelSelector": "env=prod",
                     *       "mapping": {
                     *         "tenancy": "dedicated",
                     *         "tenantFromNamespace": true
                     *       },
                     *       "policy": "propose",
                     *       "pruneAfter": 30,
                     *       "intervalSeconds": 900,
                     *       "enabled": true,
                     *       "sync": {
                     *         "state": "idle",
                     *         "requestedAt": "2026-11-24T02:00:00.000Z",
                     *         "nextSyncAt": "2026-11-24T02:15:31.000Z",
                     *         "lastSyncAt": "2026-11-24T02:00:04.000Z",
                     *         "result": "ok",
                     *         "message": "214 clusters were found.",
                     *         "counts": {
                     *           "proposed": 3,
                     *           "blocked": 1,
                     *           "registered": 210,
                     *           "conflict": 0,
                     *           "orphaned": 2
                     *         }
                     *       },
                     *       "createdAt": "2026-11-24T01:00:00.000Z",
                     *       "updatedAt": "2026-11-24T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    deleteSource: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                sourceRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    updateSource: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                sourceRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["SourcePatch"];
                "application/json": components["schemas"]["SourcePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *       "name": "mgmt-eu",
                     *       "type": "fluxKubeConfig",
                     *       "hubCluster": {
                     *         "id": "cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *         "name": "mgmt-eu-1"
                     *       },
                     *       "namespaces": [],
                     *       "labelSelector": "env=prod",
                     *       "mapping": {
                     *         "tenancy": "dedicated",
                     *         "tenantFromNamespace": true
                     *       },
                     *       "policy": "propose",
                     *       "pruneAfter": 30,
                     *       "intervalSeconds": 900,
                     *       "enabled": true,
                     *       "sync": {
                     *         "state": "idle",
                     *         "requestedAt": "2026-11-24T02:00:00.000Z",
                     *         "nextSyncAt": "2026-11-24T02:15:31.000Z",
                     *         "lastSyncAt": "2026-11-24T02:00:04.000Z",
                     *         "result": "ok",
                     *         "message": "214 clusters were found.",
                     *         "counts": {
                     *           "proposed": 3,
                     *           "blocked": 1,
                     *           "registered": 210,
                     *           "conflict": 0,
                     *           "orphaned": 2
                     *         }
                     *       },
                     *       "createdAt": "2026-11-24T01:00:00.000Z",
                     *       "updatedAt": "2026-11-24T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listCandidates: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `lastSeenAt`, `firstSeenAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the name or of the address. */
                q?: string;
                state?: ("proposed" | "blocked" | "registered" | "conflict" | "orphaned")[];
                /** @description Code of a reason why it is blocked. */
                reason?: string[];
                tenantNamespace?: string[];
                /** @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`. */
                labelSelector?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                sourceRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CandidatePage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            410: components["responses"]["cursor-expired"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    acceptCandidates: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                sourceRef: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CandidateAcceptance"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptanceResult"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["candidate-changed.cluster-duplicate.idempotency-in-flight.identity-mismatch.name-taken"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["candidate-not-acceptable.egress-denied.idempotency-key-reused.validation-failed"];
            424: components["responses"]["verify-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    syncSource: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                sourceRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *       "name": "mgmt-eu",
                     *       "type": "fluxKubeConfig",
                     *       "hubCluster": {
                     *         "id": "cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *         "name": "mgmt-eu-1"
                     *       },
                     *       "namespaces": [],
                     *       "labelSelector": "env=prod",
                     *       "mapping": {
                     *         "tenancy": "dedicated",
                     *         "tenantFromNamespace": true
                     *       },
                     *       "policy": "propose",
                     *       "pruneAfter": 30,
                     *       "intervalSeconds": 900,
                     *       "enabled": true,
                     *       "sync": {
                     *         "state": "idle",
                     *         "requestedAt": "2026-11-24T02:00:00.000Z",
                     *         "nextSyncAt": "2026-11-24T02:15:31.000Z",
                     *         "lastSyncAt": "2026-11-24T02:00:04.000Z",
                     *         "result": "ok",
                     *         "message": "214 clusters were found.",
                     *         "counts": {
                     *           "proposed": 3,
                     *           "blocked": 1,
                     *           "registered": 210,
                     *           "conflict": 0,
                     *           "orphaned": 2
                     *         }
                     *       },
                     *       "createdAt": "2026-11-24T01:00:00.000Z",
                     *       "updatedAt": "2026-11-24T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description Accepted; the work goes on. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "src_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *       "name": "mgmt-eu",
                     *       "type": "fluxKubeConfig",
                     *       "hubCluster": {
                     *         "id": "cls_01JD9YZ3M6Q8R5T7V9X1Z3B5D7",
                     *         "name": "mgmt-eu-1"
                     *       },
                     *       "namespaces": [],
                     *       "labelSelector": "env=prod",
                     *       "mapping": {
                     *         "tenancy": "dedicated",
                     *         "tenantFromNamespace": true
                     *       },
                     *       "policy": "propose",
                     *       "pruneAfter": 30,
                     *       "intervalSeconds": 900,
                     *       "enabled": true,
                     *       "sync": {
                     *         "state": "idle",
                     *         "requestedAt": "2026-11-24T02:00:00.000Z",
                     *         "nextSyncAt": "2026-11-24T02:15:31.000Z",
                     *         "lastSyncAt": "2026-11-24T02:00:04.000Z",
                     *         "result": "ok",
                     *         "message": "214 clusters were found.",
                     *         "counts": {
                     *           "proposed": 3,
                     *           "blocked": 1,
                     *           "registered": 210,
                     *           "conflict": 0,
                     *           "orphaned": 2
                     *         }
                     *       },
                     *       "createdAt": "2026-11-24T01:00:00.000Z",
                     *       "updatedAt": "2026-11-24T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["idempotency-in-flight.sync-running"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listTenants: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `name`, `createdAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                /** @description Part of the name or display name. */
                q?: string;
                /** @description Kubernetes label selector, such as `env=prod,tier!=lab,site in (lyon,paris)`. */
                labelSelector?: string;
                isolation?: ("high" | "low")[];
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    createTenant: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight.name-taken"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that you have; where it is still the current one, the answer is 304. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                tenantRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description You have the current version. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    upsertTenant: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description ETag of the object as you read it; required where it exists. */
                "If-Match"?: components["parameters"]["IfMatchToReplace"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                tenantRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TenantSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    deleteTenant: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                tenantRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["tenant-not-empty"];
            412: components["responses"]["etag-mismatch"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    updateTenant: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header: {
                /** @description ETag of the object as you read it. */
                "If-Match": components["parameters"]["IfMatch"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                tenantRef: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/merge-patch+json": components["schemas"]["TenantPatch"];
                "application/json": components["schemas"]["TenantPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            412: components["responses"]["etag-mismatch"];
            413: components["responses"]["too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["validation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getTenantSummary: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Name or id. */
                tenantRef: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantSummary"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `createdAt`, `expiresAt`, `name`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                role?: ("viewer" | "operator" | "admin")[];
                /** @description Neither revoked nor expired. */
                active?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    createToken: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["expiry-too-long.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a token. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    revokeToken: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a token. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to return. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["last-admin"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getTopology: {
        parameters: {
            query: {
                /** @description Name or id of a management cluster. */
                root: string;
                /** @description `2`: also what the target clusters apply to others, and the objects that access to them rests on. */
                depth?: "1" | "2";
                /** @description What stands for several: `namespace` of the objects, or `label:<key>` of the target clusters. */
                collapse?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topology"];
                };
            };
            401: components["responses"]["unauthenticated"];
            413: components["responses"]["too-many-nodes"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listWaivers: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number;
                /** @description `page.next` of the page before. */
                cursor?: string;
                /** @description Sort keys: `createdAt`, `expiresAt`. `-` in front: descending. Up to three, with commas. */
                sort?: string;
                state?: ("requested" | "approved" | "revoked")[];
                control?: string[];
                /** @description Approved, but over. */
                expired?: boolean;
                /** @description RFC 3339 time. */
                "expiresAt[lt]"?: string;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaiverPage"];
                };
            };
            400: components["responses"]["cursor-mismatch"];
            401: components["responses"]["unauthenticated"];
            410: components["responses"]["cursor-expired"];
            422: components["responses"]["validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    requestWaiver: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WaiverInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waiver"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waiver"];
                };
            };
            400: components["responses"]["malformed"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            409: components["responses"]["idempotency-in-flight"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["expiry-too-long.idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getWaiver: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a waiver. */
                waiverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waiver"];
                };
            };
            401: components["responses"]["unauthenticated"];
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    approveWaiver: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a waiver. */
                waiverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waiver"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden.self-approval"];
            404: components["responses"]["not-found"];
            409: components["responses"]["already-decided.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    revokeWaiver: {
        parameters: {
            query?: {
                /** @description Check everything, store nothing. */
                dryRun?: boolean;
            };
            header?: {
                /** @description A value of your own, such as a UUID. The same request with the same key is carried out once within 24 hours. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Id of a waiver. */
                waiverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waiver"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["cross-site-request.forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["already-decided.idempotency-in-flight"];
            414: components["responses"]["uri-too-long"];
            422: components["responses"]["idempotency-key-reused.validation-failed"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["unauthenticated"];
            429: components["responses"]["rate-limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["not-ready"];
        };
    };
    listProblems: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    getProblem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description Code of a problem. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            404: components["responses"]["not-found"];
            414: components["responses"]["uri-too-long"];
        };
    };
    getReadiness: {
        parameters: {
            query?: {
                /** @description Name each check. */
                verbose?: boolean;
            };
            header?: {
                /** @description Comes back in the answer, in problems and in the log. Made by the service where it is absent. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessReport"];
                };
            };
            422: components["responses"]["validation-failed"];
            /** @description Success */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessReport"];
                };
            };
        };
    };
}
