import { Command, InvalidArgumentError, Option } from 'commander';
import { DRILL_MODES, type DrillMode, SEVERITIES, type Severity } from '#libs/core';
import { CliError, EXIT_CODE_HELP, ExitCode } from './exit-codes.js';
import { VERSION } from './version.js';

const integer = (minimum: number, maximum: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
  }
  return value;
};
const percent = (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('Give a number from 0 to 100.');
  return value;
};
const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const program = new Command('plimsoll')
  .description(
    'Fleet audit for Kubernetes clusters that run Flux. Reads only, unless you ask for dry-runs or a live drill.',
  )
  .version(VERSION)
  .showHelpAfterError('(plimsoll --help shows what there is)')
  .addHelpText('after', EXIT_CODE_HELP)
  .exitOverride();

program
  .command('scan')
  .description('audit one context of a kubeconfig, without a server or a database')
  .option('--context <name>', 'context to audit (default: the current one)')
  .option('--kubeconfig <file>', 'kubeconfig file (default: $KUBECONFIG, then ~/.kube/config)')
  .option('--registry <file>', 'what you declare about the cluster: role, tenants, principals, break-glass (YAML)')
  .option('--cluster <id>', 'entry of the registry file (default: the one named as the context)')
  .option('--save-snapshot <file>', 'write what was read, without secrets, to judge it again later')
  .option('--snapshot <file>', 'judge a recorded snapshot instead of a cluster')
  .option('--profile <id|file>', 'profile to judge by: of the release by its id, or your own from a YAML file')
  .option('--controls <ids>', 'only these controls, separated by commas', list)
  .addOption(new Option('-o, --output <format>', 'output format').choices(['table', 'wide', 'json']).default('table'))
  .addOption(
    new Option('--fail-on <severity>', 'exit 1 on findings of this severity or worse').choices([...SEVERITIES]),
  )
  .option('--min-coverage <percent>', 'exit 4 when less was evaluated (default: 100 in CI, else 0)', percent)
  .option('--timeout <seconds>', 'time budget for the cluster', integer(1, 3600), 60)
  .option('--active', 'try what tenants could change, by server-side dry-runs in their name; nothing is changed', false)
  .option('-q, --quiet', 'no progress on stderr', false)
  .action(async (options) => {
    process.once('SIGINT', () => process.exit(ExitCode.interrupted));
    const { scan } = await import('./scan/scan.command.js');
    process.exitCode = await scan(
      {
        context: options.context,
        kubeconfig: options.kubeconfig,
        registry: options.registry,
        cluster: options.cluster,
        snapshot: options.snapshot,
        saveSnapshot: options.saveSnapshot,
        output: options.output,
        profile: options.profile,
        controls: options.controls,
        failOn: options.failOn as Severity | undefined,
        minCoverage: options.minCoverage,
        timeoutSeconds: options.timeout,
        quiet: options.quiet,
        active: options.active,
      },
      {
        out: (text) => process.stdout.write(text),
        note: (text) => process.stderr.write(`${text}\n`),
        env: process.env,
        stdout: process.stdout,
      },
    );
  });

program
  .command('drill')
  .description('rehearse break-glass with its own credential, which stays on this machine; changes nothing unless live')
  .requiredOption('--registry <file>', 'what you declare about the cluster, with its break-glass entry (YAML)')
  .option('--cluster <id>', 'entry of the registry file (default: the one named as the context)')
  .option('--entry <name>', 'break-glass entry, where the cluster has several')
  .option('--context <name>', 'context with the break-glass credential (default: the current one)')
  .option('--kubeconfig <file>', 'kubeconfig file (default: $KUBECONFIG, then ~/.kube/config)')
  .addOption(
    new Option('--mode <mode>', 'verify: read and ask; dryRun: also try the restore; live: also write one binding')
      .choices([...DRILL_MODES])
      .default('dryRun'),
  )
  .option('--report', 'send what came of it to the service (--server, PLIMSOLL_TOKEN); no credential is sent', false)
  .option('--server <url>', 'address of the service (default: $PLIMSOLL_SERVER)')
  .option(
    '--drill <id>',
    'drill of the service that waits to be run; a live one has to be approved by two other tokens',
  )
  .option('--confirm <cluster>', 'name of the cluster, to confirm a live drill')
  .option('--by <names>', 'who holds the credential, such as "ada, grace"')
  .option('--alert-id <id>', 'the alert that this use of the credential set off')
  .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
  .option('--timeout <seconds>', 'time budget', integer(1, 3600), 60)
  .action(async (options) => {
    if (options.mode === 'live') (await import('./drill/hold-on.js')).holdOn(process);
    else process.once('SIGINT', () => process.exit(ExitCode.interrupted));
    const { drill } = await import('./drill/drill.command.js');
    process.exitCode = await drill(
      { ...options, mode: options.mode as DrillMode, timeoutSeconds: options.timeout },
      {
        out: (text) => process.stdout.write(text),
        note: (text) => process.stderr.write(`${text}\n`),
        env: process.env,
        stdout: process.stdout,
      },
    );
  });

