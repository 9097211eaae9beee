import { message } from './message.ts';

/** What the servers in the place of images say to the users. */
export const providersMessages = {
  PROVIDER_MISSING: message<{ service: string; image: string; packages: string }>({
    en: (f) => `service ${f.service}: no server for ${f.image} is installed on this machine`,
    es: (f) => `servicio ${f.service}: en esta máquina no hay instalado un servidor para ${f.image}`,
    hint: {
      en: (f) => `install it: apt-get install -y ${f.packages}`,
      es: (f) => `instálelo: apt-get install -y ${f.packages}`,
    },
  }),
  PROVIDER_VERSION: message<{ service: string; image: string; installed: string }>({
    en: (f) => `service ${f.service}: the file asks for ${f.image}, the installed server is version ${f.installed}`,
    es: (f) => `servicio ${f.service}: el archivo pide ${f.image}; el servidor instalado es la versión ${f.installed}`,
    hint: {
      en: 'install the version that the file names, or name the installed one in the file',
      es: 'instale la versión que nombra el archivo, o nombre en él la instalada',
    },
  }),
};
