import assert from 'node:assert/strict';
import type { InstanceSpec, LogLine, ObservedInstance } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { Service } from '#model/project.ts';
import type { GrantedFile, ServiceSpec } from '#model/spec.ts';
import type { ProjectRef, Runtime, RuntimeEvent } from '#world/runtime.ts';

/** What a runtime under test must provide: itself, over a home of its own, and services that run Node programs. */
export interface RuntimeStage extends AsyncDisposable {
  readonly project: ProjectRef;
  runtime: Runtime;
  /** Closes the runtime and opens another over the same home, as a restarted daemon does. */
  reopen(): Promise<Runtime>;
  /** A prepared service that runs `program`, listening on port 5000 where it does. */
  service(program: string, wishes?: ServiceWishes): Promise<ServiceSpec>;
}

export interface ServiceWishes {
  readonly name?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: readonly GrantedFile[];
  readonly attributes?: Partial<Service>;
}

export const port = 5000;
export const never = new AbortController().signal;

/** The instance `SERVICE-rRELEASE-N` of a service. */
export function instanceOf(
  stage: RuntimeStage,
  spec: ServiceSpec,
  parts: Partial<InstanceSpec> & { readonly number?: number } = {},
): InstanceSpec {
  const { number = 1, release = 1, ...rest } = parts;
  return {
    id: `${spec.name}-r${release}-${number}`,
    project: stage.project.name,
    service: spec.name,
    release,
    spec,
    directory: stage.project.directory,
    hosts: {},
    volumes: {},
    ...rest,
  };
}

/** Waits until `look` gives something; fails saying what was waited for. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  ms = 10_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) assert.fail(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asks an instance's server, waiting until it listens. */
export async function ask({ address }: Pick<ObservedInstance, 'address'>, path: string): Promise<string> {
  return until(`an answer of ${address}/${path}`, async () => {
    try {
      const response = await fetch(`http://${address}:${port}/${path}`, { signal: AbortSignal.timeout(5000) });
      return await response.text();
    } catch {
      return undefined;
    }
  });
}

export async function observed(stage: RuntimeStage, id: string): Promise<ObservedInstance | undefined> {
  return (await stage.runtime.observe(stage.project.name)).find((one) => one.id === id);
}

/** All lines that a query gives. */
export async function linesOf(stage: RuntimeStage, query: Omit<LogQuery, 'project'> = {}): Promise<LogLine[]> {
  return Array.fromAsync(stage.runtime.logs({ project: stage.project.name, ...query }, never));
}

/** Waits until the log has a line with `text`. */
export async function said(stage: RuntimeStage, text: string, query: Omit<LogQuery, 'project'> = {}): Promise<LogLine> {
  return until(`the log line "${text}"`, async () =>
    (await linesOf(stage, query)).find((line) => line.text.includes(text)),
  );
}

/** Collects the runtime's events until disposed. */
export function listening(runtime: Runtime): { readonly events: RuntimeEvent[] } & Disposable {
  const events: RuntimeEvent[] = [];
  const stop = runtime.watch((event) => events.push(event));
  return { events, [Symbol.dispose]: stop };
}

export const stopNow = { signal: 'SIGTERM', graceMs: 5000 };
