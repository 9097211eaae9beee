import type { WireProjectEvent } from '#daemon/contract.ts';
import type { Style, Terminal } from '../terminal.ts';
import { localTime } from './status.ts';

type EventName = WireProjectEvent['event'];

const bad: ReadonlySet<EventName> = new Set<EventName>([
  'instance-died',
  'instance-gave-up',
  'instance-unhealthy',
  'breaker-opened',
  'certificate-failed',
  'proxy-died',
]);
const remarkable: ReadonlySet<EventName> = new Set<EventName>(['instance-ejected', 'breaker-recovering', 'paused']);

/** Events for people: when, what. */
export function eventRenderer(terminal: Terminal): (event: WireProjectEvent) => string {
  return (event) => {
    const reason = 'reason' in event && event.reason !== undefined && event.event !== 'certificate-failed';
    const text = reason ? `${event.text}: ${event.reason}` : event.text;
    const style = styleOf(event);
    return `${terminal.paint('dim', localTime(event.time))} ${style === undefined ? text : terminal.paint(style, text)}`;
  };
}

function styleOf(event: WireProjectEvent): Style | undefined {
  if (event.event === 'deployment-ended') return event.state === 'succeeded' ? 'green' : 'red';
  if (event.event === 'canary-verdict') return event.verdict === 'fail' ? 'red' : undefined;
  if (bad.has(event.event)) return 'red';
  return remarkable.has(event.event) ? 'yellow' : undefined;
}
