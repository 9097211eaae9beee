import { type Said, said } from '#core/messages/say.ts';
import type { ProjectEvent } from '#model/project-event.ts';

/** An event as a sentence. */
export function describeEvent(event: ProjectEvent): Said {
  switch (event.event) {
    case 'deployment-began':
      return said('EVENT_DEPLOYMENT_BEGAN', event);
    case 'deployment-ended':
      return said('EVENT_DEPLOYMENT_ENDED', event);
    case 'canary-verdict': {
      const { service, percent, verdict, state, requests } = event;
      return said('EVENT_CANARY', { service, percent, verdict, state, ...requests });
    }
    case 'paused':
      return said('EVENT_PAUSED', event);
    case 'resumed':
      return said('EVENT_RESUMED', event);
    case 'instance-died':
      return said('EVENT_INSTANCE_DIED', event);
    case 'instance-restarted':
      return said('EVENT_INSTANCE_RESTARTED', event);
    case 'instance-gave-up':
      return said('WARN_GAVE_UP', event);
    case 'instance-unhealthy':
      return said('WARN_UNHEALTHY', event);
    case 'instance-healthy':
      return said('EVENT_INSTANCE_HEALTHY', event);
    case 'instance-ejected':
      return said('EVENT_INSTANCE_EJECTED', event);
    case 'instance-returned':
      return said('EVENT_INSTANCE_RETURNED', event);
    case 'breaker-opened':
      return said('EVENT_BREAKER_OPENED', event);
    case 'breaker-recovering':
      return said('EVENT_BREAKER_RECOVERING', event);
    case 'breaker-closed':
      return said('EVENT_BREAKER_CLOSED', event);
    case 'certificate-issued':
      return said('EVENT_CERTIFICATE_ISSUED', event);
    case 'certificate-renewed':
      return said('EVENT_CERTIFICATE_RENEWED', event);
    case 'certificate-failed':
      return event.reason;
    case 'proxy-died':
      return said('EVENT_PROXY_DIED', {});
    case 'proxy-restarted':
      return said('EVENT_PROXY_RESTARTED', {});
    default:
      return event satisfies never;
  }
}
