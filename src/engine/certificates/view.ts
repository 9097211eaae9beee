import { type Said, said } from '#core/messages/say.ts';
import type { CertificateStatus, OrderAttempts, ServedCertificate } from '#model/certificate.ts';
import { expiryOf } from '#monitor/certificates/expiry.ts';
import { nextOrderAt } from '#monitor/certificates/orders.ts';
import type { World } from '#world/world.ts';
import type { TrafficKeeper } from '../traffic-keeper.ts';
import { authorityName } from './authority-name.ts';
import { orderKey, wantedOrders } from './wanted-orders.ts';

interface Parts {
  readonly world: Pick<World, 'authorities' | 'balancer' | 'clock'>;
  readonly traffic: Pick<TrafficKeeper, 'all'>;
}

/** Every certificate that the proxy presents, with what becomes of its order. */
export function certificatesOf({ world, traffic }: Parts): readonly CertificateStatus[] {
  const { authorities, balancer } = world;
  const orders = new Map(wantedOrders(traffic.all()).map((one) => [one.host, one]));
  const attemptsOf = authorities?.attempts() ?? {};
  return balancer.certificates().map((one): CertificateStatus => {
    const order = one.host === undefined ? undefined : orders.get(one.host);
    const key = order === undefined ? undefined : orderKey(order);
    const attempts = key === undefined ? undefined : attemptsOf[key];
    const issued = order === undefined ? undefined : authorities?.issued(order);
    return {
      host: one.host,
      projects: one.projects,
      source: one.source,
      state: one.standIn ? 'stand-in' : 'served',
      issuer: one.issuer,
      expires: new Date(one.notAfter).toISOString(),
      authority: order?.authority.directory,
      attempts: attempts?.count ?? 0,
      problem: one.problem ?? attempts?.error,
      nextTry:
        key === undefined ? undefined : timeOf(nextOrderAt({ key, issued, attempts }), world.clock.now(), attempts),
    };
  });
}

/** What the project's users should know of its certificates. */
export function certificateWarnings({ world, traffic }: Parts, project: string): readonly Said[] {
  const orders = new Map(wantedOrders(traffic.all()).map((one) => [one.host, one]));
  const attemptsOf = world.authorities?.attempts() ?? {};
  return world.balancer
    .certificates()
    .filter((one) => one.projects.includes(project))
    .flatMap((one) => {
      const order = orders.get(one.host ?? '');
      const failed = order === undefined ? undefined : attemptsOf[orderKey(order)]?.error;
      return warningsAbout(one, { failed, authority: order && authorityName(order.authority), now: world.clock.now() });
    });
}

interface About {
  readonly failed: Said | undefined;
  readonly authority: string | undefined;
  readonly now: number;
}

function warningsAbout(one: ServedCertificate, { failed, authority, now }: About): readonly Said[] {
  const host = one.host ?? '';
  const expiry = one.standIn || one.source === 'self-signed' ? undefined : expiryOf(one, now, one.source);
  const pending = one.standIn && authority !== undefined ? [said('CERTIFICATE_PENDING', { host, authority })] : [];
  const why = [one.problem, failed].filter((words) => words !== undefined);
  if (expiry !== undefined) return [expiry.say(host), ...why];
  return one.standIn ? [...pending, ...why] : one.problem === undefined ? [] : why;
}

/** ISO 8601; what is due already is due now, or under way. */
function timeOf(at: number, now: number, attempts: OrderAttempts | undefined): string {
  return new Date(Math.max(at, attempts === undefined ? now : 0)).toISOString();
}
