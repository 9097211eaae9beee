import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { CommandResult, Exit, InstanceSpec, ObservedInstance } from '#model/instance.ts';
import type { Attendant } from '#world/attendant.ts';
import type { StopOptions, StopOutcome } from '#world/runtime.ts';
import { findGroup, makeGroup, removeGroup } from '../cgroups/group.ts';
import { limitsOf } from '../cgroups/limits.ts';
import { repairHosts } from '../launch/hosts-repair.ts';
import { launch } from '../launch/launch.ts';
import { removeLayer } from '../launch/layer.ts';
import type { Tap } from '../logs/hub.ts';
import { logOptionsOf } from '../logs/options.ts';
import type { Parts } from '../parts.ts';
import { hangUp, letGo, openPipes, serve } from './attended.ts';
import { execInside } from './exec.ts';
import { type InstanceFolder, instanceFolder } from './folder.ts';
import { launchOrder } from './launch-order.ts';
import { type Described, describeInstance, stageInstance } from './prepare.ts';
import { stopSignalOf } from './provided.ts';
import { readEnd } from './read-end.ts';
import { Run } from './run.ts';
import { type InstanceRecord, type InstanceState, writeRecord, writeState } from './state.ts';
import { Turns } from './turns.ts';

/**
 * One instance: its record and state on disk, its process, its output. Acts on it are taken one after the other; the
 * end of its process may come at any time.
 */
export class Instance {
  readonly record: InstanceRecord;
  readonly #parts: Parts;
  readonly #folder: InstanceFolder;
  readonly #turns = new Turns();
  #state: InstanceState;
  #run: Run | undefined;
  #described: Promise<Described> | undefined;

  private constructor(parts: Parts, record: InstanceRecord, state: InstanceState) {
    this.record = record;
    this.#parts = parts;
    this.#state = state;
    this.#folder = instanceFolder(parts.home.instance(record.spec.project, record.spec.id));
  }

  /** Writes down a new instance; nothing runs yet. `once` is the command of a one-off run. */
  static create(parts: Parts, spec: InstanceSpec, once?: readonly string[]): Instance {
    const address = parts.addresses.take();
    const record: InstanceRecord = { spec, address, ...(once === undefined ? {} : { once }) };
    const instance = new Instance(parts, record, { phase: 'created', restarts: 0 });
    const { path } = instance.#folder;
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      parts.logs.forget(spec);
      writeRecord(instance.#folder, record);
      instance.#save({ phase: 'created', restarts: 0 });
    } catch (error) {
      rmSync(path, { recursive: true, force: true });
      parts.addresses.give(record.address);
      throw error;
    }
    return instance;
  }

  /** Takes over an instance of an earlier runtime, as its files describe it. */
  static adopt(parts: Parts, record: InstanceRecord, state: InstanceState): Instance {
    const instance = new Instance(parts, record, state);
    if (state.phase === 'running')
      instance.#follow(new Run({ ...instance.#belonging(state), ...instance.#outlets('kept') }));
    return instance;
  }

  get id(): string {
    return this.record.spec.id;
  }

  get isRunning(): boolean {
    return this.#state.phase === 'running';
  }

  /** Its end is noticed only by asking. */
  get isAdopted(): boolean {
    return this.#run?.isAdopted === true;
  }

  observe(): ObservedInstance {
    this.#run?.checkAlive();
    const { spec, address } = this.record;
    const state = this.#state;
    return {
      id: spec.id,
      project: spec.project,
      service: spec.service,
      release: spec.release,
      fingerprint: spec.spec.fingerprint,
      state: state.phase,
      address,
      startedAt: state.phase === 'created' ? undefined : state.startedAt,
      restarts: state.restarts,
      exit: state.phase === 'exited' ? state.exit : undefined,
      ...(state.phase === 'running' ? { pid: state.identity.pid } : {}),
    };
  }

