import { Secret } from '#core/secret.ts';
import type { Project, Service } from '#model/project.ts';
import type { ProjectFiles } from '#world/project-files.ts';
import type { FileContents, LoadRequest, LoadResult } from './contract.ts';
import { assemble } from './phases/assemble.ts';
import { bind } from './phases/bind.ts';
import { checkConsistency, checkContainerNames } from './phases/consistency.ts';
import { type Discovery, discover } from './phases/discover.ts';
import { foldInFiles } from './phases/env-files.ts';
import { Load, type Options } from './phases/load-context.ts';
import { normalise } from './phases/normalise.ts';
import { byProfile } from './phases/profiles.ts';
import { projectName } from './phases/project-name.ts';
import { Readings } from './phases/readings.ts';
import { fillReplicas } from './phases/replicas.ts';
import { selectServices, withoutUnused } from './phases/select.ts';
import { mentionedVariables } from './phases/variables.ts';
import { sourcesOf, spotAt } from './sources.ts';
import type { Mapping, Path } from './tree/node.ts';
import { toPlain } from './tree/plain.ts';
import { Report, type Spot } from './tree/report.ts';

export type { FileContents, LoadOptions, LoadRequest, LoadResult, Sources } from './contract.ts';

/**
 * Loads a Compose project: any file that Docker Compose accepts gives the same canonical model here; any that it refuses
 * gives findings, all of them, each with its place. Never throws for what a user wrote.
 */
export function loadProject(request: LoadRequest, files: ProjectFiles): LoadResult {
  const report = new Report();
  const options = optionsOf(request);
  const readings = new Readings(files, request.cwd, report);
  const discovery = discover(request, readings, report);
  readings.enter(discovery.directory);
  const load = new Load({ readings, report, options, home: request.env.HOME, stdin: request.stdin });

  const name = projectName(request, discovery, load);
  const environment = { ...discovery.environment, COMPOSE_PROJECT_NAME: name };
  const base = options.resolvePaths ? discovery.directory : undefined;
  const root = assemble(
    { files: discovery.composeFiles, directory: discovery.directory, base, environment, included: [] },
    load,
  );
  checkPresence(root, discovery, load);

  const normal = options.normalize ? normalise(root, name, environment) : root;
  const tree = options.interpolate ? bind(normal, report) : normal;
  const resolved = finish(tree, { request, discovery, load, name, environment });
  return {
    project: report.hasErrors ? undefined : resolved.project,
    findings: report.findings(),
    sources: sourcesOf(tree),
    disabledServices: resolved.disabled,
    variables: mentionedVariables(load),
    environment,
    contents: contentsOf(load),
    files: readings.paths,
    directory: discovery.directory,
  };
}

interface Context {
  readonly request: LoadRequest;
  readonly discovery: Discovery;
  readonly load: Load;
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Resolved {
  readonly project: Project;
  readonly disabled: Readonly<Record<string, Service>>;
}

/** What is decided on the typed model: profiles, consistency, selection, files of services, unused resources. */
function finish(tree: Mapping, context: Context): Resolved {
  const { request, discovery, load, name, environment } = context;
  const { options, report, readings } = load;
  const whole = { ...(toPlain(tree) as Project), name };
  if (!options.interpolate) return { project: whole, disabled: {} };
  const spotOf = (path: Path): Spot => spotAt(tree, path);

  const profiled = byProfile(whole.services, discovery.profiles);
  const active = { ...whole, services: profiled.active };
  if (options.consistency && !report.hasErrors) checkConsistency(active, profiled.disabled, report, spotOf);
  const counted = options.consistency ? fillReplicas(profiled.active) : profiled.active;
  checkContainerNames(counted, report, spotOf);
  const chosen = selectServices(
    { active: counted, disabled: profiled.disabled },
    request.services ?? [],
    discovery.profiles,
    report,
    readings.placeOf(discovery.composeFiles[0] ?? discovery.directory),
  );
  const folded = foldInFiles(
    { ...whole, services: chosen.active },
    { readings, report, environment, spotOf },
    options.resolveEnvironment ? 'folded' : 'kept',
  );
  return { project: options.allResources ? folded : withoutUnused(folded), disabled: chosen.disabled };
}

function checkPresence(root: Mapping, discovery: Discovery, load: Load): void {
  const { report, readings } = load;
  const [first] = discovery.composeFiles;
  if (first === undefined) {
    report.error('COMPOSE_NOT_FOUND', { directory: discovery.directory }, readings.placeOf(discovery.directory));
  } else if (root.entries.size === 0 && !report.hasErrors) {
    report.error('COMPOSE_EMPTY', { file: readings.nameOf(first) }, readings.placeOf(first));
  }
}

function optionsOf({ options = {} }: LoadRequest): Options {
  return {
    interpolate: options.interpolate ?? true,
    normalize: options.normalize ?? true,
    resolvePaths: options.resolvePaths ?? true,
    consistency: options.consistency ?? true,
    resolveEnvironment: options.resolveEnvironment ?? true,
    allResources: options.allResources ?? false,
    skipValidation: options.skipValidation ?? false,
  };
}

function contentsOf(load: Load): FileContents {
  const wrap = (values: ReadonlyMap<string, string>): Record<string, Secret> =>
    Object.fromEntries([...values].map(([name, value]) => [name, new Secret(value)]));
  return { secrets: wrap(load.contents.secrets), configs: wrap(load.contents.configs) };
}
