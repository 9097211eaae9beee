import { fail } from '#core/errors.ts';
import type { InstanceSpec } from '#model/instance.ts';

interface EnvironmentInput {
  readonly instance: InstanceSpec;
  readonly address: string;
  readonly path: string;
  readonly home: string;
  /** What a provider adds under the file's own variables. */
  readonly provided?: Readonly<Record<string, string>>;
}

/** Linux takes no single `NAME=value` beyond this (MAX_ARG_STRLEN, linux/binfmts.h), its NUL included. */
const longestEntry = 131_072;

/**
 * The whole environment of an instance: the release's own, byte for byte, over the few variables that tell it where it
 * lives. A variable that the file sets is never replaced.
 *
 * @throws RUNTIME_ENV_NAME, RUNTIME_ENV_VALUE for what no process can be given
 */
export function environmentOf({ instance, address, path, home, provided }: EnvironmentInput): Record<string, string> {
  const { spec } = instance;
  const port = spec.endpoints[0]?.port;
  const environment: Record<string, string> = {
    PATH: path,
    HOME: home,
    HOST: address,
    ...(port === undefined ? {} : { PORT: String(port) }),
    INSTANCE_ID: instance.id,
    RELEASE: String(instance.release),
    TIMONEL_PROJECT: instance.project,
    TIMONEL_SERVICE: instance.service,
    ...provided,
    ...spec.environment,
  };
  for (const [name, value] of Object.entries(environment)) checkEntry(name, value);
  return environment;
}

function checkEntry(name: string, value: string): void {
  if (name === '' || /[=\0]/.test(name)) throw fail('RUNTIME_ENV_NAME', { name: JSON.stringify(name) });
  if (value.includes('\0')) throw fail('RUNTIME_ENV_VALUE', { name, problem: 'nul' });
  if (Buffer.byteLength(name) + Buffer.byteLength(value) + 2 > longestEntry) {
    throw fail('RUNTIME_ENV_VALUE', { name, problem: 'long' });
  }
}
