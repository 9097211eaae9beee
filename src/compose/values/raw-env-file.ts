import { fail } from '#core/errors.ts';
import type { Location } from '#core/location.ts';
import type { Lookup } from './template.ts';

/**
 * Reads an `env_file` of `format: raw`: one `KEY=VALUE` a line, all after the first `=` taken as it stands (quotes,
 * `$`, `#` and trailing spaces too). A bare `KEY` takes its value from `lookup` or is left out.
 *
 * @throws COMPOSE_RAW_ENV_KEY with the place in `file`
 */
export function parseRawEnvFile(text: string, lookup: Lookup, file = 'env_file'): Record<string, string> {
  const values = new Map<string, string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, whole] of lines.entries()) {
    const line = whole.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const at = { file, line: index + 1, column: whole.length - line.length + 1 };
    const [key, value] = splitLine(line, at);
    const found = value ?? lookup(key);
    if (found !== undefined) values.set(key, found);
  }
  return Object.fromEntries(values);
}

function splitLine(line: string, at: Location): readonly [string, string | undefined] {
  const equals = line.indexOf('=');
  const key = equals < 0 ? line : line.slice(0, equals);
  if (key === '' || /[ \t]/.test(key)) throw fail('COMPOSE_RAW_ENV_KEY', { key }, { at });
  return [key, equals < 0 ? undefined : line.slice(equals + 1)];
}
