import { fail } from '#core/errors.ts';

/** The long form of one mount. A bind without `create_host_path` creates its host path: that is the default. */
export interface MountObject {
  readonly type: 'bind' | 'volume';
  readonly source?: string;
  readonly target?: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly propagation?: string; readonly selinux?: string };
  readonly volume?: { readonly nocopy?: boolean };
}

/**
 * Reads the short form of a mount, `[SOURCE:]TARGET[:OPTIONS]` (Compose Specification, chapter "volumes"). A source that
 * starts with `.`, `/`, `~`, `\\` or a drive letter is a path of the host, any other the name of a volume. Paths are
 * left as they are written.
 *
 * @throws COMPOSE_VOLUME_EMPTY, COMPOSE_VOLUME_SECTION, COMPOSE_VOLUME_COLONS
 */
export function parseVolume(spec: string): MountObject {
  if (spec === '') throw fail('COMPOSE_VOLUME_EMPTY', {});
  // So the reference loader reads what is too short to hold a colon and two names.
  if (Buffer.byteLength(spec) <= 2) return { type: 'volume', target: spec };
  const parts = sections(spec);
  if (parts.some((part) => part === '')) throw fail('COMPOSE_VOLUME_SECTION', { spec });
  if (parts.length > 3) throw fail('COMPOSE_VOLUME_COLONS', { spec });
  if (parts.length === 1) return { type: 'volume', target: spec, volume: {} };
  const [source = '', target = '', options = ''] = parts;
  return mount(source, target, options.split(','));
}

function mount(source: string, target: string, options: readonly string[]): MountObject {
  const isBind = isHostPath(source);
  const access = options.findLast((option) => option === 'ro' || option === 'rw');
  const bind = bindOptions(options);
  const nocopy = options.includes('nocopy');
  return {
    type: isBind ? 'bind' : 'volume',
    source,
    target,
    ...(access === 'ro' ? { read_only: true } : {}),
    ...(isBind || Object.keys(bind).length > 0 ? { bind } : {}),
    ...(!isBind || nocopy ? { volume: nocopy ? { nocopy } : {} } : {}),
  };
}

const propagations = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

function bindOptions(options: readonly string[]): { propagation?: string; selinux?: string } {
  const propagation = options.findLast((option) => propagations.includes(option));
  const selinux = options.findLast((option) => option === 'z' || option === 'Z');
  return { ...(propagation === undefined ? {} : { propagation }), ...(selinux === undefined ? {} : { selinux }) };
}

/** Does a mount's source name a path of the host, not a volume? */
export function isHostPath(source: string): boolean {
  return /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
}

/** Splits at colons, but not after a lone letter (a Windows drive) nor inside `${…}` of a text not interpolated. */
function sections(spec: string): string[] {
  const found: string[] = [];
  let section = '';
  let variables = 0;
  for (let index = 0; index < spec.length; index++) {
    const character = spec[index] ?? '';
    if (character === '$' && spec[index + 1] === '{') variables++;
    else if (character === '}' && variables > 0) variables--;
    else if (character === ':' && variables === 0 && !/^\p{L}$/u.test(section)) {
      found.push(section);
      section = '';
      continue;
    }
    section += character;
  }
  return [...found, section];
}
