import { command } from '../command.ts';
import { composeFlags, runtimeFlags } from '../flags.ts';
import { showMake } from '../make.ts';

export const pull = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Fetches what the Compose file's services without a build need, each by the digest that its tag has now, so that the
next deployment finds it here. Nothing is started or replaced.`,
    es: `Descarga lo que necesitan los servicios del archivo Compose que no se construyen, cada uno por el digest que su
etiqueta tiene ahora, para que el próximo despliegue lo encuentre. No se inicia ni se reemplaza nada.`,
  },
  flags: {
    ...composeFlags,
    ...runtimeFlags,
    'ignore-buildable': {
      kind: 'switch',
      text: {
        en: 'as always: what is built is not fetched',
        es: 'como siempre: lo que se construye no se descarga',
      },
    },
    quiet: { kind: 'switch', short: 'q', text: { en: 'only the results', es: 'solo los resultados' } },
  },
  examples: ['timonel pull --runtime docker', 'timonel pull redis'],
  run: (context) => {
    const { args } = context;
    return showMake(context, {
      which: 'pulled',
      services: args.positionals,
      progress: args.is('quiet') ? 'quiet' : 'told',
    });
  },
});
