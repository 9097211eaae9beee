import { command } from '../command.ts';
import { composeFlags, runtimeFlags } from '../flags.ts';
import { showMake } from '../make.ts';

export const build = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Builds what the Compose file's services with a build run, so that the next deployment finds it made. The same
input is built once. Nothing is started or replaced.`,
    es: `Construye lo que ejecutan los servicios del archivo Compose con build, para que el próximo despliegue lo encuentre
hecho. La misma entrada se construye una sola vez. No se inicia ni se reemplaza nada.`,
  },
  flags: { ...composeFlags, ...runtimeFlags },
  examples: ['timonel build --runtime docker', 'timonel build web'],
  run: (context) => showMake(context, 'built', context.args.positionals),
});