program
  .command('explain')
  .argument('[control]', 'control id, such as FLUX-KC-03')
  .description('show a control: why it matters, how it is judged, how to fix it')
  .action(async (id: string | undefined) => {
    const { explain } = await import('./explain.command.js');
    process.stdout.write(`${explain(id)}\n`);
  });

program
  .command('manifest')
  .description('print the least-privilege, read-only ClusterRole that an audited cluster needs')
  .option('--active', 'with what active verification needs: the guard policy, and the right to act as tenants', false)
  .option('--registry <file>', 'what you declare about the cluster; with --active it names the tenants')
  .option('--cluster <id>', 'entry of the registry file (default: the only one)')
  .option('--kubernetes <version>', 'version of the API server, such as 1.36: since then the rights are narrower')
  .option('--service-account <namespace/name>', 'the auditor (default: plimsoll/plimsoll-reader)')
  .action(async (options) => {
    const { manifest } = await import('./manifest.command.js');
    process.stdout.write(
      await manifest({
        active: options.active,
        registry: options.registry,
        cluster: options.cluster,
        kubernetes: options.kubernetes,
        serviceAccount: options.serviceAccount,
      }),
    );
  });

program
  .command('up')
  .description('start everything on this machine: PostgreSQL, worker, API and dashboard, and audit a demo fleet')
  .option('--no-demo', 'start empty')
  .option('--demo', 'with the demo fleet (default, unless contexts are given)')
  .option('--contexts <names>', 'audit these contexts of the local kubeconfig instead', list)
  .option('--all-contexts', 'audit all contexts of the local kubeconfig')
  .option('--kubeconfig <file>', 'kubeconfig file (default: $KUBECONFIG, then ~/.kube/config)')
  .option('--no-open', 'do not open the browser')
  .action(async (options) => {
    const { up } = await import('./up/up.command.js');
    await up({
      demo: options.demo as boolean | undefined,
      contexts: options.contexts as readonly string[] | undefined,
      allContexts: options.allContexts === true,
      kubeconfig: options.kubeconfig as string | undefined,
      open: options.open as boolean,
    });
  });

/** Wrong usage, or `--help` and `--version`, as commander reports them; it has printed its words already. */
function isCommanderError(error: unknown): error is Error & { readonly exitCode?: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

/** Loaded only when it is needed: most runs end well. */
async function asCliError(error: unknown): Promise<unknown> {
  if (error instanceof CliError || isCommanderError(error)) return error;
  const { cliErrorOf } = await import('./cli-error-of.js');
  return cliErrorOf(error);
}

// Whoever reads our output may stop early, as `head` does. That is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? ExitCode.ok);
  throw error;
});

try {
  await program.parseAsync();
} catch (thrown) {
  const error = await asCliError(thrown);
  if (error instanceof CliError) {
    process.stderr.write(`plimsoll: ${error.message}\n${error.fix === undefined ? '' : `  ${error.fix}\n`}`);
    process.exitCode = error.exitCode;
  } else if (isCommanderError(error)) {
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  } else {
    process.stderr.write(`plimsoll: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = ExitCode.couldNotRun;
  }
}
