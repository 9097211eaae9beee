import { fail } from '#core/errors.ts';

export type CastKind = 'int' | 'float' | 'boolean';

/**
 * Which values of a tree are cast to what: keys of the tree, `*` for any key, `[]` for the items of a list, `.` for the
 * value itself where it may be a text instead of a mapping.
 */
export interface CastTable {
  readonly [key: string]: CastKind | CastTable;
}

const updateConfig: CastTable = { parallelism: 'int', max_failure_ratio: 'float' };

/** Texts that become numbers or booleans right after interpolation (Compose Specification, "Interpolation"). */
export const composeCasts: CastTable = {
  services: {
    '*': {
      cpu_count: 'int',
      cpu_percent: 'float',
      cpu_period: 'int',
      cpu_quota: 'int',
      cpu_rt_period: 'int',
      cpu_rt_runtime: 'int',
      cpu_shares: 'int',
      cpus: 'float',
      depends_on: { '*': { required: 'boolean', restart: 'boolean' } },
      deploy: {
        placement: { max_replicas_per_node: 'int' },
        replicas: 'int',
        restart_policy: { max_attempts: 'int' },
        rollback_config: updateConfig,
        update_config: updateConfig,
      },
      healthcheck: { disable: 'boolean', retries: 'int' },
      init: 'boolean',
      oom_kill_disable: 'boolean',
      oom_score_adj: 'int',
      pids_limit: 'int',
      ports: { '[]': { target: 'int' } },
      privileged: 'boolean',
      read_only: 'boolean',
      scale: 'int',
      stdin_open: 'boolean',
      tty: 'boolean',
      ulimits: { '*': { '.': 'int', hard: 'int', soft: 'int' } },
      volumes: { '[]': { read_only: 'boolean', volume: { nocopy: 'boolean' } } },
    },
  },
  networks: {
    '*': {
      attachable: 'boolean',
      enable_ipv4: 'boolean',
      enable_ipv6: 'boolean',
      external: 'boolean',
      internal: 'boolean',
    },
  },
  volumes: { '*': { external: 'boolean' } },
  secrets: { '*': { external: 'boolean' } },
  configs: { '*': { external: 'boolean' } },
};

/**
 * The number or boolean that `text` stands for.
 *
 * @param onBooleanWord `text` is a boolean of YAML 1.1 only (`yes`, `off`, …) and was taken for `meant`
 * @throws COMPOSE_CAST
 */
export function castText(text: string, kind: CastKind, onBooleanWord: (meant: boolean) => void): number | boolean {
  if (kind === 'boolean') return toBoolean(text, onBooleanWord);
  const value = wellFormed[kind].test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw fail('COMPOSE_CAST', { value: text, demanded: kind });
  return value;
}

const wellFormed = {
  int: /^[+-]?[0-9]+$/,
  float: /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/,
} as const;

const booleanWords: Readonly<Record<string, boolean>> = {
  y: true,
  yes: true,
  on: true,
  n: false,
  no: false,
  off: false,
};

function toBoolean(text: string, onBooleanWord: (meant: boolean) => void): boolean {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  const meant = Object.hasOwn(booleanWords, word) ? booleanWords[word] : undefined;
  if (meant === undefined) throw fail('COMPOSE_CAST', { value: text, demanded: 'boolean' });
  onBooleanWord(meant);
  return meant;
}
