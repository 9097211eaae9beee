import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { steerCanary, tellSteered } from '../steer-canary.ts';

export const pause = command({
  usage: '[DIR]',
  about: {
    en: `Stops the clock of the canary that is under way: it keeps its share of the requests until timonel resume or
timonel promote. It is still watched, and a release that turns bad still goes back.`,
    es: `Detiene el reloj del canario en marcha: conserva su parte de las peticiones hasta timonel resume o timonel promote.
Se sigue vigilando, y una versión que empeora vuelve atrás igualmente.`,
  },
  flags: { ...composeFlags },
  examples: ['timonel pause', 'timonel pause -p documentos'],
  async run(context) {
    const [place] = atMost(1, context, 'pause', this.usage);
    const steered = await steerCanary(context, 'pause', place);
    tellSteered(context, steered, () => context.notice('CANARY_PAUSED', { project: steered.project }));
    return exitCodes.done;
  },
});
