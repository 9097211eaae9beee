import { fail, TimonelError } from '#core/errors.ts';
import type { TreePath } from './interpolate.ts';

type CastKind = 'int' | 'float' | 'boolean';

/**
 * Which values of a tree are cast to what: keys of the tree, `*` for any key, `[]` for the items of a list, `.` for the
 * value itself where it may be a text instead of a mapping.
 */
export interface CastTable {
  readonly [key: string]: CastKind | CastTable;
}

export interface CastReport {
  /** The text is no value of the demanded type. It becomes null, so that no later phase trips on it. */
  readonly onError: (error: TimonelError, path: TreePath) => void;
  /** `word` is a boolean of YAML 1.1 only; it was taken for `meant`. */
  readonly onBooleanWord: (word: string, meant: boolean, path: TreePath) => void;
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

/** Casts the texts that `table` names; all else is returned as it is. Changed branches are new objects. */
export function castTree(tree: unknown, report: CastReport, table: CastTable = composeCasts): unknown {
  const path: (string | number)[] = [];
  return branch(tree, table);

  function branch(value: unknown, rules: CastTable): unknown {
    if (Array.isArray(value)) {
      const rule = rules['[]'];
      return rule === undefined ? value : value.map((item: unknown, index) => descend(index, item, rule));
    }
    if (typeof value !== 'object' || value === null) return value;
    return branchOfMapping(value as Readonly<Record<string, unknown>>, rules);
  }

  function branchOfMapping(value: Readonly<Record<string, unknown>>, rules: CastTable): unknown {
    const changed: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      const rule = Object.hasOwn(rules, key) ? rules[key] : rules['*'];
      const result = rule === undefined ? item : descend(key, item, rule);
      if (result !== item) changed.push([key, result]);
    }
    return changed.length === 0 ? value : Object.fromEntries([...Object.entries(value), ...changed]);
  }

  function descend(key: string | number, value: unknown, rule: CastKind | CastTable): unknown {
    path.push(key);
    const result =
      typeof value === 'string' ? leaf(value, rule) : typeof rule === 'string' ? value : branch(value, rule);
    path.pop();
    return result;
  }

  function leaf(text: string, rule: CastKind | CastTable): unknown {
    const kind = typeof rule === 'string' ? rule : rule['.'];
    if (typeof kind !== 'string') return text;
    try {
      return castText(text, kind, (meant) => report.onBooleanWord(text, meant, [...path]));
    } catch (error) {
      if (!(error instanceof TimonelError)) throw error;
      report.onError(error, [...path]);
      return null;
    }
  }
}

function castText(text: string, kind: CastKind, onBooleanWord: (meant: boolean) => void): number | boolean {
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
