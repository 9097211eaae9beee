import type { Exit } from '#model/instance.ts';
import type { Clock } from '#world/clock.ts';
import type { Containers } from '../container/containers.ts';
import { exitOf, signalOf } from '../container/observed.ts';
import type { Engine } from '../engine/client.ts';
import { messagesOf } from '../images/messages.ts';
import { label } from '../labels.ts';

/** What happened to an instance's container. */
export type ContainerEvent = {
  readonly project: string;
  readonly instance: string;
  readonly container: string;
} & ({ readonly kind: 'start'; readonly again: boolean } | { readonly kind: 'end'; readonly exit: Exit });

interface Known {
  readonly running: boolean;
  readonly project: string;
  readonly instance: string;
}

type Listener = (event: ContainerEvent) => void | Promise<void>;

interface Options {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly homeId: string;
  readonly containers: Containers;
  /** Called after each (re)connection, before the events that were missed: an engine restart takes things away. */
  readonly onConnect: () => Promise<void>;
}

/** The engine's message about a container. */
interface EngineEvent {
  readonly Action?: string;
  readonly timeNano?: number;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
}

const firstPauseMs = 200;
const longestPauseMs = 2000;

/** An engine may say nothing for as long as nothing happens. */
const noSilenceLimit = 2 ** 31 - 1;

/**
 * One connection to the engine's events for all who listen. It comes back by itself after an engine restart, and then
 * tells what happened meanwhile by comparing what runs with what ran.
 */
export class EventHub {
  readonly #options: Options;
  readonly #listeners = new Set<Listener>();
  /** Containers of instances, and whether they ran when last heard of. */
  readonly #known = new Map<string, Known>();
  #stop: AbortController | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Calls `listener` for every event from now on. Returns the way to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      void this.#run(this.#stop.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /**
   * Notes what somebody was told of a container. Should it end before the connection stands, the comparison that
   * follows finds the difference, and the end is told after all.
   */
  told(container: string, what: Known): void {
    if (this.#stop !== undefined && !this.#known.has(container)) this.#known.set(container, what);
  }

  close(): void {
    this.#listeners.clear();
    this.#stop?.abort();
    this.#stop = undefined;
    this.#known.clear();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let pause = firstPauseMs;
    while (!signal.aborted) {
      try {
        await this.#connection(signal, () => {
          pause = firstPauseMs;
        });
      } catch {
        // The engine is away; calls that need it say so, here we only wait for its return.
      }
      if (signal.aborted) return;
      await this.#options.clock.wait(pause, signal).catch(() => undefined);
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }

  /** Listens until the connection ends. It is opened before the state is read, so nothing falls between the two. */
  async #connection(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const { engine } = this.#options;
    const stream = await engine.stream({
      what: 'listen to events',
      method: 'GET',
      path: '/events',
      query: {
        // Not by our label: containers that were taken over carry none.
        filters: { type: ['container'], event: ['start', 'die', 'destroy'] },
      },
      signal,
    });
    onOpen();
    await this.#options.onConnect();
    await this.#compare();
    for await (const message of messagesOf(stream, 'listen to events', noSilenceLimit)) {
      await this.#take(message as EngineEvent);
    }
  }

  async #take({ Action, Actor, timeNano }: EngineEvent): Promise<void> {
    const { homeId, containers } = this.#options;
    const container = Actor?.ID;
    if (container === undefined) return;
    const attributes = { ...Actor?.Attributes, ...(await containers.adoptedLabels(container)) };
    const [project, instance] = [attributes[label.project], attributes[label.instance]];
    if (attributes[label.home] !== homeId || project === undefined || instance === undefined) return;
    if (attributes[label.oneOff] !== undefined) return;
    if (Action === 'destroy') this.#known.delete(container);
    if (Action === 'start')
      this.#note({ kind: 'start', again: this.#known.has(container), project, instance, container });
    if (Action !== 'die') return;
    const found = await containers.inspect(container).catch(() => undefined);
    const code = Number(attributes.exitCode ?? 0);
    const told: Exit = { code, signal: signalOf(code), at: Math.floor((timeNano ?? 0) / 1e6), outOfMemory: false };
    // Its own record is the better one, unless it has been started again since.
    const exit = (found === undefined ? undefined : exitOf(found)) ?? told;
    this.#note({ kind: 'end', project, instance, container, exit });
  }

  /** Tells what changed since the last connection, or since somebody was told. */
  async #compare(): Promise<void> {
    const { containers, homeId } = this.#options;
    const listed = await containers.list({ [label.home]: homeId, [label.instance]: undefined });
    const present = new Set(listed.map((one) => one.Id));
    for (const { Id, Labels, State } of listed) {
      if (Labels[label.oneOff] !== undefined) continue;
      const [project = '', instance = ''] = [Labels[label.project], Labels[label.instance]];
      const running = State === 'running' || State === 'paused';
      const before = this.#known.get(Id);
      if (before === undefined || before.running === running) {
        this.#known.set(Id, { running, project, instance });
        continue;
      }
      if (running) this.#note({ kind: 'start', again: true, project, instance, container: Id });
      else this.#note({ kind: 'end', project, instance, container: Id, exit: await this.#exitOf(Id) });
    }
    for (const [container, { running, project, instance }] of this.#known) {
      if (present.has(container)) continue;
      this.#known.delete(container);
      if (running) this.#emit({ kind: 'end', project, instance, container, exit: this.#unseen() });
    }
  }

  async #exitOf(container: string): Promise<Exit> {
    const found = await this.#options.containers.inspect(container);
    return (found === undefined ? undefined : exitOf(found)) ?? this.#unseen();
  }

  #unseen(): Exit {
    return { code: undefined, signal: undefined, at: this.#options.clock.now(), outOfMemory: false };
  }

  /** Events may repeat what the comparison has told already. */
  #note(event: ContainerEvent): void {
    const running = event.kind === 'start';
    const before = this.#known.get(event.container);
    this.#known.set(event.container, { running, project: event.project, instance: event.instance });
    if (before?.running !== running) this.#emit(event);
  }

  #emit(event: ContainerEvent): void {
    for (const listener of this.#listeners) void listener(event);
  }
}
