import { adoptionMessages } from './adoption.ts';
import { canaryMessages } from './canary.ts';
import { certificateMessages } from './certificates.ts';
import { cliMessages } from './cli.ts';
import { composeMessages } from './compose.ts';
import { daemonMessages } from './daemon.ts';
import { dockerMessages } from './docker.ts';
import { errandMessages } from './errands.ts';
import { eventMessages } from './events.ts';
import type { Message } from './message.ts';
import { nginxMessages } from './nginx.ts';
import { pauseMessages } from './pause.ts';
import { policyMessages } from './policy.ts';
import { probesMessages } from './probes.ts';
import { providersMessages } from './providers.ts';
import { proxyMessages } from './proxy.ts';
import { rolloutMessages } from './rollout.ts';
import { runtimeMessages } from './runtime.ts';
import { settingsMessages } from './settings.ts';
import { trafficMessages } from './traffic.ts';

/** Everything Timonel can say, by stable code. Scripts match on the code; people read the text. */
export const catalogue = {
  ...adoptionMessages,
  ...certificateMessages,
  ...canaryMessages,
  ...cliMessages,
  ...composeMessages,
  ...daemonMessages,
  ...dockerMessages,
  ...errandMessages,
  ...eventMessages,
  ...nginxMessages,
  ...pauseMessages,
  ...policyMessages,
  ...probesMessages,
  ...providersMessages,
  ...proxyMessages,
  ...rolloutMessages,
  ...runtimeMessages,
  ...settingsMessages,
  ...trafficMessages,
};

export type Code = keyof typeof catalogue;

/** The facts that the message `C` is made of. */
export type FactsOf<C extends Code> = (typeof catalogue)[C] extends Message<infer F> ? F : never;
