import { message } from './message.ts';

/** What taking over the stack of another tool says. */
export const adoptionMessages = {
  ADOPT_NOTHING: message<{ project: string }>({
    en: (f) => `no container that Docker Compose made for ${f.project} was found`,
    es: (f) => `no se encontró ningún contenedor que Docker Compose haya creado para ${f.project}`,
    hint: {
      en: 'see what Compose knows: docker compose ls; another name: timonel adopt -p NAME; nothing runs yet: timonel deploy',
      es: 'vea lo que Compose conoce: docker compose ls; con otro nombre: timonel adopt -p NOMBRE; si nada está en marcha: timonel deploy',
    },
  }),
  ADOPT_NO_RUNTIME: message<{ runtime: string }>({
    en: (f) => `the runtime ${f.runtime} has nothing to take over: only containers can be adopted`,
    es: (f) => `el entorno ${f.runtime} no tiene nada que adoptar: solo se pueden adoptar contenedores`,
    hint: { en: 'timonel adopt --runtime docker', es: 'timonel adopt --runtime docker' },
  }),
  ADOPT_ALREADY_SERVES: message<{ project: string; release: number }>({
    en: (f) => `${f.project} is Timonel's already: its release ${f.release} serves`,
    es: (f) => `${f.project} ya es de Timonel: sirve su versión ${f.release}`,
    hint: {
      en: (f) => `see it: timonel status -p ${f.project}; change it: timonel deploy`,
      es: (f) => `véalo: timonel status -p ${f.project}; cámbielo: timonel deploy`,
    },
  }),
  ADOPT_CONTAINER_GONE: message<{ container: string }>({
    en: (f) => `container ${f.container} went away while it was being adopted`,
    es: (f) => `el contenedor ${f.container} desapareció mientras se adoptaba`,
    hint: { en: 'nothing was changed; again: timonel adopt', es: 'no se cambió nada; otra vez: timonel adopt' },
  }),
  ADOPT_UDP: message<{ service: string; port: number }>({
    en: (f) => `${f.service} publishes UDP port ${f.port}, which Timonel cannot carry over a deployment`,
    es: (f) => `${f.service} publica el puerto UDP ${f.port}, que Timonel no puede mantener durante un despliegue`,
    hint: {
      en: 'leave this service out of the file that Timonel reads, and let Compose go on running it',
      es: 'deje este servicio fuera del archivo que lee Timonel, y que Compose lo siga ejecutando',
    },
  }),
  ADOPT_NO_FREE_PORT: message<{ service: string; port: number }>({
    en: (f) => `no free port was found on which the proxy can wait for ${f.service}'s port ${f.port}`,
    es: (f) => `no se encontró un puerto libre en el que el proxy espere el puerto ${f.port} de ${f.service}`,
    hint: { en: 'see what listens: ss -ltn', es: 'vea quién escucha: ss -ltn' },
  }),
  ADOPT_DIFFERS: message<{ service: string; what: string; file: string; runs: string }>({
    en: (f) => `${f.service}: ${f.what} is ${f.runs} in the container and ${f.file} in the file`,
    es: (f) => `${f.service}: ${f.what} es ${f.runs} en el contenedor y ${f.file} en el archivo`,
    hint: {
      en: 'the next timonel deploy replaces it by what the file says',
      es: 'el próximo timonel deploy lo reemplaza por lo que dice el archivo',
    },
  }),
  ADOPT_VARIABLE_DIFFERS: message<{ service: string; name: string; how: 'value' | 'only-file' | 'only-container' }>({
    en: (f) =>
      ({
        value: `${f.service}: the variable ${f.name} has another value in the container than in the file`,
        'only-file': `${f.service}: the variable ${f.name} of the file is not set in the container`,
        'only-container': `${f.service}: the variable ${f.name} of the container is not in the file`,
      })[f.how],
    es: (f) =>
      ({
        value: `${f.service}: la variable ${f.name} tiene en el contenedor otro valor que en el archivo`,
        'only-file': `${f.service}: la variable ${f.name} del archivo no está en el contenedor`,
        'only-container': `${f.service}: la variable ${f.name} del contenedor no está en el archivo`,
      })[f.how],
    hint: {
      en: 'the next timonel deploy replaces it by what the file says',
      es: 'el próximo timonel deploy lo reemplaza por lo que dice el archivo',
    },
  }),
  ADOPT_BUILD_UNKNOWN: message<{ service: string; image: string }>({
    en: (f) => `${f.service}: whether ${f.image} was built from the code that is here now cannot be told`,
    es: (f) => `${f.service}: no se puede saber si ${f.image} se construyó del código que hay aquí ahora`,
    hint: {
      en: 'the next timonel deploy builds and replaces it',
      es: 'el próximo timonel deploy lo construye y reemplaza',
    },
  }),
  ADOPT_STOPPED: message<{ service: string; container: string }>({
    en: (f) => `${f.service}: ${f.container} does not run, so it was left alone`,
    es: (f) => `${f.service}: ${f.container} no está en marcha, así que no se tocó`,
    hint: {
      en: (f) => `if nobody needs it: docker rm ${f.container}`,
      es: (f) => `si nadie lo necesita: docker rm ${f.container}`,
    },
  }),
  ADOPT_NOT_IN_FILE: message<{ service: string; container: string }>({
    en: (f) => `${f.container}: the file has no service ${f.service}, so it was left alone`,
    es: (f) => `${f.container}: el archivo no tiene un servicio ${f.service}, así que no se tocó`,
  }),
  ADOPT_NOT_RUNNING: message<{ service: string }>({
    en: (f) => `${f.service}: no container of it runs`,
    es: (f) => `${f.service}: no hay ningún contenedor en marcha`,
    hint: { en: 'the next timonel deploy starts it', es: 'el próximo timonel deploy lo inicia' },
  }),
  ADOPT_PORT_LEFT: message<{ service: string; port: number; target: number }>({
    en: (f) =>
      `${f.service}: Docker publishes port ${f.port} for ${f.target}, which the file does not: it ends with the container`,
    es: (f) =>
      `${f.service}: Docker publica el puerto ${f.port} para ${f.target}, y el archivo no: termina con el contenedor`,
  }),
  ADOPT_PORT_DIVERTED: message<{ service: string; port: number }>({
    en: (f) =>
      `${f.service}: new connections to port ${f.port} go through the proxy from now on; those open before stay with Docker until they or their container end`,
    es: (f) =>
      `${f.service}: las conexiones nuevas al puerto ${f.port} pasan desde ahora por el proxy; las ya abiertas siguen con Docker hasta que terminen ellas o su contenedor`,
  }),
  ADOPT_OPEN_CONNECTIONS: message<{ service: string; count: number; seconds: number }>({
    en: (f) =>
      `${f.service}: connections that are open now (${f.count}) stay with Docker until they end; the deployment that replaces their container waits ${f.seconds} s for them, and one that is never idle may then lose one request`,
    es: (f) =>
      `${f.service}: las conexiones abiertas ahora (${f.count}) siguen con Docker hasta que terminen; el despliegue que reemplace su contenedor las espera ${f.seconds} s, y la que nunca descanse puede perder entonces una petición`,
    hint: {
      en: 'to wait longer: stop_grace_period of the service; clients that ask again on a closed connection notice nothing',
      es: 'para esperar más: stop_grace_period del servicio; los clientes que repiten en una conexión cerrada no notan nada',
    },
  }),
  ADOPT_IPV6: message<{ service: string; port: number }>({
    en: (f) =>
      `${f.service}: port ${f.port} answers on IPv6 too; IPv6 connections stay with Docker until its container ends, and from then on Timonel answers them only where it listens on IPv6`,
    es: (f) =>
      `${f.service}: el puerto ${f.port} también responde en IPv6; esas conexiones siguen con Docker hasta que termine su contenedor, y después Timonel solo las atiende donde escuche en IPv6`,
    hint: {
      en: 'if IPv6 clients come: TIMONEL_EDGE_ADDRESS=:: timonel daemon start, before the adoption',
      es: 'si llegan clientes por IPv6: TIMONEL_EDGE_ADDRESS=:: timonel daemon start, antes de adoptar',
    },
  }),
  ADOPT_EDGE_TAKEN: message<{ service: string; port: number; holder: string }>({
    en: (f) => `${f.service} has routes at the edge, but ${f.holder} holds port ${f.port}`,
    es: (f) => `${f.service} tiene rutas en la entrada, pero ${f.holder} ocupa el puerto ${f.port}`,
    hint: {
      en: 'Timonel carries them from the first deployment after that program has stopped',
      es: 'Timonel las atiende desde el primer despliegue después de que ese programa se detenga',
    },
  }),
  ADOPT_FIREWALL: message<{ service: string; port: number }>({
    en: (f) =>
      `${f.service}: Docker lets port ${f.port} past the firewall of this machine; once Timonel listens there itself, after the first deployment, the firewall counts and seems to refuse it`,
    es: (f) =>
      `${f.service}: Docker deja pasar el puerto ${f.port} por delante del cortafuegos de esta máquina; cuando Timonel escuche allí, tras el primer despliegue, el cortafuegos cuenta y parece rechazarlo`,
    hint: {
      en: (f) => `if it is meant to be open: ufw allow ${f.port}/tcp`,
      es: (f) => `si debe estar abierto: ufw allow ${f.port}/tcp`,
    },
  }),
  CLI_ADOPTED: message<{ project: string; release: number; containers: number }>({
    en: (f) => `${f.project}: ${f.containers} containers are release ${f.release} now; none was stopped`,
    es: (f) => `${f.project}: ${f.containers} contenedores son ahora la versión ${f.release}; ninguno se detuvo`,
    hint: {
      en: (f) => `see them: timonel status -p ${f.project}; from now on use timonel instead of docker compose`,
      es: (f) => `véalos: timonel status -p ${f.project}; desde ahora use timonel en lugar de docker compose`,
    },
  }),
  CLI_ADOPT_WOULD: message<{ project: string; containers: number }>({
    en: (f) => `${f.project}: ${f.containers} containers can be adopted; nothing was changed`,
    es: (f) => `${f.project}: se pueden adoptar ${f.containers} contenedores; no se cambió nada`,
    hint: { en: 'do it: timonel adopt', es: 'hágalo: timonel adopt' },
  }),
};
