import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** The part of `process.env` that settings are read from. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The process cannot start with this environment; `problems` has one sentence a variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the variables that `schema` names. An empty variable counts as unset, because Compose passes `${X}` on as an
 * empty string. `NAME_FILE` gives the value of `NAME` from a file (a mounted secret), without its last line end.
 * Throws a SettingsError that lists every problem at once; values of secret-looking names are never shown.
 */
export function readSettings<Schema extends z.ZodObject>(schema: Schema, env: Env): z.infer<Schema> {
  const problems: string[] = [];
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = readOne(name, env, problems);
    if (value !== undefined) raw[name] = value;
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => describe(String(issue.path[0]), issue.message, raw)));
  }
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

function readOne(name: string, env: Env, problems: string[]): string | undefined {
  const direct = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) {
    problems.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    problems.push(`${name}_FILE: cannot read ${file} (${code})`);
    return undefined;
  }
}

const SECRET_NAME = /PASSWORD|SECRET|TOKEN|KEY|PRIVATE/;

function describe(name: string, message: string, raw: Readonly<Record<string, string>>): string {
  const value = raw[name];
  if (value === undefined || SECRET_NAME.test(name)) return `${name}: ${message}`;
  return `${name}: ${message} (got ${JSON.stringify(value)})`;
}
