import { type LoadResult, loadProject } from '#compose/load.ts';
import { TimonelError } from '#core/errors.ts';
import { type Finding, finding, hasErrors, sortFindings } from '#core/finding.ts';
import { fingerprint } from '#core/hash.ts';
import type { Project, Service } from '#model/project.ts';
import type { Release } from '#model/release.ts';
import type { Endpoint, Route } from '#model/route.ts';
import type { RuntimeKind, ServiceSpec } from '#model/spec.ts';
import { inspectConflicts } from '#routing/conflicts.ts';
import { resolveEndpoints } from '#routing/endpoints.ts';
import { labelProbe } from '#routing/label-probe.ts';
import { resolveRoutes } from '#routing/routes.ts';
import { resolveAuthority } from '#settings/acme.ts';
import { settleCanary } from '#settings/canary-fit.ts';
import { resolveFiles } from '#settings/files.ts';
import { resolveReplicas, resolveRestart, resolveStop } from '#settings/life.ts';
import { resolveProbe } from '#settings/probe.ts';
import { resolveProcess, resolveReleaseCommand } from '#settings/process.ts';
import { readSettings, type Settings } from '#settings/read.ts';
import type { ServiceSettings } from '#settings/schema.ts';
import { resolveHold, resolveObserve, resolveStrategy } from '#settings/strategy.ts';
import type { ProjectFiles } from '#world/project-files.ts';
import type { Runtime } from '#world/runtime.ts';
import type { ProjectRequest } from './api.ts';
import { inspectCertificates } from './certificates/inspect.ts';
import { chooseRuntime } from './choose-runtime.ts';
import { type History, inspectEmptiedMounts } from './emptied-mounts.ts';
import { replacingParts } from './replacing.ts';

/** What `resolveDesired` may use of the world: it reads, and changes nothing. */
export interface DesiredDoor {
  readonly files: ProjectFiles;
  readonly runtimes: Readonly<Partial<Record<RuntimeKind, Runtime>>>;
  now(): number;
  /** Where the project runs already, so that a file which does not say it stays there. */
  runtimeOf?(project: string): RuntimeKind | undefined;
  /** Every route that the proxy carries now, so that none is asked for twice. */
  carriedRoutes?(): readonly Route[];
  history?(project: string): History;
}

/** A release that has no number yet. */
export type ReleaseDraft = Omit<Release, 'number'>;

export interface Desired {
  /** Undefined when a finding is an error. */
  readonly draft: ReleaseDraft | undefined;
  readonly project: string | undefined;
  readonly findings: readonly Finding[];
}

/**
 * From the user's Compose file to what should run: load, read `x-timonel`, pin every source, resolve every service.
 * Nothing outside is changed. All findings are collected; the draft exists only when none is an error.
 */
export async function resolveDesired(
  door: DesiredDoor,
  request: ProjectRequest,
  signal: AbortSignal,
): Promise<Desired> {
  const loaded = loadProject(loadRequest(request), door.files);
  if (loaded.project === undefined || hasErrors(loaded.findings)) {
    return { draft: undefined, project: loaded.project?.name, findings: sortFindings(loaded.findings) };
  }
  const resolving = new Resolving({ door, request, loaded, project: loaded.project, signal });
  const services = await resolving.services();
  const findings = sortFindings([...loaded.findings, ...resolving.findings]);
  if (hasErrors(findings)) return { draft: undefined, project: loaded.project.name, findings };
  return {
    draft: draftOf(loaded.project, loaded.directory, services, door.now()),
    project: loaded.project.name,
    findings,
  };
}

/** A draft over resolved services; also how a scale or a rollback makes one from a recorded release. */
export function draftOf(
  model: Project,
  directory: string,
  services: Readonly<Record<string, ServiceSpec>>,
  now: number,
): ReleaseDraft {
  return { project: model.name, createdAt: now, directory, model, services, digest: fingerprint(services) };
}

