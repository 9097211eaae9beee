import type { Header } from '#model/policy.ts';

/** What people see instead of a value that may be a secret. */
export const hidden = '[hidden]';

// In Spanish too: clave, contraseña, llave, firma.
const secretName =
  /pass|clave|contrase|llave|firma|secret|token|credential|authori[sz]ation|private|signature|salt|cookie|session|bearer|webhook|dsn|basicauth|(^|[_.-])(key|auth|hash|pin|pwd|pw|cert)s?($|[_.-])|api_?key|access_?key/i;
const userInfo = /([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:)[^@\s/]+@/gi;
const secretFlag = /(--?[\w-]*(?:pass|secret|token|key)[\w-]*[= ])\S+/gi;
/** A number, a version, a word: nothing that somebody would have to guess. */
const plainValue = /^(\d{1,6}|v?\d+(\.\d+)+|[a-z_]{1,12})$/i;

/**
 * A value as a plan may show it. Of the environment only plain values are shown, for it is where secrets come from
 * whatever their names are; of headers that routes set none. Hidden as a whole when a name on its path says that it is a secret; passwords inside
 * URLs and after flags such as `--requirepass` are hidden wherever they stand.
 */
export function shown(path: readonly string[], value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (path.some((name) => secretName.test(name))) return hidden;
  if (path[0] === 'routes' && path.at(-1) === ('value' satisfies keyof Header)) return hidden;
  if (path[0] === 'environment' && typeof value === 'string') return plainValue.test(value) ? value : hidden;
  if (typeof value === 'string') return value.replace(userInfo, `$1${hidden}@`).replace(secretFlag, `$1${hidden}`);
  if (Array.isArray(value)) return value.map((one, index) => (followsFlag(value, index) ? hidden : shown(path, one)));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown([...path, key], one)]));
  return value;
}

/** Is this the argument of a flag that takes a secret? */
function followsFlag(list: readonly unknown[], index: number): boolean {
  const before = list[index - 1];
  return typeof before === 'string' && before.startsWith('-') && secretName.test(before);
}
