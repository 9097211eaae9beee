import { fail } from '#core/errors.ts';
import type { Engine, MakeLine, ProjectRequest, Running, RunOptions } from '#engine/api.ts';
import type { CertificateStatus } from '#model/certificate.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { CommandResult, LogLine } from '#model/instance.ts';
import type { ProjectEvent } from '#model/project-event.ts';
import type { Release } from '#model/release.ts';
import type { ProjectStatus } from '#model/status.ts';

/** What an engine was asked, in order. */
export type Asked =
  | { readonly method: 'plan'; readonly request: ProjectRequest }
  | { readonly method: 'deploy'; readonly request: ProjectRequest; readonly options: RunOptions }
  | { readonly method: string; readonly project: string; readonly detail?: unknown };

/** An engine that answers what a test tells it and remembers what it was asked. */
export interface FakeEngine extends Engine {
  readonly asked: Asked[];
  /** Adds an event to the deployment under way; `end` ends it. */
  tell(event: DeploymentEvent): void;
  /** The deployment that `tell` speaks of. */
  begin(project?: string): Running;
  /** Wakes those who wait for events, as when the daemon closes. */
  dispose(): void;
}

export interface FakeAnswers {
  readonly statuses?: Readonly<Record<string, ProjectStatus>>;
  readonly releases?: Readonly<Record<string, readonly Release[]>>;
  readonly lines?: readonly LogLine[];
  /** Events that every deployment tells from its beginning. */
  readonly events?: readonly DeploymentEvent[];
  /** What happened to the project. */
  readonly happened?: readonly ProjectEvent[];
  readonly plan?: Engine['plan'];
  readonly deploy?: Engine['deploy'];
  readonly recover?: Engine['recover'];
  readonly certificates?: readonly CertificateStatus[];
  /** How commands inside end. */
  readonly result?: CommandResult;
}

export function fakeEngine(given: FakeAnswers = {}): FakeEngine {
  const asked: Asked[] = [];
  const { result = { code: 0, signal: undefined, timedOut: false, output: '' } } = given;
  const answers = { ...given, result };
  const { statuses = {}, releases = {}, lines = [] } = answers;
  let current: Told | undefined;
  const begin = (project = 'shop'): Running => {
    current = new Told(`${project}-7`, project);
    for (const event of answers.events ?? []) current.tell(event);
    return current;
  };
  const run =
    (method: string) =>
    async (project: string, detail?: unknown): Promise<Running> => {
      asked.push({ method, project, detail });
      return begin(project);
    };
  return {
    asked,
    begin,
    tell: (event) => current?.tell(event),
    dispose: () => current?.close(),
    plan: async (request) => {
      asked.push({ method: 'plan', request });
      if (answers.plan === undefined) throw fail('DAEMON_INTERNAL', { detail: 'no plan given', log: '' });
      return answers.plan(request);
    },
    deploy: async (request, options) => {
      asked.push({ method: 'deploy', request, options });
      return answers.deploy === undefined ? begin(request.projectName) : answers.deploy(request, options);
    },
    rollback: run('rollback'),
    scale: run('scale'),
    restart: run('restart'),
    switchover: run('switchover'),
    down: run('down'),
    cancel: async (project) => {
      asked.push({ method: 'cancel', project });
      return current?.isOpen === true ? current.id : undefined;
    },
    certificates: async () => answers.certificates ?? [],
    retryCertificates: async (host) => {
      asked.push({ method: 'retryCertificates', project: '', detail: host });
      return host === undefined ? [] : [host];
    },
    steer: async (project, order) => {
      asked.push({ method: 'steer', project, detail: order });
      return current?.id ?? `${project}-7`;
    },
    pause: async (project, order) => {
      asked.push({ method: 'pause', project, detail: order });
      return order.services.map((service) => ({ service, since: 0, maxMs: order.timeoutMs ?? 30_000, inFlight: 0 }));
    },
    resume: async (project, services) => {
      asked.push({ method: 'resume', project, detail: services });
      return services.map((service) => ({ service, since: 0 }));
    },
    deployment: (id) => (current?.id === id ? current : undefined),
    projects: async () => Object.keys(statuses),
    status: async (project) => {
      const found = statuses[project];
      if (found === undefined) throw new Error(`the test gave no status of ${project}`);
      return found;
    },
    releases: async (project) => releases[project] ?? [],
    logs: (query) => {
      asked.push({ method: 'logs', project: query.project, detail: query });
      return answerLines(lines);
    },
    events: (query) => {
      asked.push({ method: 'events', project: query.project, detail: query });
      return answerLines(answers.happened ?? []);
    },
    adopt: async ({ dryRun }) => {
      asked.push({ method: 'adopt', project: 'shop', detail: { dryRun } });
      return { project: 'shop', release: dryRun ? undefined : 1, services: [], findings: [] };
    },
    exec: async ({ project, service, command }) => {
      asked.push({ method: 'exec', project, detail: { service, command } });
      return { ...answers.result, instance: `${service}-r1-1` };
    },
    run: async ({ project, service, command }) => {
      asked.push({ method: 'run', project, detail: { service, command } });
      return { ...answers.result, instance: `${service}-r1-run` };
    },
    make: ({ request, which, services }) => {
      asked.push({ method: 'make', project: request.projectName ?? '', detail: { which, services } });
      return answerMade();
    },
    volumes: async () => [],
    removeVolume: async (name) => {
      asked.push({ method: 'removeVolume', project: '', detail: name });
    },
    recover: answers.recover ?? (async () => {}),
    close: async () => {},
  };
}

async function* answerMade(): AsyncGenerator<MakeLine> {
  yield { service: 'web', line: 'made', done: true };
}

async function* answerLines<T>(lines: readonly T[]): AsyncGenerator<T> {
  yield* lines;
}

/** A deployment whose events come when the test says so. */
class Told implements Running {
  readonly id: string;
  readonly project: string;
  readonly #events: DeploymentEvent[] = [];
  #isOpen = true;
  #news = Promise.withResolvers<void>();

  constructor(id: string, project: string) {
    this.id = id;
    this.project = project;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  tell(event: DeploymentEvent): void {
    this.#events.push(event);
    if (event.event === 'end') this.#isOpen = false;
    this.#wake();
  }

  close(): void {
    this.#isOpen = false;
    this.#wake();
  }

  async *events(): AsyncGenerator<DeploymentEvent> {
    for (let next = 0; ; ) {
      const event = this.#events[next];
      if (event !== undefined) {
        next++;
        yield event;
      } else if (this.#isOpen) await this.#news.promise;
      else return;
    }
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
