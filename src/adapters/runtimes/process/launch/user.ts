import { fail } from '#core/errors.ts';
import { runCommand } from '../command.ts';
import type { Tools } from '../tools.ts';

/** Who an instance runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly home: string;
}

/**
 * Resolves Compose's `user` (`1000`, `1000:1000`, `app`, `app:staff`) against the machine's accounts. A bare number
 * without an account has group 0 and home `/`, as in a container.
 *
 * @throws RUNTIME_USER_UNKNOWN for a name that the machine does not know
 */
export async function resolveUser(
  text: string,
  { groupAdd = [], tools }: { readonly groupAdd?: readonly string[]; readonly tools: Tools },
): Promise<User> {
  const [name = '', group] = text.split(':');
  const account = await lookup(tools, 'passwd', name);
  if (account === undefined && !isNumber(name)) throw fail('RUNTIME_USER_UNKNOWN', { user: name });
  const uid = Number(account?.[2] ?? name);
  const gid = group === undefined ? Number(account?.[3] ?? 0) : await groupId(tools, group);
  const own = account === undefined || group !== undefined ? [] : await groupsOf(tools, account[0] ?? '');
  const added = await Promise.all(groupAdd.map((one) => groupId(tools, one)));
  const groups = [...new Set([...own, ...added])].filter((one) => one !== gid);
  return { uid, gid, groups, home: account?.[5] || '/' };
}

async function groupId(tools: Tools, group: string): Promise<number> {
  if (isNumber(group)) return Number(group);
  const entry = await lookup(tools, 'group', group);
  if (entry === undefined) throw fail('RUNTIME_USER_UNKNOWN', { user: `group ${group}` });
  return Number(entry[2]);
}

async function groupsOf(tools: Tools, name: string): Promise<number[]> {
  const { code, output } = await runCommand(tools.id, ['-G', name], { timeoutMs: 10_000 });
  return code === 0 ? output.trim().split(/\s+/).map(Number) : [];
}

/** By getent, so that accounts of a directory service count too. */
async function lookup(tools: Tools, table: 'passwd' | 'group', key: string): Promise<string[] | undefined> {
  const { code, output } = await runCommand(tools.getent, [table, key], { timeoutMs: 10_000 });
  return code === 0 ? output.trim().split(':') : undefined;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
