import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { DeploymentEvent } from '#model/event.ts';
import { type Home, root } from './home.ts';
import type { Answer, EngineAccess, Order } from './lone-daemon-words.ts';

type AnswerOf<K extends Answer['kind']> = Extract<Answer, { readonly kind: K }>;

interface Waiting {
  readonly kind: Answer['kind'];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

type End = Extract<DeploymentEvent, { event: 'end' }>;

/** A daemon in a process of its own, to be killed. */
export class ForkedDaemon {
  readonly problems: string[] = [];
  readonly events: DeploymentEvent[] = [];
  /** Resolves when the process is gone, however. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<Waiting>();
  #isGone = false;

  /**
   * @param fault the step at which it kills itself, as lone-daemon.ts reads it
   * @param engine the Docker Engine for projects of the docker runtime
   */
  constructor(home: Home, fault?: string, engine?: EngineAccess) {
    const docker = engine === undefined ? [] : [JSON.stringify(engine)];
    const args = [home.dir, `${home.httpPort}`, `${home.httpsPort}`, ...docker];
    this.#child = fork(join(root, 'test/support/lone-daemon.ts'), args, {
      env: {
        ...{ PATH: home.env.PATH, HOME: home.env.HOME, NODE_COMPILE_CACHE: join(root, '.timonel/compiled-tests') },
        ...(fault === undefined ? {} : { TIMONEL_FAULT: fault }),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.gone = new Promise((resolve) =>
      this.#child.once('exit', () => {
        this.#isGone = true;
        resolve();
      }),
    );
    this.#child.on('message', (answer: Answer) => this.#take(answer));
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Resolves once it takes orders; rejects when it ended before. */
  async ready(): Promise<void> {
    const gone = this.gone.then(() => Promise.reject(new Error('the daemon ended at its start')));
    await Promise.race([this.#next('ready'), gone]);
    gone.catch(() => undefined);
  }

  async plan(cwd: string): Promise<readonly string[]> {
    this.#order({ kind: 'plan', cwd });
    return (await this.#next('planned')).steps;
  }

  /** Begins a deployment; resolves with its end, or undefined when the daemon was gone before. Rejects when refused. */
  async deploy(cwd: string): Promise<End | undefined> {
    this.#order({ kind: 'deploy', cwd });
    return this.#end();
  }

  /** Takes the project down; resolves as `deploy` does. */
  async down(project: string): Promise<End | undefined> {
    this.#order({ kind: 'down', project });
    return this.#end();
  }

  async #end(): Promise<End | undefined> {
    for (;;) {
      const { event } = await Promise.race([this.#next('event'), this.gone.then(() => ({ event: undefined }))]);
      if (event === undefined || event.event === 'end') return event;
    }
  }

  async status(project: string): Promise<AnswerOf<'status'>> {
    this.#order({ kind: 'status', project });
    return this.#next('status');
  }

  /** What the runtime has of the project, and what the records say of it. */
  look(project: string): Promise<AnswerOf<'seen'>> {
    this.#order({ kind: 'look', project });
    return this.#next('seen');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.gone;
  }

  #order(order: Order): void {
    if (this.#child.connected) this.#child.send(order);
  }

  #take(answer: Answer): void {
    if (answer.kind === 'problem') this.problems.push(answer.text);
    if (answer.kind === 'event') this.events.push(answer.event);
    for (const one of [...this.#waiting]) {
      if (answer.kind !== 'refused' && one.kind !== answer.kind) continue;
      this.#waiting.delete(one);
      if (answer.kind === 'refused') one.reject(new Error(answer.text));
      else one.resolve(answer);
    }
  }

  #next<K extends Answer['kind']>(kind: K): Promise<AnswerOf<K>> {
    return new Promise((resolve, reject) =>
      this.#waiting.add({ kind, resolve: (answer) => resolve(answer as AnswerOf<K>), reject }),
    );
  }
}
