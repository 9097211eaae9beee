import { rm } from 'node:fs/promises';
import type { ContainerInspected } from '#adapters/runtimes/docker/container/api.ts';
import { execIn } from '#adapters/runtimes/docker/container/exec.ts';
import { inspectContainer } from '#adapters/runtimes/docker/container/lookup.ts';
import { removeContainer } from '#adapters/runtimes/docker/container/remove.ts';
import { pathOf } from '#adapters/runtimes/docker/engine/call.ts';
import { Engine } from '#adapters/runtimes/docker/engine/client.ts';
import { defaultDeadlines } from '#adapters/runtimes/docker/engine/deadlines.ts';
import { demandLocal } from '#adapters/runtimes/docker/engine/local.ts';
import { engineSocket } from '#adapters/runtimes/docker/engine/socket-path.ts';
import { findImage } from '#adapters/runtimes/docker/images/lookup.ts';
import { obtainNamed } from '#adapters/runtimes/docker/images/pull.ts';
import { label } from '#adapters/runtimes/docker/labels.ts';
import { containerLog } from '#adapters/runtimes/docker/logs/container-log.ts';
import { fail, reasonOf } from '#core/errors.ts';
import type { Clock } from '#world/clock.ts';
import { checkArguments, checkLimitMs, firstAlert } from '../binary.ts';
import type { Layout } from '../layout.ts';
import { processId } from '../processes.ts';
import { writeWhole } from '../whole-file.ts';
import type { Launched, Launcher } from './launcher.ts';
import { affordableConnections, ownLimits } from './limits.ts';
import { containerName, describeProxyContainer, imageUser } from './proxy-container.ts';
import { addToLog } from './proxy-log.ts';

interface Parts {
  readonly layout: Layout;
  readonly clock: Clock;
  readonly image: string;
}

/** How many of its last lines outlive a container. */
const keptLines = 200;

const ourselves = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** Starts HAProxy in a container that shares the host's network and process numbers. */
export class ContainerLauncher implements Launcher {
  readonly kind = 'container';
  readonly terms = {
    user: ourselves.uid === 0 ? imageUser : undefined,
    maxConnections: affordableConnections(ownLimits()),
  };
  readonly logCommand: string;
  readonly #parts: Parts;
  readonly #name: string;
  readonly #engine: Engine;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#name = containerName(parts.layout);
    this.#engine = new Engine({ socketPath: engineSocket(), clock: parts.clock, deadlines: defaultDeadlines });
    this.logCommand = `docker logs ${this.#name}`;
  }

  /** @throws DOCKER_UNREACHABLE, DOCKER_FORBIDDEN, DOCKER_TOO_OLD, DOCKER_ELSEWHERE, DOCKER_TIMEOUT */
  async demandUsable(): Promise<void> {
    await this.#engine.ping();
    await demandLocal(this.#engine);
  }

  async missingImage(): Promise<string | undefined> {
    const { image } = this.#parts;
    return (await findImage(this.#engine, image)) === undefined ? image : undefined;
  }

  /** @throws PROXY_IMAGE_MISSING */
  async fetchImage(): Promise<void> {
    const { image, clock } = this.#parts;
    try {
      await obtainNamed(this.#engine, clock, image);
    } catch (error) {
      throw fail('PROXY_IMAGE_MISSING', { image, reason: reasonOf(error) }, { cause: error });
    }
  }

  async launch(args: readonly string[]): Promise<Launched> {
    const { layout, image } = this.#parts;
    await this.fetchImage();
    await this.#remove();
    // Before there is one: whatever happens next, a later daemon knows where to look.
    await writeWhole(layout.container, `${this.#name}\n`);
    const { Id } = await this.#engine.json<{ Id: string }>({
      what: `create ${this.#name}`,
      method: 'POST',
      path: '/containers/create',
      query: { name: this.#name },
      body: describeProxyContainer({ image, layout, args, user: ourselves, limits: ownLimits() }),
    });
    await this.#engine.done({
      what: `start ${this.#name}`,
      method: 'POST',
      path: pathOf('containers', Id, 'start'),
      deadlineMs: this.#engine.deadlines.start,
    });
    const pid = (await inspectContainer(this.#engine, Id))?.State.Pid ?? 0;
    return { id: pid === 0 ? undefined : processId(pid), howItEnded: () => this.#howItEnded() };
  }

  async complaintAbout(config: string): Promise<string | undefined> {
    // An engine that is away keeps nobody from a reload, which finds out by itself and leaves the old worker serving.
    if (!(await this.#engine.answers())) return undefined;
    const command = ['haproxy', ...checkArguments(config)];
    const { code, output } = await execIn(this.#engine, { container: this.#name, command, timeoutMs: checkLimitMs });
    return code === 0 ? undefined : (firstAlert(output) ?? `exit code ${code}`);
  }

  async listen(): Promise<() => Promise<string>> {
    const since = this.#parts.clock.now();
    return async () => {
      const container = (await this.#engine.answers()) ? await this.#inspect() : undefined;
      return container === undefined ? '' : this.#said(container, { since });
    };
  }

  checkCommand(config: string): string {
    return `docker exec ${this.#name} haproxy -c -f ${config}`;
  }

  async clear(): Promise<void> {
    // What an engine that is away still has does no harm, and goes with the next start.
    if (await this.#engine.answers()) await this.#remove();
    await rm(this.#parts.layout.container, { force: true });
  }

  /** The container, unless somebody else's has its name. */
  async #inspect(): Promise<ContainerInspected | undefined> {
    const found = await inspectContainer(this.#engine, this.#name);
    return found?.Config.Labels?.[label.proxy] === this.#parts.layout.folder ? found : undefined;
  }

  async #howItEnded(): Promise<string> {
    const { State } = (await this.#inspect()) ?? {};
    if (State === undefined) return 'its container is gone';
    return State.Error === '' ? `ended with ${State.ExitCode}` : State.Error;
  }

  /** Its last words move to the home: they may be the only ones that say why it ended. */
  async #remove(): Promise<void> {
    const container = await this.#inspect();
    if (container === undefined) return;
    const words = await this.#said(container, { tail: keptLines });
    // A disk without room must not keep traffic from coming back.
    await addToLog(this.#parts.layout.log, words).catch(() => undefined);
    await removeContainer({ engine: this.#engine }, container.Id);
  }

  async #said(container: ContainerInspected, part: { since?: number; tail?: number }): Promise<string> {
    const lines = await Array.fromAsync(containerLog(this.#engine, container, part), (line) => `${line.text}\n`);
    return lines.join('');
  }
}