  /** Starts it unless it runs. `again` counts one more restart. */
  start(signal: AbortSignal, how: 'first' | 'again' = 'first'): Promise<ObservedInstance> {
    return this.#turns.take(async () => {
      this.#run?.checkAlive();
      if (!this.isRunning) await this.#start(signal, how);
      return this.observe();
    });
  }

  /** Starts a one-off run that somebody sits at, and serves them to its end. */
  async startAttended(signal: AbortSignal, attendant: Attendant): Promise<void> {
    const pipes = openPipes(this.#folder.path, this.#parts.tools.mkfifo);
    try {
      await this.#turns.take(() => this.#start(signal, 'first', pipes.theirs));
    } catch (error) {
      hangUp(pipes);
      throw error;
    } finally {
      letGo(pipes);
    }
    const send = (name: string): void => this.#run?.signal(name);
    await serve(pipes, attendant, { ended: this.#settled(), signal: send });
  }

  /** Nothing of the instance runs afterwards. */
  stop({ signal, graceMs }: StopOptions): Promise<StopOutcome> {
    return this.#turns.take(async () => {
      if (this.#run === undefined) return { killed: false, tookMs: 0 };
      const outcome = await this.#run.stop({ signal: stopSignalOf(this.record, signal), graceMs });
      await this.#settled();
      return outcome;
    });
  }

  kill(): Promise<void> {
    return this.#turns.take(async () => {
      await this.#run?.kill();
      await this.#settled();
    });
  }

  /** Runs a command inside of it: same environment, user, names and files. */
  async exec(command: readonly string[], timeoutMs: number): Promise<CommandResult> {
    const state = this.#state;
    if (state.phase !== 'running') throw fail('RUNTIME_NOT_RUNNING', { instance: this.id });
    this.#described ??= describeInstance(this.#input());
    const described = await this.#described.catch((error: unknown) => {
      this.#described = undefined;
      throw error;
    });
    const { identity, group } = state;
    return execInside({ parts: this.#parts, record: this.record, described, identity, group, command, timeoutMs });
  }

  /** Resolves with the end of the process that runs now; at once when none does. */
  async ended(): Promise<Exit | undefined> {
    await this.#settled();
    return this.#state.phase === 'exited' ? this.#state.exit : undefined;
  }

  checkAlive(): void {
    this.#run?.checkAlive();
  }

  /** The last part of its standard output. */
  output(): string {
    return readEnd(this.#folder.stdout);
  }

  /** Puts its names back, should the machine's /etc/hosts have been replaced below it. */
  async repairHosts(): Promise<void> {
    const state = this.#state;
    if (state.phase !== 'running') return;
    await repairHosts({ parts: this.#parts, identity: state.identity, hosts: this.#folder.hosts });
  }

  /** Removes everything of a stopped instance but its stored log lines. */
  remove(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.isRunning) throw fail('RUNTIME_STILL_RUNNING', { instance: this.id });
      removeLayer(this.#folder.layer);
      rmSync(this.#folder.path, { recursive: true, force: true });
      // The kernel may not have let go of them when the process ended.
      removeGroup(findGroup(this.#parts.hierarchies, this.groupName()));
      this.#parts.mountPoints.release(this.#key());
      this.#parts.addresses.give(this.record.address);
    });
  }

  /** Lets go of it; the process runs on. */
  close(): void {
    this.#run?.close();
  }

  async #start(
    signal: AbortSignal,
    how: 'first' | 'again',
    streams?: readonly [number, number, number],
  ): Promise<void> {
    signal.throwIfAborted();
    const parts = this.#parts;
    const described = await describeInstance(this.#input());
    const staged = stageInstance(this.#input(), described);
    parts.mountPoints.ensure(staged.points, this.#key());
    const { group } = makeGroup(parts.hierarchies, this.groupName(), limitsOf(this.record.spec.spec.service));
    const restarts = this.#state.restarts + (how === 'again' ? 1 : 0);
    const outlets = this.#outlets(streams === undefined ? 'kept' : 'dropped');
    try {
      const { child, identity } = await launch({
        ...parts,
        instance: this.id,
        output: outlets.files,
        ...(streams === undefined ? {} : { streams }),
        signal,
        record: (identity) => this.#save({ phase: 'running', restarts, identity, startedAt: parts.clock.now(), group }),
        order: launchOrder({ parts, record: this.record, described, staged, group }),
      });
      this.#described = Promise.resolve(described);
      this.#follow(new Run({ ...this.#belonging({ identity, group }), ...outlets, child }));
    } catch (error) {
      outlets.tap.finish();
      outlets.tap.close();
      if (this.isRunning) this.#saveAnyway({ phase: 'created', restarts });
      removeGroup(group);
      throw error;
    }
  }

  /** From here on the run's end is written down and told. */
  #follow(run: Run): void {
    this.#run = run;
    void run.ended.then((exit) => {
      this.#run = undefined;
      if (this.#state.phase !== 'running') return;
      const { restarts, startedAt } = this.#state;
      this.#saveAnyway({ phase: 'exited', restarts, startedAt, exit });
      const { project, id } = this.record.spec;
      if (this.record.once === undefined) this.#parts.emit({ project, instance: id, exit });
    });
    run.checkAlive();
  }

  async #settled(): Promise<void> {
    await this.#run?.ended;
  }

  #input() {
    return { parts: this.#parts, record: this.record, folder: this.#folder };
  }

  #belonging({ identity, group }: Pick<Extract<InstanceState, { phase: 'running' }>, 'identity' | 'group'>) {
    const { stdout, stderr } = this.#folder;
    return { identity, group, output: [stdout, stderr], clock: this.#parts.clock };
  }

  /** Where output goes: a one-off run's streams go together, so that their order is kept. */
  #outlets(output: 'kept' | 'dropped'): {
    readonly files: { readonly stdout: string; readonly stderr: string };
    readonly tap: Tap;
  } {
    const { stdout, stderr } = this.#folder;
    const { spec, once } = this.record;
    if (output === 'dropped' || !logOptionsOf(spec.spec.service).kept) {
      return { files: { stdout: '/dev/null', stderr: '/dev/null' }, tap: this.#parts.logs.attach(spec, {}) };
    }
    if (once !== undefined)
      return { files: { stdout, stderr: stdout }, tap: this.#parts.logs.attach(spec, { o: stdout }) };
    return { files: { stdout, stderr }, tap: this.#parts.logs.attach(spec, { o: stdout, e: stderr }) };
  }

  /** Of its control groups: unique on the machine. */
  groupName(): string {
    return groupNameOf(this.#parts, this.record);
  }

  #key(): string {
    return `${this.record.spec.project}/${this.id}`;
  }

  /** The process is gone, whether that can be written or not: the next runtime will see for itself. */
  #saveAnyway(state: InstanceState): void {
    try {
      this.#save(state);
    } catch {
      this.#state = state;
    }
  }

  #save(state: InstanceState): void {
    writeState(this.#folder, state);
    this.#state = state;
  }
}

export function groupNameOf({ home }: Pick<Parts, 'home'>, { spec }: InstanceRecord): string {
  const digest = createHash('sha256').update(home.root).digest('hex').slice(0, 8);
  return `timonel/${digest}/${spec.project}.${spec.id}`;
}
