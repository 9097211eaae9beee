/** An instance as the running proxy has it. */
export interface LiveServer {
  readonly backend: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly maint: boolean;
  readonly drain: boolean;
}

/** Bits of `srv_admin_state` (HAProxy management guide, "show servers state"). */
const maintBits = 0x01 | 0x02 | 0x20;
const drainBits = 0x08 | 0x10;

/** Reads the answer to `show servers state`. */
export function parseServersState(text: string): LiveServer[] {
  const lines = text.split('\n');
  const head = lines.find((line) => line.startsWith('# be_id'));
  if (head === undefined) return [];
  const columns = head.slice(2).split(' ');
  return lines
    .filter((line) => /^\d+ /.test(line))
    .map((line) => {
      const values = line.split(' ');
      const of = (column: string) => values[columns.indexOf(column)] ?? '';
      const admin = Number(of('srv_admin_state'));
      return {
        backend: of('be_name'),
        name: of('srv_name'),
        address: of('srv_addr'),
        port: Number(of('srv_port')),
        weight: Number(of('srv_uweight')),
        maint: (admin & maintBits) !== 0,
        drain: (admin & drainBits) !== 0,
      };
    });
}

/** One line of `show stat`, by column name. */
export type StatRow = Readonly<Record<string, string>>;

/** Reads the answer to `show stat`, which is CSV with a header that begins with `# `. */
export function parseStat(text: string): StatRow[] {
  const [head, ...lines] = text.split('\n').filter((line) => line !== '');
  if (head === undefined || !head.startsWith('# ')) return [];
  const columns = head.slice(2).split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}

/** A worker of the proxy: the one that takes new connections, or one that only ends what it has. */
export interface Worker {
  readonly pid: number;
  readonly old: boolean;
}

/** Reads the master's answer to `show proc`. */
export function parseWorkers(text: string): Worker[] {
  let old = false;
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('# ')) old = line.startsWith('# old');
    const pid = /^(\d+)\s+worker\s/.exec(line)?.[1];
    return pid === undefined ? [] : [{ pid: Number(pid), old }];
  });
}

/** A line `NAME: VALUE` of `show info`. */
export function infoOf(text: string, name: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
}

/** Reads the answer to `show map`: an address in memory, a key and its value on each line. */
export function parseMap(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value] = /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}
