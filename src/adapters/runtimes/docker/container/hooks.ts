import { fail } from '#core/errors.ts';
import type { Parts } from '../parts.ts';
import type { ContainerInspected } from './api.ts';
import { execIn } from './exec.ts';
import { listOf, textMapOf, textOf, textsOf } from './values.ts';

type HookKind = 'post_start' | 'pre_stop';

/** The label that keeps an instance's hooks with its container, so that a later daemon knows them too. */
const hookLabel: Readonly<Record<HookKind, string>> = {
  post_start: 'io.timonel.post-start',
  pre_stop: 'io.timonel.pre-stop',
};

const hookTimeoutMs = 60_000;

/** Labels that carry the hooks of a service. */
export function hookLabels(service: Readonly<Record<string, unknown>>): Record<string, string> {
  const kinds: readonly HookKind[] = ['post_start', 'pre_stop'];
  return Object.fromEntries(
    kinds
      .filter((kind) => listOf(service[kind]).length > 0)
      .map((kind) => [hookLabel[kind], JSON.stringify(service[kind])]),
  );
}

/**
 * Runs a container's hooks of one kind, in order, inside it. A `pre_stop` hook that fails does not keep the container
 * from being stopped; a `post_start` hook that fails fails the start.
 *
 * @throws DOCKER_HOOK_FAILED
 */
export async function runHooks({ engine }: Parts, container: ContainerInspected, kind: HookKind): Promise<void> {
  const recorded = container.Config.Labels?.[hookLabel[kind]];
  if (recorded === undefined) return;
  for (const hook of listOf(JSON.parse(recorded))) {
    const user = textOf(hook.user);
    const workingDir = textOf(hook.working_dir);
    const result = await execIn(engine, {
      container: container.Id,
      command: textsOf(hook.command),
      timeoutMs: hookTimeoutMs,
      privileged: hook.privileged === true,
      environment: Object.entries(textMapOf(hook.environment)).map(([name, value]) => `${name}=${value}`),
      ...(user === undefined ? {} : { user }),
      ...(workingDir === undefined ? {} : { workingDir }),
    });
    if (result.code !== 0 && kind === 'post_start') {
      throw fail('DOCKER_HOOK_FAILED', {
        hook: textsOf(hook.command).join(' '),
        code: result.code ?? -1,
        output: result.output,
      });
    }
  }
}
