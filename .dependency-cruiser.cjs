/** The arrows of ARCHITECTURE.md. Each rule's comment says what to do instead. */
const PURE = '^libs/(admission|core|controls|engine|flux|netpol|rbac)/';
const IO = 'kubernetes|persistence|jobs|notify|platform|simulator';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files import each other. Move what both need into a third file, below them.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-floor-has-no-io',
      comment:
        'admission, core, controls, engine, flux, netpol and rbac are pure: no I/O, no clock, no Nest. Let a collector read it and hand it in as an artifact. (node:crypto is for hashes.)',
      severity: 'error',
      from: { path: PURE, pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pure-floor-has-few-packages',
      comment: 'The pure floor may use only small pure packages (yaml, and the PromQL grammar).',
      severity: 'error',
      from: { path: PURE, pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/(yaml|@lezer|@prometheus-io/lezer-promql)/' },
    },
    {
      name: 'core-is-the-bottom',
      comment: 'libs/core imports no other library.',
      severity: 'error',
      from: { path: '^libs/core/' },
      to: { path: '^libs/(?!core/)' },
    },
    {
      name: 'pure-floor-looks-down',
      comment: 'The pure floor never sees a library that does I/O.',
      severity: 'error',
      from: { path: PURE },
      to: { path: `^libs/(${IO})/` },
    },
    {
      name: 'engine-is-given-its-catalog',
      comment: 'libs/engine takes controls as an argument; it knows none.',
      severity: 'error',
      from: { path: '^libs/engine/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/controls/' },
    },
    {
      name: 'io-libraries-never-see-each-other',
      comment: 'Wire them together in an app. (platform is the exception: configuration, logging and sealing.)',
      severity: 'error',
      from: {
        path: `^libs/(kubernetes|persistence|jobs|notify|simulator)/`,
        pathNot: '\\.spec\\.ts$|^libs/[^/]+/test/',
      },
      to: { path: `^libs/(kubernetes|persistence|jobs|notify|simulator)/`, pathNot: '^libs/$1/' },
    },
    {
      name: 'platform-sees-only-core',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(?!platform/|core/)' },
    },
    {
      name: 'libs-never-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-are-islands',
      comment: 'Share through a library.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'lib-internals-are-private',
      comment: "Import another library by its index ('#libs/x').",
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: '^libs/$2/' },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/|\\.spec\\.ts$' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vite/client$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^test/lab/go/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