function loadRequest(request: ProjectRequest) {
  const { cwd, env, files, stdin, projectDirectory, projectName, profiles, envFiles } = request;
  const given = { files, stdin, projectDirectory, projectName, profiles, envFiles };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { cwd, env, ...known };
}

interface Input {
  readonly door: DesiredDoor;
  readonly request: ProjectRequest;
  readonly loaded: LoadResult;
  readonly project: Project;
  readonly signal: AbortSignal;
}

interface Sourced extends Pick<ServiceSpec, 'name' | 'service' | 'source' | 'endpoints'> {
  readonly settings: ServiceSettings;
  readonly processOptions: ReturnType<typeof resolveProcess>;
}

class Resolving {
  readonly findings: Finding[];
  readonly #input: Input;
  readonly #settings: Settings;
  readonly #locate: LoadResult['sources']['locate'];

  constructor(input: Input) {
    this.#input = input;
    this.#locate = (path) => input.loaded.sources.locate(path);
    this.#settings = readSettings(input.project, this.#locate);
    this.findings = [...this.#settings.findings];
  }

  async services(): Promise<Record<string, ServiceSpec>> {
    const entries = Object.entries(this.#input.project.services);
    if (entries.length === 0) {
      const profiles = (this.#input.request.profiles ?? []).join(', ');
      this.findings.push(finding('error', 'SETTINGS_EMPTY_PROJECT', { profiles }, this.#locate(['services'])));
    }
    // What follows from a setting that is not understood is no fault of the file.
    if (hasErrors(this.findings)) return {};
    const runtime = await this.#runtime(entries);
    if (runtime === undefined) return {};
    const sourced = await Promise.all(entries.map(([name, service]) => this.#sourced(name, service, runtime)));
    const known = sourced.filter((one) => one !== undefined);
    const endpoints = Object.fromEntries(known.map((one) => [one.name, one.endpoints]));
    const specs = known.map((one) => this.#service(one, endpoints, runtime));
    const wanted = specs.flatMap((spec) => spec?.routes ?? []);
    const carried = this.#input.door.carriedRoutes?.() ?? [];
    this.findings.push(...inspectConflicts({ wanted, carried, locate: this.#locate }));
    const services = Object.fromEntries(specs.map((spec) => [spec.name, spec]));
    this.findings.push(...this.#emptiedMounts(services));
    return services;
  }

  #emptiedMounts(services: Readonly<Record<string, ServiceSpec>>): readonly Finding[] {
    const { door, project, request } = this.#input;
    const history = request.acceptNewVolumes === true ? undefined : door.history?.(project.name);
    return history === undefined ? [] : inspectEmptiedMounts({ history, project, services, locate: this.#locate });
  }

  async #runtime(entries: readonly (readonly [string, Service])[]): Promise<Runtime | undefined> {
    const { request, door, project } = this.#input;
    const said = request.runtime ?? this.#settings.project.runtime ?? door.runtimeOf?.(project.name);
    const kind = said ?? (await this.#fittingRuntime(entries));
    const runtime = door.runtimes[kind];
    if (runtime === undefined) {
      this.findings.push(
        finding('error', 'SETTINGS_RUNTIME_ABSENT', { runtime: kind }, this.#locate(['x-timonel', 'runtime'])),
      );
    }
    return runtime;
  }

  async #fittingRuntime(entries: readonly (readonly [string, Service])[]): Promise<RuntimeKind> {
    const candidates = entries.map(([name, service]) => {
      return { name, service, process: resolveProcess(this.#settings.services[name] ?? {}) };
    });
    const { kind, findings } = await chooseRuntime(this.#input.door.runtimes, candidates);
    this.findings.push(...findings);
    return kind;
  }

  /** A service's source and ports, which the routes of others may ask for. */
  async #sourced(name: string, service: Service, runtime: Runtime): Promise<Sourced | undefined> {
    const { loaded, project, signal } = this.#input;
    const settings = this.#settings.services[name] ?? {};
    const processOptions = resolveProcess(settings);
    const { directory } = loaded;
    const sourced = await runtime
      .resolveSource({ project: project.name, directory, name, service, process: processOptions }, signal)
      .catch((error: unknown) => this.#asFinding(error, name));
    if (sourced === undefined) return undefined;
    const { endpoints } = this.#taking(
      resolveEndpoints({ compose: service, settings, sourcePorts: sourced.ports, locate: this.#locate, name }),
    );
    return { name, service, settings, processOptions, source: sourced, endpoints };
  }

  #service(one: Sourced, neighbourEndpoints: Record<string, readonly Endpoint[]>, runtime: Runtime): ServiceSpec {
    const { door, loaded, project } = this.#input;
    const { name, service, settings, processOptions, source, endpoints } = one;
    const locate = this.#locate;
    const { directory } = loaded;
    const routed = this.#taking(
      resolveRoutes({
        project: project.name,
        service: name,
        compose: service,
        neighbours: project.services,
        neighbourEndpoints,
        trustedProxies: this.#settings.project.trustedProxies,
        settings,
        endpoints,
        locate,
        directory,
        authority: resolveAuthority(this.#settings.project.acme, directory),
      }),
    );
    this.findings.push(...inspectCertificates({ name, service, settings, routes: routed.routes, door, locate }));
    const labelled = this.#taking(labelProbe({ name, labels: service, endpoints, locate })).probe;
    const probed = this.#taking(
      resolveProbe({ name, settings, healthcheck: service.healthcheck, labelled, endpoints, locate }),
    );
    const filed = this.#taking(
      resolveFiles({ project, directory, name, service, contents: loaded.contents, files: door.files, locate }),
    );
    const { strategy, reason } = resolveStrategy({ service, settings, project: this.#settings.project, endpoints });
    const { balance } = this.#taking(settleCanary({ name, strategy, endpoints, balance: routed.balance, locate }));
    const spec: Omit<ServiceSpec, 'fingerprint'> = {
      name,
      runtime: runtime.kind,
      replicas: resolveReplicas(service),
      service,
      environment: environmentOf(service, runtime.kind === 'process' ? processOptions.env : {}),
      files: filed.files,
      source,
      endpoints,
      routes: routed.routes,
      balance,
      probe: probed.probe,
      strategy,
      strategyReason: reason,
      observe: resolveObserve(settings, this.#settings.project),
      hold: resolveHold(settings, this.#settings.project),
      releaseCommand: resolveReleaseCommand(settings),
      process: processOptions,
      dependsOn: service.depends_on ?? {},
      restart: resolveRestart(service),
      ...resolveStop(service),
      oneShot: isOneShot(name, service, project, endpoints.length > 0),
    };
    const complete: ServiceSpec = { ...spec, fingerprint: fingerprint(replacingParts(spec)) };
    this.findings.push(...runtime.check(complete, locate));
    return complete;
  }

  /** Keeps the findings of a partial result and hands the result on. */
  #taking<T extends { readonly findings: readonly Finding[] }>(result: T): T {
    this.findings.push(...result.findings);
    return result;
  }

  #asFinding(error: unknown, name: string): undefined {
    if (!(error instanceof TimonelError)) throw error;
    const at = error.at ?? this.#locate(['services', name]);
    this.findings.push({ severity: 'error', said: error.said, at });
    return undefined;
  }
}

/** Variables that are named without a value and unset where Timonel runs do not exist, as in Compose. */
function environmentOf(service: Service, extra: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(service.environment ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return { ...Object.fromEntries(given), ...extra };
}

/** Ends by itself: somebody waits for its completion, or it has no port and is never to be restarted. */
function isOneShot(name: string, service: Service, project: Project, listens: boolean): boolean {
  const awaited = Object.values(project.services).some(
    (other) => other.depends_on?.[name]?.condition === 'service_completed_successfully',
  );
  return awaited || (service.restart === 'no' && !listens && service.deploy?.restart_policy === undefined);
}
