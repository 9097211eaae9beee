import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { DeploymentEvent } from '#model/event.ts';
import { type Home, root } from './home.ts';
import type { Answer, Order } from './lone-daemon-words.ts';

type AnswerOf<K extends Answer['kind']> = Extract<Answer, { readonly kind: K }>;

/** A daemon in a process of its own, to be killed. */
export class ForkedDaemon {
  readonly problems: string[] = [];
  readonly events: DeploymentEvent[] = [];
  /** Resolves when the process is gone, however. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<{ kind: Answer['kind']; resolve: (answer: Answer) => void }>();
  #isGone = false;

  constructor(home: Home, fault?: string) {
    this.#child = fork(join(root, 'test/support/lone-daemon.ts'), [home.dir, `${home.httpPort}`, `${home.httpsPort}`], {
      env: { PATH: home.env.PATH, HOME: home.env.HOME, ...(fault === undefined ? {} : { TIMONEL_FAULT: fault }) },
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

  ready(): Promise<AnswerOf<'ready'>> {
    return this.#next('ready');
  }

  async plan(cwd: string): Promise<readonly string[]> {
    this.#order({ kind: 'plan', cwd });
    return (await this.#next('planned')).steps;
  }

  /** Begins a deployment; resolves with its end, or undefined when the daemon was gone before. */
  async deploy(cwd: string): Promise<Extract<DeploymentEvent, { event: 'end' }> | undefined> {
    this.#order({ kind: 'deploy', cwd });
    for (;;) {
      const { event } = await Promise.race([this.#next('event'), this.gone.then(() => ({ event: undefined }))]);
      if (event === undefined || event.event === 'end') return event;
    }
  }

  async status(project: string): Promise<AnswerOf<'status'>> {
    this.#order({ kind: 'status', project });
    return this.#next('status');
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
    for (const one of [...this.#waiting])
      if (one.kind === answer.kind) {
        this.#waiting.delete(one);
        one.resolve(answer);
      }
  }

  #next<K extends Answer['kind']>(kind: K): Promise<AnswerOf<K>> {
    return new Promise((resolve) => this.#waiting.add({ kind, resolve: (answer) => resolve(answer as AnswerOf<K>) }));
  }
}
