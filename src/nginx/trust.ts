import type { Scope } from './scope.ts';

/** Who may say for whom it asks: `set_real_ip_from`, where the header is one that Timonel reads. */
export function trustedProxies(scopes: readonly Scope[]): readonly string[] {
  const found = scopes.flatMap((scope) => {
    const from = scope.own('set_real_ip_from');
    const header = scope.inherited('real_ip_header').at(-1);
    if (from.length === 0) return [];
    if (header?.args[0]?.toLowerCase() === 'x-forwarded-for') return from.map((one) => one.args[0] ?? '');
    for (const one of from) scope.ledger.leave(one, 'trust');
    return [];
  });
  return [...new Set(found.filter((one) => one !== 'unix:'))];
}
