import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { steerCanary, tellSteered } from '../steer-canary.ts';

export const promote = command({
  usage: '[DIR]',
  about: {
    en: `Gives the canary that is under way its next share of the requests, without waiting for its pause or its verdict.
With --full it skips the shares that are left. The deployment goes on by itself.`,
    es: `Da al canario en marcha su siguiente parte de las peticiones, sin esperar su pausa ni su veredicto. Con --full salta
los pasos que quedan. El despliegue sigue por sí mismo.`,
  },
  flags: {
    ...composeFlags,
    full: { kind: 'switch', text: { en: 'all requests at once', es: 'todas las peticiones de una vez' } },
  },
  examples: ['timonel promote', 'timonel promote --full -p documentos'],
  async run(context) {
    const [place] = atMost(1, context, 'promote', this.usage);
    const full = context.args.is('full');
    const steered = await steerCanary(context, full ? 'promote-full' : 'promote', place);
    tellSteered(context, steered, () => context.notice('CANARY_PROMOTED', { project: steered.project, full }));
    return exitCodes.done;
  },
});
